"""A country's dollars: reserves, exchange rate, swap line, debt, and how much it can safely pay."""
