"""Derivatives of profits, duty and surplus with respect to every rate (implicit function theorem).

First-order conditions and the limits that bind are differentiated once at the solution. One linear
system then answers for all rates: its unknowns are markups by cell and the scarcity of full plants
and quotas.
"""

from dataclasses import dataclass

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.markets.calibration import by_draw
from accord.markets.equations import market_shares, respond
from accord.markets.figures import LEAST, quota_rights, unit_duties
from accord.markets.solution import MarketSolution, Solved
from accord.markets.tree import add_up

ByRate = Float[np.ndarray, "... rate"]


@dataclass(frozen=True, eq=False, repr=False)
class MarketDerivatives(Shown):
    """Change of each figure for a rise of each rate after, a unit being 100 percentage points.

    Attributes:
        rates: Kind ("product", "over_quota" or "parts") and origin of each rate.
        profit: Of profit, money a year: maker by rate.
        duty: Of all duty paid, money a year.
        surplus: Of consumer surplus, money a year.
        price: Of the price of each product, money a unit: product by rate.
        units: Of units: product by rate.
    """

    rates: tuple[tuple[str, str], ...]
    profit: Float[np.ndarray, "maker rate"]
    duty: Float[np.ndarray, " rate"]
    surplus: Float[np.ndarray, " rate"]
    price: Float[np.ndarray, "product rate"]
    units: Float[np.ndarray, "product rate"]


@public
def differentiate_market(solution: MarketSolution) -> MarketDerivatives:
    """Return derivatives with respect to the duty on products and on parts of every origin.

    At a kink (a plant just full, a maker just spared the duty on parts) they are those of the side
    that the solution is on.

    Raises:
        InputError: The solution is of several draws, or failed.
    """
    check_kind("solution", solution, MarketSolution, "Give what solve_market returned")
    solved = solution.solved
    if solved is None:
        raise InputError([Problem("solution", "has no figures", "Solve it first")], "the call")
    if solution.stats.draws > 1:
        remedy = "Solve a plan of single numbers, such as the means of its draws"
        raise InputError([Problem("solution", "is of several draws", remedy)], "the call")
    return _Tangent(solution, solved).derivatives()


class _Tangent:
    """A solution and how it responds to costs. Columns are rates, or unknowns."""

    def __init__(self, solution: MarketSolution, solved: Solved) -> None:
        self.plan, self.solved = solution.plan, solved
        self.tree, self.state, self.lines = solved.model.tree, solved.state, solved.lines
        self.nesting = solved.model.nesting
        self.units = self.plan.size * market_shares(self.state.shares, self.tree)
        moved, reach = self.state.moved, self.lines.reach
        inside = (moved > 0) & (moved < reach)
        self.shift = np.where(inside, 1 / self.lines.spread, 0.0)
        limits, scarcity = solved.limits, self.state.scarcity[:, 0]
        self.full = np.flatnonzero((scarcity > 0) & (scarcity < limits.cap))
        rated = limits.rated.toarray().T
        self.counted = (limits.here.toarray().T + rated)[:, self.full]
        self.here = (limits.here.toarray().T + self.lines.beyond * rated)[:, self.full]
        self.arriving = limits.arriving.toarray()[self.full].T
        self.rated = limits.rated_back @ self.state.scarcity
        self.rights = quota_rights(self.plan, solved, self.units)

    def derivatives(self) -> MarketDerivatives:
        """Return the derivatives, products in the order of the plan."""
        rates, here, home, beyond = self.rise_of_rates()
        seen = here + self.rated * beyond
        markup, scarcity = self.solve(seen, home)
        here_all = seen + self.here @ scarcity
        home_all = home + self.arriving @ scarcity
        price, units, moved = self.respond(here_all, home_all, markup)
        charge = self.charge(scarcity, beyond, units=units, moved=moved)
        profit, duty = self.account(here, home, price=price, units=units, moved=moved,
                                    charge=charge)  # fmt: skip
        place = np.argsort(self.tree.order)
        return MarketDerivatives(
            rates=rates,
            profit=self.tree.owner @ add_up(profit, self.tree.cell_start),
            duty=duty.sum(axis=0),
            surplus=-(self.units * price).sum(axis=0),
            price=price[place],
            units=units[place],
        )

    def rise_of_rates(self) -> tuple[tuple[tuple[str, str], ...], ByRate, ByRate, ByRate]:
        """Return the rates, and what a unit costs more for each: here, at home, beyond a quota."""
        plan, lines = self.plan, self.lines
        origin = np.array(plan.country, dtype=object)[self.tree.order]
        is_home, value = lines.is_home, lines.value
        pays = np.where(lines.new.parts > 0, 1.0, 0.0)
        rates, here, home, beyond = [], [], [], []
        for place in dict.fromkeys(plan.country):
            rates.append(("product", place))
            own = (origin == place)[:, None] * lines.taxed
            here.append(own)
            home.append(np.zeros_like(own))
            beyond.append(-own if place in plan.after.over_quota else np.zeros_like(own))
        for place in plan.after.over_quota:
            rates.append(("over_quota", place))
            own = (origin == place)[:, None] * lines.taxed
            here.append(np.zeros_like(own))
            home.append(np.zeros_like(own))
            beyond.append(own)
        for at, place in enumerate(plan.countries):
            rates.append(("parts", place))
            rise = pays * value * lines.parts_share[:, at]
            here.append(rise * is_home)
            home.append(rise)
            beyond.append(np.zeros_like(rise))
        return tuple(rates), np.hstack(here), np.hstack(home), np.hstack(beyond)

    def charge(self, scarcity: ByRate, beyond: ByRate, *, units: ByRate, moved: ByRate) -> ByRate:
        """Return the change of what quotas charge a unit that stays, by product."""
        limits, rights = self.solved.limits, self.rights
        tight = np.zeros((len(limits.names), scarcity.shape[1]))
        tight[self.full] = scarcity
        tight[~limits.is_quota] = 0.0
        stays = (1 - self.state.moved) * self.units
        enters = np.maximum(limits.rated @ stays, LEAST)
        more = limits.rated @ ((1 - self.state.moved) * units - self.units * moved)
        within = np.where(
            rights.within < 1, -rights.within * (limits.rated_back @ (more / enters)), 0
        )
        gap, worth = self.lines.beyond, self.rated
        rent = limits.here_back @ tight + rights.within * gap * (limits.rated_back @ tight)
        rent = rent + worth * (within * gap + rights.within * beyond)
        paid = (1 - rights.within) * beyond - within * gap
        return np.asarray(paid + by_draw(self.plan.after.auctioned) * rent)

    def respond(self, here: ByRate, home: ByRate, markup: ByRate) -> tuple[ByRate, ByRate, ByRate]:
        """Return changes of prices, units and moved shares, given those of perceived costs."""
        moved = self.state.moved
        rise = (1 - moved) * here + moved * home
        price = self.solved.passthrough * (rise + markup[self.tree.cell])
        change = -self.nesting.alpha * price
        units = self.units * respond(change, self.state.shares, self.nesting, self.tree)
        return price, units, self.shift * (here - home)

    def solve(self, here: ByRate, home: ByRate) -> tuple[ByRate, ByRate]:
        """Return the changes of markups and of scarcity that keep every condition."""
        cells, full = len(self.tree.cell_start), len(self.full)
        unknown = np.eye(cells + full)
        left = self.conditions(
            self.here @ unknown[cells:], self.arriving @ unknown[cells:], unknown[:cells]
        )
        right = self.conditions(here, home, np.zeros((cells, here.shape[1])))
        answer = np.linalg.solve(left, -right)
        return answer[:cells], answer[cells:]

    def conditions(self, here: ByRate, home: ByRate, markup: ByRate) -> ByRate:
        """Return the changes of the first-order conditions and of the use of full limits."""
        moved = self.state.moved
        rise = (1 - moved) * here + moved * home
        parts = [self.first_order(rise, markup)]
        if len(self.full):
            _, units, shifted = self.respond(here, home, markup)
            stays = (1 - moved) * units - self.units * shifted
            comes = moved * units + self.units * shifted
            parts.append(self.counted.T @ stays + self.arriving.T @ comes)
        return np.vstack(parts)

    def first_order(self, rise: ByRate, markup: ByRate) -> ByRate:
        """Return the change of markup less zeta, over `within`, by cell."""
        tree, shares = self.tree, self.state.equilibrium
        alpha, within, across = self.nesting
        now = self.state.markup
        of_product = shares.product / shares.cell[tree.cell]
        utility = -alpha * (add_up(of_product * rise, tree.cell_start) + markup)
        group = add_up(shares.cell * utility, tree.group_start)
        segment = add_up(shares.group * group, tree.segment_start)
        whole = (shares.segment * segment).sum(axis=0)
        of_group = (utility - group[tree.group]) / within
        of_segment = of_group + ((group - segment[tree.segment]) / across)[tree.group]
        of_market = of_segment + (segment - whole)[tree.segment_of_cell]
        in_segment = shares.cell * shares.group[tree.group]
        in_market = in_segment * shares.segment[tree.segment_of_cell]
        own = (1 / within - 1 / across) * shares.cell * (markup + now * of_group)
        beside = in_segment * (markup + now * of_segment)
        if tree.beside is not None:
            beside = tree.beside @ beside
        wide = (tree.owner @ (in_market * (markup + now * of_market)))[tree.maker]
        return np.asarray(markup / within - own - (1 / across - 1) * beside - wide)

    def account(
        self,
        here: ByRate,
        home: ByRate,
        *,
        price: ByRate,
        units: ByRate,
        moved: ByRate,
        charge: ByRate,
    ) -> tuple[ByRate, ByRate]:
        """Return the changes of profit and of duty paid, by product."""
        lines, state, now = self.lines, self.state, self.state.moved
        stock = by_draw(self.plan.horizon.stock)
        dealer = by_draw(self.plan.horizon.dealer_share)
        old, duty = unit_duties(lines, now)
        cost = lines.direct - now * lines.saving + lines.spread * now**2 / 2
        quota, quota_rise = (1 - now) * self.rights.charge, (1 - now) * charge
        quota_rise = quota_rise - moved * self.rights.charge
        cost, duty = cost + quota, duty + quota
        gap = lines.new.parts - lines.new.product
        imported = 1 - lines.is_home
        duty_rise = (1 - now) * here + now * home + gap * moved * imported
        duty_rise = duty_rise + quota_rise
        cost_rise = (1 - now) * here + now * home + (lines.spread * now - lines.saving) * moved
        cost_rise = cost_rise + quota_rise
        rest = cost - self.solved.model.cost - stock * (duty - old)
        rest = rest - (state.price - self.solved.model.price)
        rest_rise = cost_rise - stock * duty_rise - price
        shared = dealer * (rest > 0)
        margin = state.price - cost + stock * (duty - old) + shared * rest
        margin_rise = price - cost_rise + stock * duty_rise + shared * rest_rise
        paid = duty - stock * (duty - old)
        return (
            margin_rise * self.units + margin * units,
            (1 - stock) * duty_rise * self.units + paid * units,
        )
