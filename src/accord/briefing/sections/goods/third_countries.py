"""The section on other countries: what each package is worth to them."""

from accord.briefing.charts.gains_map import build_gains_map
from accord.briefing.document.blocks import Column, Paragraph, Row, RowGroup, Section, Table
from accord.briefing.document.facts import SMALLEST, Fact, Prose
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView
from accord.briefing.words.yearly import money

ORDER = 70
SHOWN_THIRD = 10


def build(view: BriefingView) -> Section | None:
    """Return the section on countries outside the deal, or None where none is touched."""
    shown = [
        region
        for region in view.third_countries[:SHOWN_THIRD]
        if any(abs(view.welfare(name, NO_DEAL, region).ev) >= SMALLEST for name in view.alike)
    ]
    if not shown:
        return None
    rows = tuple(
        Row(
            view.marked(view.region_label(region), region),
            (
                *(money(view.welfare(name, NO_DEAL, region).ev) for name in view.alike),
                money(view.welfare(NO_DEAL, BASELINE, region).ev),
            ),
        )
        for region in shown
    )
    columns = (
        Column(view.text("third.column.country"), numeric=False),
        *(Column(view.label(package), decimals=2) for package in view.alike),
        Column(view.text("third.column.no_deal"), decimals=2),
    )
    table = Table(
        "third-table",
        view.text("third.title.table"),
        view.say("unit.yearly"),
        columns,
        (RowGroup(None, rows),),
    )
    note = view.words.say(
        f"third.shown.{'one' if len(shown) == 1 else 'other'}",
        count=Fact(len(shown), "count"),
        year=Fact(view.year, "year"),
    )
    blocks = (
        Paragraph(_why(view)),
        build_gains_map(view),
        table,
        Paragraph(note, quiet=True),
    )
    return Section("third", view.text("third.title.section"), blocks)


def _why(view: BriefingView) -> Prose:
    """Return by what other countries are reached: tariffs between the parties, and transfers."""
    lines = (view.welfare(name, NO_DEAL, party) for name in view.alike for party in view.parties)
    whole = Prose(())
    if any(abs(line.tariff_part) >= SMALLEST for line in lines):
        whole += view.say("third.tariff")
    if view.transfers:
        whole += view.say("third.transfer")
    return whole + view.say("third.reach")
