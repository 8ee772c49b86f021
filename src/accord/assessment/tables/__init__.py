"""The tables of an assessment: long, tidy, one unit a column."""
