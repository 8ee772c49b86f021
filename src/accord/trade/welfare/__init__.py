"""Welfare of a solved economy: by cause, and by the measures that papers use."""
