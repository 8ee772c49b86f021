"""`accord finance`."""

from collections.abc import Callable, Sequence
from math import isinf, isnan
from typing import TYPE_CHECKING, Any

from accord.cli.exporting import frame_table, pick
from accord.cli.formats import ResultTable, find_format, find_table, write_tables
from accord.cli.headings import MEASURES, NET_OF
from accord.cli.options import (
    CaseArgument,
    OneTable,
    Output,
    Package,
    Paths,
    Seed,
    TableFormat,
    WorldFile,
)
from accord.cli.request import open_request
from accord.cli.sentences import GUARANTEES, LEDGER, VALUES

if TYPE_CHECKING:
    from accord.lowering.finance import PairFinance

CENTS_IN_A_MILLION = 100_000_000
TABLES = ("ledger", "finance", "guarantees")


def finance_command(
    case: CaseArgument,
    *,
    package: Package = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
    paths: Paths = 2000,
    seed: Seed = 20251114,
    world: WorldFile = None,
) -> None:
    """Print the ledger of projects and payments.

    It says who pays whom how much in each year, and what the payments are worth.

    Example: accord finance us-korea-2025 --package signed
    """
    from accord.assessment.settings import find_paths

    form, problems = find_format(format, output)
    chosen = "ledger" if table is None and form in ("csv", "parquet") else table
    problems += [*find_table(form, chosen, TABLES), *find_paths(paths)]
    request = open_request(case, problems, world=world, package=package, outputs=(output,))

    from accord.assessment.snapshot.finance import solve_package_finance
    from accord.finance.config import FinanceConfig

    names = [package] if package else request.deal.package_names
    solved = solve_package_finance(request.deal, names, FinanceConfig(paths, seed))
    if form in ("table", "md"):
        tables = [*map(_ledger, solved), *_values(solved)]
    else:
        tables = [_ledger_data(solved), *_values(solved)]
    write_tables(pick(tables, chosen), form, output)


def _ledger_data(solved: "Sequence[PairFinance]") -> ResultTable:
    """Return every flow of every year, to the cent."""
    from accord.assessment.tables.finance import FINANCE_TABLES

    return ResultTable("ledger", "", (), (), data=FINANCE_TABLES["ledger"](solved))


def _ledger(solved: "PairFinance") -> ResultTable:
    """Return the parties' side of a ledger: a row a year, a column a flow, then both nets."""
    from accord.finance.solution import FLOW_LABEL, FLOWS, HOST, PAYER

    ledger, pair = solved.ledger, solved.pair
    shown = [name for name in ledger.cells if {PAYER, HOST} & {*FLOWS[name]}]
    columns = [FLOW_LABEL[name] for name in shown]
    columns = ["year", *columns, *(NET_OF.format(party=party) for party in (pair.payer, pair.host))]
    cells = [*(ledger.cells[name] for name in shown), ledger.net(PAYER), ledger.net(HOST)]
    rows = [
        [str(year), *(_million(int(column[at])) for column in cells)]
        for at, year in enumerate(ledger.years)
    ]
    rows.append(["sum", *(_million(int(column.sum())) for column in cells)])
    title = LEDGER.format(package=solved.package, payer=pair.payer, host=pair.host)
    return ResultTable("ledger", title, columns, rows, len(columns) - 1)


def _values(solved: "Sequence[PairFinance]") -> list[ResultTable]:
    """Return what the payments are worth: a row a measure, a column a package and party."""
    from accord.assessment.tables.finance import FINANCE_TABLES

    frame = FINANCE_TABLES["finance"](solved)
    values = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    columns = ["bn USD", *(f"{row['package']}, {row['party']}" for row in values)]
    rows = [
        [label, *map(SHOWN.get(name, _number(name)), values)] for name, label in MEASURES.items()
    ]
    tables = []
    if values:
        tables.append(ResultTable("finance", VALUES, columns, rows, len(values), frame))
    guarantees = FINANCE_TABLES["guarantees"](solved)
    if len(guarantees):
        tables.append(frame_table("guarantees", guarantees, GUARANTEES))
    return tables


def _number(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: "" if isnan(row[name]) else f"{row[name]:,.1f}"


def _per_cent(name: str, places: int = 0) -> Callable[[dict[str, Any]], str]:
    return lambda row: "" if isnan(row[name]) else f"{100 * row[name]:.{places}f} %"


def _payback(row: dict[str, Any]) -> str:
    year = row["payback_year"]
    return "" if isnan(year) else "never" if isinf(year) else f"{year:.0f}"


SHOWN: dict[str, Callable[[dict[str, Any]], str]] = {
    "rate": _per_cent("rate", 2),
    "payback_year": _payback,
    **{name: _per_cent(name) for name in ("gain_chance", "recovery_chance")},
    "internal_return": _per_cent("internal_return", 1),
}
"""How a measure is printed that is no sum of money."""


def _million(cents: int) -> str:
    return f"{cents / CENTS_IN_A_MILLION:,.0f}" if cents else ""
