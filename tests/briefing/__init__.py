"""Tests of the room `briefing`."""
