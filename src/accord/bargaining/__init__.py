"""The bargaining engine: frontier, zone of possible agreement, agreements, from payoffs alone."""
