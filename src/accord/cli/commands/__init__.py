"""The commands of `accord`, one topic a file."""
