"""The section on the packages: what each holds, and what no figure counts."""

from accord.briefing.document.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
    with_suffix,
)
from accord.briefing.document.facts import Cite, Fact, Prose, fill, quoted
from accord.briefing.flows import MovedMoney
from accord.briefing.pairs import view_pairs
from accord.briefing.view import BASELINE, BriefingView
from accord.briefing.words.clause_titles import clause_title
from accord.briefing.words.law_changes import list_changes
from accord.briefing.words.yearly import money
from accord.core.provenance import Source
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.fields import Spread

ORDER = 80
BILLION = 1e9
MONEY = {
    "gross": "money_a_year_on_average",
    "displaced": "of_which_invested_anyway",
    "net": "net_transfer_a_year",
}
"""Columns of the money that moves, by field."""


def build(view: BriefingView) -> Section:
    """Return the section with the terms of each package: rates, money, and the clauses' titles.

    Rates and money have a table for each pair of parties.

    Folded below them: what holds in every package, and what has changed since, up to the date.
    """
    blocks: list[Block] = [
        with_suffix(_terms_table(pair), f"-{at + 1}" if at else "")
        for at, pair in enumerate(view_pairs(view))
    ]
    told: dict[tuple[str, str], str] = {}
    for package in view.packages:
        blocks.extend(_clauses(view, package, told))
    background, common = view.deal.background, view.deal.common_clauses
    if common:
        items = tuple(_common(view, clause) for clause in common)
        name = background.title or view.text("packages.background.title")
        blocks.append(
            Bullets(
                items,
                folded=view.text("packages.background.folded", name=name, where=_holding(view)),
            )
        )
    changes = list_changes(view)
    if changes:
        blocks.append(Bullets(changes, folded=view.text("packages.changes")))
    return Section("terms", view.text("packages.title.section"), tuple(blocks))


def _terms_table(view: BriefingView) -> Table:
    """Return the tariffs of the host on the payer, and the money between them if there is any."""
    sector = view.main_sector
    moved = {package: _money_of_pair(view, package) for package in view.packages}
    moves = any(moved.values())
    rows = []
    for package in (BASELINE, *view.packages):
        cells: list[Cell] = [
            Fact(view.rate(package), "share"),
            Fact(view.rate(package, sector), "share"),
        ]
        transfers = moved.get(package, ())
        for column in MONEY if moves else ():
            total = sum(getattr(transfer, column) for transfer in transfers)
            cells.append(money(total) if transfers else None)
        rows.append(Row(quoted(_row_name(view, package)), tuple(cells)))
    columns = [
        Column(view.text("column.package"), numeric=False),
        Column(view.text("packages.column.all_goods"), style="", decimals=1, with_unit=True),
        Column(view.sector(sector), style="", decimals=1, with_unit=True),
    ]
    if moves:
        columns += [
            Column(view.text(f"packages.column.{name}"), style="", decimals=1)
            for name in MONEY.values()
        ]
    unit = view.say("packages.terms.unit")
    if moves:
        first, last = (Fact(view.deal.window[at], "year") for at in (0, -1))
        unit += view.say("packages.terms.unit_money", first=first, last=last)
    return Table(
        "terms-table",
        view.text(f"packages.title.{'table' if moves else 'table_tariffs'}"),
        unit,
        tuple(columns),
        (RowGroup(None, tuple(rows)),),
        (view.say("packages.terms.note"),),
    )


def _money_of_pair(view: BriefingView, package: str) -> tuple[MovedMoney, ...]:
    """Return what moves from the payer to the host."""
    pair = (view.payer, view.host)
    return tuple(
        moved for moved in view.transfers.get(package, ()) if (moved.payer, moved.host) == pair
    )


def _holding(view: BriefingView) -> str:
    """Return which packages the background holds in."""
    without = [name for name in view.packages if not view.deal.package(name).background]
    if not without:
        return view.words.templates["packages.background.every"]
    names = view.words.listed([view.package(name) for name in without])
    return str(view.phrase("packages.background.but", names=names))


def _common(view: BriefingView, clause: ClauseBase) -> Prose:
    """Return a clause of the background with its note, its sources and their grades."""
    known: dict[str, Source] = {source.id: source for source in view.deal.sources}
    grades: list[str] = sorted({known[name].grade for name in clause.source_ids if name in known})
    whole = view.say("packages.stop", title=clause_title(clause, view))
    if grades:
        count = "one" if len(grades) == 1 else "other"
        whole += view.say(f"packages.grades.{count}", grades=view.words.listed(grades))
    if clause.note:
        whole += quoted(clause.note)
    return _cited(whole, clause)


def _row_name(view: BriefingView, package: str) -> str:
    return view.text("packages.baseline") if package == BASELINE else view.title(package)


def _clauses(view: BriefingView, package: str, told: dict[tuple[str, str], str]) -> list[Block]:
    """Return the terms of a package; what an earlier package has word for word is only named."""
    content = view.deal.package(package)
    blocks: list[Block] = [Heading(quoted(_full_title(view, package)))]
    if content.note:
        blocks.append(Paragraph(quoted(content.note)))
    items: list[Prose] = []
    for clause in content.clause:
        words = (clause.title, clause.note)
        first = told.setdefault(words, package) if clause.title else package
        if first == package:
            items.append(_clause(view, clause))
        else:
            items.append(
                view.say(
                    "packages.as_in",
                    title=clause.title,
                    package=view.package(first),
                )
            )
    return [*blocks, Bullets(tuple(items))] if items else blocks


def _full_title(view: BriefingView, package: str) -> str:
    title = view.deal.package(package).title
    return title or view.title(package)


def _clause(view: BriefingView, clause: ClauseBase) -> Prose:
    parts: list[Prose] = [view.say("packages.stop", title=clause_title(clause, view))]
    if isinstance(clause, InvestmentClause):
        amount = Fact(clause.amount / BILLION, "bn USD", source=next(iter(clause.source_ids), ""))
        way = view.phrase(f"packages.instrument.{clause.instrument}")
        used = clause.used.mode if isinstance(clause.used, Spread) else clause.used
        key = "amount" if used == 1 else "used"
        parts.append(view.say(f"packages.{key}", amount=amount, way=way, used=Fact(used, "share")))
    if any(
        clause is uncounted for package in view.packages for uncounted in view.uncounted(package)
    ):
        parts.append(view.say("packages.clause.not_counted"))
    if clause.note:
        parts.append(quoted(clause.note))
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    return _cited(whole, clause)


def _cited(whole: Prose, clause: ClauseBase) -> Prose:
    """Return a text with the marks of a clause's sources behind it."""
    cites = {f"c{n}": Cite(source) for n, source in enumerate(clause.source_ids)}
    marks = tuple(piece for cite in cites.values() for piece in fill("{c}", {"c": cite}).pieces)
    return Prose((*whole.pieces, *marks))
