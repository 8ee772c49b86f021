"""General equilibrium of trade in changes."""
