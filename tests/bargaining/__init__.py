"""Tests of the room `bargaining`."""
