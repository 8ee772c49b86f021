"""Turns of threads: those that answer have theirs soon while another solves."""

import sys

TURN = 0.0005  # seconds; Python's own choice is ten times as long


def take_turns() -> None:
    """Let a thread that waits have its turn after half a millisecond, in the whole process."""
    sys.setswitchinterval(TURN)
