"""Jobs: full draws, worked out in a process of their own, one at a time, kept over a restart."""
