"""What the pages of the library show: cards, pictures, times, the feed."""
