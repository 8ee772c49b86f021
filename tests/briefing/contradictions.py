"""Where the words of a page and the figures beside them disagree.

Figures in prose are facts with a sign, also where only their size is printed: "loses about 3 bn
USD" holds the fact −3. So a sentence is read against the facts in it, and the headline, the cards
and the points are read against each other.
"""

import re
from collections.abc import Iterator

from accord.briefing.document.blocks import Card, Document, KeyPoint
from accord.briefing.document.facts import Fact, Prose
from accord.briefing.payoffs import LIKELY, SURE

# What stands directly before a figure, or after it, and the sign that the figure then has.
BEFORE = {
    r"\bgains about $": 1, r"\bloses about $": -1,
    r"\btariffs bring it $": 1, r"\btariffs cost it $": -1,
    r"\bInvestment costs it $": -1, r"\band returns $": 1,
    r"\bIt receives $": 1, r"\bpays (it |back )?$": -1, r"\brisk add $": 1, r"\brisk take $": -1,
    r"\bNo single unknown [^.]*: at worst its payoff is $": 1,
    r"\bNo single unknown [^.]*: at best its payoff is $": -1,
    r"\bcan alone turn [^.]*: at worst its payoff is $": -1,
    r"\bcan alone turn [^.]*: at best its payoff is $": 1,
    r"\bgains most \($": 1, r"\bloses most \($": -1,
}  # fmt: skip
AFTER = {r"^ comes back\b": 1, r"^ a year better off\b": 1, r"^ a year worse off\b": -1}
# Chances of a gain that an outlook allows, and the sign of its figure (0 for either).
OUTLOOKS = {
    "Gains": (SURE, 1.0, 1), "Probably gains": (LIKELY, SURE, 1),
    "A coin toss": (1 - LIKELY, LIKELY, 0), "Not settled": (0.0, 1.0, 0),
    "No change": (0.0, 1.0, 0),
    "Probably loses": (1 - SURE, 1 - LIKELY, -1), "Loses": (0.0, 1 - SURE, -1),
}  # fmt: skip
# Reasons of a card that have a way of their own, and the sign of the payoff beside them.
REASONS = {
    "Lower tariffs weigh most": 1, "Tariffs given up weigh most": -1,
    "More money in than out": 1, "More money out than in": -1,
    "Less risk weighs most": 1, "More risk weighs most": -1,
}  # fmt: skip
TONES = {"Gains": "gain", "Probably gains": "gain", "Loses": "loss", "Probably loses": "loss"}
ROUNDING = 0.005  # of a chance: frequencies are whole numbers of a hundred
CLOSE = 0.06  # of a figure: two digits are printed


def find_contradictions(document: Document) -> list[str]:
    """Return every place where words and figures disagree; empty for a sound page."""
    told = [line for prose in document.prose() for line in _read_sentence(prose)]
    cards = [card for card in document.cards if card.payoff is not None]
    for card in cards:
        told += _read_card(card)
        told += _read_sentence(card.interval) if card.interval is not None else ()
        told += _read_headline(str(document.headline), card, len(cards))
        told += _read_standfirst(document.standfirst, card)
    told += _read_joint(document)
    told += [line for point in document.key_points for line in _read_point(point, cards)]
    return told


def _read_sentence(prose: Prose) -> Iterator[str]:
    """Yield figures whose sign is not that of the words around them, and reversed ranges."""
    texts = [piece.text for piece in prose.pieces]
    for at, piece in enumerate(prose.pieces):
        if piece.fact is None or piece.fact.unit == "date":
            continue
        before, after = "".join(texts[:at]), "".join(texts[at + 1 :])
        signs = [sign for words, sign in BEFORE.items() if re.search(words, before)]
        signs += [sign for words, sign in AFTER.items() if re.search(words, after)]
        value = piece.fact.number
        for sign in signs:
            if sign * value < 0:
                yield f"{piece.text} is {value}: …{before[-60:]}{piece.text}{after[:40]}"
            if re.fullmatch(r"0(\.0+)?\D*", piece.text):
                yield f"a direction without a size: …{before[-60:]}{piece.text}{after[:40]}"
        other = next(
            (later.fact for later in prose.pieces[at + 1 :] if later.fact is not None), None
        )
        between = before.endswith("between ") and after.startswith(" and ")
        if between and other is not None and value > other.number:
            yield f"a range from {value} to {other.number}: …{before[-60:]}"


def _read_card(card: Card) -> Iterator[str]:
    outlook, name = str(card.outlook), str(card.name)
    low, high, sign = OUTLOOKS[outlook]
    payoff = _payoff(card)
    why = str(card.why or "")
    if abs(payoff.number) >= 0.1 and why in REASONS and REASONS[why] * payoff.number < 0:
        yield f"{name}: {why} beside {payoff.number}"
    if sign * payoff.number < 0:
        yield f"{name}: {outlook} beside {payoff.number}"
    if card.tone != TONES.get(outlook, "open"):
        yield f"{name}: {outlook} in the colour of {card.tone}"
    chance = _chance(card)
    if chance is not None and not low - ROUNDING <= chance <= high + ROUNDING:
        yield f"{name}: {outlook} in {chance:.0%} of futures"
    inside = payoff.interval is None or payoff.interval[0] <= payoff.number <= payoff.interval[1]
    if inside == (card.note is not None):
        yield f"{name}: {payoff.number} and its interval {payoff.interval}, note {card.note}"


def _payoff(card: Card) -> Fact:
    if card.payoff is None:
        raise AssertionError(f"a card without a payoff: {card}")
    return card.payoff


def _chance(card: Card) -> float | None:
    """Return the chance that a card prints, or None without draws."""
    return card.chance.facts[0].number if card.chance is not None else None


def _read_headline(headline: str, card: Card, parties: int) -> Iterator[str]:
    """Yield a headline that says another outlook of a party than its card."""
    outlook, name = str(card.outlook), _plain(str(card.name))
    if re.search(r"\b([Bb]oth sides|[Aa]ll parties)\b", headline) or parties == 1:
        clause = headline
    else:
        clause = next((part for part in headline.split("; ") if name in part), "")
    for word, ways in (
        ("gain", ("Gains", "Probably gains")),
        ("lose", ("Loses", "Probably loses")),
    ):
        if re.search(rf"\b{word}s?\b", clause) and outlook not in ways:
            yield f"{headline}: the card of {name} says {outlook}"
    if "probably" in clause and not outlook.startswith("Probably"):
        yield f"{headline}: the card of {name} says {outlook}"
    if "coin toss" in clause and outlook != "A coin toss":
        yield f"{headline}: the card of {name} says {outlook}"


def _read_standfirst(standfirst: Prose, card: Card) -> Iterator[str]:
    """Yield a figure of the standfirst that is not the payoff of the card of its party."""
    name, payoff = _plain(str(card.name)), _payoff(card).number
    for at, piece in enumerate(standfirst.pieces):
        before = "".join(part.text for part in standfirst.pieces[:at])
        told = re.search(rf"{re.escape(name)} (gains|loses) about $", before)
        if told and piece.fact is not None and piece.fact.number != payoff:
            yield f"{name}: {piece.fact.number} in the standfirst, {payoff} on the card"
    text = str(standfirst)
    if f"{name} neither gains nor loses" in text and abs(payoff) >= 0.1:
        yield f"{name} neither gains nor loses, and the card says {payoff}"


def _read_joint(document: Document) -> Iterator[str]:
    """Yield a chance that all gain which is above that of one of them."""
    single = [chance for card in document.cards if card.payoff and (chance := _chance(card))]
    for card in document.cards:
        chance = _chance(card)
        joint = card.payoff is None and chance is not None and single
        if joint and chance is not None and chance > min(single) + 1e-12:
            yield f"all gain in {chance:.0%} of futures, one of them in {min(single):.0%}"


def _read_point(point: KeyPoint, cards: list[Card]) -> Iterator[str]:
    """Yield a lead that its own figures do not bear out."""
    lead, facts = str(point.lead), [fact.number for fact in point.body.facts if fact.unit != "date"]
    pays, takes = (re.search(words, str(point.body)) for words in ("Investment costs", "receives"))
    if takes and "investment" in lead and "tariffs forgone" not in lead:
        yield f"{lead} {point.body}"
    if pays and "repayments" in lead:
        yield f"{lead} {point.body}"
    if "outweigh" in lead or "may not repay" in lead:
        money = sum(facts[:3]) if len(facts) > 2 else sum(facts)
        named = next((card for card in cards if _plain(str(card.name)) in lead), None)
        outlook = str(named.outlook) if named is not None else ""
        wins = re.search(r"lower tariffs (probably )?outweigh|investment (probably )?outweighs the "
                         r"tariffs", lead)  # fmt: skip
        if wins and (money <= 0 or outlook not in ("Gains", "Probably gains")):
            yield f"{lead} {point.body} ({money}, {outlook})"
        loses = re.search(r"outweighs? lower tariffs|forgone (probably )?outweigh ", lead)
        if loses and (money >= 0 or outlook not in ("Loses", "Probably loses")):
            yield f"{lead} {point.body} ({money}, {outlook})"
    if lead.startswith("Later tariff changes"):
        before, after = facts[-2:]
        if ("cut" in lead) != (after < before):
            yield f"{lead} {point.body}"


def _plain(name: str) -> str:
    """Return a name without its article and marks, as it stands inside sentences."""
    return name.removesuffix("*").removeprefix("the ").removeprefix("The ").strip()
