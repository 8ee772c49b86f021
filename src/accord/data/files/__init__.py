"""Worlds in files of their own."""
