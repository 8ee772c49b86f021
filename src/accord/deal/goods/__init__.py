"""Goods: their HS codes, the words that name them, and how both are looked up in a world."""
