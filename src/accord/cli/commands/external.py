"""`accord external`."""

from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord.cli.exporting import pick
from accord.cli.formats import ResultTable, find_format, find_table, write_tables
from accord.cli.headings import ADEQUACY, AFTER, CHANCE, DEBT, LINES, SAFE_AMOUNT
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
from accord.cli.printing import say
from accord.cli.request import open_request
from accord.cli.sentences import CAPACITY, CHANCES, DEPRECATED_COMMAND, PUBLIC_DEBT, RESERVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from accord.assessment.snapshot.external import PartyExternal
    from accord.assessment.snapshot.safe_amounts import SafeAmount
    from accord.data.world import World
    from accord.deal.deal import Deal
    from accord.external.balance import BalanceSheet, Metric

METRICS: tuple["Metric", ...] = (
    "ara_floating", "ara_fixed", "guidotti", "import_months", "money",
)  # fmt: skip


PAID = (0.0, 20.0, 200.0, 350.0)  # bn USD out of reserves
TABLES = ("adequacy", "floors", "public_debt", "capacity")


def external_command(  # noqa: PLR0913  (one parameter an option)
    case: CaseArgument,
    *,
    package: Package = None,
    limit: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            help="What a safe amount may add to the chance of crossing a line: 0.05 is 5 points.",
        ),
    ] = 0.05,
    paths: Paths = 10_000,
    seed: Seed = 20251114,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print what paying does to reserves and the currency.

    It also gives public debt, and the yearly amount that can be paid safely.

    Example: accord external us-korea-2025
    """
    from accord.assessment.settings import find_limit, find_paths

    form, problems = find_format(format, output)
    problems += [*find_table(form, table, TABLES), *find_paths(paths), *find_limit(limit)]
    request = open_request(case, problems, world=world, package=package, outputs=(output,))
    deal = request.deal

    from accord.assessment.snapshot.external import solve_package_external
    from accord.assessment.snapshot.finance import solve_package_finance
    from accord.assessment.snapshot.safe_amounts import find_safe_amounts
    from accord.external.config import ExternalConfig
    from accord.finance.config import FinanceConfig
    from accord.lowering.external import build_sheet, payers_of

    for party in payers_of(deal):
        build_sheet(deal, party, request.world)
    names = [package] if package else list(deal.package_names)
    finance = solve_package_finance(deal, names, FinanceConfig(min(paths, 2000), seed))
    config = ExternalConfig(paths, seed)
    solved = solve_package_external(deal, names, request.world, finance=finance, config=config)
    tables = [*_adequacy(deal, request.world), _floors(solved), _debt(solved)]
    if table in (None, "capacity"):
        amounts = find_safe_amounts(deal, request.world, limits=(limit,), config=config)
        tables.append(_capacity(amounts, limit))
    write_tables(pick(tables, table), form, output)


@wraps(external_command)
def stress_command(**options: Any) -> None:
    """Run `accord external` under its old name, and say so."""
    say("accord: " + DEPRECATED_COMMAND.format(old="stress", new="external"), err=True)
    external_command(**options)


def _adequacy(deal: "Deal", world: "World") -> list[ResultTable]:
    """Return the metrics of reserves of each paying party, now and after some is paid away."""
    from accord.external.equations import adequacy
    from accord.lowering.external import build_sheet, payers_of

    sheets = {party: build_sheet(deal, party, world) for party in payers_of(deal)}
    rows = [
        [party, LINES[name], *(f"{adequacy(name, sheet, left):.2f}" for left in _left(sheet))]
        for party, sheet in sheets.items()
        for name in METRICS
    ]
    held = "; ".join(f"{party}: {sheet.reserves:,.1f}" for party, sheet in sheets.items())
    columns = [*ADEQUACY, *(AFTER.format(paid=paid) for paid in PAID[1:])]
    title = RESERVES.format(held=held)
    return [ResultTable("adequacy", title, columns, rows, len(PAID))] if sheets else []


def _left(sheet: "BalanceSheet") -> list[float]:
    return [max(sheet.reserves - paid, 0.0) for paid in PAID]


def _floors(solved: "Sequence[PartyExternal]") -> ResultTable:
    from accord.assessment.tables.external import build_floors

    frame = build_floors(solved)
    rows = [
        [
            row["package"], row["party"], LINES[row["metric"]], f"{row['level']:g}",
            *(f"{100 * row[name]:.1f}" for name in ("chance_1", "chance_5", "chance_10")),
            "" if row["in_stop"] != row["in_stop"] else f"{100 * row['in_stop']:.0f}",
        ]
        for row in _records(frame)
    ]  # fmt: skip
    return ResultTable("floors", CHANCES, CHANCE, rows, 5, frame)


def _debt(solved: "Sequence[PartyExternal]") -> ResultTable:
    from accord.assessment.tables.external import build_public_debt

    frame = build_public_debt(solved)
    rows = [
        [row["package"], row["party"], *(f"{100 * row[name]:.1f}" for name in
         ("median", "low", "high", "financing_need"))]
        for row in _records(frame)
        if row["year"] == 10
    ]  # fmt: skip
    return ResultTable("public_debt", PUBLIC_DEBT, DEBT, rows, 4, frame)


def _capacity(amounts: "Sequence[SafeAmount]", limit: float) -> ResultTable:
    from accord.assessment.tables.external import build_capacity
    from accord.external.capacity import MOST

    rows = [
        [
            safe.party, safe.structure.name,
            f"over {MOST:g}" if safe.capacity.unlimited else f"{safe.capacity.amount:.1f}",
            *(f"{amount:.1f}" for amount in safe.at_chances),
            f"{100 * safe.capacity.debt_addition:.2f}",
            LINES.get(safe.capacity.binding.partition(" ")[0], ""),
        ]
        for safe in amounts
    ]  # fmt: skip
    title = CAPACITY.format(points=100 * limit)
    return ResultTable("capacity", title, SAFE_AMOUNT, rows, 0, build_capacity(amounts))


def _records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
