"""`ac.exposure`: what a deal moves that somebody may own, with sign, size, interval and cause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.assessment.assess import assessment_of
from accord.assessment.cars.scenario import interval
from accord.assessment.cars.study import find_draws_problems, solve_scenarios
from accord.assessment.cars.tables import profit_change
from accord.assessment.chains.result import ChainsStudy
from accord.assessment.chains.study import supply_chains
from accord.assessment.exposure.hinges import Hinge
from accord.assessment.exposure.makers import find_maker_hinges, sample_profits
from accord.assessment.exposure.money import KINDS, compare_ends, sample_ends
from accord.assessment.exposure.sectors import find_sector_hinges
from accord.assessment.facade import Assessment
from accord.assessment.names import find_unknown
from accord.assessment.words.sentences import say
from accord.core.arguments import public
from accord.core.errors import Problem
from accord.core.notebook import Shown
from accord.core.provenance import Source
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.lowering.cars.market import load_car_market

if TYPE_CHECKING:
    import pandas as pd

SECTORS_SHOWN = 6
NOTHING = 1e-9
Row = dict[str, Any]


@dataclass(frozen=True, eq=False, repr=False)
class ExposureStudy(Shown):
    """What each package moves, against no deal.

    Attributes:
        deal: Title of the deal.
        rows: One for each thing that moves; `to_frame` has them as a table.
        sources: Where the figures of makers were read.
        disclaimer: What the table is not.
    """

    deal: str
    rows: tuple[Row, ...]
    sources: tuple[Source, ...]
    disclaimer: str

    def to_frame(self) -> "pd.DataFrame":
        """Return the table: a row a package and what it moves.

        `kind` is "sector", "maker", "currency" or "debt", and `unit` says what `value`, `low` and
        `high` are: shares of value added, bn USD a year of profit, points of the dollar's price or
        of GDP, as fractions. `sign` is "+", "-", or "?" where the interval holds both. `hinges` is
        what the figure hangs on: the input that accounts for most of its variance. `hinge_share` is
        the share of it, with all that the input interacts with, `hinge_error` the standard error of
        that, and `rival` the next input where the two cannot be told apart. For sectors the inputs
        are trade elasticities by sector, and the error is the share of the variance that no
        elasticity accounts for by itself. All four are empty where nothing is drawn, or where a
        draw of elasticities has no equilibrium.
        """
        import pandas as pd

        columns = ["package", "kind", "region", "subject", "unit", "value", "low", "high", "sign",
                   "hinges", "hinge_share", "hinge_error", "rival"]  # fmt: skip
        return pd.DataFrame(list(self.rows), columns=columns)


@public
def exposure(
    deal: Assessment | Deal | str,
    *,
    package: str | None = None,
    world: World | None = None,
    draws: int = 1000,
) -> ExposureStudy:
    """Return what packages move that somebody may own: sectors, makers, currencies, public debt.

    Everything is against no deal. Sectors are in an average year, over the sets of elasticities.
    Makers of cars are in their third year, over draws; they are left out unless the United States
    are a party. The dollar and public debt are after ten years, over paths: the median of what the
    package changes, and its 5th and 95th percentiles.

    Args:
        deal: An assessment, a deal, the name of a shipped case, or the path of a deal file.
        package: Only this package; all if left out.
        world: The baseline of a deal; what it needs of the embedded world if left out.
        draws: Draws of what is unknown of the car market, and paths of the dollar and of debt; zero
            for the central case alone.

    Raises:
        InputError: The deal or the package is not known, or the number of draws is out of range.
        SolveError: An equilibrium was not found.
    """

    def find_problems(packages: Sequence[str], _: Sequence[str]) -> list[Problem]:
        unknown = [] if package is None else find_unknown("package", package, packages)
        return unknown + find_draws_problems(draws)

    deal = assessment_of(deal, world, find_problems)
    chosen = [name for name in deal.packages if name != NO_DEAL and package in (None, name)]
    chains = supply_chains(deal, package=package)
    rows = [
        *(row for name in chosen for row in _sectors(chains, name)),
        *_makers(deal, chosen, draws),
        *_money(deal, chosen, draws),
    ]
    market = load_car_market()
    sources = market.sources if any(row["kind"] == "maker" for row in rows) else ()
    order = {name: at for at, name in enumerate(chosen)}
    rows.sort(key=lambda row: order[row["package"]])
    return ExposureStudy(deal.deal.title, tuple(rows), sources, say("exposure.disclaimer"))


def _row(
    package: str, kind: str, region: str, subject: str, *, hinge: Hinge, **figures: Any
) -> Row:
    """Return a row with its sign: none where the interval, if there is one, holds both."""
    value, low, high = (float(figures[name]) for name in ("value", "low", "high"))
    ends = [end for end in (value, low, high) if not np.isnan(end)]
    sign = "+" if min(ends) > 0 else "-" if max(ends) < 0 else "?"
    return {"package": package, "kind": kind, "region": region, "subject": subject, "sign": sign,
            "hinges": hinge.name, "hinge_share": hinge.share, "hinge_error": hinge.error,
            "rival": hinge.rival, **figures}  # fmt: skip


def _sectors(chains: ChainsStudy, package: str) -> Iterator[Row]:
    """Yield the sectors of each party whose value added moves most."""
    frame = chains.to_frame("sectors")
    frame = frame[frame["package"] == package]
    hinges = find_sector_hinges(chains.snapshot, (package, NO_DEAL), chains.parties)
    for region, group in frame.groupby("region", sort=False):
        size = (group["value_added"] * group["change"]).abs()
        for at in size.sort_values(ascending=False).index[:SECTORS_SHOWN]:
            row = group.loc[at]
            if size[at] > NOTHING:
                party, sector = str(region), str(row["sector"])
                yield _row(
                    package, "sector", party, sector, unit="share", value=row["change"],
                    low=row["low"], high=row["high"], hinge=hinges.get((party, sector), Hinge()),
                )  # fmt: skip


def _makers(result: Assessment, packages: Sequence[str], draws: int) -> Iterator[Row]:
    """Yield what makers of cars gain or lose in the third year."""
    market = load_car_market()
    if market.home not in result.deal.parties:
        return
    study = solve_scenarios(
        result.deal, result.world, (NO_DEAL, *packages), runs=("long",), draws=draws
    )
    without = study.scenario(NO_DEAL)
    profits = sample_profits(study, without, draws)
    for name in packages:
        item = study.scenario(name)
        change = profit_change(item.central.value) - profit_change(without.central.value)
        drawn = None
        if item.drawn is not None and without.drawn is not None:
            drawn = profit_change(item.drawn.value) - profit_change(without.drawn.value)
        hinges = find_maker_hinges(study, sample_profits(study, item, draws), profits)
        for at, maker in enumerate(market.makers):
            if abs(change[at]) < NOTHING:
                continue
            low, high = interval(None if drawn is None else drawn[:, at])
            yield _row(
                name, "maker", market.home, maker, unit="bn USD", value=change[at], low=low,
                high=high, hinge=hinges[at],
            )  # fmt: skip


def _money(result: Assessment, packages: Sequence[str], draws: int) -> Iterator[Row]:
    """Yield the dollar and the public debt of each party that pays, after ten years."""
    sample = partial(sample_ends, draws=draws, seed=result.settings.seed)
    without = {item.party: sample(item.plan) for item in result.result(NO_DEAL).external}
    for name in packages:
        for item in result.result(name).external:
            if item.party not in without:
                continue
            ends, hinges = compare_ends(sample(item.plan), without[item.party])
            for kind, end, hinge in zip(KINDS, ends, hinges, strict=True):
                if float(np.abs(end).max()) < NOTHING:
                    continue
                low, value, high = end.tolist()
                yield _row(
                    name, kind, item.party, item.party, unit="points", value=value, low=low,
                    high=high, hinge=hinge,
                )  # fmt: skip
