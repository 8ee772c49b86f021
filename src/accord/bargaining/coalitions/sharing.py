"""Sharing in a coalition: core, nucleolus, Shapley value and Nash product."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import factorial

import numpy as np

from accord.bargaining.coalitions.game import CoalitionGame, Worth
from accord.bargaining.plan import Party
from accord.core.arguments import check_kind, public
from accord.core.arrays import Bool, Float
from accord.core.errors import SolveError
from accord.core.notebook import Shown
from accord.core.status import Status

EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
TIGHT = 1e-8  # over the largest worth

Members = Float[np.ndarray, "coalition party"]


@dataclass(frozen=True, eq=False, repr=False)
class CoalitionOutcome(Shown):
    """How the worth of all may be shared.

    Attributes:
        core_exists: Whether some sharing leaves no coalition better off alone.
        least_excess: The smallest number by which every coalition (but all together) can be held
            below what it could claim: the value of the least core. Positive: the core is empty, and
            every coalition must be taxed this much for leaving.
        nucleolus: The sharing with the smallest complaints, the largest first; it is in the core if
            there is one, and always in the least core.
        least: Least that each party gets in the core; NaN if it is empty.
        most: Most that each party gets in the core; NaN if it is empty.
        shapley: Shapley value: the mean of what each party adds, over all orders of joining.
        shapley_in_core: Whether that is in the core.
        nash: Nash product of the gains over being alone: an equal share of the surplus.
        blocking: Members of the coalition that gains most by leaving the Shapley value; empty if
            none gains.
    """

    core_exists: bool
    least_excess: float
    nucleolus: Party
    least: Party
    most: Party
    shapley: Party
    shapley_in_core: bool
    nash: Party
    blocking: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CoalitionStats:
    """What a solve cost: linear programs."""

    programs: int


@dataclass(frozen=True, eq=False, repr=False)
class CoalitionSolution(Shown):
    """A solved coalition game: `value`, `status`, `residuals` and `stats`.

    `residuals`, over the largest worth: what the sharings leave undivided ("nucleolus adds up",
    "Shapley value adds up"), and "nucleolus in the least core".
    """

    game: CoalitionGame
    value: CoalitionOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: CoalitionStats


@public
def solve_coalitions(game: CoalitionGame, *, throw: bool = True) -> CoalitionSolution:
    """Return how the worth of all may be shared, and whether some coalition would rather leave.

    Args:
        game: The worth of every coalition.
        throw: Raise `SolveError` when a linear program fails, rather than return the status.

    Raises:
        SolveError: If a linear program failed and `throw` is true.

    Examples:
        >>> worth = {
        ...     "KOR": 0,
        ...     "USA": 0,
        ...     "JPN": 0,
        ...     ("KOR", "USA"): 4,
        ...     ("JPN", "USA"): 6,
        ...     ("KOR", "JPN"): 0,
        ...     ("KOR", "JPN", "USA"): 9,
        ... }
        >>> value = solve_coalitions(CoalitionGame.from_mapping(("KOR", "JPN", "USA"), worth)).value
        >>> value.core_exists, value.shapley.round(2).tolist(), value.nucleolus.round(2).tolist()
        (True, [1.67, 2.67, 4.67], [1.5, 2.5, 5.0])
    """
    check_kind("game", game, CoalitionGame, "Make one: CoalitionGame.from_mapping(parties, worth)")
    count = len(game.parties)
    size = float(np.abs(game.worth).max()) or 1.0
    worth, members = game.worth / size, members_of(count)
    shared = _share_least(worth, members)
    if shared is None:
        if throw:
            raise SolveError(Status.NO_OPTIMUM, "the least core")
        nothing = np.full(count, np.nan)
        value = CoalitionOutcome(
            core_exists=False, least_excess=np.nan, nucleolus=nothing, least=nothing, most=nothing,
            shapley=nothing, shapley_in_core=False, nash=nothing, blocking=(),
        )  # fmt: skip
        return CoalitionSolution(game, value, Status.NO_OPTIMUM, {}, CoalitionStats(0))
    excess, nucleolus, programs = shared
    exists = excess <= TIGHT
    least, most = _core_ranges(worth, members, max(excess, 0.0)) if exists else _unknown(count)
    shapley = shapley_value(worth)
    alone = worth[1 << np.arange(count)]
    complaints = (worth - members @ shapley)[1:-1]
    worst = int(np.argmax(complaints)) + 1
    blocked = bool(complaints.max() > TIGHT)
    value = CoalitionOutcome(
        core_exists=bool(exists), least_excess=size * excess + 0.0,
        nucleolus=size * nucleolus + 0.0,
        least=size * least + 0.0, most=size * most + 0.0, shapley=size * shapley,
        shapley_in_core=not blocked,
        nash=size * (alone + (worth[-1] - alone.sum()) / count),
        blocking=tuple(
            name for at, name in enumerate(game.parties) if blocked and worst >> at & 1
        ),
    )  # fmt: skip
    highest = float((worth - members @ nucleolus)[1:-1].max())
    residuals = {
        "nucleolus adds up": abs(float(nucleolus.sum() - worth[-1])),
        "Shapley value adds up": abs(float(shapley.sum() - worth[-1])),
        "nucleolus in the least core": max(0.0, highest - excess),
    }
    stats = CoalitionStats(programs + (2 * count if exists else 0))
    return CoalitionSolution(game, value, Status.CONVERGED, residuals, stats)


def members_of(count: int) -> Members:
    """Return which party is in which coalition, as ones and zeros."""
    return ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(np.float64)


def shapley_value(worth: Worth) -> Party:
    """Return what each party adds to the worth of those before it, averaged over all orders."""
    count = len(worth).bit_length() - 1
    sets = np.arange(len(worth))
    sizes = members_of(count).sum(axis=1).astype(int)
    chance = np.array([
        factorial(s) * factorial(count - 1 - s) / factorial(count) for s in range(count)
    ])  # fmt: skip
    values = []
    for party in range(count):
        without = sets[(sets >> party & 1) == 0]
        values.append(chance[sizes[without]] @ (worth[without | 1 << party] - worth[without]))
    return np.array(values)


def _share_least(worth: Worth, members: Members) -> tuple[float, Party, int] | None:
    """Return the value of the least core, the nucleolus, and the linear programs it took.

    Complaints are lowered together; those that cannot fall further are fixed, and the rest lowered
    again, until one sharing is left (Maschler, Peleg and Shapley 1979). A complaint is fixed where
    its dual price is positive: then it is the same in every optimum.
    """
    from scipy.optimize import linprog  # slow to import

    count = members.shape[1]
    free = np.ones(len(worth), dtype=bool)
    free[[0, -1]] = False
    fixed, levels = members[-1:], worth[-1:]
    first, sharing, programs = np.nan, np.zeros(count), 0
    while free.any():
        rows = np.flatnonzero(free)
        done = linprog(
            np.append(np.zeros(count), 1.0),
            A_ub=np.hstack([-members[rows], -np.ones((len(rows), 1))]), b_ub=-worth[rows],
            A_eq=np.hstack([fixed, np.zeros((len(fixed), 1))]), b_eq=levels,
            bounds=(None, None), options=EXACT,
        )  # fmt: skip
        if done.status != 0:
            return None
        programs += 1
        sharing, excess = done.x[:-1], float(done.x[-1])
        first = excess if programs == 1 else first
        prices = -done.ineqlin.marginals
        tight = rows[prices > max(TIGHT, prices.max() * 1e-6)]
        fixed = np.concatenate([fixed, members[tight]])
        levels = np.concatenate([levels, worth[tight] - excess])
        free[tight] = False
        free &= ~_is_spanned(members, fixed)
        fixed, levels = _independent(fixed, levels)
    return first, sharing, programs


def _is_spanned(
    members: Members, fixed: Float[np.ndarray, "row party"]
) -> Bool[np.ndarray, " coalition"]:
    """Return the coalitions whose total is settled by the totals of others."""
    left, values, _ = np.linalg.svd(fixed.T, full_matrices=False)
    base = left[:, values > 1e-9]
    rest = members - (members @ base) @ base.T
    return np.asarray(np.abs(rest).max(axis=1) < 1e-9)


def _independent(
    fixed: Float[np.ndarray, "row party"], levels: Float[np.ndarray, " row"]
) -> tuple[Float[np.ndarray, "kept party"], Float[np.ndarray, " kept"]]:
    """Return the first rows of which none follows from those before it."""
    kept: list[int] = []
    for at in range(len(fixed)):
        if np.linalg.matrix_rank(fixed[[*kept, at]]) > len(kept):
            kept.append(at)
    return fixed[kept], levels[kept]


def _core_ranges(worth: Worth, members: Members, slack: float) -> tuple[Party, Party]:
    """Return the least and the most that each party gets in the core."""
    from scipy.optimize import linprog  # slow to import

    ends = []
    for sign in (1.0, -1.0):
        for unit in np.eye(members.shape[1]):
            done = linprog(
                sign * unit, A_ub=-members[1:-1], b_ub=slack - worth[1:-1],
                A_eq=members[-1:], b_eq=worth[-1:], bounds=(None, None), options=EXACT,
            )  # fmt: skip
            ends.append(sign * done.fun if done.status == 0 else np.nan)
    least, most = np.array(ends).reshape(2, -1)
    return least, most


def _unknown(count: int) -> tuple[Party, Party]:
    return np.full(count, np.nan), np.full(count, np.nan)
