"""From raw files to the embedded world: a maintainer's room, never entered at run time."""
