"""`accord sweep`."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from accord.cli.choices import FIGURES_OF_A_SWEEP
from accord.cli.errors import INTERRUPTED
from accord.cli.formats import ResultTable, write_tables
from accord.cli.headings import SWEEP_FIGURES, SWEPT
from accord.cli.options import AsOf, WorldFile, find_choice, refuse
from accord.cli.printing import print_written, say
from accord.cli.progress import show_progress
from accord.cli.request import COMMAND
from accord.cli.sentences import (
    SWEEP_DONE,
    SWEEP_FAILED,
    SWEEP_STOPPED,
    SWEEP_SUMMARY,
    SWEEP_UNFINISHED,
)
from accord.core.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

RANGE = re.compile(r"^([^:]+):([^:]+)(?::([^:]+))?$")
PLAN_SUFFIX = ".toml"
FOLDER = ".sweep"  # the ending of a folder that nobody named
TABLES = ("grid", "sample")
OPTIONS = {
    "packages": "--package", "as_of": "--as-of", "sample.count": "--sample", "dask": "--dask",
    "sample.seed": "--seed", "workers": "--workers",
}  # fmt: skip
"""Names of the options by their place in a plan or call."""
HALVES = (0.0, 0.5, 1.0)


def sweep_command(  # noqa: PLR0913  (one parameter an option)
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A plan (TOML), or a deal: a shipped case or a deal file."
        ),
    ],
    *,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUES",
            help="What changes in a deal: term.cars=0,0.15 or elasticity.all=0.8:1.2:5; repeat the "
            "option for more.",
        ),
    ] = None,
    package: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only this package; repeat the option for more."),
    ] = None,
    figures: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="yearly for an average year, payoffs for the whole horizon as well (slower).",
        ),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", help="Draw so many scenarios instead of the whole grid."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Seed of the drawn scenarios.")
    ] = None,
    as_of: AsOf = None,
    world: WorldFile = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help=f"Folder of the table; NAME{FOLDER} if left out. What is finished there is kept, "
            "and the table of an earlier plan replaced.",
        ),
    ] = None,
    workers: Annotated[int, typer.Option(metavar="NUMBER", help="Processes of this machine.")] = 1,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Solve on the Dask cluster with this scheduler; local starts one here.",
        ),
    ] = None,
) -> None:
    """Solve many scenarios of a deal into one table, a folder of Parquet files.

    Run it again to go on where it stopped.

    Example: accord sweep us-korea-2025 --vary term.cars=0:0.15:4 --package signed
    """
    given = {
        "--vary": vary, "--package": package, "--figures": figures, "--sample": sample,
        "--seed": seed, "--as-of": as_of, "--world": world,
    }  # fmt: skip
    plan: Path | dict[str, Any]
    if _is_plan(Path(file), is_varied=bool(vary)):
        plan = Path(file)
        remedy = "write it into the plan"
        refuse(
            [
                Problem(name, "does not go with a plan", remedy)
                for name, value in given.items()
                if value is not None
            ]
        )
    else:
        plan = _build_plan(file, given)

    from accord.assessment.sweep.sweep import sweep

    folder = output or Path(f"{Path(file).stem if Path(file).suffix else file}{FOLDER}")
    try:
        with show_progress() as tell:
            result = sweep(plan, output=folder, workers=workers, dask=dask, progress=tell)
    except InputError as error:
        raise (error if isinstance(plan, Path) else _as_options(error)) from error
    except KeyboardInterrupt as error:
        say("accord: " + SWEEP_STOPPED.format(folder=folder), err=True)
        raise typer.Exit(INTERRUPTED) from error
    told = SWEEP_DONE.format(count=result.scenarios, solved=result.solved, kept=result.kept)
    counts = {SWEEP_FAILED: result.failed, SWEEP_UNFINISHED: result.unfinished}
    failed = [sentence.format(count=count) for sentence, count in counts.items() if count]
    write_tables([summarise(result.to_frame())], "table", None)
    print_written(result.folder, told, *failed)


def _is_plan(path: Path, *, is_varied: bool) -> bool:
    """Whether a file is a plan of scenarios; one that cannot be read is told of later.

    It was meant as a plan if no option says what changes in a deal.
    """
    from accord.assessment.sweep.plan import is_plan

    try:
        return is_plan(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError):
        return path.suffix == PLAN_SUFFIX and not is_varied


def _build_plan(deal: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the plan that options on a deal make.

    Raises:
        InputError: An option is wrong; all problems at once.
    """
    from accord.assessment.sweep.changes import find_name

    problems: list[Problem] = []
    is_drawn = given["--sample"] is not None
    table: dict[str, Any] = {}
    for text in given["--vary"] or ():
        name, sign, values = (part.strip() for part in text.partition("="))
        if not sign or not values:
            remedy = "write NAME=VALUES, such as term.cars=0,0.15"
            problems.append(Problem("--vary", f"{text!r} gives no values", remedy))
        elif name in table:
            remedy = f"give all values at once, such as {name}=0,0.15"
            problems.append(Problem(f"--vary {name}", "is given twice", remedy))
        else:
            problems += find_name(f"--vary {name}", name)
            table[name] = _read_values(values, is_drawn=is_drawn)
    if not table and not problems:
        remedy = "write --vary term.NAME=VALUES, or give a plan"
        problems.append(Problem("--vary", "is missing: nothing changes", remedy))
    if given["--figures"] is not None:
        problems += find_choice("--figures", given["--figures"], FIGURES_OF_A_SWEEP)
    if given["--seed"] is not None and not is_drawn:
        problems.append(Problem("--seed", "draws nothing", "add --sample NUMBER"))
    refuse(problems)
    drawn = {"count": given["--sample"], "seed": given["--seed"]}
    plan = {
        "deal": deal,
        "world": given["--world"],
        "as_of": given["--as-of"],
        "packages": given["--package"],
        "figures": given["--figures"],
        "sample" if is_drawn else "grid": {
            **table, **{key: value for key, value in drawn.items() if value is not None}
        },
    }  # fmt: skip
    return {name: value for name, value in plan.items() if value is not None}


def _as_options(error: InputError) -> InputError:
    """Return an error about a plan that options made, by the names of the options."""
    problems = []
    for problem in error.problems:
        head, _, rest = problem.path.partition(".")
        path = OPTIONS.get(problem.path, f"--vary {rest}" if head in TABLES else problem.path)
        problems.append(replace(problem, path=path))
    return InputError(problems, COMMAND)


def _read_values(text: str, *, is_drawn: bool) -> Any:
    """Return the values in a text: a list as in 0,0.15, or low:high, or low:high:steps."""
    match = RANGE.match(text)
    ends = [_read_number(part) for part in match.groups() if part] if match else []
    if ends and all(isinstance(end, int | float) for end in ends):
        if is_drawn:
            return {"low": ends[0], "high": ends[1]}
        return {"low": ends[0], "high": ends[1], "steps": ends[2] if len(ends) > 2 else None}
    return [_read_number(part) for part in text.split(",")]


def _read_number(text: str) -> Any:
    """Return the number in a text; the text where it is none."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.strip()


def summarise(frame: "pd.DataFrame") -> ResultTable:
    """Return the lowest, the middle and the highest figure of each package for each region."""
    rows = []
    for (package, region), group in frame.groupby(["package", "region"], sort=False):
        for name, title in SWEEP_FIGURES.items():
            values = group[name].dropna()
            if len(values):
                cells = (f"{value:+.2f}" for value in values.quantile(HALVES))
                rows.append([str(package), str(region), title, *cells])
    return ResultTable("scenarios", SWEEP_SUMMARY, SWEPT, rows, len(HALVES))
