"""The options that say how a deal is assessed, declared once for all commands that take them."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import wraps
from typing import Any

from accord.cli.options import (
    Closure,
    Competition,
    Draws,
    Elasticities,
    Labour,
    Paths,
    ScaleStrength,
    Seed,
    Sourcing,
    Triggers,
)
from accord.core.errors import Problem

OPTIONS = "options"
OPTION_NAMES = {"triggered": "trigger"}  # of settings that an option has another name for


@dataclass(frozen=True)
class TradeOptions:
    """How the world economy is solved."""

    closure: Closure = "fixed"
    competition: Competition = "perfect"
    scale_strength: ScaleStrength = 1.0
    labour: Labour = "fixed"
    elasticities: Elasticities = None

    @property
    def chosen(self) -> dict[str, Any]:
        """The settings by their names in `AssessSettings`."""
        return asdict(self)


@dataclass(frozen=True)
class AssessOptions(TradeOptions):
    """How a deal is assessed."""

    sourcing: Sourcing = "gradual"
    trigger: Triggers = None
    paths: Paths = 2000
    draws: Draws = 500
    seed: Seed = 20251114

    @property
    def chosen(self) -> dict[str, Any]:
        """The settings by their names in `AssessSettings`."""
        chosen = asdict(self)
        chosen["triggered"] = tuple(chosen.pop("trigger") or ())
        return chosen


def find_kept(given: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with settings given for a saved assessment: it keeps its own.

    Args:
        given: Settings of `AssessOptions` and the world, by name.
    """
    usual = {"world": None, **AssessOptions().chosen}
    remedy = "assess the deal file with it, or leave it out"
    return [
        Problem(
            f"--{OPTION_NAMES.get(name, name).replace('_', '-')}",
            "a saved assessment keeps its own",
            remedy,
        )
        for name, value in given.items()
        if value != usual[name]
    ]


def takes_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with one parameter for each field of its parameter `options`.

    The type of `options` is one of the classes above. Typer makes an option of each parameter of a
    function and knows no group of them.
    """
    own = inspect.signature(command)
    kind = own.parameters[OPTIONS].annotation
    fields = inspect.signature(kind).parameters

    @wraps(command)
    def run(**given: Any) -> None:
        options = kind(**{name: given.pop(name) for name in fields})
        command(**given, options=options)

    spread = [field.replace(kind=inspect.Parameter.KEYWORD_ONLY) for field in fields.values()]
    kept = [parameter for name, parameter in own.parameters.items() if name != OPTIONS]
    run.__signature__ = own.replace(parameters=[*kept, *spread])  # type: ignore[attr-defined]
    run.__annotations__ = {item.name: item.annotation for item in (*kept, *spread)}
    return run
