"""Gravity: trade elasticities and trade-cost coefficients from a panel of the user's own."""
