"""From a solved world to the accounts of the chains engine, and persons behind its sectors."""
