"""Explanations: from a number back to its components, years, clauses, equations and sources."""
