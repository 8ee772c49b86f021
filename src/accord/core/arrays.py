"""Arrays that cannot be changed."""

import numpy as np


def frozen(array: np.ndarray) -> np.ndarray:
    """Return a read-only, contiguous float64 copy of `array`."""
    copy = np.array(array, dtype=np.float64, order="C")
    copy.setflags(write=False)
    return copy
