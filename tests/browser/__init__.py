"""The briefing as a reader sees it, in Chromium."""
