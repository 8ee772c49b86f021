"""What each package holds, and what of it no figure counts."""

import datetime as dt

from accord.briefing.charts.figures import money
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
)
from accord.briefing.document.facts import Cite, Fact, Name, Prose, listed, quoted, sentence
from accord.briefing.view import BASELINE, BriefingView
from accord.briefing.words.clause_titles import clause_title
from accord.briefing.words.law_changes import list_changes
from accord.core.provenance import Source
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.investment import InvestmentClause

BILLION = 1e9


def build_not_priced(view: BriefingView) -> tuple[Prose, ...]:
    """Return the list of what no figure of the briefing counts, in plain words."""
    found: dict[str, list[str]] = {}
    for package in view.packages:
        for clause in view.uncounted(package):
            titles = found.setdefault(clause.kind_phrase(), [])
            where = view.package(package)
            titles.append(f"{clause.title} ({where})" if clause.title else where)
    lines = [
        sentence(
            "{kind}: {titles}.",
            kind=Name(kind),
            titles=Name("; ".join(titles)),
        )
        for kind, titles in found.items()
    ]
    lines.append(
        sentence(
            "Answers of others: no country retaliates or bargains anew, beyond the tariffs that "
            "the deal file holds."
        )
    )
    if view.transfers:
        last = view.deal.window[0] + view.deal.settings.horizon - 1
        lines.append(
            sentence("What is built earns nothing here after {last}.", last=Fact(last, "year"))
        )
    if view.records("floors"):
        lines.append(
            sentence(
                "What a weaker currency does to trade, to prices and to debts in dollars; of the "
                "currency, a payoff counts the risk of a crash only."
            )
        )
    else:
        lines.append(sentence("Pressure on the currency, on reserves and on public debt."))
    lines.append(
        sentence("Anything that is not economic: security, credibility, politics at home.")
    )
    return tuple(lines)


def build_terms(view: BriefingView, date: dt.date) -> Section:
    """Return the section with the terms of each package: rates, money, and the clauses' titles.

    Folded below them: what holds in every package, and what has changed since, up to the date.
    """
    sector = view.main_sector
    rows = []
    for package in (BASELINE, *view.packages):
        moved = view.transfers.get(package, ())
        cells: list[Cell] = [
            Fact(view.rate(package), "share"),
            Fact(view.rate(package, sector), "share"),
        ]
        for column in ("gross", "displaced", "net"):
            total = sum(getattr(one, column) for one in moved)
            cells.append(money(total) if moved else None)
        rows.append(Row(sentence("{name}", name=Name(_row_name(view, package))), tuple(cells)))
    host, payer = view.region(view.host), view.region(view.payer)
    table = Table(
        "terms-table",
        f"Tariffs of {host} on {payer}, and money from {payer} to {host}",
        sentence(
            "Tariffs on {date}, all duties included, in per cent of customs value; money in bn USD "
            "a year, the average of {first} to {last}.",
            date=Fact(view.evaluate_on, "date"),
            first=Fact(view.deal.window[0], "year"),
            last=Fact(view.deal.window[-1], "year"),
        ),
        (
            Column("Package", numeric=False),
            Column("All goods", style="", decimals=1, with_unit=True),
            Column(view.sector(sector), style="", decimals=1, with_unit=True),
            Column("Money a year, on average", style="", decimals=1),
            Column("of which invested anyway", style="", decimals=1),
            Column("Net transfer a year", style="", decimals=1),
        ),
        (RowGroup(None, tuple(rows)),),
        (
            sentence(
                "All goods: sectors weigh what {payer} sold to {host} in {year}.",
                payer=Name(payer),
                host=Name(host),
                year=Fact(view.year, "year"),
            ),
        ),
    )
    blocks: list[Block] = [table]
    told: dict[tuple[str, str], str] = {}
    for package in view.packages:
        blocks.extend(_clauses(view, package, told))
    background = view.deal.background
    if background.clause:
        items = tuple(_common(view, clause) for clause in background.clause)
        name = background.title or "What holds in every package"
        blocks.append(Bullets(items, folded=f"{name}: the same in {_holding(view)}"))
    changes = list_changes(view, date)
    if changes:
        blocks.append(Bullets(changes, folded="Changed since the day assessed, and not counted"))
    return Section("terms", "What is in each package", tuple(blocks))


def _holding(view: BriefingView) -> str:
    """Return which packages the background holds in."""
    without = [name for name in view.packages if not view.deal.package(name).background]
    if not without:
        return "every package"
    return f"every package but {listed([view.package(name) for name in without]).text}"


def _common(view: BriefingView, clause: ClauseBase) -> Prose:
    """Return a clause of the background with its note, its sources and their grades."""
    known: dict[str, Source] = {source.id: source for source in view.deal.sources}
    grades: list[str] = sorted({known[name].grade for name in clause.source_ids if name in known})
    whole = sentence("{title}.", title=clause_title(clause, view))
    if grades:
        word = "Grade" if len(grades) == 1 else "Grades"
        whole += sentence("{word} {grades}.", word=Name(word), grades=listed(grades))
    if clause.note:
        whole += quoted(clause.note)
    return _cited(whole, clause)


def _row_name(view: BriefingView, package: str) -> str:
    return f"Baseline ({view.year})" if package == BASELINE else view.title(package)


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
                sentence(
                    "{title}: as in {package}.",
                    title=Name(clause.title),
                    package=Name(view.package(first)),
                )
            )
    return [*blocks, Bullets(tuple(items))] if items else blocks


def _full_title(view: BriefingView, package: str) -> str:
    title = view.deal.package(package).title
    return title or view.title(package)


def _clause(view: BriefingView, clause: ClauseBase) -> Prose:
    parts: list[Prose] = [sentence("{title}.", title=clause_title(clause, view))]
    if isinstance(clause, InvestmentClause):
        amount = Fact(clause.amount / BILLION, "bn USD", source=next(iter(clause.source_ids), ""))
        words = {
            "equity": "paid in cash",
            "direct": "paid in cash",
            "loan": "lent, counted as it is drawn",
            "guarantee": "guaranteed, counted only if called",
        }[clause.instrument]
        parts.append(sentence("{amount}, {words}.", amount=amount, words=Name(words)))
    if any(clause is one for package in view.packages for one in view.uncounted(package)):
        parts.append(sentence("Not counted."))
    if clause.note:
        parts.append(quoted(clause.note))
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    return _cited(whole, clause)


def _cited(whole: Prose, clause: ClauseBase) -> Prose:
    """Return a text with the marks of a clause's sources behind it."""
    cites = {f"c{n}": Cite(source) for n, source in enumerate(clause.source_ids)}
    marks = tuple(piece for cite in cites.values() for piece in sentence("{c}", c=cite).pieces)
    return Prose((*whole.pieces, *marks))
