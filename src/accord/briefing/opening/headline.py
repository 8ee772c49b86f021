"""The headline, the two figures that matter, and a card for each party."""

import math

from accord.assessment.valuation.verdict import NOTHING
from accord.briefing.document.blocks import Card
from accord.briefing.document.facts import Fact, Prose
from accord.briefing.payoffs import GAINS, LOSSES, Outlook, Payoff
from accord.briefing.view import BriefingView

MOST_WORDS = 14
ORDER: tuple[Outlook, ...] = (
    "gain", "likely_gain", "toss", "unclear", "nothing", "likely_loss", "loss",
)  # fmt: skip
# What a card names as the reason, and the components of the payoff behind it.
REASONS = {
    "tariffs": ("tariff",),
    "money": ("transfer", "profit", "later"),
    "economy": ("terms_of_trade", "capacity"),
    "risk": ("receipts_risk", "risk"),
}


def build_headline(view: BriefingView) -> Prose:
    """Return the finding in at most fourteen words: who gains, and how surely."""
    outlooks = {party: view.payoff(view.focus, party).outlook for party in view.parties}
    plain = view.words.templates["package.short"]
    forms = [
        form(view, outlooks, name)
        for form in (_by_party, _by_group)
        for name in (view.short(view.focus), plain)
    ]
    return next((text for text in forms if len(str(text).split()) <= MOST_WORDS), forms[-1])


def _by_party(view: BriefingView, outlooks: dict[str, Outlook], package: str) -> Prose:
    """Return what comes to each party, those with the same outlook together."""
    groups = {
        outlook: [_called(view, party) for party, own in outlooks.items() if own == outlook]
        for outlook in ORDER
    }
    told = {outlook: names for outlook, names in groups.items() if names}
    if len(told) == 1:
        return view.say(f"headline.all.{next(iter(told))}", who=_everybody(view), short=package)
    whole = Prose(())
    for at, (outlook, names) in enumerate(told.items()):
        place = "first" if at == 0 else "next"
        count = "one" if len(names) == 1 else "other"
        key = f"headline.{place}.{outlook}.{count}"
        clause = view.phrase(key, names=view.words.listed(names), short=package)
        whole = clause if at == 0 else view.phrase("headline.joint", before=whole, next=clause)
    return view.say("headline.whole", text=whole)


def _called(view: BriefingView, party: str) -> str:
    """Return what a party is called in the headline: its capital, which stands for a government.

    Where no package sets a tariff or a tax, firms and local bodies may be the ones who deal, and
    countries keep their names.
    """
    governments = any(
        clause.sets_rates
        for name in view.deal.package_names
        for clause in view.deal.package(name).clause
    )
    return view.capital(party) if governments else view.region(party)


def _by_group(view: BriefingView, outlooks: dict[str, Outlook], package: str) -> Prose:
    """Return whether some parties gain and some lose, without naming them."""
    gains = any(outlook in GAINS for outlook in outlooks.values())
    losses = any(outlook in LOSSES for outlook in outlooks.values())
    key = {(True, True): "mixed", (True, False): "gains", (False, True): "losses"}
    return view.say(f"headline.some.{key.get((gains, losses), 'open')}", short=package)


def _everybody(view: BriefingView) -> str:
    return view.words.templates["party.all" if view.several else "party.both"]


def build_standfirst(view: BriefingView) -> Prose:
    """Return what the package in focus is worth to each party, and how surely."""
    whole = Prose(())
    for at, party in enumerate(view.parties):
        told = _worth(view, party, view.payoff(view.focus, party), is_first=at == 0)
        whole = told if at == 0 else whole + told
    chance = view.chance_all(view.focus)
    if math.isfinite(chance):
        whole += view.say("standfirst.all", who=_everybody(view), chance=Fact(chance, "share"))
    return whole + view.say("standfirst.frame")


def _worth(view: BriefingView, party: str, payoff: Payoff, *, is_first: bool) -> Prose:
    place = "first" if is_first and payoff.is_inside else "next"
    name = view.region(party)
    if abs(payoff.value) < NOTHING:
        whole = view.say(f"standfirst.{place}.nothing", party=name)
    else:
        way = "gain" if payoff.value > 0 else "loss"
        whole = view.say(f"standfirst.{place}.{way}", party=name, value=payoff.fact)
    return whole


def build_cards(view: BriefingView) -> tuple[Card, ...]:
    """Return a card for each party, and one for the chance that all gain."""
    cards = [_card(view, party) for party in view.parties]
    chance = view.chance_all(view.focus)
    if math.isfinite(chance):
        name = view.say("card.all", who=_everybody(view))
        share = view.say("card.chance", chance=Fact(chance, "share"))
        cards.append(Card(name, view.say("card.futures"), "open", chance=share))
    return tuple(cards)


def _interval(view: BriefingView, party: str, payoff: Payoff) -> Prose | None:
    if not payoff.is_drawn:
        return None
    low, high = (Fact(end, "bn USD") for end in (payoff.low, payoff.high))
    return view.say("card.interval", party=view.region(party), low=low, high=high)


def _why(view: BriefingView, payoff: Payoff) -> Prose | None:
    """Return what moves a payoff most in the way it goes, or None where nothing moves it."""
    made_of = payoff.components
    groups = {
        name: sum(made_of.get(component, 0.0) for component in components)
        for name, components in REASONS.items()
    }
    way = 0.0 if abs(payoff.value) < NOTHING else math.copysign(1.0, payoff.value)
    largest = max(groups, key=lambda name: way * groups[name] if way else abs(groups[name]))
    if abs(groups[largest]) < NOTHING:
        return None
    return view.say(f"card.why.{largest}.{'gain' if groups[largest] > 0 else 'loss'}")


def _card(view: BriefingView, party: str) -> Card:
    payoff = view.payoff(view.focus, party)
    outlook = payoff.outlook
    tone = "gain" if outlook in GAINS else "loss" if outlook in LOSSES else "open"
    chance = payoff.chance
    drawn = math.isfinite(chance)
    return Card(
        name=view.marked(view.region_label(party), party),
        outlook=view.say(f"card.outlook.{outlook}"),
        tone=tone,
        payoff=payoff.fact,
        chance=view.say("card.gains", chance=Fact(chance, "share")) if drawn else None,
        why=_why(view, payoff),
        interval=_interval(view, party, payoff),
        note=None if payoff.is_inside else view.say("card.outside"),
    )
