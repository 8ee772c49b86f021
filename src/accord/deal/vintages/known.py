"""What was known on a day: clauses, ends, steps and projects that were decided later are left out.

A measure of the background and a ruling are law: known from their first day, or from the day they
were decided where they reach back. Whatever else a deal says is on the table, and known with it.
`known` of a clause says otherwise, in either case.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from accord.core.errors import InputError, Problem
from accord.core.words import suggest
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.projects import ProjectTable
from accord.deal.vintages.entries import VintageEntry


def find_day(
    given: date | str, vintages: Sequence[VintageEntry], law_known_to: date | None
) -> date:
    """Return the day that a date, its text or the name of a vintage means.

    Args:
        given: A date, such as "2025-11-14", or the name of a vintage.
        vintages: The named ones.
        law_known_to: Day up to which the backgrounds of the deal know the law.

    Raises:
        InputError: It is none of these, or later than what the backgrounds know.
    """
    names = {vintage.name: vintage.as_of for vintage in vintages}
    day = names.get(given) if isinstance(given, str) else given
    if day is None:
        try:
            day = date.fromisoformat(str(given))
        except ValueError:
            close = suggest(str(given), tuple(names))
            known = f"write a date such as 2025-11-14, or one of {', '.join(names)}"
            remedy = f"did you mean {close}?" if close else known
            if not names:
                remedy = "write a date such as 2025-11-14; the deal file names no [[vintage]]"
            message = f"{given!r} is no date and no vintage of the deal"
            raise InputError([Problem("as_of", message, remedy)], "the day") from None
    if law_known_to is not None and day > law_known_to:
        message = f"{day.isoformat()} is later than the law that the deal includes is known to"
        remedy = f"give a day up to {law_known_to.isoformat()}, or leave it out"
        raise InputError([Problem("as_of", message, remedy)], "the day")
    return day


def unknown_projects(projects: ProjectTable, day: date) -> frozenset[str]:
    """Return the names of the kinds of projects that became known after a day."""
    return frozenset(
        name for name, kind in projects.kinds.items() if kind.known is not None and kind.known > day
    )


def known_clauses(
    clauses: Iterable[ClauseBase], day: date, unknown: Collection[str] = (), *, law: bool
) -> Iterator[ClauseBase]:
    """Yield the clauses that were known on a day, without ends and steps decided later.

    Args:
        clauses: Clauses of one table.
        day: The day.
        unknown: Kinds of projects that were not known; the others share their money.
        law: Whether the clauses are those of the background.
    """
    for clause in clauses:
        known = _known_from(clause, law=law)
        if known is not None and known > day:
            yield from _charged_meanwhile(clause, day)
        elif isinstance(clause, TariffClause):
            yield _tariff_on(clause, day)
        elif isinstance(clause, InvestmentClause) and (unknown or clause.chosen):
            yield _investment_without(clause, unknown, day)
        else:
            yield clause


def _known_from(clause: ClauseBase, *, law: bool) -> date | None:
    """Return the day from which a clause was known; None for as long as the deal is there."""
    if clause.known is not None:
        return clause.known
    if isinstance(clause, RulingClause):
        return clause.from_
    if not law:
        return None
    if isinstance(clause, TariffClause) and clause.retroactive is not None:
        return clause.retroactive.decided
    first = getattr(clause, "from_", None)
    return first if isinstance(first, date) else None


def _charged_meanwhile(clause: ClauseBase, day: date) -> Iterator[TariffClause]:
    """Yield what was charged on a day on which a decision that reaches back was not taken yet."""
    if isinstance(clause, TariffClause) and clause.from_ is not None and clause.from_ <= day:
        then = clause.retroactive
        if then is not None and day < then.decided:
            rate = {"rate": then.charged_rate, "rule": then.charged_rule, "retroactive": None}
            yield _tariff_on(clause.model_copy(update=rate), day)


def _tariff_on(clause: TariffClause, day: date) -> TariffClause:
    """Return a tariff without an end or steps that were decided after a day."""
    changes: dict[str, object] = {}
    if clause.end_known is not None and clause.end_known > day:
        changes |= {"until": None, "end_known": None}
    steps = tuple(step for step in clause.steps if step.known is None or step.known <= day)
    if steps != clause.steps:
        changes["steps"] = steps
    return clause.model_copy(update=changes) if changes else clause


def _investment_without(
    clause: InvestmentClause, unknown: Collection[str], day: date
) -> InvestmentClause:
    """Return an investment as it was known: its kinds of projects, and those chosen by then."""
    changes: dict[str, object] = {}
    chosen = tuple(
        known for known in clause.chosen if known.on <= day and known.projects not in unknown
    )
    if chosen != clause.chosen:
        changes["chosen"] = chosen
    sectors = _share_out(clause.sectors, unknown)
    if sectors != clause.sectors:
        changes["sectors"] = sectors
    parts = tuple(
        part.model_copy(update={"sectors": _share_out(part.sectors, unknown)})
        if part.sectors is not None and set(part.sectors) & set(unknown)
        else part
        for part in clause.mix
    )
    if parts != clause.mix:
        changes["mix"] = parts
    return clause.model_copy(update=changes) if changes else clause


def _share_out(shares: Mapping[str, float], gone: Collection[str]) -> dict[str, float]:
    """Return shares without some names, in proportion; none, which means `average`, if all go."""
    kept = {name: share for name, share in shares.items() if name not in gone}
    if len(kept) == len(shares):
        return kept
    whole = sum(kept.values())
    return {name: share / whole for name, share in kept.items()} if whole > 0 else {}
