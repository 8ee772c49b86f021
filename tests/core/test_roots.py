"""Roots and maxima agree with closed forms, and with the textbook's optimiser."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from accord.core.numerics.roots import find_root, find_top


@given(
    root=st.floats(-5, 5), power=st.sampled_from([1, 3, 5]), slope=st.sampled_from([-1.0, 1e-6, 3])
)
def test_a_root_is_where_it_is_known_to_be(root, power, slope):
    calls = []

    def function(x):
        calls.append(x)
        return slope * ((x - root) ** power + 0.1 * (x - root))

    assert abs(find_root(function, root - 3.3, root + 7.1) - root) < 1e-12
    assert len(calls) < 130


@given(seed=st.integers(0, 10_000))
def test_a_root_of_straight_pieces_is_that_of_another_method(seed):
    rng = np.random.default_rng(seed)
    places, heights = np.sort(rng.random(6)), np.sort(rng.normal(size=6)) + 1e-3
    heights[0], heights[-1] = -1.0 - abs(heights[0]), 1.0 + abs(heights[-1])

    def function(x):
        return float(np.interp(x, places, heights))

    low, high = float(places[0]), float(places[-1])
    expected = brentq(function, low, high, xtol=1e-15, rtol=1e-14)
    assert abs(find_root(function, low, high) - expected) < 1e-12


def test_a_root_at_an_end_is_that_end():
    assert find_root(lambda x: x, 0.0, 1.0) == pytest.approx(0.0, abs=1e-15)
    assert find_root(lambda x: x - 1, 0.0, 1.0) == pytest.approx(1.0, abs=1e-15)


@given(top=st.floats(-0.5, 1.5))
def test_a_peak_is_found_inside_or_at_an_end(top):
    place = find_top(lambda x: -(abs(x - top) ** 1.5), 0.0, 1.0)
    assert abs(place - min(max(top, 0.0), 1.0)) < 1e-9
