"""A briefing as frozen blocks and the facts its sentences are made of."""
