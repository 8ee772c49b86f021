"""How the finance engine simulates a plan."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FinanceConfig:
    """How a plan is simulated.

    Attributes:
        paths: Number of random paths; 0 for the one on which everything takes its mean.
        seed: Seed of the random numbers.
    """

    paths: int = 2000
    seed: int = 20251114
