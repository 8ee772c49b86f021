"""Figures a package has for a party: a file a family, found by listing this folder."""
