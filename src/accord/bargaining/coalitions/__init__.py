"""Coalitions: what each can secure, and how its members share it."""
