"""Tests of the readers of tables."""
