"""The world map of gains: every region in the colour of what a year brings it."""

from accord.briefing.charts.world_map import build_world_map
from accord.briefing.document.blocks import Chart, Column, Row, RowGroup, Table
from accord.briefing.document.facts import Fact, quoted
from accord.briefing.view import NO_DEAL, BriefingView
from accord.briefing.words.yearly import money, share

LEAST, LARGE = 1e-4, 1e-3  # of a year's income
CLASSES = ("large_loss", "loss", "same", "gain", "large_gain")


def find_class(change: float) -> str:
    """Return the class of a gain over income."""
    if abs(change) < LEAST:
        return CLASSES[2]
    size = 2 if abs(change) >= LARGE else 1
    return CLASSES[2 + size if change > 0 else 2 - size]


def build_gains_map(view: BriefingView) -> Chart:
    """Return the map of welfare over income under the package in focus, against no deal."""
    changes = {name: view.welfare(view.focus, NO_DEAL, name).change for name in view.world.regions}
    ends = {"least": Fact(LEAST, "share"), "large": Fact(LARGE, "share")}
    names = {name: view.text(f"third.map.{name}", **ends) for name in CLASSES}
    classes = {region: names[find_class(change)] for region, change in changes.items()}
    gainers = sum(change >= LEAST for change in changes.values())
    losers = sum(change <= -LEAST for change in changes.values())
    parts = {
        "count": Fact(len(changes), "count"), "gainers": Fact(gainers, "count"),
        "losers": Fact(losers, "count"), **ends,
    }  # fmt: skip
    wide, narrow = (
        build_world_map(classes, size, values=changes, names=tuple(names.values()))
        for size in ("wide", "narrow")
    )
    rows = tuple(
        Row(
            quoted(view.region_label(name)),
            (share(change), money(view.welfare(view.focus, NO_DEAL, name).ev)),
        )
        for name, change in sorted(changes.items(), key=lambda item: -item[1])
    )
    columns = (
        Column(view.text("third.column.country"), numeric=False),
        Column(view.text("third.map.column"), decimals=3),
        Column(view.text("column.total"), decimals=2),
    )
    title = view.text("third.map.title")
    parties = [name for name in view.parties if name in changes]
    told = [
        view.say("third.map.party", party=view.region(name), change=share(changes[name]))
        for name in parties
    ]
    unit = view.say("third.map.unit")
    return Chart(
        id="gains-map",
        title=title,
        finding=view.say("third.map.finding", **parts),
        alt=view.text("third.map.finding", **parts),
        wide=wide,
        narrow=narrow,
        table=Table("gains-map-data", title, unit, columns, (RowGroup(None, rows),), folded=True),
        key=(*told, view.say("third.map.key")),
    )
