"""Tests of tariffs compiled from lines."""
