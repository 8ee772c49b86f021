"""The embedded world and the readers of raw files."""
