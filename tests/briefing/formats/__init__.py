"""The files a briefing can be written as."""
