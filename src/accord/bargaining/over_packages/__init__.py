"""Bargaining over a list of packages, whole or by lottery."""
