"""Deals as they are being changed: what was changed, as a text for an address and as a file."""
