"""Jobs: work that takes long, in a process of its own, one at a time, kept over a restart."""
