"""The tariffs of each package between the parties by date, beside those of the base year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from accord.data.world import World
from accord.deal.deal import Deal
from accord.lowering.tariff_path import turns_of
from accord.lowering.tariff_schedule import effective_rates


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
    return tuple(row for name in deal.package_names for row in _rows(deal, name, world))


def _rows(deal: Deal, name: str, world: World) -> Iterator[PackageTariff]:
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
