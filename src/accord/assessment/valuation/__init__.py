"""What packages are worth over the horizon: cash flows, equilibria, draws, the verdict."""
