"""Tests of the room `external`."""
