"""Worlds in files of their own, and as labelled datasets."""
