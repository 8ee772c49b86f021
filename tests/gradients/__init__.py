"""Derivatives against finite differences."""
