"""Array types shared by the engines."""

from typing import TypeAlias

import jax
import numpy as np
from jaxtyping import Float, Int

Array: TypeAlias = jax.Array
FloatScalar: TypeAlias = Float[jax.Array, ""]
IntScalar: TypeAlias = Int[jax.Array, ""]


def frozen(array: np.ndarray) -> np.ndarray:
    """Return a read-only, contiguous float64 copy of `array`."""
    copy = np.array(array, dtype=np.float64, order="C")
    copy.setflags(write=False)
    return copy
