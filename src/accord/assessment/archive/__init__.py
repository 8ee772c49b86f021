"""Assessments in a file: one archive that gives the same tables and verdict without solving."""
