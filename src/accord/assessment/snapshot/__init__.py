"""The yearly state under a package: its equilibrium, its money and its currency."""
