"""Tariffs by date, as rows: those that were in force, and those of each package.

The first are compared with a published series.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal, History
from accord.deal.products import expand_regions
from accord.lowering.tariff_path import turns_of
from accord.lowering.tariff_schedule import effective_rates


@dataclass(frozen=True)
class HistoryRow:
    """One day of one path: rates in import-weighted fractions of customs value.

    `added` is what the law adds in the end, over the duty of the base year; `at_border` what was
    collected on the day, before refunds; `total` is `added` with the duty of the base year.
    `changes` are the titles of the clauses that start on the day or have started since the day
    reported before.
    """

    history: str
    date: date
    importer: str
    exporter: str
    added: float
    at_border: float
    total: float
    changes: tuple[str, ...]


def tariff_history(deal: Deal, world: World) -> tuple[HistoryRow, ...]:
    """Return the rows of every history of a deal: by history, exporter and day."""
    rows: list[HistoryRow] = []
    for history in deal.histories:
        for exporter in history.exporters:
            rows.extend(_rows(history, exporter, world))
    return tuple(rows)


def _rows(history: History, exporter: str, world: World) -> list[HistoryRow]:
    final, paid = (
        effective_rates(
            history.clause,
            world,
            history.dates,
            importer=history.importer,
            exporters=[exporter],
            at_border=at_border,
        )
        for at_border in (False, True)
    )
    rows: list[HistoryRow] = []
    last = date.min
    for counted, collected in zip(final, paid, strict=True):
        changes = tuple(
            clause.title or clause.path
            for clause in history.clause
            if last < _start(clause) <= counted.date and _concerns(clause, exporter, world)
        )
        last = counted.date
        rows.append(
            HistoryRow(
                history.name,
                counted.date,
                history.importer,
                exporter,
                counted.added,
                collected.added,
                counted.total,
                changes,
            )
        )
    return rows


def _start(clause: ClauseBase) -> date:
    """First day of a clause that has one; never reported otherwise."""
    if isinstance(clause, TariffClause | RulingClause) and clause.from_ is not None:
        return clause.from_
    return date.min


def _concerns(clause: ClauseBase, exporter: str, world: World) -> bool:
    """Whether a clause touches the goods of an exporter or group."""
    if not isinstance(clause, TariffClause):
        return True
    ours = set(expand_regions([exporter], world.regions))
    left_out = set(expand_regions(clause.except_exporters, world.regions))
    return bool(ours & (set(expand_regions(clause.exporters, world.regions)) - left_out))


@dataclass(frozen=True)
class PackageTariff:
    """The rate of one party on another from one day on, import-weighted fractions of goods.

    `before` is the duty of the base year, `after` that with what is collected under the package's
    clauses, `statutory` with all that they say.
    """

    package: str
    importer: str
    exporter: str
    date: date
    before: float
    after: float
    statutory: float


def package_tariffs(deal: Deal, world: World) -> tuple[PackageTariff, ...]:
    """Return the tariffs between the parties under every package, no deal first.

    The first day of each is that of the assessment; later ones are those on which a rate changes.
    """
    return tuple(row for name in deal.package_names for row in _rows_of_package(deal, name, world))


def _rows_of_package(deal: Deal, name: str, world: World) -> Iterator[PackageTariff]:
    clauses = deal.clauses(name)
    later = sorted({day for day in turns_of(clauses) if day > deal.evaluate_on})
    for importer in deal.parties:
        others = [party for party in deal.parties if party != importer]
        for exporter in others:
            last = None
            for row in effective_rates(
                clauses, world, (deal.evaluate_on, *later), importer=importer, exporters=[exporter]
            ):
                now = (row.total, row.statutory)
                if now != last:
                    before = row.total - row.added
                    yield PackageTariff(name, importer, exporter, row.date, before, *now)
                last = now
