"""The random numbers of the finance engine: the same for every plan of a seed.

Each project has its own slot, so that two packages that build the same first project see the same
luck, and a difference between packages is a difference of terms.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from accord.core.arrays import Float

SLOTS = 144  # luck for three facilities of 48 projects; more share the luck of others
FACILITY_SLOTS = 48
KEPT = 4_000_000  # numbers, 32 MB: the draws of a plan this small are kept for the next one

PathProject = Float[np.ndarray, "path project"]


@dataclass(frozen=True, eq=False)
class Draws:
    """Standard normal and uniform numbers by path.

    Attributes:
        common: What all projects share: cost and earnings, one row a path.
        cost: Of cost, by project.
        time: Of construction time, by project.
        earning: Of earnings, by project.
        fate: Uniform numbers that decide whether a project fails.
        rates: Of reference rates, by step.
        defaults: Uniform numbers that decide how many yards and buyers default, by step.
        approval: Uniform number that decides whether the approval of the projects is withdrawn.
        central: Whether every quantity is to take its mean instead.
    """

    common: Float[np.ndarray, "path 2"]
    cost: PathProject
    time: PathProject
    earning: PathProject
    fate: PathProject
    rates: Float[np.ndarray, "path step"]
    defaults: Float[np.ndarray, "path step"]
    approval: Float[np.ndarray, " path"]
    central: bool

    @property
    def paths(self) -> int:
        """Number of paths."""
        return int(self.cost.shape[0])

    def take(self, count: int, facility: int) -> "Draws":
        """Return the numbers of the first `count` projects of a facility."""
        pick = (np.arange(count) + FACILITY_SLOTS * facility) % SLOTS
        return Draws(
            self.common, self.cost[:, pick], self.time[:, pick], self.earning[:, pick],
            self.fate[:, pick], self.rates, self.defaults, self.approval,
            self.central,
        )  # fmt: skip


def draw(paths: int, steps: int, seed: int) -> Draws:
    """Return the numbers of a seed: every path and project slot has the same in every plan."""
    return next(draw_blocks(paths, steps, seed, paths))


def draw_blocks(paths: int, steps: int, seed: int, block: int) -> Iterator[Draws]:
    """Yield the numbers of a seed, at most `block` paths at a time.

    A path has the same numbers whatever the block: each kind of number is one long sequence, in
    the order of the paths.
    """
    generators = [np.random.default_rng(stream) for stream in np.random.SeedSequence(seed).spawn(8)]
    names = ("common", "cost", "time", "earning", "fate", "rates", "defaults", "approval")
    widths = (2, SLOTS, SLOTS, SLOTS, SLOTS, steps, steps, 1)
    for first in range(0, paths, block):
        rows = min(block, paths - first)
        values = {
            name: generator.random((rows, width))
            if name in ("fate", "defaults", "approval")
            else generator.standard_normal((rows, width))
            for name, width, generator in zip(names, widths, generators, strict=True)
        }
        values["approval"] = values["approval"][:, 0]
        yield Draws(**values, central=False)


def kept_blocks(paths: int, steps: int, seed: int, block: int) -> Iterable[Draws]:
    """Return what `draw_blocks` yields, from the last plans of this size where they are small."""
    if paths * (5 * SLOTS + 2 * steps) > KEPT:
        return draw_blocks(paths, steps, seed, block)
    return _keep(paths, steps, seed, block)


@lru_cache(maxsize=2)
def _keep(paths: int, steps: int, seed: int, block: int) -> tuple[Draws, ...]:
    blocks = tuple(draw_blocks(paths, steps, seed, block))
    for draws in blocks:
        for values in vars(draws).values():
            if isinstance(values, np.ndarray):
                values.flags.writeable = False
    return blocks


def central_draws(steps: int) -> Draws:
    """Return one path on which every quantity takes its mean."""
    zeros, still = np.zeros((1, SLOTS)), np.zeros((1, steps))
    return Draws(
        np.zeros((1, 2)), zeros, zeros, zeros, zeros, still, still, np.zeros(1), central=True
    )


def lognormal(mean: float, spread: float, normal: np.ndarray, *, central: bool) -> np.ndarray:
    """Return draws with a given mean whose logarithm has a given standard deviation."""
    if central or spread == 0.0:
        return np.full_like(normal, mean)
    return np.asarray(mean * np.exp(spread * normal - spread**2 / 2))
