"""Choosing among packages, whole or by lottery: textbook frontiers, ties, empty zones."""

import numpy as np
import pytest

from accord.bargaining.equations import area_above, concave_chain, find_efficient
from accord.bargaining.frontier import trace_frontier
from accord.bargaining.over_packages.lotteries import best_gains, best_lottery
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from accord.core.status import Status
from tests.bargaining.problems import RULES, package_problem

KINK = [[0.0, 4.0], [3.0, 3.0], [4.0, 0.0]]  # two straight pieces, a kink at (3, 3)
NO_STEPS = np.zeros(2, dtype=bool)


def agree(gains, rule, **options):
    return solve_bargain(package_problem(gains), rule, **options).value


@pytest.mark.parametrize("rule", RULES)
def test_on_a_symmetric_kink_every_rule_picks_the_kink(rule):
    for lotteries in (False, True):
        value = agree(KINK, rule, lotteries=lotteries)
        np.testing.assert_allclose(value.gains, [3.0, 3.0], atol=1e-8)
        assert value.package == 1


def test_lotteries_on_a_line():
    """Between (0, 2) and (1, 0): Nash at the middle, equal gains at 2/3, equal shares at 1/2."""
    gains = [[0.0, 2.0], [1.0, 0.0]]
    expected = {"nash": (0.5, 1.0), "kalai_smorodinsky": (0.5, 1.0), "egalitarian": (2 / 3, 2 / 3),
                "utilitarian": (0.0, 2.0)}  # fmt: skip
    for rule, point in expected.items():
        value = agree(gains, rule, lotteries=True)
        np.testing.assert_allclose(value.gains, point, atol=1e-9)
        np.testing.assert_allclose(value.lottery, [1 - point[0], point[0]], atol=1e-9)


def test_weights_move_each_rule_as_they_say():
    gains, weights = [[0.0, 2.0], [1.0, 0.0]], (3.0, 1.0)
    nash = agree(gains, "nash", lotteries=True, weights=weights)
    np.testing.assert_allclose(nash.gains, [0.75, 0.5])
    fair = agree(gains, "egalitarian", lotteries=True, weights=weights).gains
    assert fair[0] == pytest.approx(3 * fair[1])
    shares = agree(gains, "kalai_smorodinsky", lotteries=True, weights=weights).gains / [1.0, 2.0]
    assert shares[0] == pytest.approx(3 * shares[1])
    assert agree(gains, "utilitarian", weights=weights).package == 1


def test_three_parties_share_a_pie():
    """Lotteries over who gets all of it: Nash gives shares equal to the weights."""
    pie = np.eye(3)
    value = agree(pie, "nash", lotteries=True, weights=(1.0, 2.0, 3.0))
    np.testing.assert_allclose(value.gains, np.array([1, 2, 3]) / 6, atol=1e-7)
    for rule in RULES:
        solution = solve_bargain(package_problem(pie), rule, lotteries=True)
        np.testing.assert_allclose(solution.value.gains, 1 / 3, atol=1e-7)
        assert np.max([*solution.residuals.values()]) < 1e-7


def test_leximin_goes_on_after_the_worst_off_party():
    """The first party can get no more than one; the others are raised in their turn."""
    gains = [[1.0, 1.0, 1.0], [1.0, 2.0, 1.5], [1.0, 1.5, 4.0]]
    whole = agree(gains, "egalitarian")
    assert whole.package == 2  # sorted: (1, 1, 1) < (1, 1.5, 2) < (1, 1.5, 4)
    mixed = agree(gains, "egalitarian", lotteries=True)
    assert mixed.gains[0] == pytest.approx(1.0)
    np.testing.assert_allclose(
        mixed.gains[1:], 23 / 12
    )  # five parts of the second, one of the third


def test_ties_are_told_and_go_to_the_more_equal():
    value = agree([[1.0, 4.0], [2.0, 2.0], [4.0, 1.0]], "nash")
    assert value.ties == (0, 1, 2)
    assert value.package == 1
    assert agree([[1.0, 2.0], [2.0, 1.0]], "nash").ties == (0, 1)


def test_utilitarian_may_hurt_unless_it_must_not():
    gains = [[-1.0, 5.0], [1.0, 2.0]]
    free = solve_bargain(package_problem(gains), "utilitarian")
    assert free.value.package == 0
    assert list(free.value.accepted) == [False, True]
    assert free.residuals["individual rationality"] == pytest.approx(1.0)
    bound = solve_bargain(package_problem(gains), "utilitarian", rational=True)
    assert bound.value.package == 1
    mixed = solve_bargain(package_problem(gains), "utilitarian", rational=True, lotteries=True)
    np.testing.assert_allclose(mixed.value.gains, [0.0, 3.5], atol=1e-8)


def test_a_party_that_cannot_gain_is_left_whole():
    gains = [[1.0, 0.0], [3.0, -1.0], [0.5, -0.1]]
    for rule in RULES[:3]:
        for lotteries in (False, True):
            value = agree(gains, rule, lotteries=lotteries)
            np.testing.assert_allclose(value.gains, [1.0, 0.0], atol=1e-8)


@pytest.mark.parametrize("rule", RULES[:3])
def test_an_empty_zone_is_an_answer_without_a_number(rule):
    problem = package_problem([[3.0, -5.0], [-5.0, 3.0]])
    for lotteries in (False, True):
        solution = solve_bargain(problem, rule, lotteries=lotteries)
        assert solution.status is Status.NO_AGREEMENT
        assert np.isnan(solution.value.payoffs).all()
        assert solution.value.package is None
        assert solution.value.lottery is None


def test_lotteries_can_open_a_zone_that_packages_do_not():
    problem = package_problem([[5.0, -1.0], [-1.0, 5.0]])
    assert solve_bargain(problem).status is Status.NO_AGREEMENT
    np.testing.assert_allclose(solve_bargain(problem, lotteries=True).value.gains, [2.0, 2.0])
    zone = find_zone(problem).value
    assert (zone.exists, zone.exists_with_lotteries, zone.count) == (False, True, 0)
    assert zone.area == pytest.approx(8.0)
    assert np.isnan(zone.least_gain).all()


def test_the_zone_counts_measures_and_needs_no_payment():
    problem = package_problem([*KINK, [1.0, 1.0], [-3.0, 4.5]], disagreement=[10.0, 20.0])
    value = find_zone(problem).value
    assert value.count == 4
    assert np.flatnonzero(np.asarray(value.acceptable)).tolist() == [0, 1, 2, 3]
    # From (0, 4) over (3, 3) to (4, 0): 10.5 and 1.5; that (-3, 4.5) is there changes nothing.
    assert value.area == pytest.approx(12.0)
    np.testing.assert_allclose(value.least_gain, [0.0, 0.0])
    np.testing.assert_allclose(value.most_gain, [4.0, 4.0])
    assert value.side_payment.amount == value.side_payment.outside == 0.0


def test_a_package_that_changes_nothing_opens_no_zone():
    """The status quo as a package of its own: nobody loses, but nobody gains either."""
    zone = find_zone(package_problem([[0.0, 0.0], [1.0, -1.0]], [3.0, 2.0])).value
    assert (zone.count, zone.exists, zone.exists_with_lotteries) == (0, False, False)
    assert solve_bargain(package_problem([[0.0, 0.0], [1.0, -1.0]])).status is Status.NO_AGREEMENT


def test_the_smallest_side_payment_that_opens_a_zone():
    problem = package_problem([[5.0, -3.0], [-1.0, 1.5], [2.0, -4.0]], disagreement=[1.0, 1.0])
    payment = find_zone(problem).value.side_payment
    assert payment.package == 1  # both of the first two could pay; this one pays less
    assert payment.amount == pytest.approx(1.0)
    np.testing.assert_allclose(payment.transfer, [1.0, -1.0])
    np.testing.assert_allclose(payment.payoffs, [0.0, 2.5])


def test_where_no_party_could_pay_money_must_come_from_outside():
    problem = package_problem([[2.0, -3.0], [1.0, -9.0], [-4.0, -4.0]])
    payment = find_zone(problem).value.side_payment
    assert (payment.package, payment.amount) == (0, 3.0)
    assert payment.outside == pytest.approx(1.0)
    np.testing.assert_allclose(payment.transfer, [-2.0, 3.0])


def test_efficient_points_and_the_hull():
    points = np.array([[0.0, 4.0], [2.0, 3.4], [3.0, 3.0], [3.0, 2.0], [4.0, 0.0], [1.0, 1.0]])
    assert list(np.flatnonzero(find_efficient(points))) == [0, 1, 2, 4]
    assert list(concave_chain(points)) == [0, 1, 2, 4]
    points[1] = [2.0, 3.3]  # now under the line from the first to the third
    assert list(concave_chain(points)) == [0, 2, 4]
    problem = package_problem(points)
    assert np.asarray(trace_frontier(problem).value.packages).tolist() == [0, 1, 2, 4]
    assert not trace_frontier(problem).value.concave
    mixed = trace_frontier(problem, lotteries=True).value
    assert np.asarray(mixed.packages).tolist() == [0, 2, 4]
    assert mixed.concave
    inside = trace_frontier(package_problem(points, [0.0, 0.0]), within_zone=True).value
    assert len(inside.payoffs) == 4
    assert trace_frontier(package_problem(points - 9.0), within_zone=True).status is (
        Status.NO_AGREEMENT
    )


def test_a_package_between_others_is_not_efficient_for_three_under_lotteries():
    points = np.vstack([np.eye(3), [[0.3, 0.3, 0.3]], [[0.35, 0.35, 0.35]], [[1 / 3] * 3]])
    problem = package_problem(points)
    assert np.asarray(trace_frontier(problem).value.packages).tolist() == [0, 1, 2, 4]
    assert np.asarray(trace_frontier(problem, lotteries=True).value.packages).tolist() == [
        0,
        1,
        2,
        4,
    ]
    lower = package_problem(points[[0, 1, 2, 3]])
    assert np.asarray(trace_frontier(lower, lotteries=True).value.packages).tolist() == [0, 1, 2]


def test_areas_by_hand():
    line = np.array([[0.0, 1.0], [1.0, 0.0]])
    flat, step = np.zeros(1, dtype=bool), np.ones(1, dtype=bool)
    assert area_above(line, np.zeros(2), flat) == pytest.approx(0.5)
    assert area_above(line, np.array([0.5, 0.25]), flat) == pytest.approx(0.25**2 / 2)
    assert area_above(line, np.array([-1.0, -1.0]), flat) == pytest.approx(3.5)
    assert area_above(line, np.array([-1.0, -1.0]), step) == pytest.approx(3.0)
    assert area_above(line, np.array([2.0, 0.0]), flat) == 0.0
    kink = np.array(KINK)
    assert area_above(kink, np.array([3.0, 3.0]), NO_STEPS) == 0.0


@pytest.mark.parametrize("floor", [0.0, 0.3, -np.inf])
def test_the_best_lottery_of_two_parties_is_that_of_a_linear_program(floor):
    rng = np.random.default_rng(5)
    for _ in range(200):
        gains = rng.normal(size=(rng.integers(1, 6), 2))
        floors = np.array([floor, floor if np.isinf(floor) else floor - 0.2])
        most = best_gains(gains, floors)
        lotteries = [best_lottery(gains, reward, floors) for reward in np.eye(2)]
        reached = [lottery for lottery in lotteries if lottery is not None]
        if most is None:
            assert reached == []
            continue
        expected = [float((lottery @ gains)[at]) for at, lottery in enumerate(reached)]
        np.testing.assert_allclose(most, expected, rtol=1e-9, atol=1e-9)
