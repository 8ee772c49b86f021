"""What would change the verdict, in a few sentences: single unknowns, terms, payments."""

import math
from typing import Any

import numpy as np

from accord.assessment.bargain.bargain import Bargain
from accord.briefing.document.facts import SMALLEST, Fact, Prose
from accord.briefing.opening.picture import settle_packages
from accord.briefing.sections.bargain import tell_terms
from accord.briefing.view import BriefingView
from accord.briefing.words.unknowns import read_kind, shift_way, unknown_fact

SHOWN = 3  # unknowns that turn the verdict


def build_turning(view: BriefingView) -> tuple[Prose, ...]:
    """Return the unknowns that would turn the verdict, the nearest first, and what would agree."""
    near = sorted(_thresholds(view), key=_distance)
    told = [_threshold(view, row) for row in near[:SHOWN]]
    known = {row["party"] for row in near}
    told += [text for party in view.parties if party not in known for text in _firm(view, party)]
    bargain = settle_packages(view)
    if bargain.terms is not None:
        told.append(tell_terms(view, bargain.terms))
    return (*told, _agreement(view, bargain))


def _threshold(view: BriefingView, row: dict[str, Any]) -> Prose:
    """Return the value of an unknown at which a party breaks even.

    What is a factor or a degree of something has no unit that a reader knows: it is told as so
    many times what is assumed. A place in the range of a deal file is told as a percentile, and a
    shift of every party's discount rate as points.
    """
    way = "loses" if view.payoff(view.focus, row["party"]).value > 0 else "gains"
    name, value, central = row["parameter"], float(row["value"]), float(row["central"])
    whose = {"party": view.region(row["party"]), "what": view.words.templates[f"unknown.{name}"]}
    kind = read_kind(view, name)
    if kind == "plain":
        return view.say(f"turning.times.{way}", value=Fact(value / central, "ratio"), **whose)
    ends = {"value": unknown_fact(view, name, value), "central": unknown_fact(view, name, central)}
    if kind == "shift":
        return view.say(f"turning.shift.{way}.{shift_way(value)}", **ends, **whose)
    key = "turning.percentile" if kind == "percentile" else "turning"
    return view.say(f"{key}.{way}", **ends, **whose)


def _firm(view: BriefingView, party: str) -> list[Prose]:
    """Return how far a single unknown can move a party, where no value of one is a threshold.

    How the projects turn out has no single value, but may turn the verdict at an end of its range.
    """
    ends = [
        (float(row[end]), str(row["parameter"]))
        for row in view.records("swings")
        if (row["package"], row["party"]) == (view.focus, party)
        for end in ("at_low", "at_high")
    ]
    if not ends:
        return []
    gains = view.payoff(view.focus, party).value > 0
    end, unknown = min(ends) if gains else max(ends)
    turns = end < 0 if gains else end > 0
    key = f"turning.{'end' if turns else 'firm'}.{'gain' if gains else 'loss'}"
    if abs(end) < SMALLEST:
        key = "turning.even"
    return [
        view.say(
            key,
            party=view.region(party),
            end=Fact(end, "bn USD"),
            what=view.words.templates[f"unknown.{unknown}"],
        )
    ]


def _thresholds(view: BriefingView) -> list[dict[str, Any]]:
    return [
        row
        for row in view.records("thresholds")
        if row["package"] == view.focus and math.isfinite(row["value"])
    ]


def _distance(row: dict[str, Any]) -> float:
    """Return how far a threshold is from the central value, as a share of the unknown's range."""
    width = float(row["high"]) - float(row["low"])
    return abs(float(row["value"]) - float(row["central"])) / width if width > 0 else math.inf


def _agreement(view: BriefingView, bargain: Bargain) -> Prose:
    """Return what would make every party prefer the package in focus to no deal."""
    who = view.words.templates["party.all" if view.several else "party.both"]
    short = view.short(bargain.focus)
    at = bargain.packages.index(bargain.focus)
    payoffs = bargain.payoffs[at]
    if (payoffs > 0).all():
        return view.say("turning.agreed", who=who, short=short)
    missing = float(-payoffs[payoffs < 0].sum())
    if payoffs.sum() <= 0:
        return view.say("turning.no_payment", who=who, short=short)
    givers = [view.deal.parties[place] for place in np.flatnonzero(payoffs > 0)]
    takers = [view.deal.parties[place] for place in np.flatnonzero(payoffs < 0)]
    amount, most = (Fact(size, "bn USD") for size in (missing, float(payoffs[payoffs > 0].sum())))
    narrow = amount.text("about") == most.text("about")
    return view.say(
        f"turning.payment.{'about' if narrow else 'between'}",
        who=who,
        short=short,
        amount=amount,
        most=most,
        givers=view.words.listed([view.region(party) for party in givers]),
        takers=view.words.listed([view.region(party) for party in takers]),
    )
