"""How the figures were made: model, baseline, settings, elasticities."""

from accord.assessment.views.error import against_no_deal, find_merging
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
from accord.briefing.document.facts import SMALLEST, Fact, Prose, quoted
from accord.briefing.view import BriefingView
from accord.briefing.words.elasticity_ranges import explain_ranges, set_name

ORDER = 100


def build(view: BriefingView) -> Section:
    """Return the section on method, with the elasticities beside it."""
    world, settings = view.world, view.assessment.settings
    what = view.say(
        "method.what",
        regions=Fact(len(world.regions), "count"),
        sectors=Fact(len(world.sectors), "count"),
    )
    points = [
        _baseline(view),
        *_merging(view),
        view.say("method.packages"),
        view.say("method.all_known")
        if view.known is None
        else view.say("method.known", known=Fact(view.known, "date")),
        view.say("method.horizon"),
        *_transfer(view),
        view.say("method.closure", closure=view.phrase(f"closure.{settings.closure}")),
        view.say("method.market", name=view.phrase(f"competition.{settings.competition}")),
        view.say("method.labour", name=view.phrase(f"labour.{settings.labour}")),
        view.say("method.revenue"),
        view.say("method.elasticities", ranges=explain_ranges(view)),
        view.say("method.converged"),
        *(quoted(f"{notice}.") for notice in view.deal.left_out),
    ]
    if settings.triggered:
        events = view.words.listed([view.quote(name) for name in settings.triggered])
        points.append(view.say("method.declared", events=events))
    notes = tuple(
        quoted(_note(view.words.translated(note), tuple(world.elasticities)))
        for note in world.notes
    )
    blocks: list[Block] = [
        Paragraph(what),
        Bullets(tuple(points)),
        _elasticities(view),
    ]
    if notes:
        blocks.append(Bullets(notes, folded=view.text("method.limits")))
    return Section("method", view.text("method.title.section"), tuple(blocks))


def _transfer(view: BriefingView) -> tuple[Prose, ...]:
    """Return what a transfer is, where there is one."""
    if not view.transfers:
        return ()
    return (
        view.say(
            "method.transfer",
            first=Fact(view.deal.window[0], "year"),
            last=Fact(view.deal.window[-1], "year"),
        ),
    )


def _merging(view: BriefingView) -> tuple[Prose, ...]:
    """Return how much the merging of a large world moves what parties gain, if it was measured."""
    rows = against_no_deal(find_merging(view.deal, view.world, view.assessment.settings))
    if not rows:
        return ()
    worst = max(rows, key=lambda row: abs(row.after - row.before))
    if abs(worst.after - worst.before) < SMALLEST:
        return (view.say("method.merging.none"),)
    return (
        view.say(
            "method.merging.error",
            party=view.region(worst.region),
            package=view.name_among(worst.sector),
            whole=Fact(worst.before, "bn USD a year"),
            merged=Fact(worst.after, "bn USD a year"),
        ),
    )


def _baseline(view: BriefingView) -> Prose:
    """Return what the baseline is and where its flows and tariffs come from."""
    world = view.world
    whole = view.say(
        "method.baseline.world",
        name=view.quote(world.name),
    )
    if world.lines is not None:
        importer = view.region(world.lines.importer)
        whole += view.say("method.baseline.lines", importer=importer)
    if world.adjustments and world.base_year != view.year:
        whole += view.say(
            "method.baseline.estimated",
            table=Fact(world.base_year, "year"),
        )
    whole += view.say("method.baseline.tariffs")
    if not world.sources:
        whole += view.say("method.baseline.no_sources")
    return whole


def _note(note: str, names: tuple[str, ...]) -> str:
    """Return a note as a sentence; one that starts with a name keeps it as it is."""
    return f"{note}." if note.startswith(names) else f"{note[:1].upper()}{note[1:]}."


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
        view.text("method.title.elasticities"),
        view.say("method.unit"),
        (
            Column(view.text("method.column.sector"), numeric=False),
            *(Column(set_name(view, name), style="", decimals=1) for name in sets),
        ),
        (RowGroup(None, rows),),
        folded=True,
    )
