"""A tariff war: rates at which the first-order conditions of every party hold at once.

All parties move together, each rate to where its own slope and curvature put the optimum of its
owner, and Anderson's method combines the moves: one equilibrium and one adjoint solve a party for
each step. Where that does not settle, parties answer each other in turn, each with its best
response. Conditions of first order can hold at a point that is not the best, so every party then
looks for a better reply from elsewhere; if one has any, the war goes on from it.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.trade.solution import TradeSolution
from accord.trade.strategy.arena import Arena, Objective
from accord.trade.strategy.ascent import Rates, newton_gap
from accord.trade.strategy.instruments import StrategyConfig
from accord.trade.strategy.reply import WORTH, best_reply, climb_alone

DEPTH = 10
LONGEST_MOVE = 0.5
FIRST_STEP = 0.5  # of the moves: everybody's rates pull wages the same way, and overshoot
RETREAT = 10.0
PATIENCE = 40  # joint steps without a smaller residual before parties take turns
ROUNDS = 50


class Front(NamedTuple):
    """Where a war stands: rates, equilibrium, every rate's gap to its optimum, and steps."""

    x: Rates
    solution: TradeSolution
    gap: Rates
    steps: int

    @property
    def residual(self) -> float:
        """The largest gap."""
        return float(np.abs(self.gap).max())


def settle(
    arena: Arena,
    objectives: Sequence[Objective],
    start: Rates,
    *,
    options: StrategyConfig,
    steps: int = 0,
) -> tuple[Front, str] | None:
    """Return where the war ends and the method that ended it; None without an equilibrium.

    Steps are counted from `steps`.
    """
    first = _look(arena, objectives, np.clip(start, *arena.box), steps)
    if first is None:
        return None
    together = _move_together(arena, objectives, first, options)
    if together.residual <= options.tolerance:
        return together, "together"
    return _take_turns(arena, objectives, together, options), "in turn"


def find_replies(
    arena: Arena,
    objectives: Sequence[Objective],
    front: Front,
    start: Rates,
    *,
    options: StrategyConfig,
) -> tuple[Float[np.ndarray, " party"], Rates]:
    """Return what each party would gain by its best reply, sought anew from `start`, and the rates.

    The unit is a fraction of the party's income; NaN where the search fails.
    """
    regrets, rates = [], front.x.copy()
    for p, objective in enumerate(objectives):
        here = objective(front.solution)
        reply = best_reply(arena, objective, p, front.x, start=start, options=options)
        if here is None or reply is None or reply.residual > options.tolerance:
            regrets.append(np.nan)
            continue
        regrets.append(reply.probe.value - here[0])
        if regrets[-1] > WORTH:
            rates[arena.parts[p]] = reply.x
    return np.array(regrets), rates


def _look(arena: Arena, objectives: Sequence[Objective], x: Rates, steps: int) -> Front | None:
    """Return the front at given rates, or None where there is no equilibrium."""
    solution = arena.solve(x)
    if solution is None:
        return None
    gaps = []
    for p, (objective, part) in enumerate(zip(objectives, arena.parts, strict=True)):
        probe = arena.probe(solution, objective, [p])
        if probe is None:
            return None
        gaps.append(newton_gap(x[part], probe, arena.box_of(p)))
    return Front(x, solution, np.concatenate(gaps), steps)


def _move_together(
    arena: Arena, objectives: Sequence[Objective], front: Front, options: StrategyConfig
) -> Front:
    """Return the best front that joint moves reach."""
    best, length = front, FIRST_STEP
    past: list[Front] = []
    for steps in range(front.steps + 1, front.steps + options.max_steps + 1):
        if best.residual <= options.tolerance or steps > best.steps + PATIENCE:
            break
        past = [*past[-DEPTH:], front]
        x = np.clip(front.x + _combine(past, length), *arena.box)
        moved = _look(arena, objectives, x, steps)
        if moved is None or moved.residual > RETREAT * best.residual:
            front, past, length = best, [], length / 2
            continue
        front = moved
        if front.residual < best.residual:
            best = front
    return best


def _combine(past: list[Front], length: float) -> Rates:
    """Return the next move: the combination of past ones whose gap is smallest (type II)."""
    gap = past[-1].gap
    move = length * gap
    if len(past) > 1:
        dx = np.stack([b.x - a.x for a, b in pairwise(past)])
        dg = np.stack([b.gap - a.gap for a, b in pairwise(past)])
        weights, *_ = np.linalg.lstsq(dg.T, gap, rcond=1e-10)
        move = move - weights @ (dx + length * dg)
    longest = float(np.abs(move).max())
    return np.asarray(move * min(1.0, LONGEST_MOVE / max(longest, 1e-300)))


def _take_turns(
    arena: Arena, objectives: Sequence[Objective], front: Front, options: StrategyConfig
) -> Front:
    """Return where best responses in turn end."""
    for _ in range(ROUNDS):
        x = front.x.copy()
        for p, (objective, part) in enumerate(zip(objectives, arena.parts, strict=True)):
            reply = climb_alone(arena, objective, p, x, start=x, options=options)
            if reply is not None:
                x[part] = reply.x
        answered = _look(arena, objectives, x, front.steps + 1)
        if answered is None:
            return front
        front = answered
        if front.residual <= options.tolerance:
            break
    return front
