"""The shipped cases: one folder each, no code."""
