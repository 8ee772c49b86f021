"""What governments revealed: the political weights at which tariffs that they chose are best.

At rates that a government chose, moving any of them gains it nothing. What it maximises is linear
in its weights (equation 15), and so is every such condition: one adjoint solve for welfare, one for
the value added of each sector and one for revenue give the coefficients. Goldberg and Maggi (1999),
American Economic Review 89(5), and Ossa (2014) read weights off tariffs in this way.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple, get_args

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.iteration.gradient import Aim
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade
from accord.trade.strategy.arena import Arena
from accord.trade.strategy.instruments import (
    OptionsLike,
    Over,
    Party,
    PartyLike,
    read_options,
    read_party,
)
from accord.trade.strategy.policy import Cube
from accord.trade.strategy.politics import PoliticalWeights, Politics, RevenueTo
from accord.trade.strategy.question import ask, check_kinds
from accord.trade.strategy.solution import StrategySolution

Slopes = Float[np.ndarray, " rate"]
FIRM = 1e4  # of the largest column: how firmly weights of sectors are held to a mean of one
UNKNOWN = 1e-9  # of the largest column: a sector whose value added no rate moves has no weight


@dataclass(frozen=True, eq=False, repr=False)
class RevealedWeights(Shown):
    """Weights at which given tariffs are as near to the best of their owner as can be.

    Attributes:
        party: Who chose the tariffs, with the weights: ready for `best_response`.
        gap: Distance of the rates from their best with these weights, as each rate's own slope and
            curvature measure it: the root of the mean square, weighted by the flow that a rate
            governs times its elasticity; log points.
        gap_in_welfare: The same with weights of one: if welfare were all that counts.
        explained: Share of what the rates leave on the table by welfare that the weights explain.
        bound: Sectors whose weight is at its bound of zero.
        status: How the equilibrium at these tariffs ended; weights are one unless it converged.
    """

    party: Party
    gap: float
    gap_in_welfare: float
    explained: float
    bound: tuple[str, ...]
    status: Status

    @property
    def weights(self) -> PoliticalWeights:
        """The weights."""
        return self.party.weights

    def __repr__(self) -> str:
        """One line: who, how many weights, and how well they fit."""
        return (
            f"RevealedWeights({self.party.name}: {len(self.weights.sectors)} sectors, "
            f"gap {self.gap:.2g}, {self.explained:.0%} explained)"
        )


class _Conditions(NamedTuple):
    """First-order conditions: slopes of welfare, of each sector's value added and of revenue.

    All in money per log point of a rate. `scale` is a guess of minus the second derivative, and
    `made` the value added of each sector in the baseline.
    """

    sectors: tuple[str, ...]
    welfare: Slopes
    value_added: Float[np.ndarray, "rate sector"]
    revenue: Slopes
    scale: Slopes
    made: Float[np.ndarray, " sector"]


@public
def reveal_weights(
    model: TradeModel,
    party: PartyLike,
    tariffs: Cube,
    *,
    over: Over = "mfn",
    revenue: float | None = None,
    revenue_to: RevenueTo = "consumers",
    config: TradeConfig | None = None,
    options: OptionsLike = None,
) -> RevealedWeights:
    """Return the political weights at which the tariffs that a party chose are its best.

    How rates differ by sector reveals the weights of sectors, whose mean is one (by value added, as
    in Ossa), and how high they are the weight of revenue. With one rate a sector (`"mfn"`) there
    are as many conditions as weights, and they hold exactly unless a weight would be negative. With
    one a partner there are more: weights of at least zero make what the rates leave on the table as
    small as can be. What sectors without rates get, such as services, counts for one.

    Args:
        model: The calibrated baseline.
        party: A region, a list of regions, or a named group: `{"EU": ["DEU", ...]}`.
        tariffs: The tariffs of the world as they were chosen, fractions of the customs value.
        over: Whether each sector has one rate for all partners, or each `"partner"` one. Rates that
            differ by partner are moved together where it has one.
        revenue: Weight of revenue where it is known. The weights of sectors then have any
            mean, and the height of all rates is laid to them.
        revenue_to: Who gets the revenue, as in `PoliticalWeights`. With `"sectors"` it has no
            weight of its own, and the mean weight of sectors is one.
        config: Closure, market structure, labour supply.
        options: Sectors and partners whose rates count as chosen.

    Raises:
        InputError: With everything wrong in the arguments.
        SolveError: An adjoint solve did not converge.
    """
    check_kinds(model, config=config, options=options)
    check_kind("tariffs", tariffs, (np.ndarray, list, tuple), "Give an array of fractions")
    chosen, problems = read_party(party, model)
    number = isinstance(revenue, int | float | np.number)
    if revenue is not None and not (number and 0 <= revenue < np.inf):
        remedy = "Give a number from zero, or None to reveal it"
        problems.append(Problem("revenue", f"{revenue!r} is no weight", remedy))
    if revenue_to not in get_args(RevenueTo) or (revenue_to == "sectors" and revenue is not None):
        remedy = 'Write "consumers", or "sectors" without a weight of revenue'
        problems.append(Problem("revenue_to", f"is {revenue_to!r:.40}", remedy))
    if tuple(read_options(options)[0].instruments) != ("tariff",):
        remedy = "Leave it out: weights are read off tariffs"
        problems.append(Problem("options.instruments", "names more than tariffs", remedy))
    try:
        shock = TradeShock(tariff=tariffs)
    except InputError as error:
        raise InputError([*problems, *error.problems], "the call") from None
    chosen = replace(chosen, weights=PoliticalWeights())
    question = ask(
        (model, shock, config), (chosen,), over=over, start=None, options=options, slips=problems
    )
    if isinstance(question, StrategySolution):
        return _unknown(chosen, question.status)
    arena = question.arena
    solution = solve_trade(arena.model, arena.shock, config=arena.config, throw=False)
    if not solution.status.ok:
        return _unknown(chosen, solution.status)
    return _fit(chosen, _conditions(arena, solution, revenue_to), revenue, revenue_to)


def _conditions(arena: Arena, solution: TradeSolution, revenue_to: RevenueTo) -> _Conditions:
    """Return the slopes of everything that can count, with respect to the party's rates."""
    model, instruments = arena.model, arena.instruments[0]
    member = np.isin(model.regions, instruments.party.members).astype(float)
    sectors = np.unique(instruments.cell % len(model.sectors))
    nothing = np.zeros(len(model.regions))

    def slope(aim: Aim) -> Slopes:
        return instruments.total(arena.slope(solution, aim))

    columns = []
    for sector in sectors:
        more = np.ones((len(model.regions), len(model.sectors)))
        more[:, sector] += member
        shared = (member > 0) & (revenue_to == "sectors")
        made, charged = Politics(more, np.ones_like(member), shared).slopes(solution)
        columns.append(slope(Aim(nothing, value_added=made, revenue=charged)))
    return _Conditions(
        tuple(model.sectors[sector] for sector in sectors),
        slope(Aim(member * model.income)),
        np.stack(columns, axis=1),
        slope(Aim(nothing, revenue=member)),
        instruments.total(arena.bend(solution, model.income)),
        (member @ (model.value_added_share * model.sales))[sectors],
    )


def _fit(
    party: Party, conditions: _Conditions, revenue: float | None, revenue_to: RevenueTo
) -> RevealedWeights:
    """Return the weights of at least zero that leave least on the table."""
    from scipy.optimize import nnls  # slow to import, and seldom needed

    root = np.sqrt(conditions.scale)
    columns = np.column_stack([conditions.value_added, conditions.revenue]) / root[:, None]
    size = np.linalg.norm(columns, axis=0)
    known = size > UNKNOWN * size.max()
    shared = revenue_to == "sectors"
    known[-1] &= revenue is None and not shared
    weights = np.ones(columns.shape[1])
    weights[-1] = 1.0 if revenue is None else revenue
    alone = conditions.welfare / root  # slopes where every weight is one
    rest = columns[:, ~known] @ (weights[~known] - 1)
    target = columns[:, known].sum(axis=1) - alone - rest
    if revenue is None:
        share = np.append(conditions.made / conditions.made.sum(), 0.0)
        held = np.vstack([columns, FIRM * size.max() * share])
        target = np.append(target, FIRM * size.max() * (1 - share[~known].sum()))
    else:
        held = columns
    solved, _ = nnls(held[:, known] / size[known], target)
    weights[known] = solved / size[known]
    left = alone + columns @ (weights - 1)
    total, before, after = (float(x @ x) for x in (root, alone, left))
    named = dict(zip(conditions.sectors, map(float, weights[:-1]), strict=True))
    return RevealedWeights(
        replace(party, weights=PoliticalWeights(named, float(weights[-1]), revenue_to)),
        gap=float(np.sqrt(after / total)),
        gap_in_welfare=float(np.sqrt(before / total)),
        explained=1 - after / before if before > 0 else 1.0,
        bound=tuple(name for name, weight in named.items() if weight == 0),
        status=Status.CONVERGED,
    )


def _unknown(party: Party, status: Status) -> RevealedWeights:
    """Return no weights, where there is no equilibrium to read them off."""
    nothing = float("nan")
    return RevealedWeights(party, nothing, nothing, nothing, (), status)
