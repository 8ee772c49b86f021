"""Sentences on what a year at the day's tariffs is worth to the parties, with their ranges."""

from accord.assessment.valuation.verdict import NOTHING
from accord.briefing.document.facts import SMALLEST, Fact, Prose
from accord.briefing.flows import Welfare
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView


def money(value: float, interval: tuple[float, float] | None = None) -> Fact:
    """Return a yearly flow, bn USD, as a fact."""
    return Fact(value, "bn USD a year", interval)


def share(value: float, source: str = "accord") -> Fact:
    """Return a fraction as a fact that prints in per cent."""
    return Fact(value, "share", source=source)


def ranged(welfare: Welfare) -> Fact:
    """Return the total of a welfare line with its range, bn USD a year."""
    return money(welfare.ev, (min(welfare.low, welfare.ev), max(welfare.high, welfare.ev)))


def tariff_ranged(welfare: Welfare) -> Fact:
    """Return the part from tariffs of a welfare line with its range, bn USD a year."""
    part = welfare.tariff_part
    return money(part, (min(welfare.tariff_low, part), max(welfare.tariff_high, part)))


def build_year_points(view: BriefingView) -> tuple[Prose, ...]:
    """Return what a year under the package in focus, and without a deal, brings each party."""
    points = [_year_point(view, party) for party in view.parties]
    return (*points, _no_deal_point(view))


def _year_point(view: BriefingView, party: str) -> Prose:
    welfare = view.welfare(view.focus, NO_DEAL, party)
    name = view.marked(view.region(party), party)
    total, change = ranged(welfare), share(welfare.change)
    if min(abs(welfare.tariff_part), abs(welfare.transfer_part)) < SMALLEST:
        whole = view.say(
            "yearly.point.plain", party=name, total=total, aside=_aside(view, total), change=change
        )
    else:
        whole = view.say(
            "yearly.point.parts", party=name, tariffs=money(welfare.tariff_part),
            aside=_aside(view, tariff_ranged(welfare)), transfer=money(welfare.transfer_part),
        )  # fmt: skip
        whole += view.say(
            "yearly.point.total", total=total, aside=_aside(view, total), change=change
        )
    moved = view.transfers.get(view.focus, ())
    if any(party == transfer.payer for transfer in moved):
        return whole + view.say("yearly.point.before_returns")
    if any(party == transfer.host for transfer in moved):
        return whole + view.say("yearly.point.before_repayment")
    return whole


def _aside(view: BriefingView, fact: Fact) -> Prose:
    """Return the range of a fact in brackets; it says so where the sign is not settled."""
    low, high = fact.interval or (0.0, 0.0)
    if high - low < SMALLEST:
        return Prose(())
    key = "yearly.range.open" if low < -SMALLEST and high > SMALLEST else "yearly.range.settled"
    return view.phrase(key, span=fact.interval_text(words=view.words.numbers))


def _no_deal_point(view: BriefingView) -> Prose:
    whole = Prose(())
    for party in view.parties:
        welfare = view.welfare(NO_DEAL, BASELINE, party)
        size = "better" if welfare.ev >= 0 else "worse"
        whole += view.say(
            f"yearly.no_deal.{size if abs(welfare.ev) >= NOTHING else 'same'}",
            party=view.region(party), value=money(welfare.ev), aside=_aside(view, ranged(welfare)),
        )  # fmt: skip
    return whole + view.say("yearly.no_deal.scope")
