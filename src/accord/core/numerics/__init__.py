"""Interpolation by polynomials and by Gaussian processes: mathematics that knows no economics."""
