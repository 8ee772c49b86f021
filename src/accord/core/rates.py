"""Rates are fractions: a slip for per cent is told before it is solved."""

import numpy as np

from accord.core.errors import Problem


def check_rate_units(path: str, rates: np.ndarray) -> list[Problem]:
    """Return a problem when rates look like per cents: most of the positive ones above one."""
    positive = rates[rates > 0]
    if positive.size and float(np.median(positive)) > 1.0:
        return [
            Problem(
                path,
                f"the median positive rate is {np.median(positive):g}",
                "Rates are fractions of the customs value: did you mean per cent? Divide by 100",
            )
        ]
    return []
