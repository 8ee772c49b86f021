"""What public bodies of the host pay a project, and the approval without which it is abandoned."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from accord.core.errors import Problem

ROUNDING = 1e-9


@dataclass(frozen=True)
class Approval:
    """An approval that may be withdrawn: the projects are then abandoned.

    Attributes:
        refusal: Chance that it is withdrawn.
        decided: When that happens, years from the start of the plan.
        salvage: Share of what was spent by then that is got back.
    """

    refusal: float
    decided: float
    salvage: float = 0.0


@dataclass(frozen=True)
class Milestone:
    """A part of an incentive, and how much of the building it waits for.

    Attributes:
        built: Share of the building that has to be paid for before.
        share: Share of the amount that is then paid.
    """

    built: float
    share: float


@dataclass(frozen=True)
class Incentive:
    """Money that the host pays the payer as building proceeds, and asks back if it stops.

    Attributes:
        name: Label of the incentive.
        amount: All that is paid if everything is built, bn USD.
        milestones: The parts of it; what they leave of the amount is never paid.
        start: First time of a payment, years from the start of the plan.
        years: Years over which each part is spread, as taxes forgone are; 0 for all at once.
        claw_back: Share of what was paid that is asked back if the projects are abandoned.
        recovered: Share of that which comes back.
        delay: Years from the abandonment until it does.
    """

    name: str
    amount: float
    milestones: tuple[Milestone, ...]
    start: float = 0.0
    years: float = 0.0
    claw_back: float = 0.0
    recovered: float = 1.0
    delay: float = 0.0

    def part(self, share: float) -> "Incentive":
        """Return the incentive with a share of its amount."""
        return replace(self, amount=share * self.amount)


def check_approval(path: str, approval: Approval | None) -> Iterator[Problem]:
    """Yield a chance or a share outside its range."""
    if approval is not None:
        for name in ("refusal", "salvage"):
            yield from _check_share(f"{path}.{name}", getattr(approval, name))


def check_incentives(incentives: tuple[Incentive, ...], *, builds: bool) -> Iterator[Problem]:
    """Yield shares outside their range, milestones above the amount, and incentives for nothing."""
    if incentives and not builds:
        yield Problem("incentives", "nothing is built that they could be paid for")
    for at, incentive in enumerate(incentives):
        path = f"incentives[{at}]"
        for number, part in enumerate(incentive.milestones):
            yield from _check_share(f"{path}.milestones[{number}].built", part.built)
            yield from _check_share(f"{path}.milestones[{number}].share", part.share)
        yield from _check_share(f"{path}.claw_back", incentive.claw_back)
        yield from _check_share(f"{path}.recovered", incentive.recovered)
        whole = sum(part.share for part in incentive.milestones)
        if whole > 1 + ROUNDING:
            yield Problem(f"{path}.milestones", f"shares sum to {whole:g}", "At most 1 is paid")


def _check_share(path: str, value: float) -> Iterator[Problem]:
    if not 0 <= value <= 1:
        yield Problem(path, f"{value:g} is outside 0 to 1", "It is a share")
