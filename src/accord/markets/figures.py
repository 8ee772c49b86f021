"""From where a solve ended to the figures of its solution, in the order of the plan."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np

from accord.markets.calibration import by_draw
from accord.markets.checks import count_draws
from accord.markets.costs import CostLines
from accord.markets.equations import ByProduct, market_shares, steepness, surplus_change
from accord.markets.plan import MarketPlan
from accord.markets.solution import Incidence, MarketFigures, MarketOutcome, Solved
from accord.markets.tree import Tree

Figures = TypeVar("Figures")
LEAST = 1e-300


class _Order:
    """From rows in the order of the tree to arrays in that of the plan, draws first if any."""

    def __init__(self, tree: Tree, plan: MarketPlan) -> None:
        self.tree = tree
        self.draws = count_draws(plan)
        self.place = np.argsort(tree.order)

    def product(self, rows: ByProduct) -> np.ndarray:
        return self.rows(rows[self.place])

    def maker(self, rows: ByProduct) -> np.ndarray:
        """Return sums over the products of each maker."""
        cells = np.add.reduceat(rows, self.tree.cell_start, axis=0)
        return self.rows(self.tree.owner @ cells)

    def rows(self, rows: np.ndarray) -> np.ndarray:
        if not self.draws:
            return np.array(rows[..., 0])
        wide = np.broadcast_to(rows, (*rows.shape[:-1], self.draws))
        return np.ascontiguousarray(np.moveaxis(wide, -1, 0))


def collect(plan: MarketPlan, solved: Solved) -> MarketOutcome:
    """Return every figure of a solved market."""
    model, lines, state = solved.model, solved.lines, solved.state
    order = _Order(model.tree, plan)
    units = plan.size * market_shares(state.shares, model.tree)
    duty_before, _ = unit_duties(lines, np.zeros_like(state.moved))
    kept, duty = unit_duties(lines, state.moved)
    # What a unit costs: scarcity is earned by whoever owns the plant, which is the maker.
    cost = lines.direct - state.moved * lines.saving + lines.spread * state.moved**2 / 2
    rights = quota_rights(plan, solved, units)
    stays = 1 - state.moved
    cost, duty = cost + stays * rights.charge, duty + stays * rights.charge
    stock = by_draw(plan.horizon.stock)
    dealer = by_draw(plan.horizon.dealer_share)
    rise = duty - kept
    stocks = stock * rise
    buyers = state.price - model.price
    building = cost - model.cost - rise
    rest = rise + building - stocks - buyers
    dealers = dealer * np.maximum(rest, 0.0)
    margin = state.price - cost + stocks + dealers
    before = MarketFigures(
        price=order.product(model.price),
        units=order.product(model.units),
        cost=order.product(model.cost),
        duty=order.product(duty_before),
        moved=order.product(np.zeros_like(model.price)),
        profit=order.maker((model.price - model.cost) * model.units),
    )
    after = MarketFigures(
        price=order.product(state.price),
        units=order.product(units),
        cost=order.product(cost),
        duty=order.product(duty - stocks),
        moved=order.product(state.moved),
        profit=order.maker(margin * units),
    )
    borne = {"duty": rise, "stocks": stocks, "building": building, "buyers": buyers,
             "dealers": dealers, "makers": rest - dealers}  # fmt: skip
    paid = [(duty_before * model.units).sum(axis=0), ((duty - stocks) * units).sum(axis=0)]
    surplus = surplus_change(state.inclusive, model.nesting.alpha, plan.size)
    elasticity = -model.price * steepness(model.base, model.nesting, model.tree)
    return MarketOutcome(
        before=before,
        after=after,
        incidence=Incidence(**{name: order.maker(part * units) for name, part in borne.items()}),
        consumer_surplus=order.rows(surplus),
        duty_paid=order.rows(np.stack(np.broadcast_arrays(*paid))),
        scarcity=order.rows(state.scarcity),
        limits=solved.limits.names,
        quota_rent=order.maker(rights.rent * stays * units),
        own_elasticity=order.product(elasticity),
        correlation=order.rows(1 - model.nesting.across),
    )


class QuotaRights(NamedTuple):
    """What quotas do to a unit that is built where its product is today. Rows are products.

    Attributes:
        within: Share of units that pay the rate within a quota.
        rent: What the right to import within a quota is worth, a mean over all units, money.
        charge: What is paid beyond the rate within, for units beyond the quota and for rights.
    """

    within: ByProduct
    rent: ByProduct
    charge: ByProduct


def quota_rights(plan: MarketPlan, solved: Solved, units: ByProduct) -> QuotaRights:
    """Return what quotas let in, what that is worth, and what is paid for it.

    Where units enter beyond a tariff-rate quota, those within it are the same share of every
    product of the origin: the quota is filled as cars arrive.
    """
    limits, state, lines = solved.limits, solved.state, solved.lines
    if not limits.is_quota.any():
        none = np.zeros_like(units)
        return QuotaRights(none + 1.0, none, none)
    enters = limits.rated @ ((1 - state.moved) * units)
    let_in = np.minimum(1.0, limits.most[:, None] / np.maximum(enters, LEAST))
    within = 1 - limits.rated_back @ (1 - let_in)
    priced = np.where(limits.is_quota[:, None], state.scarcity, 0.0)
    rent = limits.here_back @ priced + within * lines.beyond * (limits.rated_back @ priced)
    charge = (1 - within) * lines.beyond + by_draw(plan.after.auctioned) * rent
    return QuotaRights(within, rent, charge)


def unit_duties(lines: CostLines, moved: ByProduct) -> tuple[ByProduct, ByProduct]:
    """Return the duty on a unit before and after, its share built at home as given after."""
    home = lines.is_home
    old = lines.old.product * (1 - home) + lines.old.parts * home
    built = np.where(home > 0, 1.0, moved)
    return old, lines.new.product * (1 - built) + lines.new.parts * built


def blank(figures: Figures) -> Figures:
    """Return the same figures with every number missing: a failed solve leaves none."""
    emptied: dict[str, Any] = {}
    for item in fields(figures):  # type: ignore[arg-type]
        value = getattr(figures, item.name)
        if is_dataclass(value):
            emptied[item.name] = blank(value)
        elif isinstance(value, np.ndarray):
            emptied[item.name] = np.full_like(value, np.nan)
    return replace(figures, **emptied)  # type: ignore[type-var]
