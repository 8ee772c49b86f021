"""`accord explain` and `accord compare`."""

import json
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.options import Case, Draws, Reading, find_choice, refuse
from accord.cli.printing import print_rows
from accord.cli.progress import show_progress

if TYPE_CHECKING:
    from accord.assessment.compare import Comparison
    from accord.assessment.facade import Assessment

SAVED = ".accord"


def explain_command(
    case: Case,
    figure: Annotated[
        str, typer.Argument(metavar="FIGURE", help="payoff, or a part: tariff, profit, risk, ...")
    ],
    region: Annotated[str, typer.Argument(metavar="REGION", help="Whose, such as KOR.")],
    *,
    package: Annotated[
        str | None, typer.Option(metavar="NAME", help="Under which package; else the one in focus.")
    ] = None,
    reading: Reading = "dated",
    draws: Draws = 0,
    format: Annotated[  # noqa: A002
        str, typer.Option("--format", "-f", help="text or json.")
    ] = "text",
) -> None:
    """Print where a number comes from: parts, years, clauses, equations, parameters, sources.

    Example: accord explain us-korea-2025 payoff KOR --package signed
    """
    from accord.assessment.explain.explain import FIGURES
    from accord.assessment.names import package_in_focus
    from accord.lowering.tariff_path import TIMELINES

    refuse(
        [
            *find_choice("FIGURE", figure, FIGURES),
            *find_choice("--reading", reading, TIMELINES),
            *find_choice("--format", format, ("text", "json")),
        ]
    )
    result = _open(case, draws)
    offers = result.packages[1:]
    if package is not None:
        refuse(find_choice("--package", package, offers))
    chosen = package or package_in_focus(result.deal)
    refuse(find_choice("REGION", region, result.world.regions))
    with show_progress() as tell:
        result.reach_verdict(tell)
    tree = result.explain(figure, region, package=chosen, timeline=reading)  # type: ignore[arg-type]
    text = str(tree) if format == "text" else json.dumps(tree.to_dict(), indent=1)
    typer.echo(text)


def compare_command(
    cases: Annotated[
        list[str],
        typer.Argument(metavar="CASES", help="Shipped cases, deal files or saved assessments."),
    ],
    *,
    reading: Reading = "dated",
    draws: Draws = 500,
    format: Annotated[  # noqa: A002
        str, typer.Option("--format", "-f", help="table, csv or json.")
    ] = "table",
) -> None:
    """Print packages side by side, of one deal or of several.

    Example: accord compare us-korea-2025
    """
    from accord.assessment.compare import compare
    from accord.lowering.tariff_path import TIMELINES

    refuse(
        [
            *find_choice("--reading", reading, TIMELINES),
            *find_choice("--format", format, ("table", "csv", "json")),
        ]
    )
    results = [_open(case, draws) for case in cases]
    with show_progress() as tell:
        for result in results:
            result.reach_verdict(tell)
    found = compare(*results, timeline=reading)  # type: ignore[arg-type]
    if format == "csv":
        typer.echo(found.to_frame().to_csv(index=False, lineterminator="\n"), nl=False)
    elif format == "json":
        typer.echo(found.to_frame().to_json(orient="records", indent=1))
    else:
        print_comparison(found, several=len(results) > 1)


def _open(case: str, draws: int) -> "Assessment":
    """Return the assessment of a case, or the one a file holds."""
    from accord.assessment.assess import assess
    from accord.assessment.load import load_assessment
    from accord.assessment.settings import AssessSettings
    from accord.deal.load import load_deal

    if Path(case).suffix == SAVED:
        return load_assessment(case)
    settings = AssessSettings(draws=draws)
    return assess(load_deal(case), settings=settings)


def print_comparison(found: "Comparison", *, several: bool) -> None:
    """Print payoffs, their parts, and what is committed for what it saves."""
    head = [*(["deal"] if several else []), "package", "party"]
    payoffs, parts, sizes = [], [], []
    for row in found.to_frame().to_dict("records"):
        name = [str(row[key]) for key in head]
        span = "" if isnan(row["low"]) else f"{row['low']:+.0f} to {row['high']:+.0f}"
        chances = (_percent(row[key]) for key in ("gain_chance", "all_gain"))
        share = f"{100 * row['payoff_of_gdp']:+.2f}"
        payoffs.append([*name, f"{row['payoff']:+.1f}", span, share, *chances])
        parts.append([*name, *(f"{row[key]:+.1f}" for key in SHOWN_PARTS)])
        if row["committed"]:
            ratio = row["committed_per_point"]
            sizes.append(
                [*name, f"{row['committed']:.0f}", f"{100 * row['committed_of_gdp']:.1f}",
                 _percent(row["committed_of_reserves"]), f"{row['points_saved']:.1f}",
                 "" if isnan(ratio) else f"{ratio:.1f}"]
            )  # fmt: skip
    print_rows(
        "Payoffs against no deal, present value, bn USD",
        [*head, "payoff", "nine draws in ten", "% of a year's GDP", "gains, %", "all gain, %"],
        payoffs, numeric=5,
    )  # fmt: skip
    print_rows("Their parts, bn USD", [*head, *SHOWN_PARTS.values()], parts, numeric=6)
    if sizes:
        columns = [*head, "bn USD", "% of GDP", "% of reserves", "points saved", "bn a point"]
        print_rows("What is committed, and for what", columns, sizes, numeric=5)


SHOWN_PARTS = {
    "tariff": "tariffs", "transfer": "transfer", "terms_of_trade": "terms of trade",
    "capacity": "capacity", "profit": "profits", "risk": "risk",
}  # fmt: skip


def _percent(value: float) -> str:
    return "" if isnan(value) else f"{100 * value:.0f}"
