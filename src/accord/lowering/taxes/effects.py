"""What each clause on a tax or subsidy does to the rate on what it covers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import Notice
from accord.data.world import World
from accord.deal.clauses.tax import EXPORTS, TaxBase, TaxClause
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.taxes.rates import FIELDS, covered_share, tax_clauses, taxes_on

Cells = Float[np.ndarray, "..."]


@dataclass(frozen=True)
class TaxEffect:
    """One clause on a tax, what it covers (bn USD of the base year), and the mean rate on it.

    `before` is the rate without a deal and `after` the one under the package, fractions of the
    value before the tax. For the clauses of `no_deal`, `before` is zero: rates count on top of what
    the base year had. `day` is the day of evaluation, or the first day of a clause that comes
    later.
    """

    package: str
    path: str
    title: str
    region: str
    on: TaxBase
    buyers: str
    value: float
    day: date
    before: float
    after: float


def tax_effects(deal: Deal, world: World) -> tuple[TaxEffect, ...]:
    """Return what each clause on a tax does in each package, by package and clause."""
    return tuple(
        _effect_of(clause, name, deal, world)
        for name in deal.package_names
        for clause in tax_clauses(deal.package(name).clause)
    )


def find_idle_taxes(effects: tuple[TaxEffect, ...]) -> Iterator[Notice]:
    """Yield a notice for each tax that covers nothing."""
    for effect in effects:
        if effect.value <= 0:
            message = f"covers nothing: {effect.region} has no {effect.on} of it"
            remedy = "check products and buyers; as it stands the clause has no effect"
            yield Notice(effect.path, message, remedy)


def _effect_of(clause: TaxClause, name: str, deal: Deal, world: World) -> TaxEffect:
    """Return what one clause of a package does on what it covers."""
    value = covered_share(clause, world) * _value_of(clause.on, world)
    total = float(value.sum())
    ends = date.max if clause.until is None else clause.until
    first = deal.evaluate_on if clause.from_ is None else max(deal.evaluate_on, clause.from_)
    day = min(ends, first)

    def charged(package: str) -> float:
        """Return the mean rate on what the clause covers under a package, a fraction."""
        rate = taxes_on(deal.clauses(package), world, day).get(FIELDS[clause.on])
        return 0.0 if rate is None or total <= 0 else float((value * rate).sum() / total)

    but = f" but {', '.join(clause.except_buyers)}" if clause.except_buyers else ""
    return TaxEffect(
        package=name,
        path=clause.path,
        title=clause.title or ", ".join(clause.products),
        region=clause.region,
        on=clause.on,
        buyers=", ".join(clause.buyers) + but if clause.on == EXPORTS else "",
        value=total,
        day=day,
        before=0.0 if name == NO_DEAL else charged(NO_DEAL),
        after=charged(name),
    )


def _value_of(base: TaxBase, world: World) -> Cells:
    """Return what a tax on a base is charged on in the base year, bn USD."""
    if base == EXPORTS:
        return world.flows
    if base == "production":
        return world.sales
    inputs = np.einsum("nkj,nj->nk", world.input_share, world.sales)
    return np.asarray(world.absorption - inputs)
