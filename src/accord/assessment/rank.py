"""Deals side by side without solving anything: tariff saved, money committed, who bears it."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from accord.data.world import World
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.fields import quantile_of
from accord.deal.products import expand_regions
from accord.lowering.roles import party_of
from accord.lowering.tariff_path import turns_of
from accord.lowering.tariff_schedule import effective_rates

POINT = 0.01
HUNDRED = 100.0
COLUMNS = (
    "deal", "package", "party", "points_saved", "points_in_the_end", "duty_saved", "committed",
    "committed_of_gdp", "private_share", "points_per_100bn",
)  # fmt: skip


def rank(deals: Iterable[Deal], world: World) -> pd.DataFrame:
    """Return the package in focus of each deal by party, the most points saved for money first.

    Nothing is solved: trade is that of the base year. `points_saved` is the fall of the average
    tariff that a party's goods meet in the other parties, against no deal, in points, on the
    assessment date; `points_in_the_end` the same once every date of the file has passed.
    `duty_saved` is what that is of a year's exports, bn USD, and what the other parties lose in
    revenue. `committed` is what the party invests, lends or guarantees, bn USD at the middle of
    all ranges, and `private_share` the part of it that is the money of firms. Parties that commit
    nothing follow, by points.
    """
    rows = [row for deal in deals for row in _rows(deal, world)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    order = ["points_per_100bn", "points_saved", "deal", "party"]
    up = [False, False, True, True]
    return frame.sort_values(order, ascending=up, na_position="last", ignore_index=True)


def _rows(deal: Deal, world: World) -> Iterable[dict[str, object]]:
    name = deal.focus
    turns = [day for package in (NO_DEAL, name) for day in turns_of(deal.clauses(package))]
    days = (deal.evaluate_on, max([deal.evaluate_on, *turns]))
    for party in deal.parties:
        exports, saved = _saved(party, deal, world, days)
        total = exports.sum()
        points = saved.sum(axis=1) / (total or 1.0) / POINT
        public, private = _committed(deal, name, party)
        paid = public + private
        gdp = _gdp(party, world)
        yield {
            "deal": deal.name, "package": name, "party": party,
            "points_saved": float(points[0]), "points_in_the_end": float(points[1]),
            "duty_saved": float(saved[0].sum()), "committed": paid,
            "committed_of_gdp": paid / gdp,
            "private_share": private / paid if paid else np.nan,
            "points_per_100bn": float(points[0]) * HUNDRED / paid if paid else np.nan,
        }  # fmt: skip


def _saved(
    party: str, deal: Deal, world: World, days: tuple[date, date]
) -> tuple[np.ndarray, np.ndarray]:
    """Return a party's exports of goods to each other one, and the duty saved on each day there."""
    others = [other for other in deal.parties if other != party]
    goods = [world.sector_index(sector) for sector in world.goods]
    own = [world.region_index(name) for name in expand_regions([party], world.regions)]
    exports, saved = np.zeros(len(others)), np.zeros((len(days), len(others)))
    for at, other in enumerate(others):
        abroad = [world.region_index(name) for name in expand_regions([other], world.regions)]
        exports[at] = world.flows[np.ix_(abroad, own, goods)].sum()
        before, after = (
            np.array([row.total for row in effective_rates(
                deal.clauses(name), world, days, importer=other, exporters=[party]
            )])
            for name in (NO_DEAL, deal.focus)
        )  # fmt: skip
        saved[:, at] = exports[at] * (before - after)
    return exports, saved


def _committed(deal: Deal, name: str, party: str) -> tuple[float, float]:
    """Return the public and the private money that a party commits, bn USD."""
    public = private = 0.0
    for clause in deal.package(name).clause:
        if isinstance(clause, InvestmentClause) and party_of(clause.payer, deal.parties) == party:
            middle = np.array([0.5])
            used = float(quantile_of(clause.used, middle)[0])
            amount = clause.amount * used / 1e9
            public += 0.0 if clause.is_private else amount
            private += amount if clause.is_private else 0.0
    return public, private


def _gdp(party: str, world: World) -> float:
    members = [world.region_index(name) for name in expand_regions([party], world.regions)]
    return float(np.asarray(world.value_added)[members].sum())
