"""Acceptance over draws, counted by hand and by plain loops."""

import numpy as np
import pytest

from accord.bargaining.acceptance import assess_chances, required_side_payment
from accord.bargaining.plan import BargainingProblem
from accord.bargaining.zone import find_zone

# Four draws, two packages, two parties; no agreement is worth 0, 0, 1 and 1 to the first party.
DRAWS = [
    [[1.0, 1.0], [3.0, -1.0]],
    [[-1.0, 2.0], [2.0, 0.5]],
    [[0.5, 1.0], [3.0, -2.0]],
    [[2.0, -0.5], [0.0, -3.0]],
]
NONE = [[0.0, 0.0], [0.0, 0.0], [1.0, 0.0], [1.0, 0.0]]


def four_draws():
    return BargainingProblem.from_packages(draws=DRAWS, disagreement_draws=NONE)


def test_chances_by_hand():
    value = assess_chances(four_draws()).value
    np.testing.assert_allclose(value.gains, [[0.5, 0.75], [0.75, 0.25]])
    np.testing.assert_allclose(value.all_gain, [0.25, 0.25])
    assert value.error == 0.25
    assert value.zone == 0.5
    assert value.zone_count == 0.5
    # Third draw: (-0.5, 1) and (2, -2) mix at four to one, for nothing; not in favour of both.
    assert value.zone_with_lotteries == 0.75
    np.testing.assert_allclose(value.regret_of_signing, [[0.375, 0.125], [0.25, 1.5]])
    np.testing.assert_allclose(value.regret_of_refusing, [[0.5, 1.0], [1.75, 0.125]])


def test_regret_is_against_the_best_in_the_same_draw():
    value = assess_chances(four_draws()).value
    # First party: best gains 3, 2, 2 and 1; second party: 1, 2, 1 and 0 (no agreement).
    np.testing.assert_allclose(value.regret[0], [(2 + 3 + 2.5 + 0) / 4, (0 + 0 + 0 + 0.5) / 4])
    np.testing.assert_allclose(value.worst_regret[1], [2.0, 3.0])


def test_means_stand_in_for_payoffs_that_are_not_given():
    problem = four_draws()
    assert problem.packages is not None
    np.testing.assert_allclose(problem.packages.payoffs, np.mean(DRAWS, axis=0))
    np.testing.assert_allclose(problem.disagreement, [0.5, 0.0])
    assert assess_chances(problem).value.zone_at_means == find_zone(problem).value.count == 1


def test_the_zone_shrinks_under_uncertainty():
    """Gains certain on average and doubtful in each draw; the same draws for both packages."""
    rng = np.random.default_rng(4)
    luck = rng.normal(size=(4000, 1, 2))
    gains = np.array([[0.5, 0.5], [0.4, 0.9]]) + luck
    value = assess_chances(
        BargainingProblem.from_packages([[0.5, 0.5], [0.4, 0.9]], [0, 0], draws=gains)
    ).value
    assert value.zone_at_means == 2
    # P(z > -0.5) = 0.6915, P(z > -0.4) = 0.6554, P(z > -0.9) = 0.8159.
    np.testing.assert_allclose(value.all_gain, [0.6915**2, 0.6554 * 0.8159], atol=4 * value.error)
    assert value.zone < 0.65
    assert (np.diff(value.area) >= 0).all()
    assert value.area[0] == 0.0


def test_three_parties():
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(40, 3, 3)) + 0.1
    value = assess_chances(
        BargainingProblem.from_packages(disagreement=[0, 0, 0], draws=draws)
    ).value
    assert np.isnan(value.area).all()
    pure = np.mean([(draw >= 0).all(axis=1).any() for draw in draws])
    weights = rng.dirichlet(np.ones(3), 4000)
    mixed = np.mean([((weights @ draw) >= 0).all(axis=1).any() for draw in draws])
    assert value.zone == pytest.approx(pure)
    assert value.zone_with_lotteries >= mixed
    assert value.zone_with_lotteries == pytest.approx(mixed, abs=0.05)


def test_required_side_payments():
    problem = BargainingProblem.from_packages([[5.0, -3.0], [0.5, 2.0]], [1.0, 0.0])
    np.testing.assert_allclose(required_side_payment(problem), [[0.0, 3.0], [0.5, 0.0]])


def test_required_side_payments_at_a_confidence():
    """The payment is enough in the share of draws that was asked for, and less is not."""
    rng = np.random.default_rng(2)
    draws, none = rng.normal(size=(200, 3, 2)), rng.normal(size=(200, 2))
    problem = BargainingProblem.from_packages(draws=draws, disagreement_draws=none)
    for confidence in (0.5, 0.9):
        needed = required_side_payment(problem, confidence=confidence)
        accepts = (draws + needed >= none[:, None, :] - 1e-12).mean(axis=0)
        assert (accepts >= confidence).all()
        less = (draws + needed - 1e-9 >= none[:, None, :]).mean(axis=0)
        assert (less[needed > 0] < confidence).all()
    assert (required_side_payment(problem, confidence=0.9) >= needed).all()
