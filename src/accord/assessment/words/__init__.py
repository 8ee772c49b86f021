"""The words of an assessment in plain text, from a catalogue of messages."""
