"""Where the figures come from: how to get them again, sources and grades, what they are not."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accord.briefing.document.blocks import Block, Code, Paragraph, Section, SourceNote
from accord.briefing.document.facts import Fact, Prose, listed, sentence
from accord.briefing.view import BriefingView
from accord.core.provenance import GRADE_MEANING, Source


def build_reproduction(view: BriefingView, date: dt.date) -> Section:
    """Return the box with the command, the Python lines, the digests and the versions."""
    held = dict(view.assessment.reproduce)
    command = str(held.pop("command", "")).replace("accord assess", "accord brief", 1)
    given = held.pop("python")
    lines = tuple(given.splitlines() if isinstance(given, str) else (str(line) for line in given))
    day = f'dt.date.fromisoformat("{date.isoformat()}")'
    saved = f'ac.brief(result, date={day}).save("{view.deal.name}.html")'
    blocks: list[Block] = []
    if command:
        blocks.append(Code((f"{command} --date {date.isoformat()}",), "In a terminal"))
    else:
        blocks.append(
            Paragraph(
                sentence(
                    "No command gives this page: part of its inputs was passed in Python by "
                    "whoever made it."
                )
            )
        )
    blocks += [
        Code(("import datetime as dt", *lines, saved), "In Python"),
        Code(tuple(f"{key}: {text}" for key, text in _flat(held)), "From exactly these inputs"),
    ]
    return Section("reproduce", "Reproduce this briefing", tuple(blocks))


def _flat(held: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in held.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            rows += _flat(value, f"{name} ")
        else:
            rows.append((name, str(value)))
    return rows


def build_sources(view: BriefingView, extra: tuple[Source, ...]) -> tuple[SourceNote, ...]:
    """Return the numbered sources: those the packages cite, comparators, then the data."""
    cited = {
        source
        for package in view.packages
        for clause in view.deal.clauses(package)
        for source in clause.source_ids
    }
    listed = [source for source in view.deal.sources if source.id in cited]
    listed += [*extra, *view.world.sources]
    unique = {source.id: source for source in listed}
    return tuple(
        SourceNote(number, source, GRADE_MEANING[source.grade])
        for number, source in enumerate(unique.values(), start=1)
    )


def build_grades(view: BriefingView) -> Prose:
    """Return what the grades mean, where they are marked, and which figures are not marked."""
    whole = sentence(
        "The grade says how far to trust a source: A official, B press or research, C a single "
        "copy, D derived here, U assumed. C and U are marked where a clause or a figure cites them."
    )
    world = view.world
    used = [one for one in world.macro if one.region in world.regions and one.unit == "bn USD"]
    copied = {one.region for one in used if one.grade == "C"}
    assumed = [name for name in world.regions if view.assumed(name)]
    if copied:
        which = "every region" if len(copied) == len(world.regions) else "{count} of {all} regions"
        whole += sentence(
            "Not marked one by one are the totals that every figure rests on: GDP or trade of "
            f"{which} is of grade C.",
            count=Fact(len(copied), "count"),
            all=Fact(len(world.regions), "count"),
        )
    if assumed:
        whole += sentence(
            "A total of {names} is of grade U and is marked beside the name in tables.",
            names=listed([view.region(name) for name in assumed]),
        )
    return whole


def build_disclaimer() -> tuple[Prose, ...]:
    """Return what the briefing is not."""
    return (
        sentence(
            "These are results of a model, not forecasts. They say what the terms would do if "
            "everything else stayed as in the baseline, and they are only as good as the data and "
            "elasticities listed here."
        ),
        sentence(
            "Sources of grade C or U are marked where they are cited: check them before you rely "
            "on what cites them."
        ),
        sentence(
            "Nothing here is legal, financial or policy advice, and names of countries and "
            "territories are those of the data, without any judgement on their status."
        ),
    )
