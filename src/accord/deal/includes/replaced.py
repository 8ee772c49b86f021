"""Clauses of a background that clauses of a deal replace, and what is left of them."""

from collections.abc import Iterable, Sequence

from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.tariff import TariffClause
from accord.deal.products import EVERYTHING
from accord.deal.regions import members_of


def standing(background: Sequence[ClauseBase], own: Sequence[ClauseBase]) -> tuple[ClauseBase, ...]:
    """Return the clauses of a background that hold beside the clauses of a deal.

    A clause says in `replaces` whose place it takes. A tariff is replaced for the exporters of the
    clause that replaces it, and goes on for all others; any other clause is replaced altogether.
    """
    replacing = [clause for clause in own if clause.replaces]
    if not replacing:
        return tuple(background)
    left: list[ClauseBase] = []
    for clause in background:
        kept: ClauseBase | None = clause
        for other in replacing:
            if kept is not None and clause.id in (other.replaces or ()):
                kept = _rest(kept, other)
        if kept is not None:
            left.append(kept)
    return tuple(left)


def between(background: Iterable[ClauseBase], parties: Sequence[str]) -> tuple[TariffClause, ...]:
    """Return the tariffs that one party charges on exporters among which another is named."""
    inside = _members(parties) | set(parties)
    return tuple(
        clause
        for clause in background
        if isinstance(clause, TariffClause)
        and not inside.isdisjoint({clause.importer, *members_of(clause.importer)})
        and not inside.isdisjoint(_members(clause.exporters))
    )


def _rest(clause: ClauseBase, other: ClauseBase) -> ClauseBase | None:
    """Return what is left of a clause beside the one that replaces it; None for nothing."""
    theirs, ours = _exporters(clause), _exporters(other)
    if theirs is None or ours is None:
        return None
    names, left_out = theirs
    gone, kept = ours
    if EVERYTHING in gone:
        exporters = tuple(sorted(_members(kept) - _members(left_out)))
        if EVERYTHING not in names:
            exporters = tuple(name for name in exporters if name in _members(names))
        change = {"exporters": exporters, "except_exporters": ()}
    else:
        gone = gone if not kept else tuple(sorted(_members(gone) - _members(kept)))
        exporters, left_out = names, (*left_out, *gone)
        change = {"exporters": exporters, "except_exporters": left_out}
        if EVERYTHING not in names and _members(names) <= _members(left_out):
            return None
    return clause.model_copy(update=change) if exporters else None


def _exporters(clause: ClauseBase) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return the exporters that a tariff names and leaves out; None for any other clause."""
    exporters = getattr(clause, "exporters", None)
    return None if exporters is None else (exporters, getattr(clause, "except_exporters", ()))


def _members(names: Sequence[str]) -> set[str]:
    """Return names, and for those of groups their members too."""
    return {member for name in names for member in (members_of(name) or (name,))}
