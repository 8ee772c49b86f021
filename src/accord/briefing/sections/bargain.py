"""The section on the bargain: what all parties could accept, and what stands in the way."""

import math
from typing import TYPE_CHECKING

import numpy as np

from accord.assessment.bargain.bargain import Bargain
from accord.assessment.bargain.render import term_text
from accord.briefing.document.blocks import (
    Block,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import Fact, Prose, quoted
from accord.briefing.objectives import objective_tables, tell_objective, tell_threats
from accord.briefing.opening.picture import build_plane, settle_packages
from accord.briefing.view import BriefingView

if TYPE_CHECKING:
    from accord.assessment.bargain.least_change import LeastChange
    from accord.assessment.bargain.over_terms import TermBargain
    from accord.assessment.bargain.retaliation import Retaliation

ORDER = 20
SHOWN_CHANGES = 4


def build(view: BriefingView) -> Section:
    """Return the section on the bargain; without one worked out before, over packages alone."""
    bargain = settle_packages(view)
    terms = bargain.terms
    blocks: list[Block] = [Paragraph(_zone(view, bargain))]
    if terms is not None:
        blocks.append(Paragraph(tell_terms(view, terms)))
    blocks.append(Paragraph(tell_objective(view, bargain) + tell_threats(view, bargain)))
    blocks += [build_plane(view, bargain, partner) for partner in view.partners[1:]]
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


def _money(value: float) -> Fact:
    return Fact(float(value), "bn USD")


def _zone(view: BriefingView, bargain: Bargain) -> Prose:
    """Return whether all accept some package, what would open a zone, and what is not priced."""
    accepted = [
        name for name, yes in zip(bargain.packages, bargain.is_accepted, strict=True) if yes
    ]
    if len(accepted) > 1 and len(accepted) == len(bargain.packages):
        whole = view.say("bargain.zone.every")
    elif accepted:
        names = view.words.listed([view.name_among(name) for name in accepted])
        whole = view.say("bargain.zone.some", names=names)
    else:
        whole = view.say("bargain.zone.none") + _opening(view, bargain)
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
        told = {name: Fact(chance, "share").text("frequency") for name, chance in chances.items()}
        alone = list(told.values()).count(told[best]) == 1
        best = bargain.focus if told[bargain.focus] == told[best] else best
        key = "chance_best" if alone and len(chances) > 1 else "chance"
        chance = Fact(chances[best], "share")
        whole += view.say(f"bargain.zone.{key}", package=view.name_among(best), chance=chance)
    return whole


def _opening(view: BriefingView, bargain: Bargain) -> Prose:
    """Return the payment between the parties that would open a zone, or that none would."""
    payment = bargain.zone.side_payment
    if payment.outside > 0:
        return view.say(f"bargain.zone.no_payment{'_of_several' if view.several else ''}")
    receiver = view.deal.parties[int(np.argmax(payment.transfer))]
    return view.say(
        "bargain.zone.payment",
        amount=_money(payment.transfer.max()),
        receiver=view.region(receiver),
        package=view.name_among(bargain.packages[payment.package or 0]),
    )


def tell_terms(view: BriefingView, terms: "TermBargain") -> Prose:
    """Return what moving the terms opens, and the least change that all accept."""
    package = view.package(terms.movable.package)
    if not terms.has_zone:
        whole = view.say("bargain.terms.none", package=package)
        if terms.opening.outside > 0:
            return whole + view.say("bargain.terms.no_payment")
        return whole + view.say("bargain.terms.payment", amount=_money(terms.opening.amount))
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
