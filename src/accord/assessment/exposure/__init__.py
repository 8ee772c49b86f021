"""Who is exposed: what packages move that somebody may own, and what each figure hangs on."""
