"""Sentences on the sets of trade elasticities behind the figures and their ranges."""

from accord.briefing.document.facts import Prose
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
    key = "ranges" if view.assessment.settings.averages(view.world) else "named"
    return view.say(f"elasticities.{key}", own=set_name(view, own), others=names)
