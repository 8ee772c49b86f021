"""What everything rests on: errors, status, provenance, words and files."""
