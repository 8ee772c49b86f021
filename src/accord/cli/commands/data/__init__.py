"""Commands about data of the user's own."""
