"""The ledger of both parties, and the table of third countries."""

from accord.briefing.charts.figures import build_welfare_figure, money, share
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
from accord.briefing.document.facts import Fact, Name, Prose, listed, sentence
from accord.briefing.sections.key_points import build_year, build_year_points, ranged, tariff_ranged
from accord.briefing.view import BASELINE, NO_DEAL, BriefingView
from accord.briefing.words.elasticity_ranges import explain_one_side

SHOWN_THIRD = 10


def build_ledger(view: BriefingView) -> Section:
    """Return the section with every package and party, against no deal and the baseline."""
    columns = (
        Column("Package", numeric=False),
        Column("From tariffs", decimals=1, ranged=True),
        Column("From the transfer", decimals=1),
        Column("Total against no deal", decimals=1, ranged=True),
        Column("Share of income", with_unit=True, decimals=2),
        Column(f"Total against {view.year}", decimals=1, ranged=True),
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
        "The ledger: what each package is worth to each party",
        sentence("In bn USD a year, in prices of {year}.", year=Fact(view.deal.price_year, "year")),
        columns,
        groups,
        _notes(view),
    )
    reading_it = sentence(
        "Welfare is the yearly sum that would make a country as well off as the package does, at "
        "the old prices. Here it is a flow at the tariffs of {day}, every year the terms last, in "
        "prices of {year}.",
        day=Fact(view.evaluate_on, "date"),
        year=Fact(view.deal.price_year, "year"),
    )
    points = Bullets((build_year(view), *build_year_points(view)))
    blocks: list[Block] = [Paragraph(reading_it), points]
    if not view.transfers:
        blocks += [table, build_welfare_figure(view)]
        return Section("ledger", "The ledger", tuple(blocks))
    asset = sentence(
        "Read the transfer column with care. Money that {payer} invests in {host} is counted here "
        "only as spending that moves from one country to the other. It buys assets, whose returns "
        "and repayments are under “The money”; the column shows the cost of paying, not a loss.",
        payer=Name(view.region(view.payer)),
        host=Name(view.region(view.host)),
    )
    blocks.append(Paragraph(asset))
    burden = _burden(view)
    if burden is not None:
        blocks.append(Paragraph(burden))
    blocks += [table, build_welfare_figure(view)]
    return Section("ledger", "The ledger", tuple(blocks))


def _notes(view: BriefingView) -> tuple[Prose, ...]:
    """Return how to read the ledger: sums, ranges, payments spread over years, the status quo."""
    notes = [
        sentence(
            "Total against no deal is tariffs plus transfer, before rounding. Below a figure is "
            "its range: the lowest and highest over {count} published sets of trade elasticities, "
            "which Method names. It covers that one source of doubt only.",
            count=Fact(len(view.sets), "count"),
        )
        if len(view.sets) > 1
        else sentence("Total against no deal is tariffs plus transfer, before rounding."),
        explain_one_side(view),
        sentence(
            "The comparison with {year} counts every tariff change since then, on all countries; "
            "that with no deal isolates the choice the parties face.",
            year=Fact(view.year, "year"),
        ),
        _spread(view),
    ]
    others = [view.package(name) for name in view.offers if name not in view.alike]
    if others:
        notes.append(
            sentence(
                "Shown for comparison, and no choice of the parties: {names}. The tariffs on other "
                "countries are different there as well.",
                names=listed(others),
            )
        )
    return tuple(note for note in notes if note is not None)


def _spread(view: BriefingView) -> Prose | None:
    """Return what the packages pay in all and how much of it counts in a year, or None."""
    years = view.deal.window
    words: list[str] = []
    parts: dict[str, Fact | Name] = {
        "first": Fact(years[0], "year"),
        "last": Fact(years[-1], "year"),
    }
    for at, (package, moved) in enumerate(view.transfers.items()):
        yearly = sum(one.gross for one in moved)
        words.append(f"{{package{at}}} {{total{at}}} in all, {{yearly{at}}} a year")
        parts[f"package{at}"] = Name(view.package(package))
        parts[f"total{at}"] = Fact(yearly * len(years), "bn USD")
        parts[f"yearly{at}"] = money(yearly)
    if not words:
        return None
    return sentence(
        "Payments count as their yearly average over {first} to {last}, whenever they are due: "
        f"{'; '.join(words)}.",
        **parts,
    )


def _burden(view: BriefingView) -> Prose | None:
    """Return why paying costs more than is paid, where it does."""
    net = sum(one.net for one in view.transfers.get(view.focus, ()))
    cost = -view.welfare(view.focus, NO_DEAL, view.payer).transfer_part
    if not 0 < net < cost:
        return None
    return sentence(
        "Under {package} the cost, {cost}, is larger than the {net} paid. To pay, {payer} has to "
        "sell more abroad and buy less there, and that lowers the prices it gets.",
        package=Name(view.package(view.focus)),
        cost=money(cost),
        net=money(net),
        payer=Name(view.region(view.payer)),
    )


def _row(view: BriefingView, package: str, party: str) -> Row:
    title = sentence("{title}", title=Name(view.title(package)))
    base = view.welfare(package, BASELINE, party)
    if package == NO_DEAL:
        return Row(title, (None, None, None, None, ranged(base)))
    got = view.welfare(package, NO_DEAL, party)
    parts = (tariff_ranged(got), money(got.transfer_part), ranged(got), share(got.change))
    return Row(title, (*parts, ranged(base)))


def build_third_countries(view: BriefingView) -> Section | None:
    """Return the section on countries outside the deal, or None where there are none."""
    shown = view.third_countries[:SHOWN_THIRD]
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
        Column("Country", numeric=False),
        *(Column(view.label(package), decimals=2) for package in view.alike),
        Column(f"No deal, against {view.year}", decimals=2),
    )
    table = Table(
        "third-table",
        "Other countries, against no deal",
        sentence("In bn USD a year, in prices of {year}.", year=Fact(view.deal.price_year, "year")),
        columns,
        (RowGroup(None, rows),),
    )
    why = sentence(
        "A lower tariff on {payer} takes back sales that its rivals would win under no deal; "
        "a transfer moves spending towards the goods that {host} buys. Both reach other countries "
        "through what they sell and what they pay.",
        payer=Name(view.region(view.payer)),
        host=Name(view.region(view.host)),
    )
    one = "Shown is the country" if len(shown) == 1 else "Shown are the {count} countries"
    shown_note = sentence(
        f"{one} that the choice between these packages touches most. The last column counts every "
        "change of tariffs since {year}, those on these countries too.",
        year=Fact(view.year, "year"),
        count=Fact(len(shown), "count"),
    )
    return Section(
        "third", "Other countries", (Paragraph(why), table, Paragraph(shown_note, quiet=True))
    )
