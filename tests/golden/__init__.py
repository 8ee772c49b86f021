"""Whole cases against stored results, with a readable difference."""
