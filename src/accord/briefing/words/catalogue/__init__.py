"""Message catalogues: one file a language, found by listing this folder."""
