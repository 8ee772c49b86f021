"""Who made a briefing, from what, how to make it again, and how sure its inputs are."""

from accord.briefing.document.facts import Fact, Prose
from accord.briefing.sections.reproduce import brief_command
from accord.briefing.view import BriefingView

DIGEST = 12  # letters of a digest that are printed


def build_colophon(view: BriefingView) -> tuple[Prose, ...]:
    """Return the lines at the foot of the two pages."""
    drawn = view.records("parameters")
    assumed = [row for row in drawn if row["grade"] == "U"]
    made = view.say(
        "colophon.made", world=view.world.name,
        regions=Fact(len(view.world.regions), "count"),
        sectors=Fact(len(view.world.sectors), "count"), year=Fact(view.year, "year"),
    )  # fmt: skip
    lines = [view.say("colophon.reading"), made]
    if drawn:
        lines.append(
            view.say(
                "colophon.grades",
                assumed=Fact(len(assumed), "count"),
                drawn=Fact(len(drawn), "count"),
            )
        )
    command = brief_command(view)
    if command:
        lines.append(view.say("colophon.command", command=command))
    digests = {"deal": view.deal.sha256[:DIGEST], "world": view.world.sha256[:DIGEST]}
    return (*lines, view.say("colophon.digests", **digests))
