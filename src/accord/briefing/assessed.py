"""What a briefing needs of an assessment, and which assessments it refuses."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from accord.core.errors import InputError, Problem, SolveError
from accord.core.status import Status

if TYPE_CHECKING:
    import pandas as pd

    from accord.data.world import World
    from accord.deal.deal import Deal


@runtime_checkable
class BriefingInput(Protocol):
    """The part of an assessment that a briefing needs."""

    @property
    def deal(self) -> "Deal":
        """The deal that was assessed."""

    @property
    def world(self) -> "World":
        """The world it was assessed in."""

    @property
    def packages(self) -> tuple[str, ...]:
        """Names of the packages, "no_deal" first."""

    @property
    def settings(self) -> Any:
        """Names of closure, competition, labour and elasticities."""

    @property
    def reproduce(self) -> Mapping[str, Any]:
        """Command, Python lines, digest of the world, versions."""

    def to_frame(self, name: str) -> "pd.DataFrame":
        """One of the tables, long and tidy."""


def check_years(world: "World") -> None:
    """Refuse a world without years: every sentence of a briefing says which one it is about.

    Raises:
        InputError: The base year or the price year is missing.
    """
    if world.base_year <= 0 or world.price_year <= 0:
        remedy = "Give base_year (and price_year, if it differs) to World.from_arrays"
        message = f"{world.name} does not say which year it describes"
        raise InputError([Problem("world.base_year", message, remedy)], "the world of a briefing")


def check_converged(assessment: BriefingInput) -> None:
    """Refuse an assessment with an equilibrium that did not converge.

    Raises:
        SolveError: The first that failed, with its package and what to try.
    """
    for row in assessment.to_frame("solves").to_dict(orient="records"):
        status = read_status(row["status"])
        if not status.ok:
            detail = f"no briefing is written: package {row['package']!r} has no equilibrium"
            raise SolveError(status, detail)


def read_status(text: Any) -> Status:
    """Return the status that a cell of the table of solves holds, by member, name or text."""
    if isinstance(text, Status):
        return text
    for status in Status:
        if str(text).casefold() in {status.name.casefold(), status.value.casefold()}:
            return status
    raise ValueError(f"unknown status {text!r}")
