"""What a briefing reads off an assessment: frames turned into figures that can be looked up."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from accord.assessment.names import package_in_focus
from accord.briefing.document.facts import Cite, Prose, quoted, sentence
from accord.core.errors import InputError, Problem, SolveError
from accord.core.status import Status
from accord.data.labels import EU27
from accord.lowering.external import uncounted_clauses

if TYPE_CHECKING:
    import pandas as pd

    from accord.data.world import World
    from accord.deal.clauses.base import ClauseBase
    from accord.deal.deal import Deal

NO_DEAL = "no_deal"
BASELINE = "baseline"
EU = "EU27"
EU_NAME = "European Union"


@runtime_checkable
class Assessed(Protocol):
    """The part of an assessment that a briefing needs."""

    @property
    def deal(self) -> "Deal":
        """The deal that was assessed."""

    @property
    def world(self) -> "World":
        """The world it was assessed in."""

    @property
    def packages(self) -> tuple[str, ...]:
        """Names of the packages, "no_deal" first."""

    @property
    def settings(self) -> Any:
        """Names of closure, competition, labour and elasticities."""

    @property
    def reproduce(self) -> Mapping[str, Any]:
        """Command, Python lines, digest of the world, versions."""

    def to_frame(self, name: str) -> "pd.DataFrame":
        """One of the tables, long and tidy."""


@dataclass(frozen=True)
class Welfare:
    """Welfare of one region under one package: a fraction, and bn USD a year for the rest."""

    change: float
    ev: float
    tariff_part: float
    transfer_part: float
    low: float
    high: float
    tariff_low: float
    tariff_high: float


@dataclass(frozen=True)
class Transfer:
    """Money a package moves in an average year, bn USD: in all, displaced, and net."""

    payer: str
    host: str
    gross: float
    displaced: float
    net: float


class BriefingView:
    """Figures of one assessment, by package, region and sector.

    Raises:
        InputError: The world does not say which years it describes.
        SolveError: An equilibrium behind the assessment did not converge.
    """

    def __init__(self, assessment: Assessed) -> None:
        """Check that every equilibrium converged and that years are known, then keep it."""
        check_converged(assessment)
        check_years(assessment.world)
        self.assessment = assessment
        self.deal = assessment.deal
        self.world = assessment.world
        self.packages = tuple(assessment.packages)

    # ---- names ---------------------------------------------------------------------------

    @cached_property
    def focus(self) -> str:
        """The package the headline is about."""
        return package_in_focus(self.deal)

    @cached_property
    def payer(self) -> str:
        """The party that invests; without a transfer, the second party of the file."""
        moved = self.transfers.get(self.focus) or next(iter(self.transfers.values()), None)
        return moved[0].payer if moved else self.deal.parties[1]

    @cached_property
    def host(self) -> str:
        """The other party: where the money goes and whose tariffs are at stake."""
        return next(party for party in self.deal.parties if party != self.payer)

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties, the payer first."""
        return (self.payer, *(party for party in self.deal.parties if party != self.payer))

    def region(self, region: str) -> str:
        """Return the name of a region in prose, with its article: "the United States"."""
        name = self.region_label(region)
        return f"the {name}" if name.startswith(("United ", "Rest ", "European ")) else name

    def region_label(self, region: str) -> str:
        """Return the name of a region in a table."""
        return EU_NAME if region == EU else self.world.region_names.get(region, region)

    def marked(self, name: str, region: str) -> Prose:
        """Return the name of a region as given, with a mark if its totals are an assumption."""
        whole = quoted(name)
        for source in self.assumed(region):
            whole = Prose((*whole.pieces, *sentence("{cite}", cite=Cite(source)).pieces))
        return whole

    def assumed(self, region: str) -> tuple[str, ...]:
        """Return the sources of grade U behind the totals of a region: GDP, exports, imports."""
        members = self.members(region)
        weak = [one for one in self.world.macro if one.grade == "U" and one.region in members]
        return tuple(dict.fromkeys(one.source for one in weak))

    def sector(self, sector: str) -> str:
        """Return the name of a sector in a table."""
        return self.world.sector_names.get(sector, sector)

    def title(self, package: str) -> str:
        """Return the title of a package in a table."""
        if package == NO_DEAL:
            return "No deal"
        if package == BASELINE:
            return str(self.year)
        return self.deal.package(package).title or package.replace("-", " ").capitalize()

    def label(self, package: str) -> str:
        """Return the title of a package, up to a colon, for a chart or a column."""
        return self.title(package).partition(":")[0]

    def package(self, package: str) -> str:
        """Return the title of a package, up to a colon, in the middle of a sentence."""
        title = self.label(package)
        first, _, rest = title.partition(" ")
        return f"{first.lower()} {rest}" if first in {"The", "A", "An", "No"} else f"“{title}”"

    @cached_property
    def offers(self) -> tuple[str, ...]:
        """The packages other than no deal."""
        return tuple(name for name in self.packages if name != NO_DEAL)

    @cached_property
    def alike(self) -> tuple[str, ...]:
        """The offers that leave other countries' tariffs as no deal does: a choice of the parties.

        All offers where none is like that.
        """
        background = self.deal.no_deal.background
        like = [name for name in self.offers if self.deal.package(name).background == background]
        return tuple(like) or self.offers

    @cached_property
    def sets(self) -> tuple[str, ...]:
        """Sets of elasticities solved: the one the figures use, then those of the ranges."""
        settings, known = self.assessment.settings, tuple(self.world.elasticities)
        own = str(settings.elasticities)
        several = getattr(settings, "ranges", True) and settings.competition == "perfect"
        return (own, *(name for name in known if several and name != own))

    @property
    def year(self) -> int:
        """Year that the baseline describes."""
        return self.world.price_year

    # ---- figures -------------------------------------------------------------------------

    @cached_property
    def _welfare(self) -> dict[tuple[str, str, str], Welfare]:
        columns = tuple(field.name for field in fields(Welfare))
        return {
            (row["package"], row["against"], row["region"]): Welfare(
                **{column: float(row[column]) for column in columns}
            )
            for row in self.records("welfare")
        }

    def welfare(self, package: str, against: str, region: str) -> Welfare:
        """Return the welfare of a region under a package against no deal or the baseline."""
        if package == against:
            return Welfare(*(0.0 for _ in fields(Welfare)))
        return self._welfare[package, against, region]

    @cached_property
    def transfers(self) -> dict[str, tuple[Transfer, ...]]:
        """Transfers by package; a package that moves no money is left out."""
        found: dict[str, tuple[Transfer, ...]] = {}
        for row in self.records("transfers"):
            if abs(row["gross"]) > 0:
                parts = (float(row[column]) for column in ("gross", "displaced", "net"))
                one = Transfer(row["payer"], row["host"], *parts)
                found[row["package"]] = (*found.get(row["package"], ()), one)
        return found

    @cached_property
    def _exports(self) -> dict[str, np.ndarray]:
        """Customs values of the host's imports `[exporter, sector]` by package and baseline."""
        frame = self.assessment.to_frame("exports")
        frame = frame[(frame["importer"] == self.host) & (frame["against"] == BASELINE)]
        regions = {name: at for at, name in enumerate(self.world.regions)}
        sectors = {name: at for at, name in enumerate(self.world.sectors)}
        found: dict[str, np.ndarray] = {}
        for package in self.packages:
            rows = frame[frame["package"] == package]
            at = [regions[name] for name in rows["exporter"].astype(str)]
            column = [sectors[name] for name in rows["sector"].astype(str)]
            new, old = (np.zeros((len(regions), len(sectors))) for _ in range(2))
            new[at, column] = rows["value"]
            old[at, column] = rows["value"] - rows["change_value"]
            found[package] = new
            found.setdefault(BASELINE, old)
        return found

    def exports(self, package: str, exporter: str, sector: str | None = None) -> float:
        """Return exports to the host under a package ("baseline" included), bn USD a year."""
        rows = [self.world.region_index(member) for member in self.members(exporter)]
        columns = slice(None) if sector is None else self.world.sector_index(sector)
        return float(self._exports[package][rows, columns].sum())

    def members(self, region: str) -> tuple[str, ...]:
        """Return the regions of the world that a label stands for."""
        if region != EU:
            return (region,)
        return tuple(member for member in EU27 if member in self.world.regions)

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Exporters to the host, with the European Union as one."""
        others = [region for region in self.world.regions if region != self.host]
        inside = [region for region in others if region in EU27]
        if len(inside) < 2 or self.host in EU27:
            return tuple(others)
        return (*(region for region in others if region not in EU27), EU)

    @cached_property
    def goods(self) -> tuple[str, ...]:
        """Sectors that cross a border at customs."""
        return self.world.goods

    @cached_property
    def _rates(self) -> dict[tuple[str, str], float]:
        frame = self.assessment.to_frame("tariffs")
        frame = frame[(frame["importer"] == self.host) & (frame["exporter"] == self.payer)]
        found: dict[tuple[str, str], float] = {}
        for row in frame.to_dict(orient="records"):
            found[row["package"], row["sector"]] = float(row["rate"])
            found[BASELINE, row["sector"]] = float(row["base_rate"])
        return found

    def rate(self, package: str, sector: str | None = None) -> float:
        """Return the host's tariff on the payer, all in, as a fraction.

        For all goods together, sectors weigh what they exported in the baseline.
        """
        if sector is not None:
            return self._rates[package, sector]
        weights = [self.exports(BASELINE, self.payer, name) for name in self.goods]
        rates = [self._rates[package, name] for name in self.goods]
        paid = sum(weight * rate for weight, rate in zip(weights, rates, strict=True))
        return paid / sum(weights) if sum(weights) else 0.0

    @cached_property
    def main_sector(self) -> str:
        """The sector whose exports from payer to host change most between no deal and focus."""
        return max(
            self.goods,
            key=lambda name: (
                abs(
                    self.exports(self.focus, self.payer, name)
                    - self.exports(NO_DEAL, self.payer, name)
                ),
                name,
            ),
        )

    @cached_property
    def third_countries(self) -> tuple[str, ...]:
        """Regions outside the deal, the most affected first (sum of sizes over the offers)."""
        outside = [region for region in self.world.regions if region not in self.deal.parties]
        return tuple(sorted(outside, key=lambda region: (-self._weight(region), region)))

    def _weight(self, region: str) -> float:
        return sum(abs(self.welfare(name, NO_DEAL, region).ev) for name in self.alike)

    def uncounted(self, package: str) -> tuple["ClauseBase", ...]:
        """Return the clauses of a package that no figure counts."""
        return uncounted_clauses(self.deal, package, self.world)

    def records(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a frame as dictionaries."""
        return [
            {str(key): value for key, value in row.items()}
            for row in self.assessment.to_frame(name).to_dict(orient="records")
        ]

    @property
    def evaluate_on(self) -> dt.date:
        """Day whose tariffs are assessed."""
        return self.deal.evaluate_on


def check_years(world: "World") -> None:
    """Refuse a world without years: every sentence of a briefing says which one it is about.

    Raises:
        InputError: The base year or the price year is missing.
    """
    if world.base_year <= 0 or world.price_year <= 0:
        remedy = "Give base_year (and price_year, if it differs) to World.from_arrays"
        message = f"{world.name} does not say which year it describes"
        raise InputError([Problem("world.base_year", message, remedy)], "the world of a briefing")


def check_converged(assessment: Assessed) -> None:
    """Refuse an assessment with an equilibrium that did not converge.

    Raises:
        SolveError: The first that failed, with its package and what to try.
    """
    for row in assessment.to_frame("solves").to_dict(orient="records"):
        status = read_status(row["status"])
        if not status.ok:
            detail = f"no briefing is written: package {row['package']!r} has no equilibrium"
            raise SolveError(status, detail)


def read_status(text: Any) -> Status:
    """Return the status that a cell of the table of solves holds, by member, name or text."""
    if isinstance(text, Status):
        return text
    for status in Status:
        if str(text).casefold() in {status.name.casefold(), status.value.casefold()}:
            return status
    raise ValueError(f"unknown status {text!r}")
