"""How the tariff clauses of a day stack: charges, the rates they make, and what a change moves."""
