"""Pairs of parties between which money moves, and the view with one of them as the principal."""

from accord.briefing.view import BriefingView


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
