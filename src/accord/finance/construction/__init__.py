"""What the money builds: projects selected, built, delayed, failed, and what they earn."""
