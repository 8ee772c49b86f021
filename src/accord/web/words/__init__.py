"""The words of the pages, one catalogue for each language."""
