"""`accord brief` and `accord assess`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from accord.cli.options import (
    Case,
    Closure,
    Competition,
    Draws,
    Elasticities,
    Labour,
    Output,
    Paths,
    ScaleStrength,
    Seed,
    Triggers,
    check_output,
    find_choice,
    find_date,
    read_date,
    refuse,
)
from accord.cli.progress import show_progress
from accord.core.errors import InputError, Problem

if TYPE_CHECKING:
    from accord.assessment.bargain.bargain import Bargain
    from accord.assessment.facade import Assessment
    from accord.assessment.settings import AssessSettings
    from accord.deal.deal import Deal


def brief_command(  # noqa: PLR0913  (one parameter an option)
    case: Case,
    *,
    output: Output = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Date on the page; today by default.")
    ] = None,
    terms: Annotated[
        bool, typer.Option("--terms", help="Bargain over terms too: a minute or two more.")
    ] = False,
    closure: Closure = "fixed",
    competition: Competition = "perfect",
    scale_strength: ScaleStrength = 1.0,
    labour: Labour = "fixed",
    elasticities: Elasticities = None,
    trigger: Triggers = None,
    paths: Paths = 2000,
    draws: Draws = 500,
    seed: Seed = 20251114,
) -> None:
    """Write a briefing of a deal, one HTML page.

    Example: accord brief us-korea-2025 --output briefing.html
    """
    from accord.briefing.brief import brief
    from accord.briefing.charts.base import start_drawing
    from accord.cli.printing import print_written

    def page(deal: "Deal") -> Path:
        return output or Path(f"{deal.name}.html")

    def check(deal: "Deal") -> None:
        check_output(page(deal), deal)
        start_drawing()

    result = _assess(
        case,
        find_date(date),
        check,
        verdict=True,
        closure=closure,
        competition=competition,
        scale_strength=scale_strength,
        labour=labour,
        elasticities=elasticities,
        triggered=tuple(trigger or ()),
        paths=paths,
        draws=draws,
        seed=seed,
    )
    bargain = _bargain(result) if terms else None
    briefing = brief(result, date=read_date(date), bargain=bargain)
    print_written(briefing.save(page(result.deal)), briefing.summary())


def _bargain(result: "Assessment") -> "Bargain":
    """Return the bargain over packages and terms, telling how far it is."""
    from accord.assessment.bargain.bargain import bargain

    with show_progress() as tell:
        return bargain(result, progress=tell)


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
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep everything in this file, to read it again."),
    ] = None,
    closure: Closure = "fixed",
    competition: Competition = "perfect",
    scale_strength: ScaleStrength = 1.0,
    labour: Labour = "fixed",
    elasticities: Elasticities = None,
    trigger: Triggers = None,
    paths: Paths = 2000,
    draws: Draws = 500,
    seed: Seed = 20251114,
) -> None:
    """Print or save what each package does.

    Example: accord assess us-korea-2025 --table exports --format csv --output exports.csv
    """
    from accord.cli.exporting import find_request, needs_verdict, write_result
    from accord.cli.printing import print_written

    def check(deal: "Deal") -> None:
        if package is not None:
            refuse(find_choice("--package", package, deal.package_names))
        for path in (output, save):
            if path is not None:
                check_output(path, deal)

    result = _assess(
        case,
        find_request(format, table, output),
        check,
        verdict=save is not None or needs_verdict(format, table),
        closure=closure,
        competition=competition,
        scale_strength=scale_strength,
        labour=labour,
        elasticities=elasticities,
        triggered=tuple(trigger or ()),
        paths=paths,
        draws=draws,
        seed=seed,
    )
    if save is not None:
        print_written(result.save(save))
        if output is None and table is None and format == "table":
            return
    write_result(result, format, table, package=package, output=output)


def _assess(
    case: str,
    found: list[Problem],
    check: Callable[["Deal"], None],
    *,
    verdict: bool,
    **chosen: Any,
) -> "Assessment":
    """Return the assessment of a case with the settings chosen.

    Args:
        case: Name of a shipped case, or path of a deal file.
        found: What is wrong with the other options; told together with the settings.
        check: Called with the deal before anything is solved.
        verdict: Whether the verdict will be asked for: it is then worked out with progress shown.
        **chosen: The settings.
    """
    settings = read_settings(found, chosen)
    from accord.assessment import assess
    from accord.deal import load

    deal = load.load_deal(case)
    check(deal)
    result = assess.assess(deal, settings=settings)
    if verdict:
        with show_progress() as tell:
            result.reach_verdict(tell)
    return result


def read_settings(found: list[Problem], chosen: dict[str, Any]) -> "AssessSettings":
    """Return the settings, or raise everything wrong with the options, all at once."""
    from accord.assessment.settings import AssessSettings, Labour
    from accord.data.store import load_world
    from accord.trade.config import Closure, Competition

    problems = list(found)
    standard = settings = AssessSettings()
    for name, kind in (("closure", Closure), ("competition", Competition), ("labour", Labour)):
        wrong = find_choice(f"--{name}", str(chosen[name]), get_args(kind))
        if wrong:
            problems += wrong
            chosen = {**chosen, name: getattr(standard, name)}
    try:
        settings = AssessSettings(**chosen)
    except InputError as error:
        problems += [replace(one, path=f"--{one.path.replace('_', '-')}") for one in error.problems]
    if chosen["elasticities"] is not None:
        sets = tuple(load_world().elasticities)
        problems += find_choice("--elasticities", str(chosen["elasticities"]), sets)
    refuse(problems)
    return settings
