"""Sensitivity: the shares of variance, the tornado and the thresholds of each unknown.

Shares of variance are Sobol' indices on the surface. The sets of elasticities count as one unknown,
as do the paths of projects.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from accord.assessment.snapshot.recall import Recall, never
from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.payoff import (
    move_amounts,
    value_later,
)
from accord.assessment.valuation.uncertainty import (
    ELASTICITIES,
    HORIZON,
    LUCK,
    Inputs,
    from_quantiles,
    quantile_columns,
)
from accord.assessment.valuation.valuation import Valuation
from accord.core.arrays import Float, Int
from accord.core.notebook import Shown
from accord.core.numerics.samples import describe_sobol_points, sobol_points
from accord.core.numerics.variance import share_variance

BASE = 256  # draws in each of the two samples behind Sobol' indices; a power of two
BATCH = 256
GRID = 36  # values tried between the ends of a range before its threshold is interpolated
TAILS = (0.05, 0.95)
LUCK_PATHS = 400


@dataclass(frozen=True)
class Driver:
    """Share of the variance of a party's payoff that an unknown accounts for.

    Attributes:
        package: Name of the package.
        party: The party.
        parameter: Name of the unknown.
        first: By itself; an estimate, cut at one.
        total: With all it interacts with; an estimate, cut at one.
        first_error: Standard error of the estimate of `first`.
        total_error: Standard error of the estimate of `total`.
    """

    package: str
    party: str
    parameter: str
    first: float
    total: float
    first_error: float = float("nan")
    total_error: float = float("nan")


@dataclass(frozen=True)
class Swing:
    """A party's payoff at a low and a high value of one unknown, all else central, bn USD."""

    package: str
    party: str
    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Threshold:
    """The value of one unknown at which a party's gain changes sign, all else central.

    Attributes:
        package: Name of the package.
        party: The party.
        parameter: Name of the unknown.
        low: Lowest value tried.
        central: Its central value.
        high: Highest value tried.
        value: Where the sign changes, nearest to the central value; NaN if nowhere.
    """

    package: str
    party: str
    parameter: str
    low: float
    central: float
    high: float
    value: float


@dataclass(frozen=True, repr=False)
class Sensitivity(Shown):
    """What decides the verdict: shares of variance, swings, thresholds."""

    drivers: tuple[Driver, ...] = ()
    swings: tuple[Swing, ...] = ()
    thresholds: tuple[Threshold, ...] = ()


def analyse(
    valuation: Valuation, parties: Sequence[str], *, seed: int, recall: Recall = never
) -> Sensitivity:
    """Return what decides the payoffs of parties under every package, tariffs by date.

    Args:
        valuation: What values the packages.
        parties: Whose payoffs.
        seed: Of the samples of all that is uncertain.
        recall: Where those are kept between runs; nowhere if left out.
    """
    drivers: list[Driver] = []
    swings: list[Swing] = []
    thresholds: list[Threshold] = []
    for package in valuation.packages[1:]:
        task = _PartyPayoffs(valuation, package, tuple(parties))
        drivers += _share_variance(task, seed, recall)
        swings += _swing(task)
        thresholds += _find_thresholds(task)
        years, payoffs = count_to(valuation, package, parties)
        if len(years) > len(valuation.clock.years):
            end, paid_in = len(valuation.clock.years) - 1, _last_call(valuation, package)
            ends = float(years[end]), float(years[-1])
            swings += _swings(task, HORIZON, ends, (payoffs[end], payoffs[-1]))
            for at, party in enumerate(parties):
                turn = _nearest_turn(years[paid_in:].astype(float), payoffs[paid_in:, at], ends[1])
                limits = float(years[paid_in]), ends[1], ends[1]
                thresholds.append(Threshold(package.name, party, HORIZON, *limits, turn))
    return Sensitivity(tuple(drivers), tuple(swings), tuple(thresholds))


def _last_call(valuation: Valuation, package: PackageInputs) -> int:
    """Return the place of the last year in which money is called: before it, costs are missing."""
    amounts = move_amounts(package, valuation.clock, valuation.centre)
    called = np.flatnonzero(sum(pair.called[0] for pair in amounts))
    return int(called[-1]) if called.size else 0


def count_to(
    valuation: Valuation, package: PackageInputs, parties: Sequence[str]
) -> tuple[Int[np.ndarray, " year"], Float[np.ndarray, "year party"]]:
    """Return calendar years, and the central payoffs if nothing after each of them counted.

    Present values in bn USD, tariffs by date, to the end of the last life that is followed.
    """
    centre, clock = valuation.centre, valuation.clock
    gains = valuation.components(package, centre, "dated", regions=parties)[0]
    within = np.delete(gains, COMPONENTS.index("later"), axis=0).sum(axis=0)
    factors = clock.factors(centre, parties)[0]
    amounts = move_amounts(package, clock, centre)
    members = clock.members(parties)
    later = value_later(package, amounts, clock, centre, regions=members)[0]
    after = np.stack(
        [later[:, [members.index(name) for name in clock.members([party])]].sum(axis=1)
         for party in parties], axis=1,
    )  # fmt: skip
    worth = np.concatenate([within * factors, after * factors[-1]])
    return clock.years[0] + np.arange(len(worth)), np.cumsum(worth, axis=0)


@dataclass(frozen=True, eq=False)
class _PartyPayoffs:
    valuation: Valuation
    package: PackageInputs
    parties: tuple[str, ...]

    def payoffs(self, several: Sequence[Inputs]) -> list[Float[np.ndarray, "draw party"]]:
        """Return the payoffs at each of several inputs, valued together."""
        inputs = Inputs.joined(several)
        rows = [
            self.valuation.payoffs(
                self.package, inputs.rows(slice(at, at + BATCH)), "dated", regions=self.parties
            )
            for at in range(0, len(inputs), BATCH)
        ]
        payoffs = np.concatenate([row.sum(axis=1) for row in rows])
        return np.split(payoffs, np.cumsum([len(part) for part in several])[:-1])


def _share_variance(task: _PartyPayoffs, seed: int, recall: Recall) -> Iterator[Driver]:
    valuation = task.valuation
    groups = quantile_columns(valuation.centre.weights.shape[1])
    dims = sum(len(columns) for columns in groups.values())
    both = recall(
        describe_sobol_points(2 * dims, BASE, seed=seed),
        (1, BASE, 2 * dims),
        lambda: sobol_points(2 * dims, BASE, seed=seed)[None],
    )[0]
    first, second = both[:, :dims], both[:, dims:]

    samples = [first, second]
    for columns in groups.values():
        sample = first.copy()
        sample[:, columns] = second[:, columns]
        samples.append(sample)
    payoffs = task.payoffs(
        [
            from_quantiles(
                valuation.centre, sample, order=valuation.order, parameters=valuation.parameters
            )
            for sample in samples
        ]
    )
    of_first, of_second, *mixed = (np.asarray(payoff.T) for payoff in payoffs)
    if np.all(of_first.std(axis=1) == 0):
        return
    shares = share_variance(of_first, of_second, np.array(mixed))
    for row, party in enumerate(task.parties):
        for column, name in enumerate(groups):
            told = (float(part[column, row]) for part in shares)
            yield Driver(task.package.name, party, name, *told)


def _swing(task: _PartyPayoffs) -> Iterator[Swing]:
    centre, order = task.valuation.centre, task.valuation.order
    parameters, sets = task.valuation.parameters, centre.weights.shape[1]
    ends = [parameter.quantile(np.array(TAILS)) for parameter in parameters]
    several = [
        centre.with_values(**{parameter.name: values})
        for parameter, values in zip(parameters, ends, strict=True)
    ]
    several.append(centre.with_values(weights=np.eye(sets)))
    several.append(centre.with_values(path=order[:: max(len(order) // LUCK_PATHS, 1)]))
    *by_parameter, by_set, by_path = task.payoffs(several)
    for parameter, values, payoffs in zip(parameters, ends, by_parameter, strict=True):
        low, high = float(values[0]), float(values[1])
        yield from _swings(task, parameter.name, (low, high), (payoffs[0], payoffs[1]))
    if sets > 1:
        least, most = by_set.min(axis=0), by_set.max(axis=0)
        yield from _swings(task, ELASTICITIES, (np.nan, np.nan), (least, most))
    if len(order) > 1:
        worst, best = np.quantile(by_path, TAILS, axis=0)
        yield from _swings(task, LUCK, TAILS, (worst, best))


def _swings(
    task: _PartyPayoffs,
    name: str,
    ends: tuple[float, float],
    payoffs: tuple[np.ndarray, np.ndarray],
) -> Iterator[Swing]:
    for at, party in enumerate(task.parties):
        yield Swing(
            task.package.name, party, name, *ends, float(payoffs[0][at]), float(payoffs[1][at])
        )


def _find_thresholds(task: _PartyPayoffs) -> Iterator[Threshold]:
    centre, parameters = task.valuation.centre, task.valuation.parameters
    tried = [np.linspace(parameter.low, parameter.high, GRID) for parameter in parameters]
    several = task.payoffs(
        [
            centre.with_values(**{parameter.name: values})
            for parameter, values in zip(parameters, tried, strict=True)
        ]
    )
    for parameter, values, payoffs in zip(parameters, tried, several, strict=True):
        limits = parameter.low, parameter.central, parameter.high
        for at, party in enumerate(task.parties):
            turn = _nearest_turn(values, payoffs[:, at], parameter.central)
            yield Threshold(task.package.name, party, parameter.name, *limits, turn)


def _nearest_turn(
    values: Float[np.ndarray, " value"], payoffs: Float[np.ndarray, " value"], central: float
) -> float:
    """Return where `found` crosses zero, nearest to the central value; NaN if nowhere."""
    at = np.flatnonzero(np.sign(payoffs[:-1]) * np.sign(payoffs[1:]) < 0)
    if not at.size:
        return float("nan")
    share = payoffs[at] / (payoffs[at] - payoffs[at + 1])
    turns = values[at] + share * (values[at + 1] - values[at])
    return float(turns[np.argmin(np.abs(turns - central))])
