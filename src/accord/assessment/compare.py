"""Packages side by side, of one deal or of several."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from accord.assessment.result import Assessed
from accord.assessment.valuation.equations import COMPONENTS
from accord.core.arguments import check_kind, public
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown
from accord.deal.deal import NO_DEAL
from accord.deal.products import expand_regions
from accord.lowering.tariff_path import Timeline

POINT = 0.01
COLUMNS = (
    "deal", "package", "party", "payoff", "low", "high", "gain_chance", "all_gain", *COMPONENTS,
    "payoff_of_gdp", "committed", "committed_of_gdp", "committed_of_reserves", "points_saved",
    "committed_per_point",
)  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """Packages side by side; money is bn USD, shares are fractions.

    Attributes:
        frame: A row a deal, package and party. `payoff` and its components are present values
            against no deal. `committed` is what the party commits itself to invest, lend,
            guarantee or buy; `points_saved` the fall of the average tariff its goods meet in the
            other parties, in points of percentage, weighted by trade of the base year, on the day
            of evaluation.
    """

    frame: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return the comparison as a table."""
        return self.frame.copy(deep=False)

    def only(self, package: str | None) -> "Comparison":
        """Return the rows of one package; all of them for None."""
        if package is None:
            return self
        return Comparison(self.frame[self.frame["package"] == package])

    def __repr__(self) -> str:
        """One line: which deals, how many rows."""
        deals = ", ".join(dict.fromkeys(map(str, self.frame["deal"])))
        return f"Comparison({deals[:120]}: {len(self.frame)} rows)"

    def __str__(self) -> str:
        """Return the comparison as text, a row a deal, package and party."""
        return self.summary()

    def summary(self) -> str:
        """Return the comparison as text, a row a deal, package and party."""
        return self.frame.to_string(index=False, float_format=lambda value: f"{value:,.3g}")

    def _repr_html_(self) -> str:
        """Show the table in a notebook."""
        return str(self.frame.to_html(index=False, float_format=lambda value: f"{value:,.3g}"))


@public
def compare(*results: Assessed, timeline: Timeline = "dated") -> Comparison:
    """Return the packages of one or several assessments side by side.

    Deals of different countries are comparable in shares of the party's GDP and reserves and per
    tariff point saved, not in dollars.

    Args:
        *results: Assessments.
        timeline: Which tariffs hold when.

    Raises:
        InputError: There is nothing to compare.
    """
    if not results:
        remedy = "ac.compare(result), or ac.compare(one, other)"
        raise InputError([Problem("results", "there is no assessment", remedy)], "the comparison")
    for result in results:
        check_kind("results", result, Assessed, "Assess the deal first: ac.assess(deal)")
    rows = [row for result in results for row in _rows(result, timeline)]
    return Comparison(pd.DataFrame(rows, columns=list(COLUMNS)))


def _rows(result: Assessed, timeline: Timeline) -> list[dict[str, Any]]:
    verdict, world = result.verdict, result.world
    committed = _committed(result)
    saved = _points(result)
    rows = []
    for at, package in enumerate(verdict.packages[1:], start=1):
        for party in verdict.parties:
            region = verdict.regions.index(party)
            low, _, high = verdict.interval(package, timeline)[:, region]
            payoff = float(verdict.payoff(package, timeline)[region])
            members = [world.region_index(name) for name in expand_regions([party], world.regions)]
            gdp = float(world.value_added[members].sum())
            paid, points = committed.get((package, party), 0.0), saved[package, party]
            reserves = _reserves(result, party)
            components = verdict.central[timeline][at, :, region]
            rows.append(
                {
                    "deal": result.deal.name, "package": package, "party": party,
                    "payoff": payoff, "low": low, "high": high,
                    "gain_chance": float(verdict.chance(package, timeline)[region]),
                    "all_gain": verdict.chance_all(package, timeline),
                    **dict(zip(COMPONENTS, (float(value) for value in components), strict=True)),
                    "payoff_of_gdp": payoff / gdp, "committed": paid,
                    "committed_of_gdp": paid / gdp,
                    "committed_of_reserves": paid / reserves if reserves else float("nan"),
                    "points_saved": points,
                    "committed_per_point": paid / points if points > 0 else float("nan"),
                }
            )  # fmt: skip
    return rows


def _committed(result: Assessed) -> dict[tuple[str, str], float]:
    """Return what each party commits by package, bn USD."""
    frame = result.to_frame("finance")
    frame = frame[frame["party"] == frame["payer"]]
    committed: dict[tuple[str, str], float] = {}
    for row in frame.to_dict("records"):
        key = (str(row["package"]), str(row["payer"]))
        committed[key] = committed.get(key, 0.0) + float(row["committed"])
    return committed


def _points(result: Assessed) -> dict[tuple[str, str], float]:
    """Return how many points less a party's goods pay abroad than without a deal.

    Weighted by trade of the base year.
    """
    world, parties = result.world, result.deal.parties
    frame = result.to_frame("tariffs")
    frame = frame[frame["sector"].isin(world.goods)]
    members = {party: expand_regions([party], world.regions) for party in parties}
    points: dict[tuple[str, str], float] = {}
    for party in parties:
        abroad = {name for other in parties if other != party for name in members[other]}
        own = frame[frame["exporter"].isin(members[party]) & frame["importer"].isin(abroad)]
        weights = [
            float(
                world.flows[
                    world.region_index(str(row["importer"])),
                    world.region_index(str(row["exporter"])),
                    world.sector_index(str(row["sector"])),
                ]
            )
            for row in own.to_dict("records")
        ]
        own = own.assign(weight=weights, paid=own["rate"] * weights)
        sums = own.groupby("package", observed=True)[["weight", "paid"]].sum()
        rates = {
            package: float(sums["paid"].get(package, 0.0) / (sums["weight"].get(package) or 1.0))
            for package in result.packages
        }
        for package in result.packages:
            points[package, party] = (rates[NO_DEAL] - rates[package]) / POINT
    return points


def _reserves(result: Assessed, party: str) -> float:
    for figure in result.world.macro:
        if (figure.region, figure.variable) == (party, "reserves"):
            return figure.value
    return 0.0
