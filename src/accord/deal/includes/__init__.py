"""Backgrounds that a deal file includes: found, read, put in front of its own background."""
