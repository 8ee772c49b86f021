"""What a server that runs for months holds of memory: few pools, and the rest given back."""

import ctypes
import gc
import sys

ARENAS = 2  # pools that threads share; by itself the C library makes eight for each core
_ARENA_MAX = -8  # the name of that number in glibc


def share_arenas() -> None:
    """Let all threads of this process take memory from few pools, where that can be told."""
    _call("mallopt", _ARENA_MAX, ARENAS)


def give_back() -> None:
    """Return to the system what was let go."""
    gc.collect()
    _call("malloc_trim", 0)


def _call(name: str, *numbers: int) -> None:
    """Call a function of glibc; other systems have none of these and do without."""
    if sys.platform == "linux":
        function = getattr(ctypes.CDLL(None), name, None)
        if function is not None:
            function(*numbers)
