"""A view: a large world merged to what a deal needs, and what merging costs."""
