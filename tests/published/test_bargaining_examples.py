"""Examples printed in the literature on bargaining and on coalitions."""

import numpy as np
import pytest

from accord.bargaining.coalitions.game import CoalitionGame
from accord.bargaining.coalitions.sharing import shapley_value, solve_coalitions
from accord.bargaining.frontier import trace_frontier
from accord.bargaining.solver import solve_bargain
from tests.bargaining.problems import nash_barter


def test_nash_1950_bill_and_jack_trade_what_the_paper_says():
    problem = nash_barter()
    value = solve_bargain(problem).value
    np.testing.assert_allclose(value.gains, [12.0, 5.0])
    assert problem.packages is not None
    assert value.package is not None
    # Bill gives book, whip, ball and bat; Jack gives pen, toy and knife.
    assert problem.packages.names[value.package] == "book whip ball bat pen toy knife"


def test_nash_1950_efficient_trades_with_their_products():
    points = trace_frontier(nash_barter(), within_zone=True).value.payoffs
    expected = [(2, 8), (6, 7), (8, 6), (12, 5), (14, 4), (16, 2), (18, 0)]
    assert sorted({(int(b), int(j)) for b, j in points}) == expected


def test_kalai_smorodinsky_1975_where_nash_punishes_a_better_frontier():
    """The second set holds the first and more for party 2, to whom Nash then gives less."""
    from accord.bargaining.plan import BargainingProblem

    first, second = (
        BargainingProblem.from_packages(points, [0, 0])
        for points in ([[0, 1], [0.75, 0.75], [1, 0]], [[0, 1], [1, 0.7], [1, 0]])
    )
    nash, ks = (
        [solve_bargain(task, rule, lotteries=True).value.gains for task in (first, second)]
        for rule in ("nash", "kalai_smorodinsky")
    )
    np.testing.assert_allclose(nash, [[0.75, 0.75], [1.0, 0.7]], atol=1e-9)
    np.testing.assert_allclose(ks, [[0.75, 0.75], [1 / 1.3, 1 / 1.3]], atol=1e-9)


# Aumann and Maschler (1985), table I: what the Talmud gives to claims of 100, 200 and 300.
@pytest.mark.parametrize(
    ("estate", "shares"),
    [(100, (33.33, 33.33, 33.33)), (200, (50, 75, 75)), (300, (50, 100, 150))],
)
def test_aumann_maschler_1985_the_talmud_divides_by_the_nucleolus(estate, shares):
    claims = {"a": 100.0, "b": 200.0, "c": 300.0}

    def worth(coalition):
        return max(0.0, estate - sum(c for name, c in claims.items() if name not in coalition))

    value = solve_coalitions(CoalitionGame.from_function(tuple(claims), worth)).value
    np.testing.assert_allclose(value.nucleolus, shares, atol=0.005)


def test_power_in_the_security_council():
    """Five vetoes and nine of fifteen votes: 0.1963 for each permanent member, 0.001865 else."""
    sets = np.arange(2**15)
    votes = sum(sets >> member & 1 for member in range(15))
    worth = ((sets & 31 == 31) & (votes >= 9)).astype(float)
    power = shapley_value(worth)
    np.testing.assert_allclose(power[:5], 0.1963, atol=5e-5)
    np.testing.assert_allclose(power[5:], 0.001865, atol=5e-7)
