"""Where the figures come from: sources and grades, and what the briefing is not."""

from accord.briefing.document.blocks import SourceNote
from accord.briefing.document.facts import Fact, Prose
from accord.briefing.view import BriefingView
from accord.core.provenance import Source


def build_sources(view: BriefingView, extra: tuple[Source, ...]) -> tuple[SourceNote, ...]:
    """Return the numbered sources: those the packages cite, comparators, then the data."""
    cited = {
        source
        for package in view.packages
        for clause in view.deal.clauses(package)
        for source in clause.source_ids
    }
    cited_sources = [source for source in view.deal.sources if source.id in cited]
    cited_sources += [*extra, *view.world.sources]
    unique = {source.id: source for source in cited_sources}
    return tuple(
        SourceNote(number, source, view.words.templates[f"grade.{source.grade}"])
        for number, source in enumerate(unique.values(), start=1)
    )


def build_grades(view: BriefingView) -> Prose:
    """Return what the grades mean, where they are marked, and which figures are not marked."""
    whole = view.say("sources.grades.what")
    world = view.world
    copied = {
        figure.region
        for figure in world.macro
        if figure.region in world.regions and figure.unit == "bn USD" and figure.grade == "C"
    }
    if copied:
        every = len(copied) == len(world.regions)
        whole += view.say(
            f"sources.grades.{'every' if every else 'some'}_copied",
            count=Fact(len(copied), "count"),
            all=Fact(len(world.regions), "count"),
        )
    assumed = [view.region(name) for name in world.regions if view.assumed(name)]
    if assumed:
        whole += view.say("sources.grades.assumed", names=view.words.listed(assumed))
    return whole


def build_disclaimer(view: BriefingView) -> tuple[Prose, ...]:
    """Return what the briefing is not."""
    return tuple(view.say(f"disclaimer.{key}") for key in ("model", "sources", "advice"))
