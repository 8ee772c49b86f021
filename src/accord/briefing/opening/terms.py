"""The small table of packages: what each charges, moves and is worth to every party."""

from accord.briefing.document.blocks import Cell, Column, Row, RowGroup, Table
from accord.briefing.document.facts import Fact, Prose, quoted
from accord.briefing.metrics.verdict import chance_fact
from accord.briefing.view import NO_DEAL, BriefingView
from accord.deal.clauses.investment import InvestmentClause

BILLION = 1e9
CASH = ("equity", "direct")


def build_terms(view: BriefingView) -> Table:
    """Return for each package the tariffs, the money pledged, the payoffs, and who gains.

    Cash is paid in; the rest of what is pledged is lent, guaranteed, or a mix of several. Where no
    package moves a tariff, or none pledges money, nothing is said of it; and nothing of cash where
    all that is pledged is cash.
    """
    packages = (*view.offers, NO_DEAL)
    rates = {package: _rates(view, package) for package in packages}
    charging = len({(main.number, every.number) for main, every in rates.values()}) > 1
    money = {package: _money(view, package) for package in packages}
    told = [sums for sums in money.values() if sums]
    kinds = 2 if any(pledged != cash for pledged, cash in told) else 1 if told else 0
    rows = []
    for package in packages:
        cells: list[Cell] = [
            *(rates[package] if charging else ()),
            *(money[package] or (None, None))[:kinds],
        ]
        if package == NO_DEAL:
            cells += [None] * (len(view.parties) + 1)
        else:
            cells += [view.payoff(package, party).fact for party in view.parties]
            cells.append(chance_fact(view.chance_all(package)))
        rows.append(Row(quoted(view.label(package)), tuple(cells)))
    return Table(
        "packages-table",
        view.text("packages.title.short"),
        _unit(view, charging=charging, pledging=bool(told)),
        (
            Column(view.text("column.package"), numeric=False),
            *(_rate_columns(view) if charging else ()),
            *(
                Column(view.text(f"packages.column.{name}"), style="", decimals=0)
                for name in ("pledged", "cash")[:kinds]
            ),
            *(Column(view.region_label(party), decimals=0, ranged=True) for party in view.parties),
            Column(view.text(f"packages.column.{'all' if view.several else 'both'}_gain"), style="",
                   decimals=0, with_unit=True),
        ),
        (RowGroup(None, tuple(rows)),),
    )  # fmt: skip


def _unit(view: BriefingView, *, charging: bool, pledging: bool) -> Prose:
    """Return what the columns hold, and in which unit."""
    whole = view.say("packages.short.tariffs") if charging else Prose(())
    if pledging:
        whole += view.say("packages.short.money")
    return whole + view.say("packages.short.gains")


def _rates(view: BriefingView, package: str) -> tuple[Fact, Fact]:
    """Return the host's tariff on the payer, on the main sector and on all goods."""
    main, every = view.rate(package, view.main_sector), view.rate(package)
    return Fact(main, "share"), Fact(every, "share")


def _rate_columns(view: BriefingView) -> tuple[Column, Column]:
    sector = view.text("packages.column.on_sector", sector=view.sector(view.main_sector))
    labels = sector, view.text("packages.column.all_goods")
    main, every = (Column(label, style="", decimals=0, with_unit=True) for label in labels)
    return main, every


def _money(view: BriefingView, package: str) -> tuple[Fact, Fact] | None:
    """Return what a package pledges, and how much of it is cash; None where it pledges nothing."""
    clauses = [
        clause
        for clause in (() if package == NO_DEAL else view.deal.package(package).clause)
        if isinstance(clause, InvestmentClause)
    ]
    pledged = sum(clause.amount for clause in clauses)
    cash = sum(clause.amount for clause in clauses if clause.instrument in CASH)
    return (_billions(pledged), _billions(cash)) if pledged else None


def _billions(amount: float) -> Fact:
    return Fact(amount / BILLION, "bn USD")
