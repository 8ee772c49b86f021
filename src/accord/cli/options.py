"""Options that several commands share."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from accord.cli.choices import BRIEFING_FORMATS
from accord.core.errors import InputError, OutputError, Problem
from accord.core.files import check_writable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from accord.data.world import World
    from accord.deal.deal import Deal

CaseArgument = Annotated[
    str,
    typer.Argument(metavar="CASE", help="A shipped case (see `accord cases`) or a deal file."),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file.")
]
WorldOrTable = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="The world that is made (.npz), or the table."
    ),
]
Closure = Annotated[
    str, typer.Option(help="What happens to trade deficits: fixed, share or balanced.")
]
Competition = Annotated[str, typer.Option(help="Market structure: perfect or monopolistic.")]
ScaleStrength = Annotated[
    float,
    typer.Option(
        metavar="NUMBER", help="Factor on the scale elasticities under monopolistic competition."
    ),
]
Language = Annotated[
    str,
    typer.Option(
        metavar="CODE", help="Language of the page, such as en: one that has a message catalogue."
    ),
]
Length = Annotated[str, typer.Option(help="short for two pages, full for these and every chapter.")]
Labour = Annotated[str, typer.Option(help="Labour supply: fixed or elastic.")]
Sourcing = Annotated[
    str, typer.Option(help="How trade answers in the verdict: gradual, over years, or at_once.")
]
Elasticities = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Set of trade elasticities: fontagne, ll2023, cp2015, boehm2023; "
        "the world's own if left out.",
    ),
]
Triggers = Annotated[
    list[str] | None,
    typer.Option(
        "--trigger",
        metavar="NAME",
        help="An event of the deal file that has happened; repeat the option for more.",
    ),
]

Paths = Annotated[
    int,
    typer.Option(help="Random paths of costs, earnings and interest rates; 0 for the mean path."),
]
Seed = Annotated[int, typer.Option(help="Seed of the random numbers, the same for every package.")]

Draws = Annotated[
    int, typer.Option(help="Simulated futures behind intervals and chances; 0 for none.")
]
TimelineOption = Annotated[
    str | None,
    typer.Option(
        "--timeline",
        help="dated: tariffs follow the dates in the file, rulings included (the default). "
        "frozen: the tariffs of the assessment date last.",
    ),
]
OldTimeline = Annotated[
    str | None, typer.Option("--reading", hidden=True, help="Old name of --timeline.")
]
Wanted = Annotated[
    str,
    typer.Option(
        "--objective",
        metavar="NAME",
        help="What parties want in the bargain: welfare, or revealed: welfare with the weights on "
        "sectors that their tariffs reveal.",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="Only what was known on this day counts: a date, or the name of a vintage of the deal "
        "file; all that the file says if left out.",
    ),
]
Package = Annotated[
    str | None, typer.Option("--package", metavar="NAME", help="Only this package of the deal.")
]
WorldFile = Annotated[
    Path | None,
    typer.Option(
        "--world",
        metavar="NAME|FILE",
        help="Use the embedded world of this name, all of the default one (full), or the world in "
        "a file which `World.save` wrote.",
    ),
]
TableFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help="table, md, json, csv, parquet or xlsx; by default what the file's ending says.",
    ),
]
BriefingFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="NAME",
        help=f"{', '.join(BRIEFING_FORMATS)}; by default what the file's ending says, or html.",
    ),
]
OneTable = Annotated[str | None, typer.Option("--table", metavar="NAME", help="Only this table.")]


def find_choice(option: str, value: str, choices: "Collection[str]") -> list[Problem]:
    """Return the problem of a value that is not one of the choices, with a suggestion, or none."""
    from accord.core.words import propose

    if value in choices:
        return []
    return [Problem(option, f"{value!r} is not known", propose(value, choices))]


def read_timeline(timeline: str | None, old: str | None) -> tuple[str, list[Problem]]:
    """Return the timeline asked for, `--reading` being its old name, and what is wrong with it."""
    from accord.cli.choices import TIMELINES
    from accord.cli.printing import say
    from accord.cli.sentences import DEPRECATED_OPTION

    if old is not None:
        say("accord: " + DEPRECATED_OPTION.format(old="--reading", new="--timeline"), err=True)
    chosen = timeline or old or TIMELINES[0]
    return chosen, find_choice("--timeline", chosen, TIMELINES)


def find_date(text: str | None) -> list[Problem]:
    """Return the problem of a text that is not a date such as 2026-11-24, or none."""
    try:
        read_date(text)
    except ValueError:
        return [Problem("--date", f"{text!r} is not a date", "write it as 2026-11-24")]
    return []


def read_date(text: str | None) -> dt.date:
    """Return the date in a text such as 2026-11-24; today when there is none."""
    return dt.datetime.now().astimezone().date() if text is None else dt.date.fromisoformat(text)


def check_output(output: Path, deal: "Deal") -> None:
    """Check, before any work, that a result may be written there.

    Raises:
        OutputError: It may not: see `check_writable`; or it is the deal file itself.
    """
    if deal.path is not None and output.exists() and output.samefile(deal.path):
        raise OutputError(output, "it is the deal file that the result comes from")
    check_writable(output)


def split_names(text: str | None) -> tuple[str, ...] | None:
    """Return the names in a text such as "A,B,C"; None for none."""
    return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())


def split_parties(text: str | None) -> "tuple[str, ...] | None":
    """Return the parties in a text such as "USA,PACT=BRA+MEX": names, and groups of one's own."""
    from accord.deal.regions import Group

    names = split_names(text)
    if names is None:
        return None
    written = (name.partition("=") for name in names)
    return tuple(
        Group(name.strip(), [part.strip() for part in members.split("+") if part.strip()])
        if sign
        else name
        for name, sign, members in written
    )


def read_parties(text: str | None, world: "World") -> "tuple[str, ...] | None":
    """Return the parties in a text as regions and groups of a world; say what is read as what.

    A name in common use, such as "UK" or "Mercosur", stands for what the world has of it.
    """
    from accord.cli.printing import say
    from accord.deal.checks.regions import explain_reading, understand_party

    names = split_parties(text)
    for name in names or ():
        told = explain_reading(name, world)
        if told:
            say(f"accord: {told}", err=True)
    return None if names is None else tuple(understand_party(name, world) for name in names)


def refuse(problems: "Sequence[Problem]") -> None:
    """Raise one `InputError` with every problem of the command, if there is any."""
    if problems:
        raise InputError(problems, "the command")
