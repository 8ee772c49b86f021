"""Coalition games with known cores, and their Shapley values."""

import numpy as np
import pytest

from accord.bargaining.coalitions.game import CoalitionGame
from accord.bargaining.coalitions.sharing import shapley_value, solve_coalitions
from accord.core.errors import SolveError
from accord.core.status import Status

GLOVES = CoalitionGame.from_function(
    ("left", "other left", "right"), lambda members: float("right" in members and len(members) > 1)
)
MAJORITY = CoalitionGame.from_function(("a", "b", "c"), lambda members: float(len(members) > 1))


def test_the_short_side_of_a_market_takes_all():
    value = solve_coalitions(GLOVES).value
    assert value.core_exists
    np.testing.assert_allclose(value.least, [0, 0, 1], atol=1e-9)
    np.testing.assert_allclose(value.most, [0, 0, 1], atol=1e-9)
    np.testing.assert_allclose(value.nucleolus, [0, 0, 1], atol=1e-9)
    np.testing.assert_allclose(value.shapley, [1 / 6, 1 / 6, 4 / 6])
    assert not value.shapley_in_core
    assert value.blocking in {("left", "right"), ("other left", "right")}
    assert value.least_excess == pytest.approx(0.0, abs=1e-9)


def test_a_majority_has_no_core_and_says_by_how_much():
    value = solve_coalitions(MAJORITY).value
    assert not value.core_exists
    assert value.least_excess == pytest.approx(1 / 3)
    np.testing.assert_allclose(value.nucleolus, 1 / 3)
    assert np.isnan(value.least).all()
    assert np.isnan(value.most).all()


def test_a_horse_market():
    """One seller who values her horse at 10; buyers at 15 and 20: the price is 15 to 20."""

    def worth(members):
        values = [
            {"first": 15.0, "second": 20.0}[member] for member in members if member != "seller"
        ]
        return max(max(values, default=0.0) - 10.0, 0.0) if "seller" in members else 0.0

    value = solve_coalitions(
        CoalitionGame.from_function(("seller", "first", "second"), worth)
    ).value
    np.testing.assert_allclose(value.least, [5, 0, 0], atol=1e-8)
    np.testing.assert_allclose(value.most, [10, 0, 5], atol=1e-8)
    np.testing.assert_allclose(value.nucleolus, [7.5, 0, 2.5], atol=1e-8)


def test_sharing_by_hand():
    """Two alone worth 1 and 3, together 10: everything halves the surplus of 6."""
    game = CoalitionGame.from_mapping(
        ("KOR", "USA"), {"KOR": 1, ("USA",): 3, frozenset({"USA", "KOR"}): 10}
    )
    solution = solve_coalitions(game)
    for shares in (solution.value.shapley, solution.value.nash, solution.value.nucleolus):
        np.testing.assert_allclose(shares, [4, 6])
    np.testing.assert_allclose(solution.value.least, [1, 3])
    np.testing.assert_allclose(solution.value.most, [7, 9])
    assert solution.value.blocking == ()
    assert np.max([*solution.residuals.values()]) < 1e-12


def test_a_game_worth_nothing():
    value = solve_coalitions(CoalitionGame(("a", "b"), np.zeros(4))).value
    assert value.core_exists
    np.testing.assert_allclose(value.nucleolus, 0.0)


def test_shapley_of_an_airport():
    """Runways of cost 1, 2 and 4: each length is paid by those who need it (Littlechild, Owen)."""
    need = {"a": 1.0, "b": 2.0, "c": 4.0}
    game = CoalitionGame.from_function(
        tuple(need), lambda members: -max(need[member] for member in members)
    )
    np.testing.assert_allclose(shapley_value(game.worth), [-1 / 3, -1 / 3 - 1 / 2, -1 / 3 - 5 / 2])


def test_a_program_that_fails_is_a_status(monkeypatch):

    class Failed:
        status = 4

    monkeypatch.setattr("scipy.optimize.linprog", lambda *_, **__: Failed())
    with pytest.raises(SolveError):
        solve_coalitions(MAJORITY)
    solution = solve_coalitions(MAJORITY, throw=False)
    assert solution.status is Status.NO_OPTIMUM
    assert np.isnan(solution.value.nucleolus).all()
    assert np.isnan(solution.value.shapley).all()
