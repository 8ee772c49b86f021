"""The small table of packages: what each charges, moves and is worth to every party."""

from accord.briefing.document.blocks import Cell, Column, Row, RowGroup, Table
from accord.briefing.document.facts import Fact, quoted
from accord.briefing.metrics.verdict import chance_fact
from accord.briefing.view import NO_DEAL, BriefingView
from accord.deal.clauses.investment import InvestmentClause

BILLION = 1e9
CASH = ("equity", "direct")


def build_terms(view: BriefingView) -> Table:
    """Return for each package the tariffs, the money pledged, the payoffs, and who gains.

    Cash is paid in; the rest of what is pledged is lent, guaranteed, or a mix of several. Where no
    package pledges money, nothing is said of it.
    """
    sector = view.main_sector
    packages = (*view.offers, NO_DEAL)
    money = {package: _money(view, package) for package in packages}
    pledging = any(money.values())
    rows = []
    for package in packages:
        cells: list[Cell] = [
            Fact(view.rate(package, sector), "share"),
            Fact(view.rate(package), "share"),
            *(money[package] or (None, None) if pledging else ()),
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
        view.say(f"packages.short.unit{'' if pledging else '_without_money'}"),
        (
            Column(view.text("column.package"), numeric=False),
            Column(view.text("packages.column.on_sector", sector=view.sector(sector)), style="",
                   decimals=0, with_unit=True),
            Column(view.text("packages.column.all_goods"), style="", decimals=0, with_unit=True),
            *(
                Column(view.text(f"packages.column.{name}"), style="", decimals=0)
                for name in (("pledged", "cash") if pledging else ())
            ),
            *(Column(view.region_label(party), decimals=0, ranged=True) for party in view.parties),
            Column(view.text(f"packages.column.{'all' if view.several else 'both'}_gain"), style="",
                   decimals=0, with_unit=True),
        ),
        (RowGroup(None, tuple(rows)),),
    )  # fmt: skip


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
