"""Roots and maxima of functions of one number, without the import of an optimiser.

Importing one takes longer than finding a root.
"""

from collections.abc import Callable

GOLDEN = (5**0.5 - 1) / 2
MOST = 200  # evaluations: halving alone needs about a hundred
Function = Callable[[float], float]


def find_root(function: Function, low: float, high: float, *, within: float = 1e-15) -> float:
    """Return where a continuous function is zero between two places at which its signs differ.

    Inverse quadratic interpolation where the last three values allow it, halving otherwise
    (Chandrupatla 1997, Advances in Engineering Software 28(3)).

    Args:
        function: The function.
        low: One end.
        high: The other end.
        within: How close the ends of the last bracket are, beside rounding.

    >>> round(find_root(lambda x: x**3 - 2, 0.0, 2.0), 12)
    1.259921049895
    """
    a, b = high, low
    at_a, at_b = function(a), function(b)
    best = a if abs(at_a) < abs(at_b) else b
    if at_a == 0 or at_b == 0:
        return best
    part = 0.5
    for _ in range(MOST):
        new = a + part * (b - a)
        at_new = function(new)
        if (at_new > 0) == (at_a > 0):
            c, at_c = a, at_a
        else:
            c, at_c, b, at_b = b, at_b, a, at_a
        a, at_a = new, at_new
        best, at_best = (a, at_a) if abs(at_a) < abs(at_b) else (b, at_b)
        smallest = (2 * abs(best) * 2.0**-52 + within) / max(abs(b - c), 1e-300)
        if smallest > 0.5 or at_best == 0:
            return best
        xi, phi = (a - b) / (c - b), (at_a - at_b) / (at_c - at_b)
        if phi**2 < xi and (1 - phi) ** 2 < 1 - xi:
            part = at_a / (at_b - at_a) * at_c / (at_b - at_c)
            part += (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
        else:
            part = 0.5
        part = min(1 - smallest, max(smallest, part))
    return best


def find_top(function: Function, low: float, high: float) -> float:
    """Return where a function of one peak is largest between two places, by golden sections.

    >>> round(find_top(lambda x: -((x - 0.3) ** 2), 0.0, 1.0), 6)
    0.3
    """
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > 1e-15 * max(abs(low), abs(high), 1e-300) and low < left < right < high:
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = function(right)
    return left if at_left >= at_right else right
