"""A deal file as text: how it is written, and what is wrong before its meaning is looked at."""
