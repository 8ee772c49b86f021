"""The terminal: commands that call the rooms below and print what they return."""
