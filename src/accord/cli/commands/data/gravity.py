"""The command `data gravity`: elasticities from a panel, and the world that has them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.formats import ResultTable, find_format, write_tables
from accord.cli.headings import GRAVITY, GRAVITY_COST
from accord.cli.options import TableFormat, WorldFile, WorldOrTable, refuse
from accord.cli.printing import print_written
from accord.cli.request import open_world
from accord.cli.sentences import GRAVITY_COSTS_TABLE, GRAVITY_TABLE, SETS_IN_PLAY
from accord.core.files import check_writable

if TYPE_CHECKING:
    from accord.data.readers.gravity.result import GravityEstimate

WORLD = ".npz"


def gravity_command(  # noqa: PLR0913  (an option each)
    *,
    panel: Annotated[
        Path,
        typer.Argument(
            metavar="PANEL", help="CSV or Parquet file importer, exporter, value, tariff."
        ),
    ],
    cost: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Another trade cost; repeat for more."),
    ] = None,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Give each pair an effect of its own.")
    ] = False,
    with_duty: Annotated[bool, typer.Option("--with-duty", help="Values hold the duty.")] = False,
    world: WorldFile = None,
    draws: Annotated[
        int, typer.Option(metavar="NUMBER", help="Sets drawn with the errors of the estimate.")
    ] = 8,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 0,
    output: WorldOrTable = None,
    format: TableFormat = None,  # noqa: A002
) -> None:
    """Estimate trade elasticities from a panel of your own.

    Example: accord data gravity panel.csv --cost log_distance --world world-2014 -o gravity.npz
    """
    from accord.data.files.saving import check_world_path
    from accord.data.readers.gravity.estimate import gravity
    from accord.data.readers.gravity.result import find_draws

    keeps = output is not None and output.suffix == WORLD
    form, problems = ("table", []) if keeps else find_format(format, output)
    refuse([*problems, *find_draws(draws)])
    if output is not None:
        check_world_path(output) if keeps else check_writable(output)
    held = open_world(world) if keeps else None
    estimate = gravity(panel, costs=cost or (), pairs=pairs, with_duty=with_duty, world=held)
    tables = [_elasticities(estimate)]
    if form == "table" and cost:
        tables.append(_costs(estimate))
    write_tables(tables, form, None if keeps else output)
    if output is not None and held is not None:
        estimate.world(held, draws=draws, seed=seed).save(output)
        print_written(output, SETS_IN_PLAY.format(count=draws))


def _elasticities(estimate: "GravityEstimate") -> ResultTable:
    """Return the elasticity of each sector; as data every coefficient."""
    from accord.data.readers.gravity.result import NINE_IN_TEN

    frame = estimate.to_frame()
    rows = []
    for entry in estimate.estimates:
        theta, error = estimate.elasticities[entry.sector], float(entry.covariance[0, 0] ** 0.5)
        low, high = theta - NINE_IN_TEN * error, theta + NINE_IN_TEN * error
        numbers = (f"{number:.4g}" for number in (theta, error, low, high))
        counts = (entry.observations, entry.separated, entry.clusters)
        rows.append([entry.sector, *numbers, *(f"{count:,}" for count in counts)])
    return ResultTable("gravity", GRAVITY_TABLE, GRAVITY, rows, len(GRAVITY) - 1, frame)


def _costs(estimate: "GravityEstimate") -> ResultTable:
    """Return the coefficients of trade costs other than tariffs."""
    rows = [
        [str(row["sector"]), str(row["variable"]),
         *(f"{row[name]:.4g}" for name in ("coefficient", "error", "low", "high", "trade_cost"))]
        for row in estimate.to_frame().to_dict("records")
        if row["variable"] != estimate.estimates[0].names[0]  # that of the tariff
    ]  # fmt: skip
    return ResultTable("costs", GRAVITY_COSTS_TABLE, GRAVITY_COST, rows, len(GRAVITY_COST) - 2)
