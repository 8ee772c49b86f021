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

    Cash is paid in; the rest of what is pledged is lent, guaranteed, or a mix of several.
    """
    sector = view.main_sector
    rows = []
    for package in (*view.offers, NO_DEAL):
        money = [
            clause
            for clause in (() if package == NO_DEAL else view.deal.package(package).clause)
            if isinstance(clause, InvestmentClause)
        ]
        pledged = sum(clause.amount for clause in money)
        cash = sum(clause.amount for clause in money if clause.instrument in CASH)
        cells: list[Cell] = [
            Fact(view.rate(package, sector), "share"),
            Fact(view.rate(package), "share"),
            Fact(pledged / BILLION, "bn USD") if pledged else None,
            Fact(cash / BILLION, "bn USD") if pledged else None,
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
        view.say("packages.short.unit", sector=view.sector(sector).lower()),
        (
            Column(view.text("column.package"), numeric=False),
            Column(view.text("packages.column.on_sector", sector=view.sector(sector)), style="",
                   decimals=0, with_unit=True),
            Column(view.text("packages.column.all_goods"), style="", decimals=0, with_unit=True),
            Column(view.text("packages.column.pledged"), style="", decimals=0),
            Column(view.text("packages.column.cash"), style="", decimals=0),
            *(Column(view.region_label(party), decimals=0, ranged=True) for party in view.parties),
            Column(view.text(f"packages.column.{'all' if view.several else 'both'}_gain"), style="",
                   decimals=0, with_unit=True),
        ),
        (RowGroup(None, tuple(rows)),),
    )  # fmt: skip
