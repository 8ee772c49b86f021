"""The terms of a deal that may move, and the same deal with other terms."""
