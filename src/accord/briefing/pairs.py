"""Pairs of parties, and the view of an assessment with one of them as the principal pair."""

from collections.abc import Iterator

from accord.briefing.view import BriefingView
from accord.lowering.roles import pairs_of


def view_pairs(view: BriefingView) -> Iterator[BriefingView]:
    """Yield the view of each pair of parties that the deal is about, the principal first."""
    for pair in pairs_of(view.deal):
        yield seen_between(view, *pair)


def paying_pairs(view: BriefingView) -> tuple[tuple[str, str], ...]:
    """Return the pairs between which money moves, who pays first; the principal pair leads."""
    pairs = dict.fromkeys((row["payer"], row["host"]) for row in view.records("finance"))
    return tuple(sorted(pairs, key=lambda pair: pair != (view.payer, view.host)))


def seen_between(view: BriefingView, payer: str, host: str) -> BriefingView:
    """Return the view of the same assessment whose principal pair is another one."""
    if (payer, host) == (view.payer, view.host):
        return view
    language = view.words.language
    other = BriefingView(view.assessment, date=view.date, bargain=view.bargain, language=language)
    vars(other).update(payer=payer, host=host)
    return other
