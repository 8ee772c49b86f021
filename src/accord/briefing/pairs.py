"""Pairs of parties, and the view of an assessment with one of them as the principal pair."""

from collections.abc import Iterator

from accord.briefing.document.facts import SMALLEST
from accord.briefing.view import NO_DEAL, BriefingView
from accord.lowering.roles import pairs_of

SEEN = 0.005  # of what is sold: below this two figures read the same


def view_pairs(view: BriefingView) -> Iterator[BriefingView]:
    """Yield the view of each pair of parties that the deal is about, the principal first."""
    for pair in pairs_of(view.deal):
        yield seen_between(view, *pair)


def paying_pairs(view: BriefingView) -> tuple[tuple[str, str], ...]:
    """Return the pairs between which money moves, who pays first; the principal pair leads.

    Goods bought at market prices move none: they are worth what is paid for them.
    """
    pairs = dict.fromkeys(
        (row["payer"], row["host"])
        for row in view.records("finance")
        if max(abs(row["called"]), abs(row["npv"])) > 0
    )
    return tuple(sorted(pairs, key=lambda pair: pair != (view.payer, view.host)))


def at_stake(pair: BriefingView) -> float:
    """Return by how much exports of a pair's main sector change with the package, bn USD a year."""
    deal, none = (
        pair.exports(package, pair.payer, pair.main_sector) for package in (pair.focus, NO_DEAL)
    )
    return abs(deal - none)


def moves_sales(pair: BriefingView) -> bool:
    """Return whether the change of a pair's main sector shows in two digits of what it sells."""
    sold = pair.exports(NO_DEAL, pair.payer, pair.main_sector)
    return at_stake(pair) >= max(SMALLEST, SEEN * sold)


def seen_between(view: BriefingView, payer: str, host: str) -> BriefingView:
    """Return the view of the same assessment whose principal pair is another one."""
    if (payer, host) == (view.payer, view.host):
        return view
    language = view.words.language
    other = BriefingView(view.assessment, date=view.date, bargain=view.bargain, language=language)
    vars(other).update(payer=payer, host=host)
    return other
