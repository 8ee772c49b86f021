"""The interface for programs: the same engine, schemas and lists of problems as the commands."""
