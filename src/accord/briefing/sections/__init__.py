"""The sections of a briefing, one a file."""
