"""The view of a briefing: tables of an assessment turned into figures that can be looked up."""

import datetime as dt
from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.assessment.bargain.bargain import Bargain
from accord.assessment.names import package_in_focus
from accord.briefing.assessed import BriefingInput, check_converged, check_years
from accord.briefing.document.facts import (
    Cite,
    Part,
    Prose,
    capitalised,
    fill,
    keep_units,
    quoted,
)
from accord.briefing.document.length import SHORT
from accord.briefing.flows import MovedMoney, Welfare, mean_rate, read_transfers
from accord.briefing.message_parts import MessageParts
from accord.briefing.payoffs import DATED, Payoff, read_chances, read_draws, read_payoffs
from accord.briefing.words.messages import Messages
from accord.core.catalogue import ENGLISH
from accord.data.labels import EU27
from accord.deal.products import expand_regions
from accord.deal.regions import GROUP_NAMES
from accord.lowering.external import uncounted_clauses
from accord.lowering.roles import lead_host, lead_payer

if TYPE_CHECKING:
    from accord.deal.clauses.base import ClauseBase

NO_DEAL = "no_deal"
BASELINE = "baseline"
EU = "EU"
FEW = 4  # words: a longer title of a package is not said in every sentence


class BriefingView:
    """Figures of one assessment, by package, region and sector.

    Raises:
        InputError: The world does not say which years it describes.
        SolveError: An equilibrium behind the assessment did not converge.
    """

    def __init__(
        self,
        assessment: BriefingInput,
        *,
        date: dt.date | None = None,
        bargain: Bargain | None = None,
        language: str = ENGLISH,
        length: str = SHORT,
    ) -> None:
        """Check that every equilibrium converged and that years are known, then keep it."""
        check_converged(assessment)
        check_years(assessment.world)
        self.assessment = assessment
        self.words = Messages(language)
        self.date = date or assessment.deal.evaluate_on
        self.bargain = bargain
        self.length = length
        self.deal = assessment.deal
        self.world = assessment.world
        self.packages = tuple(assessment.packages)

    # ---- words ---------------------------------------------------------------------------

    def phrase(self, key: str, /, **parts: Part) -> Prose:
        """Return a message for the middle of a sentence; names that all share need not be given."""
        return fill(self.words.templates[key], MessageParts(self, parts), self.words.numbers)

    def say(self, key: str, /, **parts: Part) -> Prose:
        """Return a message as a sentence; names that all share need not be given."""
        return capitalised(self.phrase(key, **parts))

    def text(self, key: str, /, **parts: Part) -> str:
        """Return a message as plain text for a label; names that all share need not be given."""
        return str(self.say(key, **parts))

    # ---- names ---------------------------------------------------------------------------

    @cached_property
    def focus(self) -> str:
        """The package the headline is about."""
        return package_in_focus(self.deal)

    @cached_property
    def payer(self) -> str:
        """The party that invests; where none does, the one whose goods are charged."""
        return lead_payer(self.deal)

    @cached_property
    def host(self) -> str:
        """The other party: where the money goes and whose tariffs are at stake."""
        return lead_host(self.deal, self.payer)

    @property
    def parties(self) -> tuple[str, ...]:
        """The parties, the payer first."""
        return (self.payer, *(party for party in self.deal.parties if party != self.payer))

    @property
    def partners(self) -> tuple[str, ...]:
        """The parties other than the host, the payer first: each makes a pair with it."""
        return tuple(party for party in self.parties if party != self.host)

    def region(self, region: str) -> str:
        """Return the name of a region in prose, with its article: "the United States"."""
        name = self.region_label(region)
        first = name.partition(" ")[0]
        if first in self.words.templates["region.with_article"].split():
            return str(self.words.phrase("region.article", name=name))
        return name

    def region_label(self, region: str) -> str:
        """Return the name of a region in a table."""
        own = f"region.name.{region}"
        if self.words.has(own):
            return self.words.templates[own]
        names = {**GROUP_NAMES, **self.world.region_names}
        return self.words.translated(names.get(region, region))

    def capital(self, region: str) -> str:
        """Return the capital that stands for a party in a headline, or its name."""
        own = f"region.capital.{region}"
        return self.words.templates[own] if self.words.has(own) else self.region(region)

    def marked(self, name: str, region: str) -> Prose:
        """Return the name of a region as given, with a mark if its totals are an assumption."""
        whole = quoted(name)
        for source in self.assumed(region):
            whole = Prose((*whole.pieces, *fill("{cite}", {"cite": Cite(source)}).pieces))
        return whole

    def assumed(self, region: str) -> tuple[str, ...]:
        """Return the sources of grade U behind the totals of a region: GDP, exports, imports."""
        members = self.members(region)
        weak = [
            figure
            for figure in self.world.macro
            if figure.grade == "U" and figure.region in members
        ]
        return tuple(dict.fromkeys(figure.source for figure in weak))

    def sector(self, sector: str) -> str:
        """Return the name of a sector in a table."""
        return self.words.translated(self.world.sector_names.get(sector, sector))

    def title(self, package: str) -> str:
        """Return the title of a package in a table."""
        if package == NO_DEAL:
            return self.words.templates["package.no_deal"]
        if package == BASELINE:
            return str(self.year)
        own = self.deal.package(package).title or package.replace("-", " ").capitalize()
        return keep_units(self.words.translated(own))

    def label(self, package: str) -> str:
        """Return the title of a package, up to a colon, for a chart or a column."""
        return self.title(package).partition(":")[0]

    def package(self, package: str) -> str:
        """Return the title of a package, up to a colon, in the middle of a sentence."""
        title = self.label(package)
        first, _, rest = title.partition(" ")
        if first in self.words.templates["package.articles"].split():
            return f"{first.lower()} {rest}"
        return self.quote(title)

    def quote(self, name: str) -> str:
        """Return a name in the quotation marks of the language."""
        return str(self.words.phrase("package.quoted", name=name))

    def short(self, package: str) -> str:
        """Return the short name of a package in prose: its own, or its title if that is short."""
        own = "" if package == NO_DEAL else self.deal.package(package).short
        if own:
            return self.words.translated(own)
        name = self.package(package)
        few = len(name.split()) <= FEW
        return name if few else self.words.templates["package.short"]

    def name_among(self, package: str) -> str:
        """Return the short name of a package beside others; its title if it has none."""
        own = package != NO_DEAL and self.deal.package(package).short
        return self.short(package) if own else self.package(package)

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
        names: tuple[str, ...] = self.assessment.settings.sets_in_play(self.world)
        return names

    @property
    def year(self) -> int:
        """Year that the baseline describes."""
        return self.world.price_year

    @property
    def years(self) -> tuple[int, int]:
        """First and last year that count."""
        first = self.deal.window[0]
        return first, first + self.deal.settings.horizon - 1

    @property
    def several(self) -> bool:
        """Whether there are more than two parties."""
        return len(self.deal.parties) > 2

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
    def _payoffs(self) -> dict[tuple[str, str, str], Payoff]:
        return read_payoffs(self.records("payoffs"), self.records("payoff_components"))

    def payoff(self, package: str, region: str, timeline: str = DATED) -> Payoff:
        """Return the payoff of a package to a region, bn USD of present value over no deal."""
        return self._payoffs[package, timeline, region]

    @cached_property
    def _chances(self) -> dict[tuple[str, str], float]:
        return read_chances(self.records("chances"))

    def chance_all(self, package: str, timeline: str = DATED) -> float:
        """Return the share of draws on which every party gains; NaN without draws."""
        return self._chances[package, timeline]

    @cached_property
    def draws(self) -> dict[tuple[str, str], np.ndarray]:
        """Payoffs by draw, bn USD, by package and party; none without draws."""
        return read_draws(self.assessment.to_frame("draws"))

    @cached_property
    def transfers(self) -> dict[str, tuple[MovedMoney, ...]]:
        """Transfers by package; a package that moves no money is left out."""
        return read_transfers(self.records("transfers"), self.deal.parties)

    @cached_property
    def _exports(self) -> dict[str, np.ndarray]:
        """Customs values of the host's imports `[exporter, sector]` by package and baseline."""
        frame = self.assessment.to_frame("exports")
        home = frame["importer"].isin(self.members(self.host))
        frame = frame[home & (frame["against"] == BASELINE)]
        regions = {name: at for at, name in enumerate(self.world.regions)}
        sectors = {name: at for at, name in enumerate(self.world.sectors)}
        values: dict[str, np.ndarray] = {}
        for package in self.packages:
            rows = frame[frame["package"] == package]
            at = [regions[name] for name in rows["exporter"].astype(str)]
            column = [sectors[name] for name in rows["sector"].astype(str)]
            new, old = (np.zeros((len(regions), len(sectors))) for _ in range(2))
            np.add.at(new, (at, column), rows["value"])
            np.add.at(old, (at, column), rows["value"] - rows["change_value"])
            values[package] = new
            values.setdefault(BASELINE, old)
        return values

    def exports(self, package: str, exporter: str, sector: str | None = None) -> float:
        """Return exports to the host under a package ("baseline" included), bn USD a year."""
        rows = [self.world.region_index(member) for member in self.members(exporter)]
        columns = slice(None) if sector is None else self.world.sector_index(sector)
        return float(self._exports[package][rows, columns].sum())

    def members(self, region: str) -> tuple[str, ...]:
        """Return the regions of the world that a label stands for."""
        return expand_regions([region], self.world.regions)

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Exporters to the host, with the European Union as one."""
        home = self.members(self.host)
        others = [region for region in self.world.regions if region not in home]
        inside = [region for region in others if region in EU27]
        if len(inside) < 2 or self.host in (EU, *EU27):
            return tuple(others)
        return (*(region for region in others if region not in EU27), EU)

    @cached_property
    def goods(self) -> tuple[str, ...]:
        """Sectors that cross a border at customs."""
        return self.world.goods

    @cached_property
    def _rates(self) -> dict[tuple[str, str], float]:
        frame = self.assessment.to_frame("tariffs")
        home, abroad = (self.members(party) for party in (self.host, self.payer))
        frame = frame[frame["importer"].isin(home) & frame["exporter"].isin(abroad)]
        rates: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
        for row in frame.to_dict(orient="records"):
            pair = row["importer"], row["exporter"]
            rates.setdefault((row["package"], row["sector"]), {})[pair] = float(row["rate"])
            rates.setdefault((BASELINE, row["sector"]), {})[pair] = float(row["base_rate"])
        return {key: mean_rate(self.world, key[1], pairs) for key, pairs in rates.items()}

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
        inside = {member for party in self.deal.parties for member in self.members(party)}
        outside = [region for region in self.world.regions if region not in inside]
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
    def known(self) -> dt.date | None:
        """Day up to which the law counts; None where all that the deal file says counts."""
        return self.deal.knowledge_date

    @property
    def evaluate_on(self) -> dt.date:
        """Day whose tariffs are assessed."""
        return self.deal.evaluate_on
