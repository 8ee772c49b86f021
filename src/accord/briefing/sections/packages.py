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
from accord.briefing.view import BASELINE, Reading
from accord.briefing.words.clause_titles import KINDS, clause_title
from accord.briefing.words.law_changes import list_changes
from accord.core.provenance import Source
from accord.deal.clauses.finance import InvestmentClause
from accord.deal.fields import ClauseBase

BILLION = 1e9


def build_not_priced(reading: Reading) -> tuple[Prose, ...]:
    """Return the list of what no figure of the briefing counts, in plain words."""
    found: dict[str, list[str]] = {}
    for package in reading.packages:
        for clause in reading.uncounted(package):
            kind = str(getattr(clause, "kind", ""))
            titles = found.setdefault(kind, [])
            where = reading.package(package)
            titles.append(f"{clause.title} ({where})" if clause.title else where)
    lines = [
        sentence(
            "{kind}: {titles}.",
            kind=Name(KINDS.get(kind, kind.replace("_", " "))),
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
    if reading.transfers:
        last = reading.deal.window[0] + reading.deal.settings.horizon - 1
        lines.append(
            sentence("What is built earns nothing here after {last}.", last=Fact(last, "year"))
        )
    if reading.records("floors"):
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


def build_terms(reading: Reading, date: dt.date) -> Section:
    """Return the section with the terms of each package: rates, money, and the clauses' titles.

    Folded below them: what holds in every package, and what has changed since, up to the date.
    """
    sector = reading.main_sector
    rows = []
    for package in (BASELINE, *reading.packages):
        moved = reading.transfers.get(package, ())
        cells: list[Cell] = [
            Fact(reading.rate(package), "share"),
            Fact(reading.rate(package, sector), "share"),
        ]
        for column in ("gross", "displaced", "net"):
            total = sum(getattr(one, column) for one in moved)
            cells.append(money(total) if moved else None)
        rows.append(Row(sentence("{name}", name=Name(_row_name(reading, package))), tuple(cells)))
    host, payer = reading.region(reading.host), reading.region(reading.payer)
    table = Table(
        "terms-table",
        f"Tariffs of {host} on {payer}, and money from {payer} to {host}",
        sentence(
            "Tariffs on {date}, all duties included, in per cent of customs value; money in bn USD "
            "a year, the average of {first} to {last}.",
            date=Fact(reading.evaluate_on, "date"),
            first=Fact(reading.deal.window[0], "year"),
            last=Fact(reading.deal.window[-1], "year"),
        ),
        (
            Column("Package", numeric=False),
            Column("All goods", style="", decimals=1, with_unit=True),
            Column(reading.sector(sector), style="", decimals=1, with_unit=True),
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
                year=Fact(reading.year, "year"),
            ),
        ),
    )
    blocks: list[Block] = [table]
    told: dict[tuple[str, str], str] = {}
    for package in reading.packages:
        blocks.extend(_clauses(reading, package, told))
    background = reading.deal.background
    if background.clause:
        items = tuple(_common(reading, clause) for clause in background.clause)
        name = background.title or "What holds in every package"
        blocks.append(Bullets(items, folded=f"{name}: the same in {_holding(reading)}"))
    changes = list_changes(reading, date)
    if changes:
        blocks.append(Bullets(changes, folded="Changed since the day assessed, and not counted"))
    return Section("terms", "What is in each package", tuple(blocks))


def _holding(reading: Reading) -> str:
    """Return which packages the background holds in."""
    without = [name for name in reading.packages if not reading.deal.package(name).background]
    if not without:
        return "every package"
    return f"every package but {listed([reading.package(name) for name in without]).text}"


def _common(reading: Reading, clause: ClauseBase) -> Prose:
    """Return a clause of the background with its note, its sources and their grades."""
    known: dict[str, Source] = {source.id: source for source in reading.deal.sources}
    grades: list[str] = sorted({known[name].grade for name in clause.source_ids if name in known})
    whole = sentence("{title}.", title=clause_title(clause, reading))
    if grades:
        word = "Grade" if len(grades) == 1 else "Grades"
        whole += sentence("{word} {grades}.", word=Name(word), grades=listed(grades))
    if clause.note:
        whole += quoted(clause.note)
    return _cited(whole, clause)


def _row_name(reading: Reading, package: str) -> str:
    return f"Baseline ({reading.year})" if package == BASELINE else reading.title(package)


def _clauses(reading: Reading, package: str, told: dict[tuple[str, str], str]) -> list[Block]:
    """Return the terms of a package; what an earlier package has word for word is only named."""
    content = reading.deal.package(package)
    blocks: list[Block] = [Heading(quoted(_full_title(reading, package)))]
    if content.note:
        blocks.append(Paragraph(quoted(content.note)))
    items: list[Prose] = []
    for clause in content.clause:
        words = (clause.title, clause.note)
        first = told.setdefault(words, package) if clause.title else package
        if first == package:
            items.append(_clause(reading, clause))
        else:
            items.append(
                sentence(
                    "{title}: as in {package}.",
                    title=Name(clause.title),
                    package=Name(reading.package(first)),
                )
            )
    return [*blocks, Bullets(tuple(items))] if items else blocks


def _full_title(reading: Reading, package: str) -> str:
    title = reading.deal.package(package).title
    return title or reading.title(package)


def _clause(reading: Reading, clause: ClauseBase) -> Prose:
    parts: list[Prose] = [sentence("{title}.", title=clause_title(clause, reading))]
    if isinstance(clause, InvestmentClause):
        amount = Fact(clause.amount / BILLION, "bn USD", source=next(iter(clause.source_ids), ""))
        words = {
            "equity": "paid in cash",
            "direct": "paid in cash",
            "loan": "lent, counted as it is drawn",
            "guarantee": "guaranteed, counted only if called",
        }[clause.instrument]
        parts.append(sentence("{amount}, {words}.", amount=amount, words=Name(words)))
    if any(clause is one for package in reading.packages for one in reading.uncounted(package)):
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
