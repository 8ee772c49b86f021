"""A deal as read from its file: parties, sources, packages, and the disagreement point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, Strict

from accord.core.errors import InputError, Notice
from accord.core.notebook import Shown, shorten
from accord.core.provenance import Source
from accord.deal.clauses.registry import Clause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.clauses.tax import TaxClause
from accord.deal.external_entries import ExternalEntry
from accord.deal.fields import Day, Flag, GroupName, Number, Part, RateText, Region, Spread
from accord.deal.includes.background import Included
from accord.deal.includes.replaced import standing
from accord.deal.projects import ProjectEntry, ProjectTable, RateEntry
from accord.deal.sources import Name, SourceEntry
from accord.deal.terms.entries import TermEntry, TermsTable
from accord.deal.terms.values import change_clauses, find_wrong_values, terms_in
from accord.deal.vintages.entries import VintageEntry
from accord.deal.vintages.known import find_day, known_clauses, unknown_projects

ListOfClauses = TypeVar("ListOfClauses", bound="ClauseList")
NO_DEAL = "no_deal"
SIGNED = "signed"
RESERVED_NAMES = (NO_DEAL, "baseline", "background", "history")
Year = Annotated[int, Strict(), Field(ge=1900, le=2200)]


class AssessmentSettings(Part):
    """The assessment date, the horizon over which money is followed, and how it is discounted."""

    evaluate_on: Day | None = None
    """Assessment date: the day whose tariffs are assessed. If left out, the latest `from` of the
    packages' tariffs."""
    first_year: Year | None = None
    """First year of the window; the year after `evaluate_on` if left out."""
    years: Annotated[int, Strict(), Field(ge=1, le=50)] = 10
    """Length of the window over which investment is averaged to a yearly transfer."""
    horizon: Annotated[int, Strict(), Field(ge=1, le=100)] = 35
    """Years in which tariffs, money and building are valued one by one."""
    after: Literal["horizon", "life", "contract"] = "horizon"
    """What projects earn after the horizon. `horizon`: nothing is counted. `life`: each is followed
    to the end of its life, and the split goes on. `contract`: the same, but the payer's claim under
    a split ends `contract_years` after the first call, and the host keeps what comes later."""
    contract_years: Annotated[int, Strict(), Field(ge=1, le=100)] = 20
    """Years after the first call in which a split holds, where `after` is `contract`."""
    discount_rates: dict[str, RateText] = Field(default_factory=dict)
    """Yearly rate of each party for money in dollars, as a fraction or text such as
    "ust20 + 0.005"; the 20-year Treasury rate for a party left out."""
    tax_rates: dict[str, Annotated[Number, Field(ge=0, lt=1)]] = Field(default_factory=dict)
    """Tax of a party on what projects in it earn, for the table `taxes` alone; 0.256 for USA."""
    removal: Spread | None = None
    """Chance a year that the tariffs of packages and of no deal are removed; else the method's."""
    rebuilding: Spread | None = None
    """Chance that a tariff a ruling voids is set anew, as its clause says; else the method's."""
    duties: Literal["collected", "statutory"] = "collected"
    """Which duties importers pay: those `collected`, where clauses have a `take_up` or a lag, or
    all of what the law says (`statutory`)."""
    inflation: Annotated[Number, Field(gt=-1)] = 0.02
    """Yearly rise of the prices at which projects earn, as a fraction."""


class ClauseList(Part):
    """A table that holds clauses."""

    title: str = ""
    """Name printed in tables and headlines."""
    note: str = ""
    """Anything a reader should know."""
    clause: tuple[Clause, ...] = ()
    """The clauses."""


class Package(ClauseList):
    """One package on the table."""

    name: Name
    """Name used on the command line and in tables."""
    short: str = Field("", max_length=40)
    """What it is called in a sentence, such as "the signed deal"."""
    background: Flag = True
    """Whether the `[background]` clauses hold as well."""


class NoDeal(ClauseList):
    """What happens if the talks fail."""

    background: Flag = True
    """Whether the `[background]` clauses hold as well."""


class Background(ClauseList):
    """What holds whatever the parties decide, such as tariffs on everybody else."""


class History(ClauseList):
    """The dated path of tariffs that actually happened, for comparison with published series."""

    name: Name
    """Name of the path."""
    importer: Region
    """Region whose tariffs are followed."""
    exporters: tuple[Region, ...] = Field(min_length=1)
    """Regions (or groups) reported."""
    dates: tuple[Day, ...] = Field(min_length=1)
    """Days reported."""


class DealFile(Part):
    """The whole file."""

    schema_: Literal[1] = Field(alias="schema")
    """Version of the format: 1."""
    name: Name
    """Short name of the negotiation."""
    title: str
    """Title printed on a briefing."""
    parties: tuple[Region, ...] = Field(min_length=2)
    """Regions that negotiate, or groups: "EU", or those of `[groups]`."""
    price_year: Year
    """Year whose prices money is in."""
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "USD"
    """Currency of every amount: USD for now."""
    as_of: Day | None = None
    """Day up to which the file knows; of these days of included files the earliest counts."""
    groups: dict[GroupName, tuple[str, ...]] = Field(default_factory=dict)
    """Groups of one's own: a name, and the regions that it stands for wherever a region may
    stand."""
    include: str | tuple[str, ...] = ()
    """Background whose clauses and sources hold here too: the name of one that comes with Accord,
    such as "us-tariffs", a path beside the deal file, or a list of them."""
    source: tuple[SourceEntry, ...] = ()
    """Sources cited by the clauses."""
    assessment: AssessmentSettings = AssessmentSettings()
    """When and over how many years."""
    background: Background = Background()
    """Common to every package unless the package says `background = false`."""
    no_deal: NoDeal
    """The disagreement point."""
    package: tuple[Package, ...] = Field(min_length=1)
    """The packages on the table."""
    project: tuple[ProjectEntry, ...] = ()
    """Kinds of projects, where the shipped figures are not the right ones."""
    rate: tuple[RateEntry, ...] = ()
    """Market rates, where the shipped figures are not the right ones."""
    external: tuple[ExternalEntry, ...] = ()
    """How parties find the foreign currency they pay, and figures that replace those of the
    world."""
    terms: TermsTable = TermsTable()
    """What may move in a bargain, and within which bounds."""
    vintage: tuple[VintageEntry, ...] = ()
    """Days with a name on which to see what was known: `--as-of NAME`."""
    history: tuple[History, ...] = ()
    """Dated paths of what happened, for checks and tables; never assessed."""


@dataclass(frozen=True)
class Deal(Shown):
    """One negotiation: what its file says; `left_out` is what its world lacks of backgrounds."""

    name: str
    title: str
    parties: tuple[str, ...]
    price_year: int
    currency: str
    sources: tuple[Source, ...]
    settings: AssessmentSettings
    background: Background
    no_deal: Package
    packages: tuple[Package, ...]
    projects: ProjectTable
    external: tuple[ExternalEntry, ...]
    terms: tuple[TermEntry, ...]
    histories: tuple[History, ...]
    path: Path | None
    text: str
    sha256: str
    included: tuple[Included, ...] = ()
    vintages: tuple[VintageEntry, ...] = ()
    as_known_on: date | None = None
    left_out: tuple[Notice, ...] = ()
    up_to: date | None = None

    def __repr__(self) -> str:
        """One line: name, parties, packages, digest."""
        words = f"{self.name!r}: {' – '.join(self.parties)}, {', '.join(self.package_names)}"
        return f"Deal({shorten(words)}; sha256 {self.sha256[:12]})"

    @property
    def package_names(self) -> tuple[str, ...]:
        """Names of the packages in order, "no_deal" first."""
        return (NO_DEAL, *(package.name for package in self.packages))

    @property
    def evaluate_on(self) -> date:
        """Assessment date."""
        return self.settings.evaluate_on or latest_start(
            (self.no_deal, *self.packages), self.price_year
        )

    @property
    def knowledge_date(self) -> date | None:
        """Day up to which the law counts: as asked for, or as the files know it; or None."""
        days = [known.as_of for known in self.included] + [day for day in [self.up_to] if day]
        return self.as_known_on or min(days, default=None)

    def as_of(self, day: date | str) -> "Deal":
        """Return the deal as it was known on a day; what was decided later is left out.

        The assessment date is that day where the file has a later one. The horizon stays, so that
        what was known on different days compares.

        >>> import accord as ac
        >>> ac.load_deal("us-korea-2025").as_of("november-2025").knowledge_date
        datetime.date(2025, 11, 14)

        Args:
            day: A date, its text, such as "2025-11-14", or the name of a vintage of the file.

        Raises:
            InputError: It is no day, or later than the law is known to.
        """
        when = find_day(day, self.vintages, self.knowledge_date)
        unknown = unknown_projects(self.projects, when)

        def known(table: ListOfClauses, *, law: bool = False) -> ListOfClauses:
            clauses = tuple(known_clauses(table.clause, when, unknown, law=law))
            return table.model_copy(update={"clause": clauses})

        settings = {"evaluate_on": min(self.evaluate_on, when), "first_year": self.window[0]}
        return replace(
            self,
            settings=self.settings.model_copy(update=settings),
            background=known(self.background, law=True),
            no_deal=known(self.no_deal),
            packages=tuple(known(package) for package in self.packages),
            histories=tuple(
                path.model_copy(update={"dates": dates})
                for path in self.histories
                if (dates := tuple(day for day in path.dates if day <= when))
            ),
            as_known_on=when,
        )

    @property
    def window(self) -> tuple[int, ...]:
        """Years over which investment is averaged."""
        packages = (self.no_deal, *self.packages)
        first = first_year_of(self.settings, packages, self.price_year)
        return tuple(range(first, first + self.settings.years))

    def package(self, name: str) -> Package:
        """The package called `name` ("no_deal" included).

        Raises:
            KeyError: No package has this name.
        """
        for package in (self.no_deal, *self.packages):
            if package.name == name:
                return package
        raise KeyError(name)

    def clauses(self, name: str) -> tuple[Clause, ...]:
        """Every clause in force under package `name`: the background's, then its own.

        A clause of the background that another one replaces is left out, or left out for the
        exporters of that one. Where `duties` is `statutory`, all of the duty of the law is
        collected.
        """
        package = self.package(name)
        every = (self._common(package) if package.background else ()) + package.clause
        if self.settings.duties == "collected":
            return every
        return tuple(c.at_statute() if isinstance(c, TariffClause) else c for c in every)

    @property
    def common_clauses(self) -> tuple[Clause, ...]:
        """Clauses of the background that hold in some package, each as it holds there first."""
        kept: dict[str, Clause] = {}
        for package in (self.no_deal, *self.packages):
            for clause in self._common(package) if package.background else ():
                kept.setdefault(clause.path or str(clause), clause)
        order = {clause.path or str(clause): at for at, clause in enumerate(self.background.clause)}
        return tuple(kept[key] for key in sorted(kept, key=lambda key: order.get(key, len(order))))

    def _common(self, package: Package) -> tuple[Clause, ...]:
        """Clauses of the background beside those of a package."""
        common = self.background.clause
        return standing(common, (*common, *package.clause))

    @property
    def triggers(self) -> tuple[str, ...]:
        """Names of the events that snap-backs of the packages wait for, in order of appearance."""
        clauses = [clause for name in self.package_names for clause in self.clauses(name)]
        snaps = [c.snap_back for c in clauses if isinstance(c, TariffClause)]
        return tuple(dict.fromkeys(snap.trigger for snap in snaps if snap is not None))

    @property
    def choices(self) -> tuple[str, ...]:
        """Packages that leave other countries' tariffs as no deal does; all if none does."""
        like = [
            package.name
            for package in self.packages
            if package.background == self.no_deal.background
        ]
        return tuple(like) or tuple(package.name for package in self.packages)

    @property
    def focus(self) -> str:
        """The package meant where none is named: "signed" if it is a choice, else the first."""
        return SIGNED if SIGNED in self.choices else self.choices[0]

    def vary(
        self,
        terms: Mapping[str, float] | None = None,
        /,
        *,
        package: str | None = None,
        **values: float,
    ) -> "Deal":
        """Return the same deal with other terms in one package; what is not named stays.

        >>> import accord as ac
        >>> ac.load_deal("us-korea-2025").vary(cars=0.10).package("signed").clause[0].kind
        'tariff'

        Args:
            terms: Value of each term by name, in units of its field (0.15 for 15 %, 20e9 for
                20 bn). The terms of a deal are those of `[terms]` in its file.
            package: Name of the package; that in focus if left out.
            **values: The same, for names that are Python names.

        Raises:
            KeyError: No package has this name.
            InputError: A term is not known in this package or a value is outside its bounds, all
                at once.
        """
        wanted = {**(terms or {}), **values}
        before = self.package(self.focus if package is None else package)
        known = terms_in(before.name, before.clause, self.terms)
        problems = find_wrong_values(known, before.name, wanted)
        if problems:
            raise InputError(problems, "the terms")
        clauses = change_clauses(before.clause, known, wanted)
        if clauses == before.clause:
            return self
        altered = before.model_copy(update={"clause": clauses})
        packages = tuple(altered if other.name == before.name else other for other in self.packages)
        return replace(self, packages=packages)

    def external_of(self, party: str) -> ExternalEntry:
        """How a party finds foreign currency: its own table, or the usual way."""
        for entry in self.external:
            if entry.party == party:
                return entry
        return ExternalEntry(party=party)

    @property
    def included_texts(self) -> dict[str, str]:
        """Content of each background that the deal includes, by the name the deal file gives."""
        return {background.given_as: background.text for background in self.included}

    def source(self, identifier: str) -> Source:
        """The source cited as `identifier`.

        Raises:
            KeyError: The file has no such source.
        """
        for source in (*self.sources, *self.projects.sources):
            if source.id == identifier:
                return source
        raise KeyError(identifier)


def first_year_of(
    settings: AssessmentSettings, packages: Sequence[ClauseList], price_year: int
) -> int:
    """Return the first year of the window: as set, or the year after the day that is assessed."""
    if settings.first_year is not None:
        return settings.first_year
    day = settings.evaluate_on or latest_start(packages, price_year)
    return day.year + 1


def latest_start(packages: Sequence[ClauseList], price_year: int) -> date:
    """Return the latest first day of a rate; 1 January after the price year if there is none."""
    starts = [
        clause.from_
        for package in packages
        for clause in package.clause
        if isinstance(clause, TariffClause | TaxClause) and clause.from_ is not None
    ]
    return max(starts, default=date(price_year + 1, 1, 1))
