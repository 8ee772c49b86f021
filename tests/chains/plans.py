"""Accounts to test with: two countries by hand, and random ones with and without duties."""

import numpy as np

from accord.chains.plan import ChainsPlan


def two_countries():
    """Return two countries alike, of one sector each: 100 of output, 30 of inputs, 70 used.

    Of its output each sells 20 to itself as inputs, 10 to the other as inputs, 60 to its own
    buyers and 10 to those of the other.
    """
    use = np.array([[20.0, 10.0], [10.0, 20.0]]).reshape(2, 1, 2, 1)
    final = np.array([[60.0, 10.0], [10.0, 60.0]]).reshape(2, 1, 2)
    return ChainsPlan(use, final, ("North", "South"), ("goods",))


def random_plan(*, regions=4, sectors=3, seed=1, duty=0.0, idle=0.0):
    """Return random accounts; `duty` is the share of value added that is duty on inputs."""
    rng = np.random.default_rng(seed)
    cells = regions * sectors
    use = rng.uniform(0.0, 1.0, (cells, cells))
    off = rng.random(cells) < idle
    use[off] = use[:, off] = 0.0
    final = rng.uniform(0.2, 2.0, (cells, regions)) * np.sqrt(cells)
    final[off] = 0.0
    output = use.sum(axis=1) + final.sum(axis=1)
    room = output - use.sum(axis=0)
    use *= 0.6 * (output / np.where(off, 1.0, use.sum(axis=0))).min() if room.min() < 0 else 1.0
    made = (use.sum(axis=1) + final.sum(axis=1) - use.sum(axis=0)).reshape(regions, sectors)
    return ChainsPlan(
        use.reshape(regions, sectors, regions, sectors), final.reshape(regions, sectors, regions),
        tuple(f"region {n}" for n in range(regions)), tuple(f"sector {j}" for j in range(sectors)),
        value_added=(1 - duty) * made if duty else None,
    )  # fmt: skip
