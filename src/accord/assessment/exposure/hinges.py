"""What a figure hangs on: the uncertain input that accounts for most of its spread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.core.numerics.variance import share_variance

Sample = dict[str, np.ndarray]

APART = 2.0  # standard errors by which two shares must differ for one input to lead alone
NOTHING = 1e-9


@dataclass(frozen=True)
class Hinge:
    """What accounts for most of the spread of a figure.

    Attributes:
        name: The input; empty where nothing was drawn, or the figure does not vary.
        share: Share of the variance that it accounts for, with all that it interacts with.
        error: Standard error of `share`.
        rival: The next input, where its share cannot be told from the first; empty otherwise.
    """

    name: str = ""
    share: float = float("nan")
    error: float = float("nan")
    rival: str = ""


def count_draws(draws: int) -> int:
    """Return how many draws each of the two samples has: a power of two, zero for none."""
    return 1 << (draws.bit_length() - 1) if draws > 1 else 0


def mix_samples(samples: Iterable[Sample], groups: Sequence[Sequence[str]]) -> list[Sample]:
    """Return both samples, and the first with each group of inputs taken from the second.

    Args:
        samples: Two samples of all inputs, drawn apart.
        groups: Inputs that are one for what is asked.
    """
    first, second = samples
    mixed = [{**first, **{name: second[name] for name in group}} for group in groups]
    return [first, second, *mixed]


def attribute(
    names: Sequence[str], figures: Sequence[Float[np.ndarray, "figure draw"]]
) -> tuple[Hinge, ...]:
    """Return the hinge of each figure.

    Args:
        names: The inputs.
        figures: Figures on the samples of `mix_samples`, in its order.
    """
    first, second, *mixed = figures
    shares = share_variance(first, second, np.array(mixed))
    return tuple(
        lead(names, shares.total[:, at], shares.total_error[:, at]) for at in range(len(first))
    )


def lead(
    names: Sequence[str], shares: Float[np.ndarray, " input"], errors: Float[np.ndarray, " input"]
) -> Hinge:
    """Return the input with the largest share of variance, and the next if it is as large."""
    order = np.argsort(-shares)
    top = int(order[0])
    if shares[top] < NOTHING:
        return Hinge()
    rival = ""
    if len(order) > 1:
        next_one = int(order[1])
        gap = APART * float(np.hypot(errors[top], errors[next_one]))
        if shares[next_one] > NOTHING and shares[top] - shares[next_one] < gap:
            rival = names[next_one]
    return Hinge(names[top], float(shares[top]), float(errors[top]), rival)
