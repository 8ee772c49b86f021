"""Refusing rates that look like per cents, before anything is solved."""

import numpy as np

from accord.core.errors import Problem

LIKELY_PER_CENT = (25.0, 100.0)


def check_per_cent(path: str, rates: np.ndarray) -> list[Problem]:
    """Return a problem when a rate is as high as a per cent is: 40 instead of 0.4.

    Rates above 100 pass: they stand for trade that is forbidden.
    """
    low, high = LIKELY_PER_CENT
    likely = rates[(rates >= low) & (rates <= high)]
    if likely.size:
        rate = float(likely.max())
        remedy = f"Rates are fractions of the customs value: did you mean {rate / 100:g}?"
        return [Problem(path, f"has a rate of {rate:g}, which is {100 * rate:,.0f} %", remedy)]
    return []


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
