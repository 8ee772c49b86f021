"""What a deal file says once it is right: an echo of its commitments, and what to look at twice."""

from dataclasses import dataclass
from pathlib import Path

from accord.assessment.snapshot.commitments import (
    Commitment,
    find_shortfalls,
    follow_commitments,
    show_billions,
)
from accord.core.arguments import check_kind
from accord.core.errors import Notice
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.checks.coverage import find_idle_tariffs
from accord.deal.checks.notices import find_notices
from accord.deal.deal import Deal
from accord.deal.load import check_deal, load_deal

REMEDY = "Give a deal, the name of a shipped case, or the path of a deal file"


@dataclass(frozen=True, eq=False)
class DealCheck:
    """A deal without problems.

    Attributes:
        deal: The deal.
        commitments: What becomes of each investment clause of each package.
        notices: Warnings: what is probably not meant, each with its path and remedy.
    """

    deal: Deal
    commitments: tuple[Commitment, ...]
    notices: tuple[Notice, ...]

    def __repr__(self) -> str:
        """One line: the deal, and how many warnings there are."""
        count = len(self.notices)
        return f"DealCheck({self.deal.name!r}: no problem, {count} warning{'s'[: count != 1]})"

    def summary(self) -> str:
        """Return the warnings and the commitments as lines of text."""
        lines = [f"{self.deal.title}: no problem found"]
        lines += [f"warning: {notice}" for notice in self.notices]
        for one in self.commitments:
            called = f"{show_billions(one.called)} of {show_billions(one.committed)} bn called"
            by = f" by {one.last_call:%Y-%m}" if one.last_call else ""
            finished = f"{show_billions(one.finished)} bn finished"
            end = f" by {one.last_finish:%Y-%m}" if one.last_finish else ""
            lines.append(f"{one.package}: {one.title}: {called}{by}, {finished}{end}")
        return "\n".join(lines)


def check(deal: Deal | str | Path, *, world: World | None = None) -> DealCheck:
    """Return what a deal commits and what to look at twice; problems are raised.

    Args:
        deal: A deal, the name of a shipped case, or the path of a deal file.
        world: Where regions and products are looked up; the embedded world if left out.

    Raises:
        InputError: Anything in the deal is wrong; all problems at once, with path and remedy.
    """
    check_kind("deal", deal, (Deal, str, Path), REMEDY)
    world = load_world() if world is None else world
    check_kind("world", world, World, "Give ac.load_world() or an ac.World of your own")
    if isinstance(deal, Deal):
        check_deal(deal, world)
    else:
        deal = load_deal(deal, world)
    commitments = follow_commitments(deal)
    notices = (
        *find_notices(deal, world),
        *find_idle_tariffs(deal, world),
        *find_shortfalls(deal, commitments),
    )
    return DealCheck(deal, commitments, notices)
