"""Deal files and their meaning."""
