"""Rates are fractions: what looks like per cents is asked about, or refused, before a solve."""

import warnings

import numpy as np

from accord.core.errors import Notice, Problem

LIKELY_PER_CENT = 25.0  # 2,500 %: few tariffs are as high, most per cents are
CERTAINLY_PER_CENT = 100.0
FORBIDDEN = 1000.0  # 100,000 % and more stand for trade that is forbidden


def check_per_cent(path: str, rates: np.ndarray) -> list[Problem]:
    """Return a problem when a rate is what only a per cent is: 150 instead of 1.5.

    A rate of 25 to 100 is asked about in a warning, because there are such tariffs. Rates of 1,000
    and more pass: they stand for trade that is forbidden.
    """
    likely = rates[(rates >= LIKELY_PER_CENT) & (rates < FORBIDDEN)]
    if not likely.size:
        return []
    rate = float(likely.max())
    message = f"has a rate of {rate:g}, which is {100 * rate:,.0f} %"
    remedy = f"Rates are fractions: did you mean {rate / 100:g}?"
    if rate > CERTAINLY_PER_CENT:
        return [Problem(path, message, remedy)]
    warnings.warn(str(Notice(path, message, remedy)), UserWarning, stacklevel=2)
    return []


def check_rate_units(path: str, rates: np.ndarray) -> list[Problem]:
    """Return a problem when rates look like per cents: most of the positive ones above one."""
    positive = rates[rates > 0]
    if positive.size and float(np.median(positive)) > 1.0:
        return [
            Problem(
                path,
                f"the median positive rate is {np.median(positive):g}",
                "Rates are fractions: did you mean per cent? Divide by 100",
            )
        ]
    return []
