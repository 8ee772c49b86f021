"""Types of the arrays that JAX solves with. Beside `precision`, no file of core imports JAX."""

from typing import TypeAlias

import jax

from accord.core.arrays import Float, Int

Array: TypeAlias = jax.Array
FloatScalar: TypeAlias = Float[jax.Array, ""]
IntScalar: TypeAlias = Int[jax.Array, ""]
