"""How the equilibrium is found: the iterated map, its acceleration, and its derivatives."""
