"""Tests of the markets engine."""
