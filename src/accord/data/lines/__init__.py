"""Import lines of one country and their packed form."""
