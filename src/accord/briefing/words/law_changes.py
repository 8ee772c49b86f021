"""What a deal file says has changed between the day assessed and the day of the page."""

import datetime as dt
from dataclasses import dataclass

from accord.briefing.document.facts import Fact, Name, Prose, quoted, sentence
from accord.briefing.view import BriefingView
from accord.briefing.words.clause_titles import clause_title
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import TariffClause

NAMED = 2


@dataclass(frozen=True)
class Change:
    """A tariff that starts or ends, or a ruling, with its day."""

    day: dt.date
    title: Prose
    verb: str
    ruling: bool

    @property
    def prose(self) -> Prose:
        """The change with its day, without a full stop."""
        return sentence(
            "“{title}”{verb} ({day})",
            title=self.title,
            verb=Name(f" {self.verb}" if self.verb else ""),
            day=Fact(self.day, "date"),
        )


def find_changes(view: BriefingView, date: dt.date) -> tuple[Change, ...]:
    """Return what the packages' clauses change after the day assessed, up to a date, by day."""
    start = view.evaluate_on
    clauses = {
        clause.path or str(clause): clause
        for package in view.packages
        for clause in view.deal.clauses(package)
    }
    found: list[Change] = []
    for clause in clauses.values():
        if not isinstance(clause, RulingClause | TariffClause):
            continue
        title = clause_title(clause, view)
        if isinstance(clause, RulingClause):
            found.append(Change(clause.from_, title, "", ruling=True))
            continue
        if clause.from_ is not None:
            found.append(Change(clause.from_, title, "started", ruling=False))
        if clause.until is not None:
            found.append(Change(clause.until + dt.timedelta(1), title, "ended", ruling=False))
        found += [Change(step.from_, title, "changed", ruling=False) for step in clause.steps]
    later = [change for change in found if start < change.day <= date]
    return tuple(sorted(later, key=lambda change: (change.day, str(change.title))))


def build_since(view: BriefingView, date: dt.date) -> Prose | None:
    """Return the warning that the rates are no longer those of the day, or None."""
    changes = find_changes(view, date)
    if not changes:
        return None
    first = sorted(changes, key=lambda change: (not change.ruling, change.day))[:NAMED]
    named = first[0].prose
    for change in first[1:]:
        named = sentence("{before}; {more}", before=named, more=change.prose)
    rest = len(changes) - len(first)
    text = "Since {day} the rules have changed: {named}"
    text += ", and {rest} more. " if rest else ". "
    return sentence(
        text + "The verdict counts this; the yearly figures do not.",
        day=Fact(view.evaluate_on, "date"),
        named=named,
        rest=Fact(rest, "count"),
    )


def list_changes(view: BriefingView, date: dt.date) -> tuple[Prose, ...]:
    """Return every change as a sentence of its own."""
    return tuple(
        Prose((*change.prose.pieces, *quoted(".").pieces)) for change in find_changes(view, date)
    )
