"""Tests of Accord, in folders by what a failure would mean."""
