"""Deals that have something in common with another: parties, instruments, dates."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.deal import Deal
from accord.deal.regions import members_of

YEAR = 366  # days: deals within a year of each other are told so
PARTY, INSTRUMENT, DATE = 2.0, 1.0, 0.5  # what each thing in common weighs


@dataclass(frozen=True)
class Related:
    """A deal that is related to another one.

    Attributes:
        name: Its name.
        title: Its title.
        parties: Parties that both have; a member of a group is named by the region.
        instruments: Instruments and kinds of clauses beside tariffs that both have.
        days: Days between the two assessment dates.
    """

    name: str
    title: str
    parties: tuple[str, ...]
    instruments: tuple[str, ...]
    days: int

    @property
    def weight(self) -> float:
        """How closely it is related: the higher, the closer."""
        near = max(0.0, 1.0 - self.days / YEAR)
        return PARTY * len(self.parties) + INSTRUMENT * len(self.instruments) + DATE * near


@dataclass(frozen=True)
class Profile:
    """What a deal may have in common with others.

    Attributes:
        name: Its name.
        title: Its title.
        members: Every region of the parties, with the party it belongs to.
        instruments: What its packages move beside tariffs, in order of appearance.
        day: Its assessment date.
    """

    name: str
    title: str
    members: dict[str, str]
    instruments: tuple[str, ...]
    day: dt.date


def build_profile(deal: Deal) -> Profile:
    """Return what a deal may have in common with others.

    Tariffs, which nearly every deal has, and what stands in the background are no instrument.
    """
    return Profile(deal.name, deal.title, _members(deal), _instruments(deal), deal.evaluate_on)


def find_related(deal: Deal, others: Iterable[Deal]) -> tuple[Related, ...]:
    """Return the other deals with a party or an instrument in common, the closest first.

    A deal of the same name is the deal itself.
    """
    return rank_profiles(build_profile(deal), map(build_profile, others))


def rank_profiles(mine: Profile, others: Iterable[Profile]) -> tuple[Related, ...]:
    """Return what is related to a deal, from the profiles alone, the closest first."""
    related = []
    for other in others:
        in_both = tuple(name for name in mine.members if name in other.members)
        shared = tuple(name for name in mine.instruments if name in other.instruments)
        if other.name != mine.name and (in_both or shared):
            days = abs((other.day - mine.day).days)
            parties = tuple(dict.fromkeys(mine.members[name] for name in in_both))
            related.append(Related(other.name, other.title, parties, shared, days))
    return tuple(sorted(related, key=lambda entry: (-entry.weight, entry.name)))


def _members(deal: Deal) -> dict[str, str]:
    """Return every region of the parties, with the party it belongs to."""
    return {member: party for party in deal.parties for member in (members_of(party) or (party,))}


def _instruments(deal: Deal) -> tuple[str, ...]:
    """Return what the packages of a deal move beside tariffs, in order of appearance."""
    clauses = [clause for package in deal.packages for clause in package.clause]
    return tuple(dict.fromkeys(name for clause in clauses for name in _names(clause)))


def _names(clause: ClauseBase) -> tuple[str, ...]:
    if isinstance(clause, InvestmentClause):
        return tuple(dict.fromkeys(part.instrument for part in clause.parts))
    return () if clause.kind == "tariff" else (clause.kind,)
