"""Checks of a deal file as text, before its meaning is looked at."""
