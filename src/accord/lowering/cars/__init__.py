"""The car market of the United States: its figures, and the duties of a deal on it."""
