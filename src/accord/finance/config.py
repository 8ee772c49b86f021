"""How the finance engine simulates a plan."""

from dataclasses import dataclass

from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError


@dataclass(frozen=True)
class FinanceConfig:
    """How a plan is simulated.

    Attributes:
        paths: Number of random paths; 0 for the one on which everything takes its mean.
        seed: Seed of the random numbers.
    """

    paths: int = 2000
    seed: int = 20251114

    def __post_init__(self) -> None:
        """Check that every field is a number, all problems at once."""
        problems = make_plain(self)
        if problems:
            raise InputError(problems, "the finance configuration")
