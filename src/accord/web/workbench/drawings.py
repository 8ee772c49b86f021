"""Drawings of the workbench, from the same code as those of a briefing."""

import re
from collections.abc import Sequence

from markupsafe import Markup

from accord.briefing.charts.base import render_svg
from accord.briefing.charts.payoff_plane import PlaneWords, Spot, build_plane_chart
from accord.web.desk.desk import Figures
from accord.web.words.sentences import page_messages, tell
from accord.web.workbench.naming import name_package, name_region

STYLE = re.compile(r' style="max-width:([\d.]+)px"')


def draw_plane(figures: Sequence[Figures], titles: Sequence[str]) -> dict[str, Markup]:
    """Return the payoff plane of packages, wide and narrow; the first is the one looked at."""
    priced = figures[0].priced
    across, up = priced.deal.parties[1], priced.deal.parties[0]
    spots = [Spot(tell("bench.no_deal"), 0.0, 0.0, "none")]
    for figure, title in zip(figures, titles, strict=True):
        spots.append(Spot(title, figure.payoff(across), figure.payoff(up), "package"))
    axes = tuple(
        tell("bench.plane.axis", party=name_region(party, priced.world)) for party in (across, up)
    )
    words = PlaneWords(
        (axes[0], axes[1]), tell("bench.plane.corner"), page_messages()["bench.plane.off"]
    )
    return {
        size: embed(
            render_svg(
                build_plane_chart(spots, [], size, words), f"plane-{size}",
                tell("bench.plane.title"), tell("bench.plane.alt"),
            )
        )
        for size in ("wide", "narrow")
    }  # fmt: skip


def embed(drawing: str) -> Markup:
    """Return a drawing for a page whose policy allows no style in attributes."""
    return Markup(STYLE.sub(r' width="\1"', drawing))  # noqa: S704  (made here, titles escaped)


def titles_of(figures: Sequence[Figures]) -> list[str]:
    """Return the titles of the packages of figures."""
    titles = []
    for figure in figures:
        packages = {table.get("name"): table for table in figure.priced.draft.packages}
        titles.append(name_package(packages[figure.package]))
    return titles
