"""How the figures were made: model, baseline, settings, elasticities, reproduction, disclaimer."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accord.briefing.document import (
    Block,
    Bullets,
    Code,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    SourceNote,
    Table,
)
from accord.briefing.facts import Fact, Name, Prose, quoted, sentence
from accord.briefing.reading import Reading
from accord.core.provenance import GRADE_MEANING, Source
from accord.trade.config import CLOSURE_MEANING, COMPETITION_MEANING

LABOUR_MEANING = {
    "fixed": "fixed: as many people work as before, and move between sectors",
    "elastic": "elastic: more people work where real wages rise",
}


def build_method(reading: Reading) -> Section:
    """Return the section on method, with the elasticities beside it."""
    world, settings = reading.world, reading.assessment.settings
    others = [name for name in world.elasticities if name != settings.elasticities]
    what = sentence(
        "Each package is solved as one equilibrium of the world economy: {regions} regions and "
        "{sectors} sectors, in which wages, prices, sales and tariff revenue answer to the "
        "tariffs and the transfer (Caliendo and Parro). The difference between two equilibria is "
        "the effect.",
        regions=Fact(len(world.regions), "count"),
        sectors=Fact(len(world.sectors), "count"),
    )
    points = [
        sentence(
            "Baseline: the world of {year}, with trade flows measured for the United States and "
            "estimated elsewhere from the last full table, {table}. Tariffs are those of {date}.",
            year=Fact(reading.year, "year"),
            table=Fact(world.base_year, "year"),
            date=Fact(reading.evaluate_on, "date"),
        ),
        sentence(
            "Horizon: the state after firms and buyers have adjusted, some years out. The way "
            "there is not described; the first months look different."
        ),
        sentence(
            "Transfer: the yearly average of the payments of {first} to {last}, moved from the "
            "payer's spending to the host's. What comes back later is not counted.",
            first=Fact(reading.deal.window[0], "year"),
            last=Fact(reading.deal.window[-1], "year"),
        ),
        sentence("Closure: {closure}.", closure=_meaning(CLOSURE_MEANING, settings.closure)),
        sentence("Market structure: {name}.", name=_meaning(COMPETITION_MEANING,
                                                            settings.competition)),
        sentence("Labour: {name}.", name=_meaning(LABOUR_MEANING, settings.labour)),
        sentence(
            "Tariff revenue is paid out to the residents of the country that collects it."
        ),
        sentence(
            "Elasticities: how fast buyers turn away when a price rises. Figures use the set "
            "“{name}”; ranges show the lowest and highest result over {others}.",
            name=Name(str(settings.elasticities)),
            others=Name(" and ".join(f"“{name}”" for name in (settings.elasticities, *others))),
        ),
        sentence(
            "Every equilibrium behind this page met its tolerance in every equation. A briefing of "
            "one that did not is refused."
        ),
    ]  # fmt: skip
    if settings.triggered:
        declared = Name(", ".join(f"“{name}”" for name in settings.triggered))
        points.append(sentence("Declared to have happened: {events}.", events=declared))
    notes = tuple(quoted(_note(note, tuple(world.elasticities))) for note in world.notes)
    blocks: list[Block] = [Paragraph(what), Bullets(tuple(points)), _elasticities(reading)]
    if notes:
        blocks.append(Bullets(notes, folded="Known limits of the data"))
    return Section("method", "Method", tuple(blocks))


def _note(note: str, names: tuple[str, ...]) -> str:
    """Return a note as a sentence; one that starts with a name keeps it as it is."""
    return f"{note}." if note.startswith(names) else f"{note[:1].upper()}{note[1:]}."


def _meaning(meanings: Mapping[Any, str], name: Any) -> Name:
    return Name(meanings.get(name, str(name)))


def _elasticities(reading: Reading) -> Table:
    world = reading.world
    sets = dict(world.elasticities)
    rows = tuple(
        Row(
            quoted(reading.sector(sector)),
            tuple(Fact(float(values[at]), "ratio") for values in sets.values()),
        )
        for at, sector in enumerate(world.sectors)
    )
    return Table(
        "elasticities-table",
        "Trade elasticities by sector",
        sentence("Per cent fewer purchases from a country when its price rises by one per cent."),
        (
            Column("Sector", numeric=False),
            *(Column(name, style="", decimals=1) for name in sets),
        ),
        (RowGroup(None, rows),),
        folded=True,
    )


def build_reproduction(reading: Reading, date: dt.date) -> Section:
    """Return the box with the command, the Python lines, the digests and the versions."""
    held = dict(reading.assessment.reproduce)
    command = str(held.pop("command")).replace("accord assess", "accord brief", 1)
    given = held.pop("python")
    lines = tuple(given.splitlines() if isinstance(given, str) else (str(line) for line in given))
    saved = f'ac.brief(result).save("{reading.deal.name}.html")'
    blocks: tuple[Block, ...] = (
        Code((f"{command} --date {date.isoformat()}",), "In a terminal"),
        Code((*lines, saved), "In Python"),
        Code(tuple(f"{key}: {text}" for key, text in _flat(held)), "From exactly these inputs"),
    )
    return Section("reproduce", "Reproduce this briefing", blocks)


def _flat(held: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in held.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            rows += _flat(value, f"{name} ")
        else:
            rows.append((name, str(value)))
    return rows


def build_sources(reading: Reading, extra: tuple[Source, ...]) -> tuple[SourceNote, ...]:
    """Return the numbered sources: those the packages cite, comparators, then the data."""
    cited = {
        source
        for package in reading.packages
        for clause in reading.deal.clauses(package)
        for source in clause.source_ids
    }
    listed = [source for source in reading.deal.sources if source.id in cited]
    listed += [*extra, *reading.world.sources]
    unique = {source.id: source for source in listed}
    return tuple(
        SourceNote(number, source, GRADE_MEANING[source.grade])
        for number, source in enumerate(unique.values(), start=1)
    )


def build_disclaimer() -> tuple[Prose, ...]:
    """Return what the briefing is not."""
    return (
        sentence(
            "These are results of a model, not forecasts. They say what the terms would do if "
            "everything else stayed as in the baseline, and they are only as good as the data and "
            "elasticities listed here."
        ),
        sentence(
            "A figure that rests on a source of grade C or U is marked where it is used: check it "
            "before you rely on it."
        ),
        sentence(
            "Nothing here is legal, financial or policy advice, and names of countries and "
            "territories are those of the data, without any judgement on their status."
        ),
    )
