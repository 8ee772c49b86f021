"""What was known of a deal on a day: named days, and the clauses that count on them."""
