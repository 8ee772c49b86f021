"""Taxes and subsidies beside tariffs: their rates on a day, and what each clause does."""
