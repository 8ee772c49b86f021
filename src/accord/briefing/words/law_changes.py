"""Tariff changes and rulings between the assessment date and the day of the page."""

import datetime as dt
from dataclasses import dataclass

from accord.briefing.document.facts import Fact, Prose
from accord.briefing.view import BriefingView
from accord.briefing.words.clause_titles import clause_title
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause

NAMED = 2
RULING = "law.ruling"


@dataclass(frozen=True)
class LawChange:
    """A tariff that starts or ends, or a ruling: its day, its title, the message that says it."""

    day: dt.date
    title: Prose
    key: str

    def tell(self, view: BriefingView) -> Prose:
        """Return the change with its day, without a full stop."""
        return view.phrase(self.key, title=self.title, on=Fact(self.day, "date"))


def find_law_changes(view: BriefingView) -> tuple[LawChange, ...]:
    """Return what the packages' clauses change after the day assessed, up to that of the page."""
    start = view.evaluate_on
    clauses = {
        clause.path or str(clause): clause
        for package in view.packages
        for clause in view.deal.clauses(package)
    }
    changes: list[LawChange] = []
    for clause in clauses.values():
        if not isinstance(clause, RulingClause | TariffClause):
            continue
        title = clause_title(clause, view)
        if isinstance(clause, RulingClause):
            changes.append(LawChange(clause.from_, title, RULING))
            continue
        if clause.from_ is not None:
            changes.append(LawChange(clause.from_, title, "law.started"))
        if clause.until is not None:
            changes.append(LawChange(clause.until + dt.timedelta(1), title, "law.ended"))
        changes += [LawChange(step.from_, title, "law.changed") for step in clause.steps]
    later = [change for change in changes if start < change.day <= view.date]
    return tuple(sorted(later, key=lambda change: (change.day, str(change.title))))


def build_warning(view: BriefingView) -> Prose | None:
    """Return the warning that the rates are no longer those of the day, or None."""
    changes = find_law_changes(view)
    if not changes:
        return None
    first = sorted(changes, key=lambda change: (change.key != RULING, change.day))[:NAMED]
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
