"""Sentences on the sets of trade elasticities behind the figures and their ranges."""

from accord.briefing.document.facts import Fact, Prose, fill
from accord.briefing.view import BriefingView
from accord.data.labels import ELASTICITY_NAMES


def set_name(view: BriefingView, name: str) -> str:
    """Return the name of a set in prose: who estimated it, or its own name in quotes."""
    known = ELASTICITY_NAMES.get(name)
    return view.words.translated(known) if known else view.quote(name)


def explain_ranges(view: BriefingView) -> Prose:
    """Return what a range is, with the sets behind it."""
    own, *others = view.sets
    if not others:
        return view.say("elasticities.no_ranges", own=set_name(view, own))
    names = view.words.listed([set_name(view, name) for name in others])
    return view.say("elasticities.ranges", own=set_name(view, own), others=names)


def explain_one_side(view: BriefingView) -> Prose | None:
    """Return why a figure is often an end of its range; None where there are no ranges."""
    own, *others = view.sets
    if not others:
        return None
    at = view.world.sector_index(view.main_sector)
    values = {name: float(view.world.elasticities[name][at]) for name in view.sets}
    why = view.say("elasticities.one_side")
    if values[own] in (max(values.values()), min(values.values())):
        why += view.say(
            f"elasticities.{'strongest' if values[own] == max(values.values()) else 'weakest'}",
            sector=view.sector(view.main_sector).lower(),
            own=Fact(values[own], "ratio"),
            others=view.words.joined(
                [fill("{n}", {"n": Fact(values[name], "ratio")}) for name in others]
            ),
        )
    return why
