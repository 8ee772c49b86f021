"""The library: briefings kept in a folder, found again, and the questions that readers ask."""
