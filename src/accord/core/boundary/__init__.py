"""What callers give, made into checked arrays: one boundary for worlds and models."""
