"""The metrics of packages: one file a family, found by listing this folder."""
