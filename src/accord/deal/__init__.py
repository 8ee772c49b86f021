"""Deal files, their meaning, and their assessment."""
