"""Arrays that cannot be changed, and types of arrays that name their axes.

`Float[np.ndarray, "region sector"]` says in a signature what the axes of an array are. Tests
check it at each call, with jaxtyping. A command checks no signature, and importing jaxtyping would
take a tenth of a second of it. There the names of the axes are for the reader alone.
"""

import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING or "jaxtyping" in sys.modules:  # whoever checks types has imported it before
    from jaxtyping import Bool, Float, Int
else:

    class Unchecked:
        """The type of an array, whatever its axes."""

        def __class_getitem__(cls, given: tuple[Any, str]) -> Any:
            """Return the type of the array without the names of its axes."""
            return given[0]

    Bool = Float = Int = Unchecked

__all__ = ["Bool", "Float", "Int", "frozen"]


def frozen(array: np.ndarray) -> np.ndarray:
    """Return a read-only, contiguous float64 copy of `array`."""
    copy = np.array(array, dtype=np.float64, order="C")
    copy.setflags(write=False)
    return copy
