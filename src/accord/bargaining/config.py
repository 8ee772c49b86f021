"""How a solve over terms searches, and what it cost."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from accord.core.arrays import Float
from accord.core.boundary.conversion import read_array
from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError, Problem

Rule = Literal["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"]

RULE_MEANING: dict[Rule, str] = {
    "nash": "the largest product of gains over no agreement, each to the power of its weight",
    "kalai_smorodinsky": "gains in proportion to the most each party could gain",
    "egalitarian": "equal gains (in proportion to weights), as large as can be",
    "utilitarian": "the largest sum of payoffs, whoever gets it",
}

RULE_AXIOM: dict[Rule, str] = {
    "nash": "largest product",
    "kalai_smorodinsky": "equal shares of the best",
    "egalitarian": "equal gains",
    "utilitarian": "largest sum",
}


@dataclass(frozen=True)
class SearchConfig:
    """How terms are searched for.

    Attributes:
        samples: Terms tried before the first optimisation, spread evenly over the bounds.
        starts: Starting points of each optimisation: the best of the samples.
        points: Most points of a frontier.
        accuracy: Distance between a frontier and the straight lines between its points at which
            no more points are added, over the range of payoffs.
        tolerance: Largest residual of the conditions of an optimum, with terms and payoffs
            measured over their ranges.
        max_steps: Most steps of one optimisation.
        seed: Seed of the samples.
    """

    samples: int = 64
    starts: int = 4
    points: int = 60
    accuracy: float = 1e-3
    tolerance: float = 1e-5
    max_steps: int = 100
    seed: int = 20251114

    def __post_init__(self) -> None:
        """Check that every field is a number, all problems at once."""
        problems = make_plain(self)
        if problems:
            raise InputError(problems, "the configuration of the search")

    def problems(self) -> list[Problem]:
        """Return everything wrong with the configuration."""
        floors = {"samples": 1, "starts": 1, "points": 2, "max_steps": 1}
        problems = [
            Problem(f"config.{name}", f"{getattr(self, name)} is below {floor}")
            for name, floor in floors.items()
            if getattr(self, name) < floor
        ]
        return problems + [
            Problem(f"config.{name}", f"{getattr(self, name)} is not between 0 and 1")
            for name in ("accuracy", "tolerance")
            if not 0 < getattr(self, name) < 1
        ]


@dataclass(frozen=True)
class SearchStats:
    """What a solve cost.

    Attributes:
        values: Payoffs evaluated.
        gradients: Gradients evaluated.
        solves: Optimisations.
        failed: Optimisations that led nowhere.
        kinks: Optima at which payoffs have a kink, so that gradients around them were used.
    """

    values: int = 0
    gradients: int = 0
    solves: int = 0
    failed: int = 0
    kinks: int = 0


def check_weights(weights: Any, parties: int) -> tuple[Float[np.ndarray, " party"], list[Problem]]:
    """Return the weights, ones by default, and what is wrong with them."""
    if weights is None:
        return np.ones(parties), []
    problems: list[Problem] = []
    array = read_array("weights", weights, problems)
    if array is None:
        return np.ones(parties), problems
    if array.shape != (parties,):
        message = f"{array.size} weights for {parties} parties"
        return np.ones(parties), [Problem("weights", message, "Give one for each, in their order")]
    if not (np.isfinite(array) & (array > 0)).all():
        return array, [Problem("weights", "not all positive", "Leave a party out of the problem")]
    return array, []
