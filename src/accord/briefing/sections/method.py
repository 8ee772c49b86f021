"""How the figures were made: model, baseline, settings, elasticities."""

from collections.abc import Mapping
from typing import Any

from accord.briefing.document.blocks import (
    Block,
    Bullets,
    Column,
    Paragraph,
    Row,
    RowGroup,
    Section,
    Table,
)
from accord.briefing.document.facts import Fact, Name, Prose, quoted, sentence
from accord.briefing.view import BriefingView
from accord.briefing.words.elasticity_ranges import explain_ranges, set_name
from accord.trade.config import CLOSURE_MEANING, COMPETITION_MEANING

LABOUR_MEANING = {
    "fixed": "fixed: as many people work as before, and move between sectors",
    "elastic": "elastic: more people work where real wages rise",
}


def build_method(view: BriefingView) -> Section:
    """Return the section on method, with the elasticities beside it."""
    world, settings = view.world, view.assessment.settings
    what = sentence(
        "Each package is solved as one equilibrium of the world economy: {regions} regions and "
        "{sectors} sectors, in which wages, prices, sales and tariff revenue answer to the "
        "tariffs and the transfer (Caliendo and Parro). The difference between two equilibria is "
        "the effect.",
        regions=Fact(len(world.regions), "count"),
        sectors=Fact(len(world.sectors), "count"),
    )
    points = [
        _baseline(view),
        sentence(
            "Packages: for the yearly figures, what their clauses say for {date} is put on the "
            "tariffs of the baseline. The verdict follows every date, a mean over the days of each "
            "year, and says what the other reading would give.",
            date=Fact(view.evaluate_on, "date"),
        ),
        sentence(
            "Horizon: the state after firms and buyers have adjusted, some years out. The way "
            "there is not described; the first months look different. The verdict has such a state "
            "for every year."
        ),
        *_transfer(view),
        sentence("Closure: {closure}.", closure=_meaning(CLOSURE_MEANING, settings.closure)),
        sentence("Market structure: {name}.", name=_meaning(COMPETITION_MEANING,
                                                            settings.competition)),
        sentence("Labour: {name}.", name=_meaning(LABOUR_MEANING, settings.labour)),
        sentence(
            "Tariff revenue is paid out to the residents of the country that collects it."
        ),
        sentence("Elasticities: how fast buyers turn away when a price rises. {ranges}",
                 ranges=explain_ranges(view)),
        sentence(
            "Every equilibrium behind this page met its tolerance in every equation. A briefing of "
            "one that did not is refused."
        ),
    ]  # fmt: skip
    if settings.triggered:
        declared = Name(", ".join(f"“{name}”" for name in settings.triggered))
        points.append(sentence("Declared to have happened: {events}.", events=declared))
    notes = tuple(quoted(_note(note, tuple(world.elasticities))) for note in world.notes)
    blocks: list[Block] = [
        Paragraph(what),
        Bullets(tuple(points)),
        _elasticities(view),
    ]
    if notes:
        blocks.append(Bullets(notes, folded="Known limits of the data"))
    return Section("method", "Method", tuple(blocks))


def _transfer(view: BriefingView) -> tuple[Prose, ...]:
    """Return what a transfer is, where there is one."""
    if not view.transfers:
        return ()
    return (
        sentence(
            "Transfer, in the yearly figures: the average of the payments of {first} to {last}, "
            "moved from the payer's spending to the host's. What comes back later is not in them.",
            first=Fact(view.deal.window[0], "year"),
            last=Fact(view.deal.window[-1], "year"),
        ),
    )


def _baseline(view: BriefingView) -> Prose:
    """Return what the baseline is and where its flows and tariffs come from."""
    world = view.world
    whole = sentence(
        "Baseline: the world {name}, which describes {year}.",
        name=Name(f"“{world.name}”"),
        year=Fact(view.year, "year"),
    )
    if world.lines is not None:
        importer = Name(view.region(world.lines.importer))
        whole += sentence("Imports of {importer} are known product by product.", importer=importer)
    if world.adjustments and world.base_year != view.year:
        whole += sentence(
            "The other trade flows are estimates, brought there from a table of {table}.",
            table=Fact(world.base_year, "year"),
        )
    whole += sentence("Its tariffs are those of its own data, before any clause of the deal file.")
    if not world.sources:
        whole += sentence(
            "The world was passed by whoever made this page; it names no sources, so none are "
            "listed for it."
        )
    return whole


def _note(note: str, names: tuple[str, ...]) -> str:
    """Return a note as a sentence; one that starts with a name keeps it as it is."""
    return f"{note}." if note.startswith(names) else f"{note[:1].upper()}{note[1:]}."


def _meaning(meanings: Mapping[Any, str], name: Any) -> Name:
    return Name(meanings.get(name, str(name)))


def _elasticities(view: BriefingView) -> Table:
    world = view.world
    sets = dict(world.elasticities)
    rows = tuple(
        Row(
            quoted(view.sector(sector)),
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
            *(Column(set_name(name), style="", decimals=1) for name in sets),
        ),
        (RowGroup(None, rows),),
        folded=True,
    )
