"""Many scenarios of one deal: what changes, solved in batches, kept by content, told as a table."""
