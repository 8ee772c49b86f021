"""Commands about the library: publishing, keeping it, what readers ask, and its server."""
