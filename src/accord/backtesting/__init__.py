"""What happened: tariffs of the past, predicted from what was known before, beside outcomes."""
