"""Options that several commands share."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from accord.core.errors import InputError, Problem

Case = Annotated[
    str,
    typer.Argument(metavar="CASE", help="A shipped case (see `accord cases`) or a deal file."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
]
Closure = Annotated[
    str, typer.Option(help="What happens to trade deficits: fixed, share or balanced.")
]
Competition = Annotated[str, typer.Option(help="Market structure: perfect or monopolistic.")]
ScaleStrength = Annotated[
    float,
    typer.Option(help="Multiplies scale elasticities under monopolistic competition."),
]
Labour = Annotated[str, typer.Option(help="Labour supply: fixed or elastic.")]
Elasticities = Annotated[
    str, typer.Option(metavar="NAME", help="Set of trade elasticities: fontagne, ll2023, cp2015.")
]
Triggers = Annotated[
    list[str] | None,
    typer.Option(
        "--trigger",
        metavar="NAME",
        help="An event of the deal file declared to have happened (repeat for more).",
    ),
]


def check_choice(option: str, value: str, choices: tuple[str, ...]) -> None:
    """Raise an `InputError` with a suggestion unless the value is one of the choices."""
    from accord.core.words import suggest

    if value in choices:
        return
    close = suggest(value, choices)
    remedy = f"did you mean {close}?" if close else f"choose {', '.join(choices)}"
    raise InputError([Problem(option, f"{value!r} is not known", remedy)], "the command")


def read_date(text: str | None) -> dt.date:
    """Return the date in a text such as 2026-11-24; today when there is none.

    Raises:
        InputError: The text is not a date.
    """
    if text is None:
        return dt.datetime.now().astimezone().date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        problem = Problem("--date", f"{text!r} is not a date", "write it as 2026-11-24")
        raise InputError([problem], "the command") from error
