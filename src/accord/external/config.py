"""How the external engine simulates a plan."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExternalConfig:
    """How a plan is simulated.

    Attributes:
        paths: Number of random paths; 0 for the one without shocks or events.
        seed: Seed of the random numbers.
    """

    paths: int = 10_000
    seed: int = 20251114
