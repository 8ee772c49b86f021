"""Turns of threads: those that answer have theirs soon while another solves."""

import sys

from accord.core.numerics.ahead import use_threads

TURN = 0.0005  # seconds; Python's own choice is ten times as long


def take_turns() -> None:
    """Let a thread that waits have its turn after half a millisecond, in the whole process.

    Equilibria are solved by one thread, so that others are left to those who ask meanwhile.
    """
    sys.setswitchinterval(TURN)
    use_threads(1)
