"""Lowering: from a deal and a world to the inputs of the engines. Nothing is solved here."""
