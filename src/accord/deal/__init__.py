"""The deal: what a deal file may say, and what it means."""
