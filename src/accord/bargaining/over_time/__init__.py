"""Alternating offers and the price of delay."""
