"""What a search of tariffs starts from, checked, and the solutions it may end with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from accord.core.arguments import check_kind
from accord.core.errors import InputError, Problem, SolveError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import find_scale_problems, refuse_fixed_costs
from accord.trade.strategy.arena import Arena
from accord.trade.strategy.ascent import Rates
from accord.trade.strategy.instruments import (
    OptionsLike,
    Over,
    Party,
    StrategyConfig,
    build_instruments,
    check_choices,
    read_options,
)
from accord.trade.strategy.solution import StrategySolution, build_outcome, equilibrium_of

Start = StrategySolution | TradeSolution | None

KINDS: dict[str, tuple[Any, str]] = {
    "parties": ((Sequence, Mapping), "Give regions and lists of regions: ['USA', ['DEU', 'FRA']]"),
    "shock": (TradeShock, "Say what changes: ac.TradeShock(tariff=...)"),
    "start": (
        (StrategySolution, TradeSolution),
        "Give what ac.best_response, ac.nash_tariffs or ac.solve_trade returned",
    ),
    "config": (TradeConfig, 'Give ac.TradeConfig(closure="balanced", ...)'),
    "objective": (Mapping, 'Give a weight for each region: {"USA": 1.0}'),
    "weights": (Mapping, 'Give a weight for each party: {"USA": 1.0}'),
    "against": ((list, tuple), 'Give a list of regions: ["CHN"]'),
    "disagreement": (
        (StrategySolution, TradeSolution, Mapping),
        "Give a solution, or each party's gain in money without an agreement",
    ),
    "options": ((StrategyConfig, Mapping), 'Say what is chosen: {"sectors": ["motor_vehicles"]}'),
}


class Question(NamedTuple):
    """Everything a search starts from, checked."""

    arena: Arena
    options: StrategyConfig
    start: Rates
    before: Rates


def check_kinds(model: object, **given: object) -> None:
    """Check what Python would otherwise report in its own words; None is a default but for parties.

    Raises:
        InputError: An argument is of the wrong kind.
    """
    check_kind("model", model, TradeModel, "Make one: ac.TradeModel.from_arrays(flows=..., ...)")
    for name, value in given.items():
        if value is not None or name == "parties":
            check_kind(name, value, *KINDS[name])


def ask(
    world: tuple[TradeModel, TradeShock | None, TradeConfig | None],
    parties: tuple[Party, ...],
    *,
    over: Over,
    start: Start,
    options: OptionsLike,
    slips: list[Problem],
) -> "Question | StrategySolution":
    """Return the question, checked and ready; or its solution, if the baseline is not found.

    Raises:
        InputError: With everything wrong, that `slips` already included.
    """
    model, shock, config = world
    shock, config = shock or TradeShock(), config or TradeConfig()
    chosen, wrong = read_options(options)
    problems = slips + wrong + check_choices(model, parties, over, chosen)
    problems += shock.problems(len(model.regions), len(model.sectors))
    problems += find_scale_problems(model, config)
    if any(tuple(chosen.instruments) != ("tariff",) or not party.weights.is_welfare
           for party in parties):  # fmt: skip
        problems += refuse_fixed_costs(model, "any choice but that of tariffs by welfare")
    if config.charges_cost or config.customs_value == "fob":
        message = "parties choose duties on prices, freight included"
        remedy = 'Leave out duty_on="cost" and customs_value="fob"'
        problems.append(Problem("config", message, remedy))
    if start is not None and start.model.regions != model.regions:
        problems.append(Problem("start", "is of another world", "Leave it out"))
    if problems:
        raise InputError(problems, "the call")
    failure = None
    if config.closure == "balanced":
        try:
            model = model.balance(config)
        except SolveError as error:
            failure = error.status
    unions = [party.members for party in parties if len(parties) > 1]
    chosen = replace(chosen, together=(*chosen.together, *unions))
    instruments = [build_instruments(model, party, over=over, options=chosen) for party in parties]
    arena = Arena(model, shock, instruments, config=config, options=chosen)
    if failure is not None:
        return unsolved(arena, failure)
    before = arena.read(arena.before)
    equilibrium = equilibrium_of(start)
    if equilibrium is None:
        return Question(arena, chosen, before, before)
    return Question(arena, chosen, arena.resume(equilibrium), before)


def by_party(arena: Arena, gap: Rates) -> dict[str, float]:
    """Return the largest gap among the rates of each party."""
    return {
        f"rates of {instrument.party.name}": float(np.abs(gap[part]).max())
        for instrument, part in zip(arena.instruments, arena.parts, strict=True)
    }


def solved(
    arena: Arena,
    equilibrium: TradeSolution,
    status: Status,
    residuals: dict[str, float],
    *,
    steps: tuple[int, str],
) -> StrategySolution:
    """Return the solution at an equilibrium, its numbers NaN unless the search converged."""
    return StrategySolution(
        arena.model, arena.shock, arena.config,
        tuple(instrument.party for instrument in arena.instruments),
        value=build_outcome(arena, equilibrium if status.ok else None), status=status,
        residuals=residuals, stats=arena.stats(*steps), equilibrium=equilibrium,
    )  # fmt: skip


def unsolved(arena: Arena, status: Status) -> StrategySolution:
    """Return the solution of a search that never had an equilibrium to stand on."""
    return StrategySolution(
        arena.model, arena.shock, arena.config,
        tuple(instrument.party for instrument in arena.instruments),
        value=build_outcome(arena, None), status=status, residuals={},
        stats=arena.stats(0, "none"), equilibrium=None,
    )  # fmt: skip
