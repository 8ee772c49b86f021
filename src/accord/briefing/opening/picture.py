"""The picture of a briefing: what each package leaves to either side, with the spread of draws."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from accord.assessment.bargain.bargain import Bargain, settle
from accord.assessment.bargain.payoffs import PackagePayoffs
from accord.assessment.bargain.threats import find_threats
from accord.briefing.charts.clouds import Outline, draw_outlines
from accord.briefing.charts.payoff_plane import PlaneWords, Spot, build_plane_chart
from accord.briefing.document.blocks import Chart, Column, Row, RowGroup, Table
from accord.briefing.document.facts import Fact, Prose, quoted
from accord.briefing.view import NO_DEAL, BriefingView

if TYPE_CHECKING:
    from accord.assessment.bargain.over_terms import TermBargain

SAME = 0.03  # of the plane: agreements closer than this share one label
FEWEST = 50  # draws below which a cloud would say nothing


def settle_packages(view: BriefingView) -> Bargain:
    """Return the bargain that the page was given; without one, the bargain over packages alone."""
    if view.bargain is not None:
        return view.bargain
    rows = [[view.payoff(name, party) for party in view.deal.parties] for name in view.alike]
    payoffs = [[payoff.value for payoff in row] for row in rows]
    tariffs = [[payoff.components["tariff"] for payoff in row] for row in rows]
    nothing = np.zeros((0, *np.shape(payoffs)))
    parts = PackagePayoffs(np.array(payoffs), np.array(tariffs), nothing, nothing)
    focus = view.focus if view.focus in view.alike else view.alike[0]
    threats = find_threats(view.deal, view.world, parts, view.assessment.settings.triggered)
    # A page says nothing of what time does, which takes longer than all else here.
    settled = settle(view.deal, view.alike, parts.whole, focus=focus, timed=False)
    return replace(settled, threats=threats)


def build_picture(view: BriefingView) -> Chart:
    """Return the plane of the host and the payer."""
    return build_plane(view, settle_packages(view), view.payer)


def build_plane(view: BriefingView, bargain: Bargain, partner: str) -> Chart:
    """Return the plane of the host and another party: that one to the right, the host upwards."""
    pair = (partner, view.host)
    name = "bargain-plane" if partner == view.payer else f"bargain-plane-{partner.lower()}"
    across, up = (view.deal.parties.index(party) for party in pair)
    packages = list(zip(bargain.packages, bargain.payoffs, strict=True))
    packages.sort(key=lambda entry: entry[0] != bargain.focus)
    spots = [Spot(view.title(NO_DEAL), 0.0, 0.0, "none")]
    for package, row in packages:
        cloud = () if bargain.revealed else _cloud(view, package, pair)
        place = float(row[across]), float(row[up])
        spots.append(Spot(_label(view, package), *place, "package", cloud))
    several = "_of_several" if view.several else ""
    key = [view.say(f"bargain.plane.key{several}")]
    if any(spot.cloud for spot in spots):
        key.append(view.say("bargain.plane.cloud"))
    frontier: list[tuple[float, float]] = []
    if bargain.terms is not None:
        points = bargain.terms.frontier.payoffs
        frontier = sorted((float(point[across]), float(point[up])) for point in points)
        spots += _rules(view, bargain.terms, across, up)
    if frontier:
        key.append(view.say(f"bargain.plane.frontier{several}"))
    axes = [view.text("bargain.axis", party=view.region_label(party)) for party in pair]
    words = PlaneWords(
        (axes[0], axes[1]),
        view.text("bargain.plane.corner"),
        view.words.templates["bargain.plane.off"],
    )
    names = {"party": view.region(partner), "other": view.region(view.host)}
    title = view.text("bargain.title.plane", **names)
    shown = [spot for spot in spots if spot.kind != "none"]
    full = [view.label(package) for package, _ in packages]
    full += [spot.label for spot in shown[len(full) :]]
    rows = tuple(
        Row(quoted(name), (_money(spot.x), _money(spot.y)))
        for name, spot in zip(full, shown, strict=True)
    )
    return Chart(
        id=name,
        title=title,
        finding=_finding(view, bargain),
        alt=view.text("bargain.alt.plane"),
        wide=build_plane_chart(spots, frontier, "wide", words),
        narrow=build_plane_chart(spots, frontier, "narrow", words),
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


def _label(view: BriefingView, package: str) -> str:
    """Return what stands beside the mark of a package: its short name where it has one."""
    own = view.words.translated(view.deal.package(package).short)
    return own[:1].upper() + own[1:] or view.label(package)


def _money(value: float) -> Fact:
    return Fact(float(value), "bn USD")


def _cloud(view: BriefingView, package: str, pair: tuple[str, str]) -> tuple[Outline, ...]:
    held = [view.draws.get((package, party), np.zeros(0)) for party in pair]
    return draw_outlines(np.column_stack(held)) if len(held[0]) >= FEWEST else ()


def _finding(view: BriefingView, bargain: Bargain) -> Prose:
    inside = [name for name, yes in zip(bargain.packages, bargain.is_accepted, strict=True) if yes]
    who = view.words.templates["party.all" if view.several else "party.both"]
    if len(inside) == len(bargain.packages):
        return view.say("bargain.finding.all", who=who)
    if inside:
        names = view.words.listed([view.package(name) for name in inside])
        return view.say("bargain.finding.some", names=names, who=who)
    reached = bargain.terms is not None and bargain.terms.has_zone
    return view.say(f"bargain.finding.{'only_terms' if reached else 'none'}", who=who)


def _rules(view: BriefingView, terms: "TermBargain", across: int, up: int) -> list[Spot]:
    """Return the agreements, those that all but coincide under one label."""
    size = float(np.ptp(terms.frontier.payoffs)) if len(terms.frontier.payoffs) else 1.0
    spots: list[Spot] = []
    for rule, agreement in terms.agreements.items():
        x, y = float(agreement.payoffs[across]), float(agreement.payoffs[up])
        name = view.words.templates[f"rule.{rule}"]
        for at, other in enumerate(spots):
            if max(abs(x - other.x), abs(y - other.y)) < SAME * size:
                spots[at] = Spot(f"{other.label}, {name}", other.x, other.y, "rule")
                break
        else:
            spots.append(Spot(name[:1].upper() + name[1:], x, y, "rule"))
    return spots
