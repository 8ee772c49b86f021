"""Words that several sections share."""
