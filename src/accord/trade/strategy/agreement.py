"""Tariffs chosen together: the objectives of an agreement, and starting points for the search."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import Problem
from accord.trade.solution import TradeSolution
from accord.trade.strategy.arena import Arena, Objective, Region
from accord.trade.strategy.ascent import Probe, Rates, Summit, climb
from accord.trade.strategy.instruments import Party, StrategyConfig, find_unknown
from accord.trade.strategy.solution import StrategySolution, equilibrium_of

PerParty = Float[np.ndarray, " party"]
Disagreement: TypeAlias = StrategySolution | TradeSolution | Mapping[str, float]

SHARPNESS = 30.0  # of the smooth minimum, over the largest loss of a party


def spread(weight: PerParty, parties: Sequence[Party]) -> dict[str, float]:
    """Return the weight of every member of every party."""
    pairs = zip(parties, weight, strict=True)
    return {name: float(share) for party, share in pairs for name in party.members}


def find_bad_floor(given: Disagreement | None, names: Sequence[str]) -> list[Problem]:
    """Return what is wrong with a disagreement point."""
    path = "disagreement"
    if isinstance(given, Mapping):
        missing = [name for name in names if name not in given]
        remedy = "Give every party's gain, in money against the baseline"
        problems = [Problem(path, f"has no {name}", remedy) for name in missing]
        return problems + find_unknown(path, tuple(given), names)
    if given is not None and equilibrium_of(given) is None:
        return [Problem(path, "did not converge", "Give a solution whose status is CONVERGED")]
    return []


def floor_of(arena: Arena, given: Disagreement) -> PerParty:
    """Return each party's gain without an agreement, as a fraction of its income."""
    parties = [instrument.party for instrument in arena.instruments]
    income = [arena.model.income[np.isin(arena.model.regions, p.members)].sum() for p in parties]
    if isinstance(given, Mapping):
        return np.asarray(np.array([given[p.name] for p in parties]) / np.array(income))
    equilibrium = equilibrium_of(given)
    if equilibrium is None:
        return np.full(len(parties), np.nan)
    return _gains(arena, equilibrium)[0]


def nash_product(arena: Arena, weight: PerParty, floor: PerParty) -> Objective:
    """Return the weighted geometric mean of the parties' gains over a floor.

    It is largest where the Nash product is, and of the size of a gain, as other objectives are.
    """
    weight = weight / weight.sum()

    def objective(solution: TradeSolution) -> tuple[float, Region] | None:
        value, slopes = _gains(arena, solution)
        gain = value - floor
        if np.any(gain <= 0):
            return None
        mean = float(np.exp(weight @ np.log(gain)))
        return mean, np.asarray((mean * weight / gain) @ slopes)

    return objective


def find_gains(
    arena: Arena, floor: PerParty, start: Rates, options: StrategyConfig
) -> Rates | None:
    """Return rates at which every party does better than its floor, or None.

    Where some do not at the start, the smallest gain is raised, as a smooth minimum.
    """
    first = arena.solve(start)
    if first is None:
        return None
    gain = _gains(arena, first)[0] - floor
    if np.all(gain > 0):
        return start
    sharpness = SHARPNESS / float(np.abs(gain).max())

    def smallest(solution: TradeSolution) -> tuple[float, Region]:
        value, slopes = _gains(arena, solution)
        gain = value - floor
        least = float(gain.min())
        share = np.exp(-sharpness * (gain - least))
        return least - float(np.log(share.sum())) / sharpness, share / share.sum() @ slopes

    top = climb_together(arena, smallest, start, options)
    if top is None or np.any(_gains(arena, top.probe.note)[0] <= floor):
        return None
    return top.x


def climb_together(
    arena: Arena, objective: Objective, start: Rates, options: StrategyConfig
) -> Summit[TradeSolution] | None:
    """Return where all parties' rates together maximise one objective."""

    def evaluate(x: Rates) -> Probe[TradeSolution] | None:
        solution = arena.solve(x)
        return None if solution is None else arena.probe(solution, objective)

    arena.stand_on(None)
    return climb(
        evaluate, start, arena.box, tolerance=options.tolerance, max_steps=options.max_steps,
        accept=arena.stand_on,
    )  # fmt: skip


def _gains(
    arena: Arena, solution: TradeSolution
) -> tuple[PerParty, Float[np.ndarray, "party region"]]:
    """Return every party's gain as a fraction of its income, and its weights on the regions.

    The gain includes what its political weights add to welfare.
    """
    model = arena.model
    members = np.stack(
        [np.isin(model.regions, instrument.party.members) for instrument in arena.instruments]
    )
    money = members * model.income
    share = money / money.sum(axis=1, keepdims=True)
    gains = share @ solution.value.welfare
    if arena.politics is not None:
        gains = gains + members @ arena.surplus(solution) / money.sum(axis=1)
    return gains, share
