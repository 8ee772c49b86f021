"""The section on the bargain: what both could accept, and what stands in the way."""

import math
from typing import TYPE_CHECKING

import numpy as np

from accord.assessment.bargain.bargain import Bargain, settle
from accord.assessment.bargain.render import RULE_NAMES, term_text
from accord.briefing.charts.payoff_plane import Spot, build_plane_chart
from accord.briefing.document.blocks import (
    Block,
    Chart,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import Fact, Name, Prose, listed, quoted, sentence
from accord.briefing.sections.headline import Verdicts, chance_fact
from accord.briefing.view import BriefingView

if TYPE_CHECKING:
    from accord.assessment.bargain.least_change import Change
    from accord.assessment.bargain.over_terms import TermBargain

SHOWN_CHANGES = 4
SAME = 0.03  # of the plane: agreements closer than this share one label


def build_bargaining(view: BriefingView, bargain: Bargain | None) -> Section:
    """Return the section on the bargain; without one worked out before, over packages alone."""
    verdicts = Verdicts(view)
    found = _over_packages(view, verdicts) if bargain is None else bargain
    blocks: list[Block] = [Paragraph(_zone(view, verdicts, found))]
    terms = found.terms
    if terms is not None:
        blocks.append(Paragraph(_terms(view, terms)))
    blocks.append(_plane(view, found))
    if terms is not None:
        blocks += _tables(view, terms)
    if found.retaliation is not None and found.retaliation.status.ok:
        blocks.append(Paragraph(_walk_away(view, found)))
    blocks.append(Paragraph(_limits(terms), quiet=True))
    return Section("bargain", "The bargain", tuple(blocks))


def _over_packages(view: BriefingView, verdicts: Verdicts) -> Bargain:
    payoffs = [
        [verdicts.get(name, party).value for party in view.deal.parties] for name in view.alike
    ]
    return settle(view.deal, view.alike, np.array(payoffs), focus=_focus(view))


def _focus(view: BriefingView) -> str:
    return view.focus if view.focus in view.alike else view.alike[0]


def _money(value: float) -> Fact:
    return Fact(float(value), "bn USD")


def _zone(view: BriefingView, verdicts: Verdicts, found: Bargain) -> Prose:
    """Return whether both accept some package, what would open a zone, and what is not priced."""
    accepted = [name for name, yes in zip(found.packages, found.is_accepted, strict=True) if yes]
    if accepted:
        whole = sentence(
            "At central values both sides prefer {names} to no deal.",
            names=listed([view.package(name) for name in accepted]),
        )
    else:
        payment = found.zone.side_payment
        package = found.packages[payment.package or 0]
        loser = view.deal.parties[int(np.argmax(payment.transfer))]
        whole = sentence(
            "At central values no package on the table is better than no deal for both sides: "
            "there is no zone of agreement among them. The least that would open one is {amount} "
            "to {loser} on top of {package}, in money or in something else.",
            amount=_money(payment.transfer.max()),
            loser=Name(view.region(loser)),
            package=Name(view.package(package)),
        )
    at = found.packages.index(found.focus)
    for place, party in enumerate(view.deal.parties):
        if found.needed[at, place] > 0:
            whole += sentence(
                "To accept {package}, {party} must see at least {amount} in what these figures "
                "leave out: security, credibility, votes.",
                package=Name(view.package(found.focus)),
                party=Name(view.region(party)),
                amount=_money(found.needed[at, place]),
            )
    chances = [(name, verdicts.chance_all(name)) for name in found.packages]
    if all(math.isfinite(one) for _, one in chances):
        best = max(chances, key=lambda one: one[1])
        whole += sentence(
            "Over everything uncertain both gain from {package} in {chance} of the draws, more "
            "than from any other package.",
            package=Name(view.package(best[0])),
            chance=chance_fact(best[1]),
        )
    return whole


def _terms(view: BriefingView, terms: "TermBargain") -> Prose:
    """Return what moving the terms opens, and the least change that both accept."""
    package = Name(view.package(terms.offer.package))
    if not terms.has_zone:
        return sentence(
            "Nor do other terms of {package} within the bounds of the deal file help: the smallest "
            "side payment that opens a zone is {amount}.",
            package=package,
            amount=_money(terms.opening.amount),
        )
    nash = terms.agreements["nash"]
    gains = dict(zip(terms.offer.parties, nash.payoffs, strict=True))
    whole = sentence(
        "With other terms of {package} both can gain. Nash's rule, the largest product of gains, "
        "leaves {payer} {one:signed} and {host} {two:signed}.",
        package=package,
        payer=Name(view.region(view.payer)),
        host=Name(view.region(view.host)),
        one=_money(gains[view.payer]),
        two=_money(gains[view.host]),
    )
    if terms.changes:
        first = terms.changes[0]
        whole += sentence(
            "The least change that both accept is {change}.", change=Name(_change(terms, first))
        )
    return whole


def _change(terms: "TermBargain", change: "Change") -> str:
    parts = []
    for at, value in zip(change.terms, change.values, strict=True):
        entry, now = terms.offer.entries[at], float(terms.offer.base[at])
        parts.append(f"{entry.title} at {term_text(entry, value)} instead of "
                     f"{term_text(entry, now)}")  # fmt: skip
    return " with ".join(parts)


def _plane(view: BriefingView, found: Bargain) -> Chart:
    parties = view.deal.parties
    across, up = parties.index(view.payer), parties.index(view.host)
    spots = [Spot("No deal", 0.0, 0.0, "none")]
    spots += [
        Spot(view.label(name), float(row[across]), float(row[up]), "package")
        for name, row in zip(found.packages, found.payoffs, strict=True)
    ]
    frontier: list[tuple[float, float]] = []
    if found.terms is not None:
        points = found.terms.frontier.payoffs
        frontier = sorted((float(one[across]), float(one[up])) for one in points)
        spots += _rules(found.terms, across, up)
    labels = (
        f"{view.region_label(view.payer)} gains, bn USD",
        f"{view.region_label(view.host)} gains, bn USD",
    )
    title = "What each package leaves to the two sides"
    rows = tuple(
        Row(quoted(spot.label), (_money(spot.x), _money(spot.y)))
        for spot in spots
        if spot.kind != "none"
    )
    key = "Shaded: both sides prefer this to no deal. Diamonds: packages on the table."
    if frontier:
        key += (
            " Line: the best terms found within the bounds of the deal file, joined; along it one "
            "side gains only at the other's cost. Circles: what each rule picks."
        )
    return Chart(
        id="bargain-plane",
        title=title,
        finding=_finding(view, found),
        alt="A plane with the gain of one party to the right and that of the other upwards, no "
        "deal at the origin. Packages are points; the quarter in which both gain is shaded. The "
        "table below the chart holds the same numbers.",
        wide=build_plane_chart(spots, frontier, "wide", labels),
        narrow=build_plane_chart(spots, frontier, "narrow", labels),
        table=Table(
            "bargain-plane-data", title,
            sentence("Present value over no deal, bn USD."),
            (
                Column("Package or rule", numeric=False),
                *(Column(view.region_label(one), style="signed", decimals=1)
                  for one in (view.payer, view.host)),
            ),
            (RowGroup(None, rows),),
        ),
        key=(sentence(key),),
    )  # fmt: skip


def _finding(view: BriefingView, found: Bargain) -> Prose:
    outside = [name for name, yes in zip(found.packages, found.is_accepted, strict=True) if not yes]
    if not outside:
        return sentence("Every package on the table lies where both sides gain.")
    if len(outside) < len(found.packages):
        names = [view.package(name) for name in found.packages if name not in outside]
        return sentence("Both sides gain under {names} only.", names=listed(names))
    if found.terms is not None and found.terms.has_zone:
        return sentence(
            "Every package lies outside the quarter where both gain; other terms reach it."
        )
    return sentence("Every package lies outside the quarter where both gain.")


def _rules(terms: "TermBargain", across: int, up: int) -> list[Spot]:
    """Return the agreements, those that all but coincide under one label."""
    size = float(np.ptp(terms.frontier.payoffs)) if len(terms.frontier.payoffs) else 1.0
    spots: list[Spot] = []
    for rule, one in terms.agreements.items():
        x, y = float(one.payoffs[across]), float(one.payoffs[up])
        for at, other in enumerate(spots):
            if max(abs(x - other.x), abs(y - other.y)) < SAME * size:
                label = f"{other.label}, {RULE_NAMES[rule]}"
                spots[at] = Spot(label, other.x, other.y, "rule")
                break
        else:
            spots.append(Spot(_sentence_case(RULE_NAMES[rule]), x, y, "rule"))
    return spots


def _tables(view: BriefingView, terms: "TermBargain") -> list[Block]:
    """Return the least changes that both accept, and the terms that each rule picks."""
    blocks: list[Block] = []
    parties = (view.payer, view.host)
    at = [terms.offer.parties.index(party) for party in parties]
    gains = tuple(Column(view.region_label(one), style="signed", decimals=1) for one in parties)
    changes = (*terms.changes[:SHOWN_CHANGES], *terms.pairs[:SHOWN_CHANGES])
    if changes:
        rows = tuple(
            Row(quoted(_sentence_case(_change(terms, one))),
                tuple(_money(one.payoffs[place]) for place in at))
            for one in changes
        )  # fmt: skip
        blocks.append(
            Table(
                "bargain-changes", "The least changes that both sides accept",
                sentence("What is left to each, present value over no deal, bn USD."),
                (Column("Change", numeric=False), *gains), (RowGroup(None, rows),),
            )
        )  # fmt: skip
    if terms.agreements:
        rows = tuple(
            Row(quoted(_sentence_case(RULE_NAMES[rule])),
                (quoted(_values(terms, one.terms)),
                 *(_money(one.payoffs[place]) for place in at)))
            for rule, one in terms.agreements.items()
        )  # fmt: skip
        blocks.append(
            Table(
                "bargain-rules", "What each rule picks",
                sentence("Terms within the bounds of the deal file; gains in bn USD."),
                (Column("Rule", numeric=False), Column("Terms", numeric=False), *gains),
                (RowGroup(None, rows),),
            )
        )  # fmt: skip
    return blocks


def _values(terms: "TermBargain", values: np.ndarray) -> str:
    pairs = zip(terms.offer.entries, values, strict=True)
    return _sentence_case(
        "; ".join(f"{entry.title} {term_text(entry, float(value))}" for entry, value in pairs)
    )


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _walk_away(view: BriefingView, found: Bargain) -> Prose:
    answer = found.retaliation
    if answer is None:
        return Prose(())
    worth = dict(zip(view.deal.parties, answer.payoffs, strict=True))
    other = answer.against
    return sentence(
        "If either side walks away there is no deal. If {by} then answered with the tariffs on "
        "{other} that serve it best, {rate} on average, that would be worth {one:signed} to {by} "
        "and {two:signed} to {other}, as long as nothing answers the answer: a refusal would then "
        "cost it less, and any package would have to bring it that much more.",
        by=Name(view.region(answer.by)),
        other=Name(view.region(other)),
        rate=Fact(answer.average, "share"),
        one=_money(worth[answer.by]),
        two=_money(worth[other]),
    )


def _limits(terms: "TermBargain | None") -> Prose:
    whole = sentence(
        "Both sides are taken to know each other's payoffs and to keep what they sign. What is not "
        "in the payoffs can make a side accept a loss, or refuse a gain."
    )
    if terms is None:
        return whole
    made = terms.surrogate
    return whole + sentence(
        "Terms are searched for on an estimate, off by {typical} of the range of the payoffs at "
        "terms not used for it ({worst} at worst); every figure is from one of {count} evaluations "
        "that it led to. There may be somewhat better terms.",
        count=Fact(len(terms.evaluated), "count"),
        typical=Fact(made.typical_error, "share"),
        worst=Fact(made.worst_error, "share"),
    )
