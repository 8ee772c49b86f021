"""What parties agree on, from payoffs alone: frontier, zone of agreement, solutions, time."""
