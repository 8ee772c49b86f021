"""Tests of the chains engine."""
