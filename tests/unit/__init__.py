"""Single functions and classes."""
