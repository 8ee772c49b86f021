"""A bargain in words: which messages of the catalogue say it, with which figures."""

from collections.abc import Iterable, Iterator

import numpy as np

from accord.assessment.bargain.least_change import LeastChange
from accord.assessment.bargain.over_terms import TermBargain
from accord.assessment.bargain.result import BargainData
from accord.assessment.words.sentences import listed, say
from accord.bargaining.config import Rule
from accord.core.errors import Problem
from accord.deal.deal import Deal
from accord.deal.regions import members_of
from accord.deal.terms.entries import TermEntry
from accord.lowering.roles import sides_of

TWO_SIDES = 2

NOTHING = 0.05  # bn USD: prints as nothing
EQUAL = 1e-6  # bn USD: what rounding leaves of a payoff of nothing


def rule_name(rule: Rule) -> str:
    """Return the name of a bargaining rule, such as "Nash"."""
    return say(f"bargain.rule.{rule}")


def term_text(entry: TermEntry, value: float) -> str:
    """Return the value of a term in the steps people talk in: "13 %", "171.5 bn USD".

    >>> entry = TermEntry(
    ...     name="cars",
    ...     title="the tariff on cars",
    ...     where={"kind": "tariff"},
    ...     field="rate",
    ...     low=0,
    ...     high=0.25,
    ...     step=0.01,
    ...     unit="%",
    ... )
    >>> term_text(entry, 0.12975)
    '13.0 %'
    """
    number = f"{value / entry.step:,.1f}"
    whole = abs(value / entry.step - round(value / entry.step)) < 1e-6
    return f"{number[:-2] if whole else number} {entry.unit}"


def step_text(entry: TermEntry) -> str:
    """Return one step of a term: "1 point", "1 bn USD"."""
    return say(f"bargain.step.{'point' if entry.unit == '%' else 'other'}", unit=entry.unit)


def change_text(terms: TermBargain, change: LeastChange) -> str:
    """Return a change in words: "the tariff on cars at 13.0 % (now 15 %)"."""
    parts = []
    for at, value in zip(change.terms, change.values, strict=True):
        entry, base = terms.movable.entries[at], float(terms.movable.base[at])
        told = {"value": term_text(entry, value), "now": term_text(entry, base)}
        parts.append(say("bargain.change.term", title=entry.title, **told))
    return say("bargain.change.with").join(parts)


def same_as_no_deal(bargain: BargainData) -> tuple[str, ...]:
    """Return the packages that change no party's payoff."""
    pairs = zip(bargain.packages, bargain.payoffs, strict=True)
    return tuple(name for name, payoffs in pairs if (np.abs(payoffs) < EQUAL).all())


def render_bargain(bargain: BargainData) -> str:
    """Return what can be agreed on, and why not, in lines of text."""
    choosing = [_over_packages, _chances, _needed]
    if len(same_as_no_deal(bargain)) == len(bargain.packages):
        choosing = []
    known = bargain.deal.knowledge_date
    lines = [bargain.deal.title, say("bargain.unit"), *_objective(bargain)]
    lines += [] if known is None else [say("summary.known", day=known.isoformat())]
    lines.append("")
    lines += _few_packages(bargain)
    for part in (*choosing, _over_terms, _changes, _time, _threats, _walk_away):
        lines += list(part(bargain))
    return "\n".join(lines)


def _objective(bargain: BargainData) -> Iterator[str]:
    """Yield what the parties want, and on what it rests."""
    if not bargain.revealed:
        yield say("bargain.objective.welfare")
        return
    for objective in bargain.revealed:
        yield say(
            "bargain.objective.revealed", party=objective.party, day=objective.day,
            count=len(objective.sectors), gap=100 * objective.gap,
            before=100 * objective.gap_in_welfare,
        )  # fmt: skip
    known = [objective.party for objective in bargain.revealed]
    others = [party for party in bargain.deal.parties if party not in known]
    if others:
        key = "one" if len(others) == 1 else "other"
        yield say(f"bargain.objective.others.{key}", parties=listed(others))


def _few_packages(bargain: BargainData) -> Iterator[str]:
    names, same = bargain.packages, same_as_no_deal(bargain)
    if len(names) == 1:
        yield say("bargain.one_package", name=names[0])
    if same:
        yield say(f"bargain.same.{'one' if len(same) == 1 else 'other'}", names=listed(same))
    if len(same) == len(names):
        yield say("bargain.no_choice")


def _over_packages(bargain: BargainData) -> Iterator[str]:
    names, same = bargain.packages, same_as_no_deal(bargain)
    accepted = [
        name
        for name, yes in zip(names, bargain.is_accepted, strict=True)
        if yes and name not in same
    ]
    if accepted:
        picked = bargain.agreements["nash"].package
        told = [say("bargain.packages.accepted", names=listed(accepted))]
        if picked is not None and len(accepted) > 1:
            told.append(say("bargain.packages.nash", name=names[picked]))
        yield " ".join(told)
        return
    if same:
        yield say("bargain.packages.no_other")
        return
    yield say("bargain.packages.no_zone")
    payment = bargain.zone.side_payment
    amounts = [
        say("bargain.payment.to", amount=amount, party=party)
        for party, amount in zip(bargain.deal.parties, payment.transfer, strict=True)
        if amount > 0
    ]
    name = names[payment.package or 0]
    opening = say("bargain.packages.payment", amounts=listed(amounts), name=name)
    yield f"{opening} {_outside(payment.outside) or say('bargain.payment.inside')}"


def _outside(amount: float) -> str:
    """Return how much of a side payment the parties cannot pay themselves; nothing for none."""
    return say("bargain.payment.outside", amount=amount) if amount > NOTHING else ""


def _chances(bargain: BargainData) -> Iterator[str]:
    chances, same = bargain.chances, same_as_no_deal(bargain)
    if chances is None:
        return
    each = [
        say("bargain.chance.under", count=100 * chance, name=name)
        for name, chance in zip(bargain.packages, chances.all_gain, strict=True)
        if name not in same
    ]
    yield say("bargain.chance.all_gain", each=listed(each), error=100 * chances.error)
    if not same:
        yield say("bargain.chance.zone", count=100 * chances.zone)


def _needed(bargain: BargainData) -> Iterator[str]:
    at = bargain.packages.index(bargain.focus)
    for place, party in enumerate(bargain.deal.parties):
        amount = float(bargain.needed[at, place])
        if amount <= 0:
            continue
        told = [say("bargain.needed", package=bargain.focus, party=party, amount=amount)]
        if bargain.needed_surely is not None:
            surely = float(bargain.needed_surely[at, place])
            told.append(say("bargain.needed_surely", amount=surely))
        yield " ".join(told)


def _over_terms(bargain: BargainData) -> Iterator[str]:
    terms, parties = bargain.terms, bargain.deal.parties
    if terms is None:
        return
    yield ""
    moving = listed([entry.title for entry in terms.movable.entries])
    yield say("bargain.terms.moving", package=terms.movable.package, terms=moving)
    if terms.idle:
        yield say("bargain.terms.idle", terms=listed([entry.title for entry in terms.idle]))
    if terms.has_zone:
        most = [
            say("bargain.terms.most", party=party, gain=gain)
            for party, gain in zip(parties, terms.zone.most_gain, strict=True)
        ]
        yield say("bargain.terms.zone", each=listed(most))
    else:
        payment = terms.opening
        where = _terms_text(terms, payment.terms)
        opening = say("bargain.terms.no_zone", amount=payment.amount, terms=where)
        yield f"{opening} {_outside(payment.outside)}".strip()
    nash = terms.agreements.get("nash")
    if nash is not None:
        picked, worth = _terms_text(terms, nash.terms), _worth(parties, nash.payoffs)
        yield say("bargain.terms.nash", terms=picked, worth=worth)
    made = terms.surrogate
    yield say(
        "bargain.terms.surrogate", count=len(terms.evaluated),
        typical=100 * made.typical_error, worst=100 * made.worst_error,
    )  # fmt: skip


def _terms_text(terms: TermBargain, values: np.ndarray | None) -> str:
    if values is None:
        return say("bargain.terms.none")
    pairs = zip(terms.movable.entries, values, strict=True)
    return ", ".join(
        say("bargain.terms.value", name=entry.name, value=term_text(entry, float(value)))
        for entry, value in pairs
    )


def _worth(parties: Iterable[str], amounts: Iterable[float]) -> str:
    """Return what something is worth to each party, bn USD with a sign."""
    pairs = zip(parties, amounts, strict=True)
    return listed([say("bargain.worth.to", party=party, amount=amount) for party, amount in pairs])


def _changes(bargain: BargainData) -> Iterator[str]:
    terms = bargain.terms
    if terms is None:
        return
    name = terms.movable.package
    if terms.is_accepted:
        yield say("bargain.change.as_it_is", package=name)
        return
    told = [change_text(terms, change) for change in (*terms.changes, *terms.pairs)]
    if not told:
        yield say("bargain.change.none", package=name)
        return
    key = f"bargain.change.least.{'one' if len(told) == 1 else 'other'}"
    yield say(key, package=name, changes=say("bargain.change.or").join(told))


def merging(deal: Deal) -> str:
    """Return which parties to make one, so that two sides are left."""
    side = sides_of(deal)
    members = [name for party in side for name in members_of(party) or (party,)]
    quoted = ", ".join(f'"{name}"' for name in members)
    return say("bargain.time.merge", parties=listed(side), members=quoted)


def find_more_sides(path: str, deal: Deal) -> list[Problem]:
    """Return that alternating offers are asked for in a deal of more than two parties, if so."""
    count = len(deal.parties)
    if count <= TWO_SIDES:
        return []
    message = say("bargain.time.sides", count=count)
    return [Problem(path, message, merging(deal))]


def _time(bargain: BargainData) -> Iterator[str]:
    pressure, parties = bargain.pressure, bargain.deal.parties
    if len(parties) > TWO_SIDES:
        yield ""
        yield say("bargain.time.two_sides", count=len(parties), remedy=merging(bargain.deal))
    if pressure is None:
        return
    prices = pressure.prices
    delay = [
        say("bargain.worth.delay", party=party, amount=amount)
        for party, amount in zip(parties, prices.delay, strict=True)
    ]
    final = prices.by_deadline[min(prices.by_deadline)]
    yield ""
    yield say(
        "bargain.time.offers", agreed=_worth(parties, pressure.agreement), delay=listed(delay),
        last=_worth(parties, final),
    )  # fmt: skip


def _threats(bargain: BargainData) -> Iterator[str]:
    """Yield whether the tariffs of no deal serve the party that would charge them."""
    at = bargain.packages.index(bargain.focus)
    for threat in bargain.threats:
        amount = float(threat.granted[at])
        key = f"bargain.threat.{'credible' if threat.is_credible[at] else 'empty'}"
        told = [say(key, package=bargain.focus, party=threat.party, amount=abs(amount))]
        if threat.chance is not None:
            told.append(say("bargain.threat.chance", count=100 * float(threat.chance[at])))
        yield " ".join(told)


def _walk_away(bargain: BargainData) -> Iterator[str]:
    parties = bargain.deal.parties
    at = bargain.packages.index(bargain.focus)
    start = f"{say('bargain.retaliation.no_deal')} "
    for answer in bargain.retaliations:
        if not answer.status.ok:
            yield say("bargain.retaliation.unknown", by=answer.by, status=answer.status.value)
            continue
        alone = len(answer.against) == 1
        best = say(
            f"bargain.retaliation.{'best' if alone else 'best_of_many'}",
            by=answer.by, against=listed(answer.against),
            aim=say(f"bargain.aim.{answer.objective}"),
            average=100 * answer.average, worth=_worth(parties, answer.payoffs),
        )  # fmt: skip
        yield f"{start}{best}"
        start = ""
        worth = _worth(parties, bargain.payoffs[at] - answer.payoffs)
        yield say("bargain.retaliation.against", package=bargain.focus, worth=worth)
