"""The section on the bargain: what all parties could accept, and what stands in the way."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from accord.assessment.bargain.bargain import Bargain, settle
from accord.assessment.bargain.payoffs import PackagePayoffs
from accord.assessment.bargain.render import term_text
from accord.assessment.bargain.threats import find_threats
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
from accord.briefing.document.facts import Fact, Prose, quoted
from accord.briefing.objectives import objective_tables, tell_objective, tell_threats
from accord.briefing.view import NO_DEAL, BriefingView

if TYPE_CHECKING:
    from accord.assessment.bargain.least_change import LeastChange
    from accord.assessment.bargain.over_terms import TermBargain
    from accord.assessment.bargain.retaliation import Retaliation

ORDER = 20
SHOWN_CHANGES = 4
SAME = 0.03  # of the plane: agreements closer than this share one label


def build(view: BriefingView) -> Section:
    """Return the section on the bargain; without one worked out before, over packages alone."""
    bargain = view.bargain or _over_packages(view)
    terms = bargain.terms
    blocks: list[Block] = [Paragraph(_zone(view, bargain))]
    if terms is not None:
        blocks.append(Paragraph(_terms(view, terms)))
    blocks.append(Paragraph(tell_objective(view, bargain) + tell_threats(view, bargain)))
    blocks += [_plane(view, bargain, partner) for partner in view.partners]
    if view.several:
        blocks.append(_payoff_table(view, bargain))
    if bargain.revealed:
        blocks += objective_tables(view, bargain)
    if terms is not None:
        blocks += _tables(view, terms)
    answers = [answer for answer in bargain.retaliations if answer.status.ok]
    blocks += [Paragraph(_retaliation(view, answer)) for answer in answers]
    blocks.append(Paragraph(_limits(view, terms), quiet=True))
    return Section("bargain", view.text("bargain.title.section"), tuple(blocks))


def _over_packages(view: BriefingView) -> Bargain:
    payoffs = [
        [view.payoff(name, party).value for party in view.deal.parties] for name in view.alike
    ]
    tariffs = [
        [view.payoff(name, party).components["tariff"] for party in view.deal.parties]
        for name in view.alike
    ]
    nothing = np.zeros((0, *np.shape(payoffs)))
    parts = PackagePayoffs(np.array(payoffs), np.array(tariffs), nothing, nothing)
    focus = view.focus if view.focus in view.alike else view.alike[0]
    threats = find_threats(view.deal, view.world, parts, view.assessment.settings.triggered)
    return replace(settle(view.deal, view.alike, parts.whole, focus=focus), threats=threats)


def _money(value: float) -> Fact:
    return Fact(float(value), "bn USD")


def _zone(view: BriefingView, bargain: Bargain) -> Prose:
    """Return whether all accept some package, what would open a zone, and what is not priced."""
    accepted = [
        name for name, yes in zip(bargain.packages, bargain.is_accepted, strict=True) if yes
    ]
    if accepted:
        names = view.words.listed([view.package(name) for name in accepted])
        whole = view.say("bargain.zone.some", names=names)
    else:
        payment = bargain.zone.side_payment
        receiver = view.deal.parties[int(np.argmax(payment.transfer))]
        whole = view.say(
            "bargain.zone.none",
            amount=_money(payment.transfer.max()),
            receiver=view.region(receiver),
            package=view.package(bargain.packages[payment.package or 0]),
        )
    at = bargain.packages.index(bargain.focus)
    for place, party in enumerate(view.deal.parties):
        if bargain.needed[at, place] > 0:
            whole += view.say(
                "bargain.zone.needed",
                package=view.package(bargain.focus),
                party=view.region(party),
                amount=_money(bargain.needed[at, place]),
            )
    chances = {name: view.chance_all(name) for name in bargain.packages}
    if bargain.revealed:
        drawn = bargain.chances
        none = np.full(len(bargain.packages), np.nan)
        every = none if drawn is None else drawn.all_gain
        chances = dict(zip(bargain.packages, map(float, every), strict=True))
    if all(math.isfinite(chance) for chance in chances.values()):
        best = max(chances, key=lambda name: chances[name])
        alone = all(chances[name] < chances[best] for name in chances if name != best)
        key = "chance_best" if alone and len(chances) > 1 else "chance"
        chance = Fact(chances[best], "share")
        whole += view.say(f"bargain.zone.{key}", package=view.package(best), chance=chance)
    return whole


def _terms(view: BriefingView, terms: "TermBargain") -> Prose:
    """Return what moving the terms opens, and the least change that all accept."""
    package = view.package(terms.movable.package)
    if not terms.has_zone:
        amount = _money(terms.opening.amount)
        return view.say("bargain.terms.none", package=package, amount=amount)
    gains = [
        view.phrase("bargain.terms.gain", party=view.region(party), value=_money(value))
        for party, value in zip(
            terms.movable.parties, terms.agreements["nash"].payoffs, strict=True
        )
    ]
    whole = view.say("bargain.terms.some", package=package, gains=view.words.joined(gains))
    if terms.changes:
        whole += view.say("bargain.terms.change", change=_change(view, terms, terms.changes[0]))
    return whole


def _change(view: BriefingView, terms: "TermBargain", change: "LeastChange") -> str:
    """Return a change of terms in words, each with what it is now."""
    told = []
    for at, value in zip(change.terms, change.values, strict=True):
        entry, now = terms.movable.entries[at], float(terms.movable.base[at])
        values = {"value": term_text(entry, value), "now": term_text(entry, now)}
        told.append(str(view.phrase("bargain.change.one", title=entry.title, **values)))
    return view.words.templates["bargain.change.joint"].join(told)


def _plane(view: BriefingView, bargain: Bargain, partner: str) -> Chart:
    """Return the plane of the host and another party: that one to the right, the host upwards."""
    parties = view.deal.parties
    pair = (partner, view.host)
    name = "bargain-plane" if partner == view.payer else f"bargain-plane-{partner.lower()}"
    across, up = (parties.index(party) for party in pair)
    spots = [Spot(view.title(NO_DEAL), 0.0, 0.0, "none")]
    spots += [
        Spot(view.label(name), float(row[across]), float(row[up]), "package")
        for name, row in zip(bargain.packages, bargain.payoffs, strict=True)
    ]
    frontier: list[tuple[float, float]] = []
    key = [view.say(f"bargain.plane.key{'_of_several' if view.several else ''}")]
    if bargain.terms is not None:
        points = bargain.terms.frontier.payoffs
        frontier = sorted((float(point[across]), float(point[up])) for point in points)
        spots += _rules(view, bargain.terms, across, up)
    if frontier:
        key.append(view.say(f"bargain.plane.frontier{'_of_several' if view.several else ''}"))
    labels = tuple(view.text("bargain.axis", party=view.region_label(party)) for party in pair)
    names = {"party": view.region(partner), "other": view.region(view.host)}
    title = view.text("bargain.title.plane", **names)
    rows = tuple(
        Row(quoted(spot.label), (_money(spot.x), _money(spot.y)))
        for spot in spots
        if spot.kind != "none"
    )
    return Chart(
        id=name,
        title=title,
        finding=_finding(view, bargain),
        alt=view.text("bargain.alt.plane"),
        wide=build_plane_chart(spots, frontier, "wide", labels),  # type: ignore[arg-type]
        narrow=build_plane_chart(spots, frontier, "narrow", labels),  # type: ignore[arg-type]
        table=Table(
            f"{name}-data", title,
            view.say("bargain.unit"),
            (
                Column(view.text("bargain.column.package_or_rule"), numeric=False),
                *(Column(view.region_label(party), style="signed", decimals=1) for party in pair),
            ),
            (RowGroup(None, rows),),
        ),
        key=tuple(key),
    )  # fmt: skip


def _payoff_table(view: BriefingView, bargain: Bargain) -> Table:
    """Return payoffs of the packages to all parties, where a plane cannot show them."""
    at = [view.deal.parties.index(party) for party in view.parties]
    rows = tuple(
        Row(quoted(view.label(name)), tuple(_money(payoffs[place]) for place in at))
        for name, payoffs in zip(bargain.packages, bargain.payoffs, strict=True)
    )
    gains = (Column(view.region_label(party), decimals=1) for party in view.parties)
    return Table(
        "bargain-payoffs",
        view.text("bargain.title.payoffs"),
        view.say("bargain.unit"),
        (Column(view.text("column.package"), numeric=False), *gains),
        (RowGroup(None, rows),),
    )


def _finding(view: BriefingView, bargain: Bargain) -> Prose:
    inside = [name for name, yes in zip(bargain.packages, bargain.is_accepted, strict=True) if yes]
    if len(inside) == len(bargain.packages):
        return view.say("bargain.finding.all")
    if inside:
        names = view.words.listed([view.package(name) for name in inside])
        return view.say("bargain.finding.some", names=names)
    reached = bargain.terms is not None and bargain.terms.has_zone
    return view.say(f"bargain.finding.{'only_terms' if reached else 'none'}")


def _rules(view: BriefingView, terms: "TermBargain", across: int, up: int) -> list[Spot]:
    """Return the agreements, those that all but coincide under one label."""
    size = float(np.ptp(terms.frontier.payoffs)) if len(terms.frontier.payoffs) else 1.0
    spots: list[Spot] = []
    for rule, agreement in terms.agreements.items():
        x, y = float(agreement.payoffs[across]), float(agreement.payoffs[up])
        name = view.words.templates[f"rule.{rule}"]
        for at, other in enumerate(spots):
            if max(abs(x - other.x), abs(y - other.y)) < SAME * size:
                label = f"{other.label}, {name}"
                spots[at] = Spot(label, other.x, other.y, "rule")
                break
        else:
            spots.append(Spot(_sentence_case(name), x, y, "rule"))
    return spots


def _tables(view: BriefingView, terms: "TermBargain") -> list[Block]:
    """Return the least changes that both accept, and the terms that each rule picks."""
    blocks: list[Block] = []
    parties = view.parties
    at = [terms.movable.parties.index(party) for party in parties]
    gains = tuple(Column(view.region_label(party), decimals=1) for party in parties)
    changes = (*terms.changes[:SHOWN_CHANGES], *terms.pairs[:SHOWN_CHANGES])
    if changes:
        rows = tuple(
            Row(quoted(_sentence_case(_change(view, terms, change))),
                tuple(_money(change.payoffs[place]) for place in at))
            for change in changes
        )  # fmt: skip
        blocks.append(
            Table(
                "bargain-changes", view.text("bargain.title.changes"),
                view.say("bargain.changes.unit"),
                (Column(view.text("column.change"), numeric=False), *gains),
                (RowGroup(None, rows),),
            )
        )  # fmt: skip
    if terms.agreements:
        rows = tuple(
            Row(quoted(view.text(f"rule.{rule}")),
                (quoted(_values(terms, agreement.terms)),
                 *(_money(agreement.payoffs[place]) for place in at)))
            for rule, agreement in terms.agreements.items()
        )  # fmt: skip
        blocks.append(
            Table(
                "bargain-rules", view.text("bargain.title.rules"),
                view.say("bargain.rules.unit"),
                (
                    Column(view.text("bargain.column.rule"), numeric=False),
                    Column(view.text("bargain.column.terms"), numeric=False),
                    *gains,
                ),
                (RowGroup(None, rows),),
            )
        )  # fmt: skip
    return blocks


def _values(terms: "TermBargain", values: np.ndarray) -> str:
    pairs = zip(terms.movable.entries, values, strict=True)
    return _sentence_case(
        "; ".join(f"{entry.title} {term_text(entry, float(value))}" for entry, value in pairs)
    )


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _retaliation(view: BriefingView, answer: "Retaliation") -> Prose:
    """Return what no deal would be worth if a party answered with tariffs of its own."""
    worth = dict(zip(view.deal.parties, answer.payoffs, strict=True))
    aim = view.words.templates[f"bargain.aim.{answer.objective}"]
    if view.several:
        told = [
            view.phrase("bargain.retaliation_worth", party=view.region(name), value=_money(value))
            for name, value in worth.items()
        ]
        return view.say(
            "bargain.retaliation_of_several",
            by=view.region(answer.by),
            others=view.words.listed([view.region(name) for name in answer.against]),
            rate=Fact(answer.average, "share"),
            aim=aim,
            worth=view.words.joined(told),
        )
    return view.say(
        "bargain.retaliation",
        by=view.region(answer.by),
        other=view.region(answer.against[0]),
        rate=Fact(answer.average, "share"),
        aim=aim,
        own=_money(worth[answer.by]),
        theirs=_money(worth[answer.against[0]]),
    )


def _limits(view: BriefingView, terms: "TermBargain | None") -> Prose:
    whole = view.say("bargain.limits.knowledge")
    if terms is None:
        return whole
    return whole + view.say(
        "bargain.limits.search",
        count=Fact(len(terms.evaluated), "count"),
        typical=Fact(terms.surrogate.typical_error, "share"),
        worst=Fact(terms.surrogate.worst_error, "share"),
    )
