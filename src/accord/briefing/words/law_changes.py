"""Tariff changes and rulings between the assessment date and the day of the page."""

import datetime as dt
from dataclasses import dataclass

from accord.briefing.document.facts import Fact, Prose
from accord.briefing.view import BriefingView
from accord.briefing.words.clause_titles import clause_title
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.clauses.tax import TaxClause

NAMED = 2
RULING = "law.ruling"


@dataclass(frozen=True)
class LawChange:
    """A tariff that starts or ends, or a ruling.

    Attributes:
        day: On which it happens.
        title: Of the clause.
        key: The message that says it.
        is_own: Whether it is a tariff of one party on another.
    """

    day: dt.date
    title: Prose
    key: str
    is_own: bool = False

    def tell(self, view: BriefingView) -> Prose:
        """Return the change with its day, without a full stop."""
        return view.phrase(self.key, title=self.title, on=Fact(self.day, "date"))


def find_law_changes(view: BriefingView) -> tuple[LawChange, ...]:
    """Return what the packages' clauses change after the day assessed, up to that of the page.

    What several packages say of a day in the same words is one change.
    """
    start = view.evaluate_on
    clauses = {
        clause.path or str(clause): clause
        for package in view.packages
        for clause in view.deal.clauses(package)
    }
    changes: list[LawChange] = []
    for clause in clauses.values():
        if not isinstance(clause, RulingClause | TariffClause | TaxClause):
            continue
        title = clause_title(clause, view)
        if isinstance(clause, RulingClause):
            changes.append(LawChange(clause.from_, title, RULING))
            continue
        own = _is_own(view, clause)
        if clause.from_ is not None:
            changes.append(LawChange(clause.from_, title, "law.started", own))
        if clause.until is not None:
            changes.append(LawChange(clause.until + dt.timedelta(1), title, "law.ended", own))
        if isinstance(clause, TariffClause):
            changes += [LawChange(step.from_, title, "law.changed", own) for step in clause.steps]
    later = {
        (change.day, str(change.title), change.key): change
        for change in changes
        if start < change.day <= view.date
    }
    return tuple(later[key] for key in sorted(later))


def _is_own(view: BriefingView, clause: TariffClause | TaxClause) -> bool:
    """Return whether a party charges another one under the clause, or levies a tax itself."""
    if isinstance(clause, TaxClause):
        levying = set(view.members(clause.region))
        return any(levying & set(view.members(party)) for party in view.deal.parties)
    charged = {member for name in clause.exporters for member in view.members(name)}
    charged -= {member for name in clause.except_exporters for member in view.members(name)}
    importers = set(view.members(clause.importer))
    members = {party: set(view.members(party)) for party in view.deal.parties}
    return any(
        members[host] & importers and members[payer] & charged
        for host in members
        for payer in members
        if host != payer
    )


def build_warning(view: BriefingView) -> Prose | None:
    """Return the warning that the rates are no longer those of the day, or None.

    It names a ruling first, then what the parties charge each other.
    """
    changes = find_law_changes(view)
    if not changes:
        return None
    first = sorted(
        changes, key=lambda change: (change.key != RULING, not change.is_own, change.day)
    )[:NAMED]
    whole = view.say("law.since")
    for change in first:
        whole += view.say("law.line", change=change.tell(view))
    rest = len(changes) - len(first)
    if rest:
        key = f"law.more.{'one' if rest == 1 else 'other'}"
        whole += view.say(key, rest=Fact(rest, "count"))
    return whole + view.say("law.counted")


def list_changes(view: BriefingView) -> tuple[Prose, ...]:
    """Return every change as a sentence of its own."""
    return tuple(
        view.say("law.line", change=change.tell(view)) for change in find_law_changes(view)
    )
