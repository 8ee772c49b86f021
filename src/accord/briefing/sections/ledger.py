"""The ledger: what a year at the day's tariffs is worth to each party under each package."""

from accord.briefing.charts.figures import build_welfare_figure
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
from accord.briefing.document.facts import Fact, Prose, quoted
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView
from accord.briefing.words.yearly import (
    build_year_points,
    money,
    ranged,
    share,
    tariff_ranged,
)

ORDER = 30


def build(view: BriefingView) -> Section:
    """Return the section with every package and party, against no deal and the baseline."""
    parts = (
        Column(view.text("ledger.column.from_tariffs"), decimals=1, ranged=True),
        Column(view.text("ledger.column.from_the_transfer"), decimals=1),
    )
    columns = (
        Column(view.text("column.package"), numeric=False),
        *(parts if view.transfers else ()),
        Column(view.text("ledger.column.total_against_no_deal"), decimals=1, ranged=True),
        Column(view.text("ledger.column.share_of_income"), with_unit=True, decimals=2),
        Column(view.text("ledger.column.total_against"), decimals=1, ranged=True),
    )
    groups = tuple(
        RowGroup(
            view.marked(view.region_label(party), party),
            tuple(_row(view, package, party) for package in view.packages),
        )
        for party in view.parties
    )
    table = Table(
        "ledger-table",
        view.text("ledger.title.table"),
        view.say("unit.yearly"),
        columns,
        groups,
        _notes(view),
    )
    points = Bullets(build_year_points(view))
    blocks: list[Block] = [Paragraph(view.say("ledger.what")), points]
    if view.transfers:
        blocks.append(Paragraph(view.say("ledger.transfer")))
        burden = _burden(view)
        if burden is not None:
            blocks.append(Paragraph(burden))
    blocks += [table, build_welfare_figure(view)]
    return Section("ledger", view.text("ledger.title.section"), tuple(blocks))


def _notes(view: BriefingView) -> tuple[Prose, ...]:
    """Return how to read the ledger: sums, ranges, payments spread over years, the status quo."""
    notes = [
        view.say("ledger.notes.sum") if view.transfers else None,
        view.say("ledger.notes.range", count=Fact(len(view.sets), "count"))
        if len(view.sets) > 1
        else None,
        view.say("ledger.notes.baseline"),
        _spread(view),
    ]
    others = [view.package(name) for name in view.offers if name not in view.alike]
    if others:
        notes.append(
            view.say(
                "ledger.notes.others",
                names=view.words.listed(others),
            )
        )
    return tuple(note for note in notes if note is not None)


def _spread(view: BriefingView) -> Prose | None:
    """Return what the packages pay in all and how much of it counts in a year, or None."""
    years = view.deal.window
    if not view.transfers:
        return None
    first, last = (Fact(year, "year") for year in (years[0], years[-1]))
    whole = view.say("ledger.spread.what", first=first, last=last)
    for package, transfers in view.transfers.items():
        yearly = sum(transfer.gross for transfer in transfers)
        whole += view.say(
            "ledger.spread.package",
            package=view.package(package),
            total=Fact(yearly * len(years), "bn USD"),
            yearly=money(yearly),
        )
    return whole


def _burden(view: BriefingView) -> Prose | None:
    """Return why paying costs the principal payer more than it pays, where it does."""
    moved = view.transfers.get(view.focus, ())
    net = sum(transfer.net for transfer in moved if transfer.payer == view.payer)
    cost = -view.welfare(view.focus, NO_DEAL, view.payer).transfer_part
    if not 0 < net < cost:
        return None
    return view.say(
        "ledger.burden",
        cost=money(cost),
        net=money(net),
    )


def _row(view: BriefingView, package: str, party: str) -> Row:
    title = quoted(view.title(package))
    base = view.welfare(package, BASELINE, party)
    if package == NO_DEAL:
        return Row(title, (*((None, None) if view.transfers else ()), None, None, ranged(base)))
    welfare = view.welfare(package, NO_DEAL, party)
    parts = (tariff_ranged(welfare), money(welfare.transfer_part)) if view.transfers else ()
    return Row(title, (*parts, ranged(welfare), share(welfare.change), ranged(base)))
