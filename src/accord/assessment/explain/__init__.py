"""From a number back to its parts, years, clauses, equations and sources."""
