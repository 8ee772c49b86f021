"""What each package holds, and what of it is not priced yet."""

from accord.briefing.document import (
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
from accord.briefing.facts import Cite, Fact, Name, Prose, quoted, sentence
from accord.briefing.figures import money
from accord.briefing.reading import BASELINE, Reading
from accord.deal.money import InvestmentClause
from accord.deal.parts import ClauseBase

BILLION = 1e9

_KINDS = {
    "profit_split": "the split of profits",
    "swap_line": "a currency swap line",
    "fx_adjustment": "a say in the pace of payments when the currency is under stress",
    "visa": "visas",
    "purchase": "promised purchases",
}


def build_not_priced(reading: Reading) -> tuple[Prose, ...]:
    """Return the list of what no figure of the briefing counts, in plain words."""
    found: dict[str, list[str]] = {}
    for package in reading.packages:
        for clause in reading.deal.package(package).unpriced:
            kind = str(getattr(clause, "kind", ""))
            titles = found.setdefault(kind, [])
            title = clause.title or _KINDS.get(kind, kind)
            titles.append(f"{title} ({reading.package(package)})")
    lines = [
        sentence(
            "{kind}: {titles}.",
            kind=Name(_KINDS.get(kind, kind.replace("_", " "))),
            titles=Name("; ".join(titles)),
        )
        for kind, titles in found.items()
    ]
    if reading.transfers:
        lines.insert(
            0,
            sentence(
                "What the investment earns and when it is repaid: the transfer is counted as money "
                "that leaves, averaged over {years} years, and nothing is counted as coming back.",
                years=Fact(len(reading.deal.window), "count"),
            ),
        )
    lines.append(
        sentence(
            "Pressure on the currency, on reserves and on public debt, and anything that is not "
            "economic: security, credibility, politics at home."
        )
    )
    return tuple(lines)


def build_terms(reading: Reading) -> Section:
    """Return the section with the terms of each package: rates, money, and the clauses' titles."""
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
            Column("Money, in all", style="", decimals=1),
            Column("of which invested anyway", style="", decimals=1),
            Column("Net transfer", style="", decimals=1),
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
    return Section("terms", "What is in each package", tuple(blocks))


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
            items.append(_clause(clause))
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


def _clause(clause: ClauseBase) -> Prose:
    kind = str(getattr(clause, "kind", "")).replace("_", " ")
    title = clause.title or kind
    parts: list[Prose] = [sentence("{title}.", title=Name(title))]
    if isinstance(clause, InvestmentClause):
        amount = Fact(clause.amount / BILLION, "bn USD", source=next(iter(clause.source_ids), ""))
        words = {
            "equity": "paid in cash",
            "direct": "paid in cash",
            "loan": "lent, counted as it is drawn",
            "guarantee": "guaranteed, counted only if called",
        }[clause.instrument]
        parts.append(sentence("{amount}, {words}.", amount=amount, words=Name(words)))
    if not clause.priced:
        parts.append(sentence("Not priced yet."))
    if clause.note:
        parts.append(quoted(clause.note))
    whole = parts[0]
    for part in parts[1:]:
        whole += part
    cites = {f"c{n}": Cite(source) for n, source in enumerate(clause.source_ids)}
    marks = tuple(piece for cite in cites.values() for piece in sentence("{c}", c=cite).pieces)
    return Prose((*whole.pieces, *marks))
