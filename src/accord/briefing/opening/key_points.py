"""The key points: why each party gains or loses, what decides it, and what has changed."""

from accord.assessment.valuation.verdict import NOTHING
from accord.assessment.views.rule import is_joined
from accord.briefing.document.blocks import KeyPoint
from accord.briefing.document.facts import Fact, Prose
from accord.briefing.pairs import at_stake, moves_sales, view_pairs
from accord.briefing.payoffs import DATED, FROZEN, GAINS, LOSSES, Payoff
from accord.briefing.view import NO_DEAL, BriefingView

MORE = 3  # points beside one for each party
TRACE = 0.05  # bn USD a year: less is not worth naming a country for
WORTH_SAYING = 0.1  # of the largest component, or of the payoff
SENTENCES = 2  # at most, in the point of a party


def build_key_points(view: BriefingView) -> tuple[KeyPoint, ...]:
    """Return a point for each party, then at most three on what decides, changed or is at stake."""
    points = [_party_point(view, party) for party in view.parties]
    more = (_law_point(view), _driver_point(view), _sector_point(view), _third_point(view))
    return (*points, *[point for point in more if point is not None][:MORE])


def _money(value: float) -> Fact:
    return Fact(value, "bn USD")


def _party_point(view: BriefingView, party: str) -> KeyPoint:
    """Return why a party gains or loses: what tariffs and money bring it."""
    payoff, name = view.payoff(view.focus, party), view.region(party)
    made_of = payoff.components
    tariff, paid, back = (made_of[part] for part in ("tariff", "transfer", "profit"))
    rest = sum(made_of.values()) - tariff - paid - back
    told = []
    money = {"paid": _money(paid), "back": _money(back)}
    if abs(tariff) >= NOTHING:
        key = "gain" if tariff > 0 else "loss"
        told.append(view.say(f"point.tariff.{key}", party=name, value=_money(tariff)))
    if paid <= -NOTHING and back >= NOTHING:
        told.append(view.say("point.invests", **money))
    elif paid >= NOTHING and back <= -NOTHING:
        told.append(view.say("point.receives", **money))
    else:
        if abs(paid) >= NOTHING:
            told.append(view.say(f"point.{'takes' if paid > 0 else 'gives'}", **money))
        if abs(back) >= NOTHING:
            told.append(view.say(f"point.{'returns' if back > 0 else 'repays'}", **money))
    largest = max((abs(value) for value in made_of.values()), default=0.0)
    if abs(rest) >= max(NOTHING, WORTH_SAYING * largest) and len(told) < SENTENCES:
        told.append(view.say(f"point.rest.{'gain' if rest > 0 else 'loss'}", value=_money(rest)))
    if not told:
        told.append(view.say("point.nothing", party=name))
    return KeyPoint(_lead(view, name, payoff), _flat(told))


def _lead(view: BriefingView, name: str, payoff: Payoff) -> Prose:
    """Return what a party gives for what; the plain outlook where neither side of it is clear."""
    tariff = payoff.components["tariff"]
    money = payoff.components["transfer"] + payoff.components["profit"]
    pattern, total, outlook = "plain", tariff + money, payoff.outlook
    if tariff >= NOTHING and money <= -NOTHING:
        pattern = "invests" if payoff.components["transfer"] < 0 else "repays"
    elif tariff <= -NOTHING and money >= NOTHING:
        pattern = "opens"
    elif tariff >= NOTHING and money >= NOTHING and outlook in GAINS:
        pattern = "receives"
    against = (outlook in GAINS and total <= 0) or (outlook in LOSSES and total >= 0)
    if against or outlook in ("unclear", "nothing"):
        pattern = "plain"
    return view.say(f"point.lead.{pattern}.{outlook}", party=name)


def _flat(sentences: list[Prose]) -> Prose:
    whole = sentences[0]
    for text in sentences[1:]:
        whole += text
    return whole


def _law_point(view: BriefingView) -> KeyPoint | None:
    """Return what later changes of tariffs do to the party they touch most; None for nothing."""
    moved = {
        party: view.payoff(view.focus, party, DATED).value
        - view.payoff(view.focus, party, FROZEN).value
        for party in view.parties
    }
    party = max(moved, key=lambda name: abs(moved[name]))
    size = max(abs(view.payoff(view.focus, name).value) for name in view.parties)
    if abs(moved[party]) < max(NOTHING, WORTH_SAYING * size):
        return None
    way = "less" if moved[party] < 0 else "more"
    before, after = (view.payoff(view.focus, party, law) for law in (FROZEN, DATED))
    return KeyPoint(
        view.say(f"point.law.{way}", party=view.region(party)),
        view.say(
            "point.law.body", before=_money(before.value), after=_money(after.value),
        ),
    )  # fmt: skip


def _driver_point(view: BriefingView) -> KeyPoint | None:
    """Return which unknown moves the first party's payoff most, or None without draws."""
    party = view.parties[0]
    own = [
        row
        for row in view.records("swings")
        if (row["package"], row["party"]) == (view.focus, party)
    ]
    if not own:
        return None
    top = max(own, key=lambda row: abs(row["at_high"] - row["at_low"]))
    ends = sorted((float(top["at_low"]), float(top["at_high"])))
    low, high = (_money(end) for end in ends)
    body = view.say("point.driver.body", party=view.region(party), low=low, high=high)
    short = f"unknown.short.{top['parameter']}"
    name = view.words.templates[short if view.words.has(short) else f"unknown.{top['parameter']}"]
    return KeyPoint(view.say("point.driver.lead", what=name), body)


def _sector_point(view: BriefingView) -> KeyPoint | None:
    """Return what the sector most at stake sells with the package and without it.

    Every pair of parties of which it is the main sector is told. None where the package moves no
    sale that can be seen, such as that of a single plant.
    """
    pairs = list(view_pairs(view))
    if not any(moves_sales(pair) for pair in pairs):
        return None
    sector = max(pairs, key=at_stake).main_sector
    told = []
    for pair in pairs:
        if pair.main_sector == sector:
            none, deal = (
                Fact(pair.exports(package, pair.payer, sector), "bn USD a year")
                for package in (NO_DEAL, pair.focus)
            )
            told.append(pair.say("point.sector.body", none=none, deal=deal))
    return KeyPoint(view.say("point.sector.lead", sector=view.sector(sector)), _flat(told))


def _third_point(view: BriefingView) -> KeyPoint | None:
    """Return which other countries gain and lose most, or None where the world has none."""
    named = [region for region in view.third_countries if not is_joined(region)]
    if not named:
        return None

    def worth(region: str) -> float:
        return view.welfare(view.focus, NO_DEAL, region).ev

    low, high = (pick(named, key=worth) for pick in (min, max))
    gains, loses = worth(high) >= TRACE, worth(low) <= -TRACE
    key = {(True, True): "both", (True, False): "gains", (False, True): "losses"}
    smallest = min(abs(worth(party)) for party in view.deal.parties)
    largest = max(abs(worth(low)), abs(worth(high)))
    size = "large" if largest > smallest and (gains or loses) else "small"
    return KeyPoint(
        view.say(f"point.third.{size}"),
        view.say(
            f"point.third.{key.get((gains, loses), 'none')}",
            high=view.marked(view.region(high), high), low=view.marked(view.region(low), low),
            most=Fact(worth(high), "bn USD a year"), least=Fact(worth(low), "bn USD a year"),
        ),
    )  # fmt: skip
