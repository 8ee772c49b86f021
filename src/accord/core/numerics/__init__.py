"""Interpolation on lattices and by Gaussian processes: mathematics that knows no economics."""
