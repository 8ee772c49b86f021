"""Commands about the library: publishing, keeping it, and what readers ask."""
