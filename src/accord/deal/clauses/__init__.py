"""The clauses of a deal file, one kind a file."""
