"""`accord backtest`."""

from math import isnan
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.exporting import pick
from accord.cli.formats import ResultTable, find_format, find_table, write_tables
from accord.cli.headings import ALL_OUTCOMES, EPISODE_SOURCE, OUTCOME, SCORE
from accord.cli.options import (
    OneTable,
    Output,
    TableFormat,
    WorldFile,
    find_choice,
    refuse,
)
from accord.cli.printing import say
from accord.cli.progress import show_progress
from accord.cli.request import open_world
from accord.cli.sentences import BACKTEST, BACKTEST_SCORES, SOURCES
from accord.core.files import check_writable

if TYPE_CHECKING:
    from accord.backtesting.result import Backtest, OutcomeRow, Score

TABLES = ("outcomes", "scores", "sources")


def backtest_command(
    *,
    episode: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this episode: 2018 or 2025; all if left out."),
    ] = None,
    world: WorldFile = None,
    format: TableFormat = None,  # noqa: A002
    table: OneTable = None,
    output: Output = None,
) -> None:
    """Print what the model predicts of tariffs of the past, beside what happened.

    No outcome is used to calibrate the model.

    Example: accord backtest --episode 2025
    """
    from accord.backtesting.episode import episode_names

    form, problems = find_format(format, output)
    problems += find_table(form, table, TABLES)
    if episode is not None:
        problems += find_choice("--episode", episode, episode_names())
    refuse(problems)
    if output is not None:
        check_writable(output)
    where = open_world(world)

    from accord.backtesting.backtest import backtest

    with show_progress() as tell:
        result = backtest(episode, world=where, progress=tell)
    write_tables(pick(backtest_tables(result), table), form, output)
    if form == "table":
        for told in result.episodes:
            for note in told.notes:
                say(f"  {told.name}: {note}")


def backtest_tables(result: "Backtest") -> list[ResultTable]:
    """Return outcomes beside predictions, scores, and where figures were read."""
    from accord.backtesting.episode import MEASURES

    rows = [
        [
            row.episode, f"{row.outcome.title}: {MEASURES[row.outcome.measure]}",
            f"{row.outcome.start:%Y-%m} to {row.outcome.end:%Y-%m}",
            " ".join(row.outcome.sources), row.outcome.grade,
            "yes" if row.inside else "no",
            *(_shown(row, value) for value in (row.low, row.central, row.high)),
            _shown(row, row.outcome.observed),
        ]
        for row in result.rows
    ]  # fmt: skip
    sources = [
        [told.name, source.id, source.title, source.date, source.licence, source.grade]
        for told in result.episodes
        for source in told.sources
    ]
    return [
        ResultTable("outcomes", BACKTEST, OUTCOME, rows, 4, result.to_frame()),
        ResultTable("scores", BACKTEST_SCORES,
              SCORE,
              [_score(score) for score in result.scores], 4, result.scores_frame()),
        ResultTable("sources", SOURCES, EPISODE_SOURCE,
              sources),
    ]  # fmt: skip


def _shown(row: "OutcomeRow", value: float) -> str:
    """Return a value of an outcome as printed: per cent, but for money and responses."""
    return _in_unit(row.outcome.measure, value)


def _in_unit(measure: str, value: float) -> str:
    if measure == "duty":
        return f"{value:.0f} bn"
    if measure == "response":
        return f"{value:+.2f}"
    return f"{100 * value:+.1f} %" if measure in ("share", "imports") else f"{100 * value:.1f} %"


def _score(score: "Score") -> list[str]:
    from accord.backtesting.episode import MEASURES

    name = ALL_OUTCOMES if score.measure is None else MEASURES[score.measure]
    errors = ["", ""]
    if score.measure is not None:
        errors = [
            _in_unit(score.measure, score.mean_error),
            _in_unit(score.measure, score.mean_absolute_error),
        ]
    skill = "" if isnan(score.skill) else f"{score.skill:.2f}"
    inside = f"{round(score.inside * score.count)} of {score.count}"
    return [score.episode, name, inside, *errors, skill]
