"""Tariffs that parties choose: best responses, retaliation, tariff wars, agreements."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Problem
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.strategy.agreement import (
    Disagreement,
    climb_together,
    find_bad_floor,
    find_gains,
    floor_of,
    nash_product,
    spread,
)
from accord.trade.strategy.ascent import Rates, Summit, newton_gap
from accord.trade.strategy.instruments import (
    OptionsLike,
    Over,
    PartiesLike,
    Party,
    PartyLike,
    find_unknown,
    find_wrong_over,
    read_options,
    read_parties,
    read_party,
)
from accord.trade.strategy.question import (
    KINDS,
    Question,
    Start,
    ask,
    by_party,
    check_kinds,
    solved,
    unsolved,
)
from accord.trade.strategy.reply import WORTH, best_reply
from accord.trade.strategy.solution import StrategySolution
from accord.trade.strategy.war import Front, find_replies, settle

Weights = Mapping[str, float]
RAISED = 1e-9
REOPENINGS = 3  # times a war is taken up again from better replies


@public
def best_response(
    model: TradeModel,
    party: PartyLike,
    *,
    over: Over = "partner",
    objective: Weights | None = None,
    shock: TradeShock | None = None,
    start: Start = None,
    config: TradeConfig | None = None,
    options: OptionsLike = None,
) -> StrategySolution:
    """Return the tariffs that are best for one party while everybody else keeps theirs.

    What is maximised is the exact equivalent variation in money, summed over the party's members.
    Several members act as a customs union: one external tariff, internal tariffs as they are. The
    search follows implicit derivatives; each costs one adjoint solve, whatever the number of rates.

    Args:
        model: The calibrated baseline.
        party: A region, a list of regions, a named group: `{"EU": ["DEU", ...]}`, or a `Party`
            with political weights, which are then added to welfare.
        over: One rate for each `"partner"` and sector, or `"mfn"`: one for each sector.
        objective: Weights of regions' welfare in money, instead of one for each member.
        shock: What else changes: the tariffs of others, transfers. Baseline tariffs if None.
        start: A solution to begin from (a warm start).
        config: Closure, market structure, labour supply, tolerance of the equilibria.
        options: What may be set and how: `{"sectors": ["motor_vehicles"]}`, see `StrategyConfig`.

    Raises:
        InputError: With everything wrong in the arguments. A search that fails raises nothing: it
            returns its status.
    """
    check_kinds(
        model, objective=objective, shock=shock, start=start, config=config, options=options
    )
    chosen, problems = read_party(party, model)
    problems += find_unknown("objective", tuple(objective or ()), model.regions)
    if objective is not None and not any(objective.values()):
        problems.append(Problem("objective", "has no weight", "Give one region a weight"))
    question = ask(
        (model, shock, config), (chosen,), over=over, start=start, options=options, slips=problems
    )
    if isinstance(question, StrategySolution):
        return question
    aim = question.arena.welfare_of(objective or dict.fromkeys(chosen.members, 1.0))
    rates = question.start
    top = best_reply(question.arena, aim, 0, rates, start=rates, options=question.options)
    return _at_the_top(question, top)


@public
def retaliate(
    model: TradeModel,
    party: PartyLike,
    shock: TradeShock,
    *,
    against: Sequence[str] | None = None,
    over: Over = "partner",
    config: TradeConfig | None = None,
    options: OptionsLike = None,
) -> StrategySolution:
    """Return a party's best response, on the goods of those who raised tariffs against it.

    It only raises tariffs: what lower ones of its own would be worth to it answers nobody.

    Args:
        model: The calibrated baseline.
        party: Who retaliates; as in `best_response`.
        shock: What others did.
        against: Whose goods are charged; by default those of every region whose tariff on a member
            of the party is higher than in the baseline.
        over: One rate for each partner and sector, or one for each sector.
        config: Closure, market structure, labour supply, tolerance of the equilibria.
        options: Sectors, bounds, tolerance, steps; its partners are replaced.

    Raises:
        InputError: With everything wrong in the arguments, or if nobody raised a tariff.
    """
    check_kind("shock", shock, *KINDS["shock"])
    check_kinds(model, shock=shock, against=against, config=config, options=options)
    chosen, problems = read_party(party, model)
    settings, wrong = read_options(options)
    problems += wrong + find_wrong_over(over)
    if against is None and not problems:
        against = _find_aggressors(model, chosen, shock)
        if not against:
            remedy = "Say what others did: ac.TradeShock(tariff=...)"
            problems.append(Problem("shock", f"raises no tariff on {chosen.name}", remedy))
    if problems:
        raise InputError(problems, "the call")
    settings = replace(settings, partners=tuple(against or ()), rises_only=True)
    return best_response(model, party, over=over, shock=shock, config=config, options=settings)


@public
def nash_tariffs(
    model: TradeModel,
    parties: PartiesLike,
    *,
    over: Over = "partner",
    shock: TradeShock | None = None,
    start: Start = None,
    config: TradeConfig | None = None,
    options: OptionsLike = None,
) -> StrategySolution:
    """Return the tariffs of a war in which each party's are its best response to the others'.

    Groups act as one: they set one external tariff, and are charged one. Every result is checked
    twice: no rate of any party gains by moving along its slope, and no party gains by a best
    response that is sought anew from its tariffs before the war. Prohibitive tariffs by everybody
    are an equilibrium too; the one found is the one that play from the baseline leads to.

    Args:
        model: The calibrated baseline.
        parties: Regions, lists of regions, or named groups: `{"USA": "USA", "EU": ["DEU", ...]}`.
            Whoever is not named keeps its tariffs.
        over: One rate for each `"partner"` and sector, or `"mfn"`: one for each sector.
        shock: What else changes: the tariffs of others, transfers. Baseline tariffs if None.
        start: A solution to begin from (a warm start).
        config: Closure, market structure, labour supply, tolerance of the equilibria.
        options: What may be set and how: `{"sectors": ["motor_vehicles"]}`, see `StrategyConfig`.

    Raises:
        InputError: With everything wrong in the arguments. A search that fails raises nothing: it
            returns its status.
    """
    check_kinds(model, parties=parties, shock=shock, start=start, config=config, options=options)
    chosen, problems = read_parties(parties, model)
    question = ask(
        (model, shock, config), chosen, over=over, start=start, options=options, slips=problems
    )
    if isinstance(question, StrategySolution):
        return question
    arena = question.arena
    objectives = [arena.welfare_of(dict.fromkeys(party.members, 1.0)) for party in chosen]
    outcome, rates, steps = None, question.start, 0
    for _ in range(REOPENINGS):
        settled = settle(arena, objectives, rates, options=question.options, steps=steps)
        if settled is None:
            break
        replies = find_replies(
            arena, objectives, settled[0], question.before, options=question.options
        )
        outcome, rates, steps = (*settled, replies[0]), replies[1], settled[0].steps
        if not np.any(replies[0] > WORTH):
            break
    return unsolved(arena, arena.failure) if outcome is None else _end_war(question, *outcome)


@public
def cooperative_tariffs(
    model: TradeModel,
    parties: PartiesLike,
    *,
    over: Over = "partner",
    weights: Weights | None = None,
    disagreement: Disagreement | None = None,
    shock: TradeShock | None = None,
    config: TradeConfig | None = None,
    options: OptionsLike = None,
) -> StrategySolution:
    """Return the tariffs that parties would choose together.

    Without a disagreement point they maximise the sum of their welfare in money, each with its
    weight: with weights of one, the efficient point. With one they maximise the Nash product of
    their gains over it.

    Args:
        model: The calibrated baseline.
        parties: As in `nash_tariffs`.
        over: One rate for each `"partner"` and sector, or `"mfn"`: one for each sector.
        weights: Weight of each party, by its name; one by default.
        disagreement: What happens without an agreement: a war, a retaliation, any equilibrium, or
            each party's gain there, in money against the baseline.
        shock: What else changes. Baseline tariffs if None.
        config: Closure, market structure, labour supply, tolerance of the equilibria.
        options: As in `nash_tariffs`; `partners` keep what is agreed among the parties.

    Raises:
        InputError: With everything wrong in the arguments. A search that fails raises nothing: it
            returns its status.
    """
    check_kinds(
        model, parties=parties, weights=weights, disagreement=disagreement, shock=shock,
        config=config, options=options,
    )  # fmt: skip
    chosen, problems = read_parties(parties, model)
    names = [party.name for party in chosen]
    problems += find_unknown("weights", tuple(weights or ()), names)
    if not all(weight > 0 for weight in (weights or {}).values()):
        problems.append(Problem("weights", "are not all positive", "Leave a party out instead"))
    problems += find_bad_floor(disagreement, names)
    question = ask(
        (model, shock, config), chosen, over=over, start=None, options=options, slips=problems
    )
    if isinstance(question, StrategySolution):
        return question
    arena = question.arena
    weight = np.array([(weights or {}).get(name, 1.0) for name in names])
    if disagreement is None:
        aim = arena.welfare_of(spread(weight, chosen))
        return _at_the_top(question, climb_together(arena, aim, question.start, question.options))
    floor = floor_of(arena, disagreement)
    first = find_gains(arena, floor, question.start, question.options)
    if first is None:
        return unsolved(arena, Status.NO_GAIN)
    aim = nash_product(arena, weight, floor)
    return _at_the_top(question, climb_together(arena, aim, first, question.options))


def _at_the_top(question: Question, top: Summit[TradeSolution] | None) -> StrategySolution:
    """Return the solution where a climb of all rates ended."""
    arena = question.arena
    if top is None:
        return unsolved(arena, arena.failure)
    residuals = by_party(arena, newton_gap(top.x, top.probe, arena.box))
    met = top.residual <= question.options.tolerance
    short = Status.EDGE if top.at_edge else Status.MAX_STEPS
    status = Status.CONVERGED if met else short
    return solved(arena, top.probe.note, status, residuals, steps=(top.steps, "ascent"))


def _end_war(question: Question, front: Front, method: str, regrets: Rates) -> StrategySolution:
    """Return the solution of a war from where it stands and what better replies are worth."""
    arena = question.arena
    residuals = by_party(arena, front.gap)
    for instrument, regret in zip(arena.instruments, regrets, strict=True):
        residuals[f"better reply of {instrument.party.name}"] = float(regret)
    status = Status.CONVERGED
    if front.residual > question.options.tolerance or np.any(np.isnan(regrets)):
        status = Status.MAX_STEPS
    elif np.any(regrets > WORTH):
        status = Status.BETTER_REPLY
    return solved(arena, front.solution, status, residuals, steps=(front.steps, method))


def _find_aggressors(model: TradeModel, party: Party, shock: TradeShock) -> tuple[str, ...]:
    """Return the regions outside the party whose tariffs on a member are above the baseline."""
    if shock.tariff is None or shock.tariff.shape != model.tariff.shape:
        return ()
    members = np.isin(model.regions, party.members)
    raised = (shock.tariff > model.tariff + RAISED)[:, members].any(axis=(1, 2)) & ~members
    return tuple(name for name, is_raised in zip(model.regions, raised, strict=True) if is_raised)
