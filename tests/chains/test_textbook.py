"""Two countries that anybody can work out by hand: B is (80, 10; 10, 80) / 63."""

import numpy as np
import pytest

from accord.chains.exports import KWW_TERMS
from accord.chains.solver import solve_chains
from tests.chains.plans import two_countries


@pytest.fixture(scope="module")
def value():
    return solve_chains(two_countries()).value


def test_the_inverse_is_that_of_two_by_two(value):
    assert value.inverse.reshape(2, 2) * 63 == pytest.approx(np.array([[80.0, 10], [10, 80]]))


def test_a_tenth_at_first_sight_is_a_sixth_looked_through(value):
    assert value.direct[1, 0, 0] == pytest.approx(0.1)
    assert value.look_through[1, 0, 0] == pytest.approx(10 / 63)
    assert value.look_through[0, 0, 0] == pytest.approx(80 / 63 - 1)


def test_value_added_in_final_use(value):
    """Of North's 70, its own value added is 490/9 and South's 140/9."""
    assert value.value_added[:, 0, 0] == pytest.approx([490 / 9, 140 / 9])
    assert value.duty == pytest.approx(np.zeros(2))


def test_nine_terms_of_exports(value):
    by_hand = {
        "DVA_FIN": 80 / 9, "DVA_INT": 20 / 3, "DVA_INTrex": 0.0, "RDV_FIN": 10 / 9,
        "RDV_INT": 5 / 6, "DDC": 5 / 18, "FVA_FIN": 10 / 9, "FVA_INT": 5 / 6, "FDC": 5 / 18,
        "duty": 0.0,
    }  # fmt: skip
    assert tuple(by_hand) == KWW_TERMS
    for row in value.exports.kww:
        assert row == pytest.approx(list(by_hand.values()))


def test_domestic_value_added_crosses_once(value):
    """Value added per unit of output at home is 0.7 / 0.8, so 17.5 of 20 exported."""
    for content in (value.exports.by_source, value.exports.by_sink):
        assert content.domestic[0] == pytest.approx([0.0, 17.5])
        assert content.domestic_double[0] == pytest.approx([0.0, 5 / 18])
        assert content.total[0] == pytest.approx([0.0, 20.0])
    assert value.exports.value_added[0, 1] == pytest.approx(140 / 9)


def test_lengths_are_one_over_value_added(value):
    """Both countries add 70 of 100 at every stage: 1 / 0.7 stages on either side."""
    assert value.upstreamness == pytest.approx(1 / 0.7)
    assert value.downstreamness == pytest.approx(1 / 0.7)
    assert value.concentration == pytest.approx(1.0)
