"""Everything that can be wrong with a deal file, told at once."""
