"""Tests of the room `deal`."""
