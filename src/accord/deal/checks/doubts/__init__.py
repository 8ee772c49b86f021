"""What is right in form and probably not meant: titles beside figures, rates, law that doubles."""
