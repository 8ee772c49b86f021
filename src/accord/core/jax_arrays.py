"""Types of the arrays that JAX solves with; beside `precision`, all of core that imports JAX."""

from typing import TypeAlias

import jax
from jaxtyping import Float, Int

Array: TypeAlias = jax.Array
FloatScalar: TypeAlias = Float[jax.Array, ""]
IntScalar: TypeAlias = Int[jax.Array, ""]
