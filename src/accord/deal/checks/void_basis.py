"""Tariffs that rest on a legal basis which a court has taken away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from accord.cases.shipped import background_names, background_path
from accord.core.errors import Notice
from accord.deal.checks.text.reading import parse_text, read_text
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal

SHOWN = 3
SOON = timedelta(days=365)


@dataclass(frozen=True)
class KnownRuling:
    """A ruling of a background: whose tariffs on which basis are void, from when, and why."""

    background: str
    importer: str
    basis: str
    from_: date
    reason: str


@lru_cache(maxsize=1)
def known_rulings() -> tuple[KnownRuling, ...]:
    """Return the rulings that the shipped backgrounds hold, by day."""
    known = []
    for name in background_names():
        rows = parse_text(read_text(background_path(name)), name)["clause"]
        known += [
            KnownRuling(name, row["importer"], row["basis"], row["from"], row["note"].rstrip("."))
            for row in rows
            if row["kind"] == "ruling"
        ]
    return tuple(sorted(known, key=lambda ruling: ruling.from_))


def find_void_tariffs(deal: Deal) -> Iterator[Notice]:
    """Yield a notice for the tariffs of each package that outlive their legal basis.

    Two kinds are told apart. A ruling on record is not in the deal, so that its tariffs go on; or a
    ruling of the deal holds on the assessment date already, so that its clauses add nothing.
    """
    for name in deal.package_names:
        clauses = deal.clauses(name)
        tariffs = [clause for clause in clauses if isinstance(clause, TariffClause)]
        written = [clause for clause in clauses if isinstance(clause, RulingClause)]
        for known in known_rulings():
            if deal.as_known_on is not None and known.from_ > deal.as_known_on:
                continue
            affected = [
                clause
                for clause in tariffs
                if (clause.importer, clause.basis) == (known.importer, known.basis)
                and (clause.until is None or clause.until >= known.from_)
            ]
            answered = any(
                (ruling.importer, ruling.basis) == (known.importer, known.basis)
                for ruling in written
            )
            if affected and not answered:
                yield _untold(name, known, affected)
        for ruling in written:
            void = [
                clause
                for clause in deal.package(name).clause
                if isinstance(clause, TariffClause)
                and (clause.importer, clause.basis) == (ruling.importer, ruling.basis)
            ]
            if void and ruling.from_ <= deal.evaluate_on:
                yield _void(name, ruling, void, deal.evaluate_on)


def find_ending_tariffs(deal: Deal) -> Iterator[Notice]:
    """Yield a notice for each ruling that ends tariffs of the packages within a year.

    The year begins with the day that is assessed: what is compared is soon gone.
    """
    ending: dict[RulingClause, dict[str, TariffClause]] = {}
    for name in deal.package_names:
        rulings = [
            clause
            for clause in deal.clauses(name)
            if isinstance(clause, RulingClause)
            and deal.evaluate_on < clause.from_ <= deal.evaluate_on + SOON
        ]
        for clause in deal.package(name).clause:
            for ruling in rulings:
                if isinstance(clause, TariffClause) and _is_ended(clause, ruling):
                    ending.setdefault(ruling, {})[clause.path] = clause
    for ruling, clauses in ending.items():
        days = (ruling.from_ - deal.evaluate_on).days
        tariffs = list(clauses.values())
        message = (
            f"{_count(tariffs)} on basis {ruling.basis}, void from {ruling.from_.isoformat()}: "
            f"{days} days after the day that is assessed"
        )
        remedy = "the briefing has payoffs with that day's tariffs frozen, and with the ruling"
        yield Notice(tariffs[0].path, message, remedy)


def find_late_tariffs(deal: Deal) -> Iterator[Notice]:
    """Yield a notice for each tariff that begins when its basis is void already."""
    for name in deal.package_names:
        clauses = deal.clauses(name)
        rulings = [clause for clause in clauses if isinstance(clause, RulingClause)]
        for clause in deal.package(name).clause:
            for ruling in rulings:
                if isinstance(clause, TariffClause) and _is_late(clause, ruling):
                    message = f"begins on a basis, {ruling.basis}, void since {ruling.from_}"
                    remedy = "it is never charged; give it a basis that stands"
                    yield Notice(clause.path, message, remedy)


def _is_late(clause: TariffClause, ruling: RulingClause) -> bool:
    same = (clause.importer, clause.basis) == (ruling.importer, ruling.basis)
    return same and clause.from_ is not None and clause.from_ >= ruling.from_


def _is_ended(clause: TariffClause, ruling: RulingClause) -> bool:
    """Whether a ruling ends a tariff that would have gone on."""
    same = (clause.importer, clause.basis) == (ruling.importer, ruling.basis)
    ended = clause.until is None or clause.until >= ruling.from_
    return same and ended and not _is_late(clause, ruling)


def _untold(package: str, known: KnownRuling, affected: list[TariffClause]) -> Notice:
    """The notice that a ruling on record is missing from a package."""
    message = (
        f"{package} has {_count(affected)} on basis {known.basis} after "
        f"{known.from_.isoformat()}, when {known.reason[0].lower()}{known.reason[1:]}"
    )
    remedy = (
        f'write include = "{known.background}", which has the ruling; or add to [background]: '
        f'kind = "ruling", importer = "{known.importer}", '
        f'basis = "{known.basis}", from = {known.from_.isoformat()}; or end them with `until`'
    )
    return Notice(affected[0].path, message, remedy)


def _void(package: str, ruling: RulingClause, void: list[TariffClause], day: date) -> Notice:
    """The notice that clauses of a package are void on the assessment date."""
    message = (
        f"{package} has {_count(void)} on basis {ruling.basis}, void since "
        f"{ruling.from_.isoformat()}: nothing of it is charged on {day.isoformat()}"
    )
    return Notice(void[0].path, message, "state the basis that holds now, or an earlier day")


def _count(clauses: list[TariffClause]) -> str:
    """How many clauses there are, with the places of the first ones."""
    paths = ", ".join(clause.path for clause in clauses[:SHOWN])
    more = ", …" if len(clauses) > SHOWN else ""
    return f"{len(clauses)} tariff{'s'[: len(clauses) != 1]} ({paths}{more})"
