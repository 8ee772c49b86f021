"""From the options of a command to a deal and its world, every problem told before any work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from accord.cli.choices import SAVED
from accord.cli.options import check_output, find_choice, refuse
from accord.cli.printing import say
from accord.cli.sentences import WARNING
from accord.core.errors import InputError, Problem

if TYPE_CHECKING:
    from accord.assessment.facade import Assessment
    from accord.assessment.settings import AssessSettings
    from accord.data.world import World
    from accord.deal.deal import Deal

COMMAND = "the command"


@dataclass(frozen=True)
class Request:
    """A deal to work on, and the world it is priced in: a view of the default, or all of one."""

    deal: "Deal"
    world: "World"


def open_world(path: Path | None) -> "World":
    """Return the world in a file, an embedded world by its name, or the default one.

    Raises:
        InputError: There is no such file, or it holds no world.
    """
    from accord.data.files.world_file import open_world as open_named

    return open_named(path)


def open_request(
    case: str,
    problems: Sequence[Problem] = (),
    *,
    world: Path | None = None,
    package: str | None = None,
    packages: "Callable[[Deal], Sequence[str]] | None" = None,
    outputs: Sequence[Path | None] = (),
    chosen: dict[str, Any] | None = None,
    as_of: str | None = None,
) -> Request:
    """Return the deal and the world, or raise everything wrong with the command, all at once.

    The world is the view of the default one that the deal needs, unless another world, or all of
    the default, is asked for.

    Args:
        case: Name of a shipped case, or path of a deal file.
        problems: What is wrong with the options so far.
        world: File or name of a world; the default one if left out.
        package: The package asked for, if one is.
        packages: The packages that may be asked for; every one of the deal if left out.
        outputs: Files that will be written.
        chosen: The settings, to be checked with the rest.
        as_of: Day, or name of a vintage, after which nothing counts.

    Raises:
        InputError: An option, the world or the deal is wrong.
        OutputError: A file may not be written.
    """
    from accord.deal import load

    problems, subjects = list(problems), [COMMAND] if problems else []
    base = deal = None
    try:
        base = open_world(world)
    except InputError as error:
        problems += error.problems
        subjects.append(error.subject)
    if chosen is not None:
        wrong = find_settings(chosen, base)[1]
        problems += wrong
        subjects += [COMMAND] if wrong else []
    try:
        deal = load.load_deal(case, base)
    except InputError as error:
        problems += error.problems
        subjects.append(error.subject)
    if deal is not None and as_of is not None:
        try:
            deal = deal.as_of(as_of)
        except InputError as error:
            problems += name_day(error).problems
            subjects.append(COMMAND)
    if deal is not None and package is not None:
        names = packages(deal) if packages is not None else deal.package_names
        problems += find_choice("--package", package, names)
        subjects.append(COMMAND)
    if problems or deal is None or base is None:
        raise InputError(problems, " and ".join(dict.fromkeys(subjects)))
    for output in outputs:
        if output is not None:
            check_output(output, deal)
    for notice in deal.left_out:
        say(WARNING.format(notice=notice), err=True)
    from accord.data.store import DEFAULT_WORLD

    if world is not None and str(world) != DEFAULT_WORLD:
        return Request(deal, base)
    from accord.assessment.views.rule import build_view

    return Request(deal, build_view(deal, base).world)


def name_day(error: InputError) -> InputError:
    """Return an error about a day that a deal is seen on, by the name of the option."""
    if not any(problem.path == "as_of" for problem in error.problems):
        return error
    return InputError([replace(problem, path="--as-of") for problem in error.problems], COMMAND)


def find_settings(
    chosen: dict[str, Any], world: "World | None"
) -> "tuple[AssessSettings, list[Problem]]":
    """Return the settings chosen, the standard ones where they are wrong, and what is wrong."""
    from accord.assessment.settings import AssessSettings, Labour, MarketStructure, SourcingSpeed
    from accord.trade.config import Closure

    problems: list[Problem] = []
    standard = settings = AssessSettings()
    kinds = (
        ("closure", Closure), ("competition", MarketStructure), ("labour", Labour),
        ("sourcing", SourcingSpeed),
    )  # fmt: skip
    for name, kind in kinds:
        if name not in chosen:
            continue
        wrong = find_choice(f"--{name}", str(chosen[name]), get_args(kind))
        if wrong:
            problems += wrong
            chosen = {**chosen, name: getattr(standard, name)}
    try:
        settings = AssessSettings(**chosen)
    except InputError as error:
        problems += [
            replace(problem, path=f"--{problem.path.replace('_', '-')}")
            for problem in error.problems
        ]
    if chosen.get("elasticities") is not None and world is not None:
        problems += find_choice("--elasticities", chosen["elasticities"], tuple(world.elasticities))
    return settings, problems


def read_settings(
    problems: Sequence[Problem], chosen: dict[str, Any], world: "World"
) -> "AssessSettings":
    """Return the settings, or raise everything wrong with the options, all at once."""
    settings, wrong = find_settings(chosen, world)
    refuse([*problems, *wrong])
    return settings


def open_result(
    case: str,
    chosen: dict[str, int],
    world: Path | None,
    problems: Sequence[Problem] = (),
    *,
    as_of: str | None = None,
) -> "Assessment":
    """Return the assessment of a case, or the one a file holds, which knows its own day."""
    if Path(case).suffix == SAVED:
        refuse([*problems, *_find_kept(as_of)])
        from accord.assessment.load import load_assessment

        return load_assessment(case)
    request = open_request(case, problems, world=world, chosen=dict(chosen), as_of=as_of)
    from accord.assessment.assess import assess

    settings = read_settings((), dict(chosen), request.world)
    return assess(request.deal, world=request.world, settings=settings)


def _find_kept(as_of: str | None) -> list[Problem]:
    """Return that what a saved assessment knows cannot be asked for anew, if it is."""
    if as_of is None:
        return []
    remedy = "assess the deal file with it, or leave it out"
    return [Problem("--as-of", "a saved assessment keeps the day it was made for", remedy)]


def find_draws(draws: int) -> list[Problem]:
    """Return what is wrong with the `--draws` of a study of cars."""
    from accord.assessment.cars.study import find_draws_problems

    return [replace(problem, path="--draws") for problem in find_draws_problems(draws)]
