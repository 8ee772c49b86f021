"""Tests of gravity."""
