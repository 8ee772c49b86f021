"""Commitments of money: instruments, projects, profits, and what they are worth to each side."""
