"""How the markets engine searches for prices."""

from dataclasses import dataclass

from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError, Problem


@dataclass(frozen=True)
class MarketConfig:
    """Tolerance and limits of a solve.

    Attributes:
        tolerance: Largest residual accepted: first-order conditions, and limits of plants and
            quotas, both as shares.
        max_steps: Largest number of steps of the iteration.
        block: Draws that are solved side by side; it changes speed and memory, not results.
    """

    tolerance: float = 1e-12
    max_steps: int = 2_000
    block: int = 64

    def __post_init__(self) -> None:
        """Check every field, all problems at once."""
        problems = make_plain(self)
        if not problems:
            problems += _check_range("tolerance", self.tolerance, 1e-14, 1e-3)
            problems += _check_range("max_steps", self.max_steps, 1, 1e6)
            problems += _check_range("block", self.block, 1, 1e5)
        if problems:
            raise InputError(problems, "the market configuration")


def _check_range(name: str, value: float, low: float, high: float) -> list[Problem]:
    if low <= value <= high:
        return []
    return [
        Problem(name, f"{value} is outside {low:g} to {high:g}", "Leave it out for the default")
    ]
