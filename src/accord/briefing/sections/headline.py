"""What a briefing says of payoffs: the headline, how sure it is, and why each party gains."""

import math
from dataclasses import dataclass
from functools import cached_property

from accord.briefing.document.facts import Fact, Name, Prose, sentence
from accord.briefing.view import BriefingView

SMALL = 0.05  # bn USD: a part below this prints as nothing
DATED, FROZEN = "dated", "frozen"
PART_WORDS = {
    "tariff": "the tariffs {value:signed}",
    "transfer": "money paid out, and what it would have earned elsewhere, {value:signed}",
    "profit": "profits and repayments {value:signed}",
    "terms_of_trade": "what that does to prices and wages {value:signed}",
    "capacity": "what is built, less its cost, {value:signed}",
    "risk": "the risk of a currency crash {value:signed}",
}


@dataclass(frozen=True)
class Payoff:
    """What a package is worth to a region: present value against no deal, bn USD."""

    value: float
    low: float
    high: float
    chance: float
    parts: dict[str, float]

    @property
    def is_drawn(self) -> bool:
        """Whether there are draws behind it."""
        return math.isfinite(self.low)

    @property
    def fact(self) -> Fact:
        """The value with nine draws in ten around it."""
        return Fact(self.value, "bn USD", (self.low, self.high) if self.is_drawn else None)


class Verdicts:
    """Payoffs of one view of an assessment, looked up by package and region."""

    def __init__(self, view: BriefingView) -> None:
        """Keep the view."""
        self.view = view

    @cached_property
    def _payoffs(self) -> dict[tuple[str, str, str], Payoff]:
        parts: dict[tuple[str, str, str], dict[str, float]] = {}
        for row in self.view.records("payoff_parts"):
            key = (row["package"], row["timeline"], row["region"])
            parts.setdefault(key, {})[row["part"]] = float(row["value"])
        found = {}
        for row in self.view.records("payoffs"):
            key = (row["package"], row["timeline"], row["region"])
            value, low, high = (float(row[name]) for name in ("payoff", "low", "high"))
            found[key] = Payoff(value, low, high, float(row["gain_chance"]), parts[key])
        return found

    def get(self, package: str, region: str, law: str = DATED) -> Payoff:
        """Return the payoff of a package to a region."""
        return self._payoffs[package, law, region]

    @cached_property
    def _chances(self) -> dict[tuple[str, str], float]:
        return {
            (row["package"], row["timeline"]): float(row["all_gain"])
            for row in self.view.records("chances")
        }

    def chance_all(self, package: str, law: str = DATED) -> float:
        """Return the share of draws on which every party gains; NaN without draws."""
        return self._chances[package, law]

    @property
    def years(self) -> tuple[int, int]:
        """First and last year that count."""
        first = self.view.deal.window[0]
        return first, first + self.view.deal.settings.horizon - 1


def build_headline(view: BriefingView) -> Prose:
    """Return one sentence: what the package in focus is worth to each party."""
    verdicts, focus = Verdicts(view), view.focus
    payer, host = (verdicts.get(focus, party).value for party in (view.payer, view.host))
    return sentence(
        f"Under {{package}} {{payer}} {_verb(payer)} {{one:size}}{{between}} and {{host}} "
        f"{_verb(host)} {{two:size}}{{within}} over {{years}} years",
        between=_between(verdicts.get(focus, view.payer)),
        within=_between(verdicts.get(focus, view.host)),
        package=Name(view.package(focus)),
        payer=Name(view.region(view.payer)),
        host=Name(view.region(view.host)),
        one=verdicts.get(focus, view.payer).fact,
        two=verdicts.get(focus, view.host).fact,
        years=Fact(view.deal.settings.horizon, "count"),
    )


def build_chances(view: BriefingView) -> Prose:
    """Return what the headline's figures are, and how sure they are."""
    verdicts, focus = Verdicts(view), view.focus
    first, last = verdicts.years
    whole = sentence(
        "Present values of {first} to {last} against no deal, in prices of {year}, with tariffs by "
        "their dates.",
        first=Fact(first, "year"),
        last=Fact(last, "year"),
        year=Fact(view.deal.price_year, "year"),
    )
    chance = verdicts.chance_all(focus)
    if math.isnan(chance):
        return whole
    return whole + sentence(
        "Over everything uncertain {payer} gains in {one} of the draws, {host} in {two}, and both "
        "in {both}.",
        payer=Name(view.region(view.payer)),
        host=Name(view.region(view.host)),
        one=chance_fact(verdicts.get(focus, view.payer).chance),
        two=chance_fact(verdicts.get(focus, view.host).chance),
        both=chance_fact(chance),
    )


def build_party_point(view: BriefingView, region: str) -> Prose:
    """Return why a party gains or loses under the package in focus: the parts of its payoff."""
    got = Verdicts(view).get(view.focus, region)
    whole = sentence(
        "{region}: {total:signed} under {package}" + (" (nine draws in ten {span})" if
                                                      got.is_drawn else "") + ".",
        region=view.marked(view.region(region), region),
        total=got.fact,
        package=Name(view.package(view.focus)),
        span=Name(got.fact.interval_text()),
    )  # fmt: skip
    shown = [
        sentence(words, value=Fact(got.parts[part], "bn USD"))
        for part, words in PART_WORDS.items()
        if abs(got.parts[part]) >= SMALL
    ]
    if not shown:
        return whole
    pieces = [shown[0].pieces]
    for one in shown[1:]:
        text = one.pieces[0]
        pieces.append(sentence(", ").pieces)
        pieces.append((type(text)(text.text[:1].lower() + text.text[1:], text.fact, text.cite),
                       *one.pieces[1:]))  # fmt: skip
    flat = tuple(piece for group in pieces for piece in group)
    return whole + Prose((*flat, *sentence(".").pieces))


def build_law_point(view: BriefingView) -> Prose | None:
    """Return what changes when the tariffs follow their dates, or None where nothing does."""
    verdicts, focus = Verdicts(view), view.focus
    pairs = [
        (party, verdicts.get(focus, party, FROZEN), verdicts.get(focus, party))
        for party in (view.payer, view.host)
    ]
    if all(abs(before.value - after.value) < SMALL for _, before, after in pairs):
        return None
    (payer, one, less), (host, two, other) = pairs
    return sentence(
        "Had the tariffs of {day} stayed for good, {payer} would stand at {one:signed} and {host} "
        "at {two:signed}. What changes later takes them to {less:signed} and {other:signed}: the "
        "package now spares {payer} less.",
        day=Fact(view.evaluate_on, "date"),
        payer=Name(view.region(payer)),
        host=Name(view.region(host)),
        one=one.fact, two=two.fact, less=less.fact, other=other.fact,
    ) if less.parts["tariff"] < one.parts["tariff"] else sentence(
        "Had the tariffs of {day} stayed for good, {payer} would stand at {one:signed} and {host} "
        "at {two:signed}; as dated, at {less:signed} and {other:signed}.",
        day=Fact(view.evaluate_on, "date"),
        payer=Name(view.region(payer)),
        host=Name(view.region(host)),
        one=one.fact, two=two.fact, less=less.fact, other=other.fact,
    )  # fmt: skip


def _between(payoff: Payoff) -> Prose:
    """Return nine draws in ten in brackets, where there are draws."""
    if not payoff.is_drawn:
        return Prose(())
    return Prose(sentence(" ({span})", span=Name(payoff.fact.interval_text(0))).pieces)


def _verb(value: float) -> str:
    return "gains" if value >= 0 else "loses"


def chance_fact(value: float) -> Fact:
    """Return a share of the draws as a fact."""
    return Fact(value, "share")
