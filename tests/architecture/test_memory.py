"""Memory of the tests themselves: a worker that grows drops what JAX compiled."""

from typing import Any

import jax
import pytest

from tests.conftest import Ceiling, resident_memory


def programs_of(function: Any) -> int:
    """How many programs JAX keeps for a function."""
    return int(function._cache_size())


@pytest.mark.skipif(resident_memory() is None, reason="this system does not tell what is resident")
def test_programs_are_dropped_above_the_ceiling_and_kept_below():
    increase = jax.jit(lambda x: x + 1)
    increase(1.0)
    high = Ceiling(lowest=1e6, room=300.0)
    assert not high.hold(resident_memory())
    assert programs_of(increase) == 1
    low = Ceiling(lowest=1.0, room=300.0)
    assert low.hold(resident_memory())
    assert programs_of(increase) == 0
    assert low.height > (resident_memory() or 0.0)
    assert increase(1.0) == 2.0


def test_where_the_system_does_not_tell_nothing_is_dropped():
    assert not Ceiling(lowest=0.0, room=0.0).hold(None)
