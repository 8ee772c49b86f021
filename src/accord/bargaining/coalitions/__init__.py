"""Games of coalitions and the sharing of what they win."""
