"""The workbench of a draft: everything that its page shows, gathered from the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from accord.core.errors import AccordError, InputError, Problem
from accord.web.desk.desk import Anchor, Desk, Figures
from accord.web.desk.recent import PricedDeal
from accord.web.drafts.draft import LONGEST_ADDRESS, OWN, Draft
from accord.web.words.sentences import tell
from accord.web.workbench.edits import numbered_tables
from accord.web.workbench.fields import CLAUSE, PACKAGE, Field, clause_tables, fields_of
from accord.web.workbench.naming import name_in_prose, name_package, name_region, signed
from accord.web.workbench.results import Side, headline_of, sides_of
from accord.web.workbench.sliders import Slider, sliders_of

THIRD = 8  # other countries that are shown
FOCUS = "signed"


@dataclass(frozen=True)
class ClauseForm:
    """A clause as a form: its kind, what it is called, and its fields."""

    number: int
    kind: str
    title: str
    summary: str
    sources: tuple[tuple[str, str], ...]
    shown: tuple[Field, ...]
    more: tuple[Field, ...]


@dataclass
class Bench:
    """The workbench of a draft.

    Attributes:
        draft: The draft.
        package: Name of the package that is looked at.
        stage: "problems", "working", "estimate" or "central".
        problems: What is wrong with the deal.
        priced: The deal; None where it is wrong.
        figures: Figures of the package, exact or estimated.
        others: Exact figures of other packages, as far as they are known.
        was: Figures of the package before it was changed.
        sliders: The terms of the package.
    """

    draft: Draft
    package: str
    stage: str = "working"
    problems: tuple[Problem, ...] = ()
    priced: PricedDeal | None = None
    figures: Figures | None = None
    others: list[Figures] = field(default_factory=list)
    was: Figures | None = None
    sliders: list[Slider] = field(default_factory=list)
    anchor: Draft | None = None

    @property
    def query(self) -> str:
        """The address of the draft, behind the question mark."""
        return query_of(self.draft, self.package)

    @property
    def tabs(self) -> list[tuple[str, str, str]]:
        """Name, title and address of every package."""
        return [
            (str(table.get("name")), name_package(table),
             query_of(self.draft, str(table.get("name"))))
            for table in self.draft.packages
        ]  # fmt: skip

    @property
    def title(self) -> str:
        """Title of the package."""
        return name_package(self._table)

    @property
    def deal_title(self) -> str:
        """Title of the deal."""
        return str(self.draft.tables.get("title") or self.draft.tables.get("name") or "")

    @property
    def edited(self) -> str:
        """What was changed, in words."""
        return tell_changes(self.draft)

    @property
    def _table(self) -> Mapping[str, Any]:
        for table in self.draft.packages:
            if table.get("name") == self.package:
                return table
        return {}

    @property
    def package_fields(self) -> tuple[Field, ...]:
        """The fields of the package itself."""
        return tuple(fields_of(PACKAGE, self._table, "package"))

    @property
    def clauses(self) -> list[ClauseForm]:
        """The clauses of the package as forms."""
        known = {
            str(source.get("id")): str(source.get("title", source.get("id")))
            for _, source in numbered_tables(self.draft.tables.get("source"))
        }
        clauses = numbered_tables(self._table.get(CLAUSE))
        return [_clause_form(at, clause, known) for at, clause in clauses]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of clauses that may be added."""
        return tuple(clause_tables())

    @property
    def sides(self) -> list[Side]:
        """What the package is worth to each party."""
        return [] if self.figures is None else sides_of(self.figures, self.was)

    @property
    def headline(self) -> str:
        """Who gains, in a sentence."""
        return tell_headline(self.title, self.sides)

    @property
    def third(self) -> list[tuple[str, str, str]]:
        """Other countries by how much they are affected: code, name, payoff as text."""
        if self.figures is None or self.priced is None:
            return []
        return third_countries(self.figures, self.priced)

    @property
    def all_packages(self) -> list[tuple[str, str, list[Side]]]:
        """Title and address of every package whose exact figures are known, and its worth."""
        if self.figures is None or self.stage == "estimate":
            return []
        known = {figures.package: figures for figures in (self.figures, *self.others)}
        return [
            (title, query, sides_of(known[name]))
            for name, title, query in self.tabs
            if name in known
        ]


def tell_changes(draft: Draft) -> str:
    """Return what was changed in a draft, in words."""
    count = len(draft.changes)
    if draft.case == OWN:
        return tell("bench.own")
    if not count:
        return tell("bench.unedited")
    return tell("bench.edited_once") if count == 1 else tell("bench.edited", count=count)


def query_of(draft: Draft, package: str) -> str:
    """Return the address of a draft, behind the question mark.

    Raises:
        InputError: It would be longer than what servers and browsers take.
    """
    if len(draft.token) > LONGEST_ADDRESS:
        remedy = "change the file and use accord assess"
        raise InputError([Problem("", "the deal is too long for an address", remedy)], "the deal")
    words = {"case": draft.case, "package": package, "s": draft.token}
    return urlencode({key: value for key, value in words.items() if value})


def choose_package(draft: Draft, wanted: str) -> str:
    """Return the package asked for; where none is, the one called "signed", or the last."""
    names = [str(table.get("name")) for table in draft.packages]
    if wanted in names or not names:
        return wanted
    return FOCUS if FOCUS in names else names[-1]


def open_bench(desk: Desk, draft: Draft, wanted: str) -> Bench:
    """Return the workbench of a draft; figures that are not known are asked for."""
    bench = Bench(draft, choose_package(draft, wanted))
    try:
        bench.priced = desk.open(draft)
        if bench.package not in bench.priced.offers:
            message = f"there is no package {bench.package[:80]!r}"
            raise InputError([Problem("package", message, "choose another")])
        anchor = desk.anchor(bench.priced, bench.package)
        bench.figures = desk.ask(bench.priced, bench.package)
    except AccordError as error:
        bench.stage, bench.problems = "problems", problems_of(error)
        return bench
    bench.anchor = draft
    bench.was = find_former(desk, draft, bench.package)
    bench.sliders = sliders_of(anchor, anchor.now, former_terms(desk, draft, bench.package))
    if bench.figures is not None:
        bench.stage = "central"
        bench.others = ask_others(desk, bench.priced, bench.package)
    return bench


def move_bench(desk: Desk, anchor: Anchor, draft: Draft, values: Mapping[str, float]) -> Bench:
    """Return the workbench of a draft whose terms were moved: exact figures, or estimates."""
    was = anchor.priced.draft
    bench = Bench(draft, anchor.package, priced=anchor.priced, anchor=was)
    bench.sliders = sliders_of(anchor, values, former_terms(desk, draft, anchor.package))
    bench.was = find_former(desk, draft, anchor.package)
    known = desk.known_of(draft, anchor.package)
    if known is not None:
        bench.figures, bench.stage = known, "central"
        bench.others = ask_others(desk, known.priced, anchor.package)
        return bench
    guess = desk.estimate(anchor, values)
    if guess is not None:
        bench.stage = "estimate"
        bench.figures = Figures(anchor.priced, anchor.package, guess.components, guess.error)
    return bench


def ask_others(desk: Desk, priced: PricedDeal, package: str) -> list[Figures]:
    """Return exact figures of the other packages as far as they are known, and ask for the rest."""
    known = []
    for name in priced.offers:
        if name == package:
            continue
        try:
            figures = desk.ask(priced, name)
        except AccordError:
            continue
        if figures is not None:
            known.append(figures)
    return known


def find_former(desk: Desk, draft: Draft, package: str) -> Figures | None:
    """Return the figures of the package in the case that a draft began from, if they are known."""
    if draft.case == OWN or not draft.changes:
        return None
    return desk.known_of(Draft(draft.case), package)


def former_terms(desk: Desk, draft: Draft, package: str) -> Mapping[str, float]:
    """Return the terms of the package in the case that a draft began from, if it is open."""
    anchor = None if draft.case == OWN else desk.anchor_of(Draft(draft.case), package)
    return {} if anchor is None else anchor.now


def third_countries(figures: Figures, priced: PricedDeal) -> list[tuple[str, str, str]]:
    """Return other countries by how much they are affected: code, name, payoff as text."""
    parties = {
        member for party in priced.deal.parties for member in (party, *_members(priced, party))
    }
    others = [region for region in priced.world.regions if region not in parties]
    others.sort(key=lambda region: -abs(figures.payoff(region)))
    return [
        (region, name_region(region, priced.world), signed(figures.payoff(region)))
        for region in others[:THIRD]
    ]


def _members(priced: PricedDeal, party: str) -> tuple[str, ...]:
    from accord.deal.products import expand_regions

    return expand_regions([party], priced.world.regions)


def tell_headline(title: str, sides: list[Side]) -> str:
    """Return who gains from a package, in a sentence."""
    kind = headline_of(sides) if sides else "nothing"
    gainers = [name_in_prose(side.name) for side in sides if side.outlook == "gain"]
    losers = [name_in_prose(side.name) for side in sides if side.outlook == "loss"]
    if kind == "some":
        kind = "some" if gainers and losers else "some_nothing" if gainers else "some_loss"
    joint = tell("bench.headline.joint")
    gain = tell(f"bench.headline.{_verb('gain', gainers)}", who=joint.join(gainers))
    loss = tell(f"bench.headline.{_verb('lose', losers)}", who=joint.join(losers))
    return tell(f"bench.headline.{kind}", package=title, gain=gain, loss=loss)


def _verb(plural: str, names: list[str]) -> str:
    """Return the verb as it stands behind the names: "gains" behind a single name."""
    return f"{plural}s" if len(names) == 1 else plural


def problems_of(error: AccordError) -> tuple[Problem, ...]:
    """Return what is wrong, as a list of problems."""
    return error.problems if isinstance(error, InputError) else (Problem("", str(error)),)


def _clause_form(at: int, clause: Mapping[str, Any], known: Mapping[str, str]) -> ClauseForm:
    kind = str(clause.get("kind", ""))
    table = clause_tables().get(kind)
    fields = tuple(fields_of(table, clause, f"{CLAUSE}.{at}")) if table else ()
    cited = clause.get("source", [])
    names = cited if isinstance(cited, list) else [cited]
    words = kind.replace("_", " ")
    title = str(clause.get("title") or "") or words[:1].upper() + words[1:]
    return ClauseForm(
        number=at, kind=kind, title=title, summary=_summary(clause),
        sources=tuple((str(name), known.get(str(name), str(name))) for name in names),
        shown=tuple(entry for entry in fields if entry.is_set and entry.widget != "long"),
        more=tuple(entry for entry in fields if not entry.is_set or entry.widget == "long"),
    )  # fmt: skip


def _short(key: str, value: Any) -> str:
    """Return a value of a clause as people say it: a rate in per cent, an amount in billions."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if key == "rate":
            return f"{100 * value:.6g} %"
        return f"{value / 1e9:.6g} bn" if key == "amount" else f"{value:.6g}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _summary(clause: Mapping[str, Any]) -> str:
    """Return what a clause says in a few figures of it, as they stand in the file."""
    keys = ("importer", "exporters", "products", "rate", "payer", "host", "amount", "from")
    parts = [f"{key} {_short(key, clause[key])}" for key in keys if key in clause]
    return " · ".join(parts)
