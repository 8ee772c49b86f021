"""Who pays and who receives: the books, loans, guarantees, the waterfall, the ledger."""
