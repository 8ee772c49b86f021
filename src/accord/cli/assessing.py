"""`accord brief` and `accord assess`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from accord.cli.options import (
    Case,
    Closure,
    Competition,
    Elasticities,
    Labour,
    Output,
    ScaleStrength,
    Triggers,
    check_choice,
    read_date,
)

if TYPE_CHECKING:
    from accord.deal.assessment import Assessment

FORMATS = ("table", "json", "csv", "parquet")


def brief_command(  # noqa: PLR0913  (one parameter an option)
    case: Case,
    *,
    output: Output = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Date on the page; today by default.")
    ] = None,
    closure: Closure = "fixed",
    competition: Competition = "perfect",
    scale_strength: ScaleStrength = 1.0,
    labour: Labour = "fixed",
    elasticities: Elasticities = "fontagne",
    trigger: Triggers = None,
) -> None:
    """Write a briefing of a deal, one HTML page.

    Example: accord brief us-korea-2025 --output briefing.html
    """
    day = read_date(date)
    from accord.briefing.brief import brief
    from accord.briefing.charts import start_drawing

    start_drawing()
    result = _assess(
        case,
        closure=closure,
        competition=competition,
        scale_strength=scale_strength,
        labour=labour,
        elasticities=elasticities,
        triggered=tuple(trigger or ()),
    )
    briefing = brief(result, date=day)
    path = briefing.save(output or Path(f"{result.deal.name}.html"))
    typer.echo(path)
    typer.echo(briefing.summary())


def assess_command(  # noqa: PLR0913  (one parameter an option)
    case: Case,
    *,
    format: Annotated[  # noqa: A002
        str, typer.Option("--format", "-f", help="table, json, csv or parquet.")
    ] = "table",
    table: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="One table: welfare, exports, wages, output, ..."),
    ] = None,
    package: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only this package of the deal.")
    ] = None,
    output: Output = None,
    closure: Closure = "fixed",
    competition: Competition = "perfect",
    scale_strength: ScaleStrength = 1.0,
    labour: Labour = "fixed",
    elasticities: Elasticities = "fontagne",
    trigger: Triggers = None,
) -> None:
    """Print or save what each package does.

    Example: accord assess us-korea-2025 --table exports --format csv --output exports.csv
    """
    from accord.cli.exporting import check_request, write_result

    check_choice("--format", format, FORMATS)
    check_request(format, table, output)
    result = _assess(
        case,
        closure=closure,
        competition=competition,
        scale_strength=scale_strength,
        labour=labour,
        elasticities=elasticities,
        triggered=tuple(trigger or ()),
    )
    if package is not None:
        check_choice("--package", package, result.packages)
    write_result(result, format, table, package=package, output=output)


def _assess(case: str, **chosen: str | float | tuple[str, ...]) -> "Assessment":
    """Return the assessment of a case with the settings chosen, which are checked first."""
    from typing import get_args

    from accord.deal.settings import AssessSettings, Labour
    from accord.trade.config import Closure, Competition

    for option, kind in (("closure", Closure), ("competition", Competition), ("labour", Labour)):
        check_choice(f"--{option}", str(chosen[option]), get_args(kind))
    settings = AssessSettings(**cast("dict[str, Any]", chosen))
    from accord.deal.assess import assess
    from accord.deal.load import load_deal

    return assess(load_deal(case), settings=settings)
