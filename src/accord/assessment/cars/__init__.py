"""What duties do to the makers of cars that the United States buys."""
