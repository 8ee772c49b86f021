"""Bargaining over terms that vary continuously."""
