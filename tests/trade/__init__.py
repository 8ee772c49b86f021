"""Tests of the room `trade`."""
