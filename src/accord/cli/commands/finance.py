"""`accord finance`."""

from collections.abc import Callable, Sequence
from math import isinf, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord.cli.options import Case, Output, Paths, Seed, check_output, find_choice, refuse
from accord.cli.printing import print_frame, print_rows, print_written
from accord.core.errors import Problem
from accord.core.files import write_atomically

if TYPE_CHECKING:
    from accord.lowering.finance import PairFinance

FORMATS = ("table", "csv")
CENTS_IN_A_MILLION = 100_000_000


def finance_command(
    case: Case,
    *,
    package: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this package of the deal.")
    ] = None,
    format: Annotated[str, typer.Option("--format", "-f", help="table or csv.")] = "table",  # noqa: A002
    output: Output = None,
    paths: Paths = 2000,
    seed: Seed = 20251114,
) -> None:
    """Print the ledger of the money: who pays whom what, year by year.

    Example: accord finance us-korea-2025 --package signed
    """
    from accord.assessment.settings import find_paths
    from accord.assessment.snapshot.finance import solve_package_finance
    from accord.deal.load import load_deal
    from accord.finance.config import FinanceConfig

    refuse([*_find_request(format, output), *find_paths(paths)])
    deal = load_deal(case)
    if package is not None:
        refuse(find_choice("--package", package, deal.package_names))
    if output is not None:
        check_output(output, deal)
    names = [package] if package else deal.package_names
    money = solve_package_finance(deal, names, FinanceConfig(paths, seed))
    if format == "csv":
        _write_ledger(money, output)
        return
    for one in money:
        _print_ledger(one)
    _print_values(money)


def _find_request(format: str, output: Path | None) -> list[Problem]:  # noqa: A002
    problems = find_choice("--format", format, FORMATS)
    if format == "table" and output is not None:
        problems.append(Problem("--output", "tables go to the terminal", "add --format csv"))
    return problems


def _write_ledger(money: "Sequence[PairFinance]", output: Path | None) -> None:
    from accord.assessment.tables.finance import FINANCE_TABLES

    text = FINANCE_TABLES["ledger"](money).to_csv(index=False, lineterminator="\n")
    if output is None:
        typer.echo(text, nl=False)
    else:
        print_written(write_atomically(output, text.encode("utf-8")))


def _print_ledger(one: "PairFinance") -> None:
    """Print the parties' side of a ledger: a row a year, a column a flow, then both nets."""
    from accord.finance.solution import FLOW_LABEL, FLOWS, HOST, PAYER

    ledger, pair = one.ledger, one.pair
    shown = [name for name in ledger.cells if {PAYER, HOST} & {*FLOWS[name]}]
    columns = [FLOW_LABEL[name] for name in shown]
    columns = ["year", *columns, f"net {pair.payer}", f"net {pair.host}"]
    cells = [*(ledger.cells[name] for name in shown), ledger.net(PAYER), ledger.net(HOST)]
    rows = [
        [str(year), *(_million(int(column[at])) for column in cells)]
        for at, year in enumerate(ledger.years)
    ]
    rows.append(["sum", *(_million(int(column.sum())) for column in cells)])
    title = f"{one.package}: {pair.payer} pays, {pair.host} hosts"
    title += "; million dollars, mean of paths (to the cent: --format csv)"
    print_rows(title, columns, rows, numeric=len(columns) - 1)


def _print_values(money: "Sequence[PairFinance]") -> None:
    """Print what the money is worth: a row a measure, a column a package and party."""
    from accord.assessment.tables.finance import FINANCE_TABLES

    frame = FINANCE_TABLES["finance"](money)
    found = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
    columns = ["bn USD", *(f"{row['package']}, {row['party']}" for row in found)]
    rows = [[label, *(write(row) for row in found)] for label, write in MEASURES.items()]
    if found:
        print_rows("Values at each party's own rate", columns, rows, numeric=len(found))
    guarantees = FINANCE_TABLES["guarantees"](money)
    if len(guarantees):
        print_frame("guarantees", guarantees)


def _number(name: str) -> Callable[[dict[str, Any]], str]:
    return lambda row: "" if isnan(row[name]) else f"{row[name]:,.1f}"


def _per_cent(name: str, places: int = 0) -> Callable[[dict[str, Any]], str]:
    return lambda row: "" if isnan(row[name]) else f"{100 * row[name]:.{places}f} %"


def _payback(row: dict[str, Any]) -> str:
    year = row["payback_year"]
    return "" if isnan(year) else "never" if isinf(year) else f"{year:.0f}"


MEASURES: dict[str, Callable[[dict[str, Any]], str]] = {
    "discount rate": _per_cent("rate", 2),
    "committed": _number("committed"),
    "paid in": _number("called"),
    "net present value": _number("npv"),
    "  5th percentile": _number("npv_low"),
    "  95th percentile": _number("npv_high"),
    "chance of a gain": _per_cent("gain_chance"),
    "internal return": _per_cent("internal_return", 1),
    "paid back in": _payback,
    "recovered by the review": _per_cent("recovery_chance"),
    "expected loss": _number("expected_loss"),
    "tail loss (worst 5 %)": _number("tail_loss"),
}


def _million(cents: int) -> str:
    return f"{cents / CENTS_IN_A_MILLION:,.0f}" if cents else ""
