"""Which sets of trade elasticities the figures and their ranges come from, in words."""

from accord.briefing.document.facts import Fact, Name, Prose, listed, sentence
from accord.briefing.view import BriefingView
from accord.data.labels import ELASTICITY_NAMES


def set_name(name: str) -> str:
    """Return the name of a set in prose: who estimated it, or its own name in quotes."""
    return ELASTICITY_NAMES.get(name, f"“{name}”")


def explain_ranges(view: BriefingView) -> Prose:
    """Return what a range is, with the sets behind it."""
    own, *others = view.sets
    if not others:
        return sentence(
            "Figures use the elasticities of {own}. No other set was solved, so there are no "
            "ranges.",
            own=Name(set_name(own)),
        )
    return sentence(
        "Figures use the elasticities of {own}; a range runs from the lowest to the highest result "
        "over that set and {those} of {others}. It covers that one source of doubt only.",
        own=Name(set_name(own)),
        those=Name("that" if len(others) == 1 else "those"),
        others=listed([set_name(name) for name in others]),
    )


def explain_one_side(view: BriefingView) -> Prose | None:
    """Return why a figure is often an end of its range; None where there are no ranges."""
    own, *others = view.sets
    if not others:
        return None
    at = view.world.sector_index(view.main_sector)
    values = {name: float(view.world.elasticities[name][at]) for name in view.sets}
    text = (
        "The figure printed is the result under one set and not the middle of its range: where the "
        "other sets lie on the same side, it is an end of it."
    )
    why = sentence(text)
    if values[own] in (max(values.values()), min(values.values())):
        why += sentence(
            "In {sector}, the sector most at stake, sales answer most {way} under that set: its "
            "elasticity there is {own}, against {others}.",
            sector=Name(view.sector(view.main_sector).lower()),
            way=Name("strongly" if values[own] == max(values.values()) else "weakly"),
            own=Fact(values[own], "ratio"),
            others=_joined([Fact(values[name], "ratio") for name in others]),
        )
    return why


def _joined(facts: list[Fact]) -> Prose:
    """Return facts joined as in prose."""
    whole = sentence("{fact}", fact=facts[0])
    for at, fact in enumerate(facts[1:], start=2):
        joint = "{before} and {fact}" if at == len(facts) else "{before}, {fact}"
        whole = sentence(joint, before=whole, fact=fact)
    return whole
