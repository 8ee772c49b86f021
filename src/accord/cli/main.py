"""The command `accord`: its commands, and the one place where errors become messages."""

import gc
import os
import sys
from typing import Annotated

import typer

from accord.cli.commands.assess import assess_command, brief_command
from accord.cli.commands.backtest import backtest_command
from accord.cli.commands.bargain import bargain_command, prices_command
from accord.cli.commands.cars import cars_command
from accord.cli.commands.chains import chains_command
from accord.cli.commands.check import check_command
from accord.cli.commands.data.gravity import gravity_command
from accord.cli.commands.data.tariffs import tariffs_lines_command
from accord.cli.commands.deals import (
    cases_command,
    new_command,
    schema_command,
    tariffs_command,
)
from accord.cli.commands.explain import explain_command
from accord.cli.commands.exposure import exposure_command
from accord.cli.commands.external import external_command, stress_command
from accord.cli.commands.finance import finance_command
from accord.cli.commands.library.asked import (
    enquiries_delete_command,
    enquiries_export_command,
    enquiries_list_command,
)
from accord.cli.commands.library.keeping import (
    library_backup_command,
    library_list_command,
    library_restore_command,
    library_withdraw_command,
)
from accord.cli.commands.library.publish import publish_command
from accord.cli.commands.library.serve import serve_command
from accord.cli.commands.several.compare import compare_command
from accord.cli.commands.several.sweep import sweep_command
from accord.cli.commands.war import war_command
from accord.cli.commands.world import (
    build_command,
    read_command,
    selftest_command,
    world_command,
)
from accord.cli.errors import ReportingGroup

COLLECT_EVERY = 1_000_000  # objects; Python's 700 make a tenth of a short command's time
SURROUNDINGS = {
    "OPENBLAS_NUM_THREADS": "1",  # others would wait for matrices, each in a busy loop
    "PYDANTIC_DISABLE_PLUGINS": "__all__",  # looked for in every package that is installed
}

app = typer.Typer(
    name="accord",
    cls=ReportingGroup,
    help=(
        "Price both sides of a trade-and-investment deal.\n\nStart with: accord brief us-korea-2025"
    ),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
data = typer.Typer(
    help="Read data of your own, or build the embedded data.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("brief")(brief_command)
app.command("assess")(assess_command)
app.command("explain")(explain_command)
app.command("compare")(compare_command)
app.command("sweep")(sweep_command)
app.command("finance")(finance_command)
app.command("external")(external_command)
app.command("stress", hidden=True)(stress_command)
app.command("bargain")(bargain_command)
app.command("prices")(prices_command)
app.command("war")(war_command)
app.command("cars")(cars_command)
app.command("chains")(chains_command)
app.command("exposure")(exposure_command)
app.command("backtest")(backtest_command)
app.command("check")(check_command)
app.command("new")(new_command)
app.command("cases")(cases_command)
app.command("world")(world_command)
app.command("tariffs")(tariffs_command)
app.command("schema")(schema_command)
app.command("serve")(serve_command)
app.command("selftest")(selftest_command)
app.command("publish")(publish_command)
data.command("read")(read_command)
data.command("tariffs")(tariffs_lines_command)
data.command("gravity")(gravity_command)
data.command("build")(build_command)
library = typer.Typer(
    help="Look after a library of briefings.", no_args_is_help=True, rich_markup_mode=None
)
library.command("list")(library_list_command)
library.command("backup")(library_backup_command)
library.command("restore")(library_restore_command)
library.command("withdraw")(library_withdraw_command)
enquiries = typer.Typer(
    help="See what readers asked below briefings.", no_args_is_help=True, rich_markup_mode=None
)
enquiries.command("list")(enquiries_list_command)
enquiries.command("export")(enquiries_export_command)
enquiries.command("delete")(enquiries_delete_command)
app.add_typer(library, name="library")
app.add_typer(enquiries, name="enquiries")
app.add_typer(data, name="data")


def _print_version(asked: bool) -> bool:
    """Print the version and stop, when asked; return the answer otherwise."""
    if asked:
        from importlib.metadata import version

        typer.echo(f"accord {version('accord-workbench')}")
        raise typer.Exit
    return asked


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def _leave_out_others(name: str) -> None:
    """Let Typer build the command that is asked for only; all where none is so called.

    To build the others takes a twentieth of the time of a short command.
    """
    asked = [command for command in app.registered_commands if command.name == name]
    if asked:
        app.registered_commands, app.registered_groups = asked, []


def main() -> None:
    """Run the command line."""
    gc.set_threshold(COLLECT_EVERY)
    for name, value in SURROUNDINGS.items():
        os.environ.setdefault(name, value)
    _leave_out_others(sys.argv[1] if len(sys.argv) > 1 else "")
    try:
        app()
    finally:
        gc.freeze()  # what is left is not looked through once more when the interpreter ends
