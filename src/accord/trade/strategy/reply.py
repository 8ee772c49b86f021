"""The best reply of one party to the rates of the others.

A climb finds the top of the hill it starts on. There can be another: where deficits do not adjust,
a deficit country can gain from ever higher tariffs, beyond a valley of losses (decision 24). So the
highest rates that may be set are tried as well, and climbed from if they are better.
"""

from accord.trade.solution import TradeSolution
from accord.trade.strategy.arena import Arena, Objective
from accord.trade.strategy.ascent import Probe, Rates, Summit, climb
from accord.trade.strategy.instruments import StrategyConfig

WORTH = 1e-8  # of a party's income: a better reply worth less is none


def best_reply(
    arena: Arena,
    objective: Objective,
    p: int,
    x: Rates,
    *,
    start: Rates,
    options: StrategyConfig,
) -> Summit[TradeSolution] | None:
    """Return the best reply of party `p` to `x`, sought from `start` and from the highest rates."""
    near = climb_alone(arena, objective, p, x, start=start, options=options)
    highest = x.copy()
    highest[arena.parts[p]] = arena.box_of(p)[1]
    there = arena.solve(highest, is_trial=False)
    valued = None if there is None else objective(there)
    if near is None or valued is None or valued[0] <= near.probe.value + WORTH:
        return near
    far = climb_alone(arena, objective, p, x, start=highest, options=options)
    return near if far is None or far.probe.value <= near.probe.value else far


def climb_alone(
    arena: Arena,
    objective: Objective,
    p: int,
    x: Rates,
    *,
    start: Rates,
    options: StrategyConfig,
) -> Summit[TradeSolution] | None:
    """Return where party `p` gets by climbing from its rates in `start`, the others at `x`."""
    part = arena.parts[p]

    def evaluate(own: Rates) -> Probe[TradeSolution] | None:
        trial = x.copy()
        trial[part] = own
        solution = arena.solve(trial)
        return None if solution is None else arena.probe(solution, objective, [p])

    box = arena.box_of(p)
    arena.stand_on(None)
    return climb(
        evaluate, start[part], box, tolerance=options.tolerance, max_steps=options.max_steps,
        accept=arena.stand_on,
    )  # fmt: skip
