"""The trade engine: general equilibrium of the world economy, in changes from a baseline."""
