"""From a deal and a world to the inputs of the engines: pure, nothing solved here."""
