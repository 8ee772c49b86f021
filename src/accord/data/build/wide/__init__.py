"""Building the world of 2022: 80 economies and the rest of the world by 50 industries."""
