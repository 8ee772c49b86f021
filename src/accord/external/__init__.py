"""The external engine: a country's reserves, exchange rate, swap line, debt and safe payments."""
