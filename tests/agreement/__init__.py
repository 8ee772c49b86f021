"""Agreement with the output of another program, each with how that output was made."""
