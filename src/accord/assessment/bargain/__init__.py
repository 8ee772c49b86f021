"""What the parties of an assessed deal can agree on."""
