"""The base of every room: errors, status, provenance, catalogues, text and files."""
