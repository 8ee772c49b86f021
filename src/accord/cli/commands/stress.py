"""`accord stress`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord.cli.options import Case, Paths, Seed, find_choice, refuse
from accord.cli.printing import print_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accord.assessment.snapshot.external import PartyExternal, SafeAmount
    from accord.data.world import World
    from accord.deal.deal import Deal
    from accord.external.balance import Metric

METRICS: tuple["Metric", ...] = (
    "ara_floating", "ara_fixed", "guidotti", "import_months", "money",
)  # fmt: skip
LABELS = {
    "ara_floating": "IMF metric, floating",
    "ara_fixed": "IMF metric, fixed",
    "guidotti": "reserves over short-term debt",
    "import_months": "months of imports",
    "money": "reserves over broad money",
    "reserves": "reserves, bn USD",
    "fall": "dollar dearer within a year",
}


def stress_command(
    case: Case,
    *,
    package: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this package of the deal.")
    ] = None,
    limit: Annotated[
        float, typer.Option(help="How much paying may add to the chance of crossing a line.")
    ] = 0.05,
    paths: Paths = 10_000,
    seed: Seed = 20251114,
) -> None:
    """Print what paying does to reserves, the currency and debt, and what is safe.

    Example: accord stress us-korea-2025
    """
    from accord.assessment.settings import find_limit, find_paths
    from accord.assessment.snapshot.external import find_safe_amounts, solve_package_external
    from accord.assessment.snapshot.finance import solve_package_finance
    from accord.data.store import load_world
    from accord.deal.load import load_deal
    from accord.external.config import ExternalConfig
    from accord.finance.config import FinanceConfig
    from accord.lowering.external import build_sheet, payers_of

    refuse([*find_paths(paths), *find_limit(limit)])
    deal, world = load_deal(case), load_world()
    if package is not None:
        refuse(find_choice("--package", package, deal.package_names))
    for party in payers_of(deal):
        build_sheet(deal, party, world)
    names = [package] if package else list(deal.package_names)
    money = solve_package_finance(deal, names, FinanceConfig(min(paths, 2000), seed))
    config = ExternalConfig(paths, seed)
    found = solve_package_external(deal, names, world, finance=money, config=config)
    _print_adequacy(deal, world)
    _print_floors(found)
    _print_debt(found)
    smaller = ExternalConfig(min(paths, 4000), seed)
    _print_capacity(find_safe_amounts(deal, world, limits=(limit,), config=smaller), limit)


def _print_adequacy(deal: "Deal", world: "World") -> None:
    from accord.external.equations import adequacy
    from accord.lowering.external import build_sheet, payers_of

    paid = (0.0, 20.0, 200.0, 350.0)
    for party in payers_of(deal):
        sheet = build_sheet(deal, party, world)
        left = [max(sheet.reserves - one, 0.0) for one in paid]
        rows = [
            [LABELS[name], *(f"{adequacy(name, sheet, one):.2f}" for one in left)]
            for name in METRICS
        ]
        columns = ["metric", "at the start", *(f"after {one:g} bn" for one in paid[1:])]
        title = f"{party}: reserves of {sheet.reserves:,.1f} bn USD"
        print_rows(title, columns, rows, numeric=len(paid))


def _print_floors(found: "Sequence[PartyExternal]") -> None:
    from accord.assessment.tables.external import build_floors

    rows = [
        [
            row["package"], row["party"], LABELS[row["metric"]], f"{row['level']:g}",
            *(f"{100 * row[name]:.1f}" for name in ("chance_1", "chance_5", "chance_10")),
            "" if row["in_stop"] != row["in_stop"] else f"{100 * row['in_stop']:.0f}",
        ]
        for row in _records(build_floors(found))
    ]  # fmt: skip
    columns = ["package", "party", "line", "at", "1 year", "5 years", "10 years", "in a stop, %"]
    print_rows("Chance of crossing a line, %", columns, rows, numeric=5)


def _print_debt(found: "Sequence[PartyExternal]") -> None:
    from accord.assessment.tables.external import build_public_debt

    rows = [
        [row["package"], row["party"], *(f"{100 * row[name]:.1f}" for name in
         ("median", "low", "high", "financing_need"))]
        for row in _records(build_public_debt(found))
        if row["year"] == 10
    ]  # fmt: skip
    columns = ["package", "party", "median", "5 %", "95 %", "financing need"]
    print_rows("Public debt after ten years, % of GDP", columns, rows, numeric=4)


def _print_capacity(amounts: "Sequence[SafeAmount]", limit: float) -> None:
    from accord.external.capacity import MOST

    rows = [
        [
            one.party, one.structure.name,
            f"over {MOST:g}" if one.capacity.unlimited else f"{one.capacity.amount:.1f}",
            LABELS.get(one.capacity.binding.partition(" ")[0], ""),
        ]
        for one in amounts
    ]  # fmt: skip
    title = (
        f"Safe to pay for ten years, bn USD a year (adds at most {100 * limit:g} points to a risk)"
    )
    print_rows(title, ["party", "how it is paid", "a year", "what binds"], rows)


def _records(frame: Any) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
