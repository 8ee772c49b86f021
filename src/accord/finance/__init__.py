"""The finance engine: instruments, projects and payments, and what they are worth to each party."""
