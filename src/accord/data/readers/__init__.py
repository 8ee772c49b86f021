"""Readers of input-output and trade tables: from a file of one's own to a world."""
