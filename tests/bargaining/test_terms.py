"""Bargaining over terms: closed forms, kinks, frontiers with dents and gaps, honest failures."""

from math import cos, pi, sqrt

import numpy as np
import pytest

from accord.bargaining.config import SearchConfig
from accord.bargaining.equations import area_above, find_efficient
from accord.bargaining.frontier import trace_frontier
from accord.bargaining.over_terms.goals import raise_product
from accord.bargaining.over_terms.trace import lattice
from accord.bargaining.plan import BargainingProblem, DifferencedPayoffs
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from accord.core.errors import SolveError
from accord.core.status import Status
from tests.bargaining.problems import RULES, Quadratic, Wavy, pie, term_problem

BOX = [[0.0, 1.0], [0.0, 1.0]]


def linear(terms):
    """Two concessions that cost a third of what they bring: a frontier with a kink at (3, 3)."""
    return np.array([3 * terms[0] + terms[1], 4 - terms[0] - 3 * terms[1]])


def test_a_linear_pie_is_split_by_weights():
    for rule in RULES:
        solution = solve_bargain(pie(10.0), rule)
        np.testing.assert_allclose(solution.value.payoffs, [5.0, 5.0], atol=1e-6)
        assert np.max([*solution.residuals.values()]) < 1e-6
    uneven = solve_bargain(pie(10.0, disagreement=(1.0, 3.0)), weights=(2.0, 1.0)).value
    np.testing.assert_allclose(uneven.payoffs, [5.0, 5.0], atol=1e-6)
    np.testing.assert_allclose(uneven.gains, [4.0, 2.0], atol=1e-6)
    assert uneven.terms is not None
    np.testing.assert_allclose(uneven.terms, [5.0], atol=1e-6)


def test_risk_aversion_costs_its_bearer():
    """30 to share, utilities x and sqrt(30 - x) (Myerson 1991, chapter 8): Nash at 20."""
    value = solve_bargain(pie(30.0, sqrt)).value
    np.testing.assert_allclose(value.payoffs, [20.0, sqrt(10.0)], rtol=1e-6)
    equal = solve_bargain(pie(30.0, sqrt), "egalitarian").value
    np.testing.assert_allclose(equal.payoffs, [5.0, 5.0], rtol=1e-6)
    # x / 30 = sqrt(1 - x / 30): the golden ratio.
    ideal = solve_bargain(pie(30.0, sqrt), "kalai_smorodinsky").value
    assert ideal.payoffs[0] == pytest.approx(30 * (sqrt(5) - 1) / 2, rel=1e-6)
    most = solve_bargain(pie(30.0, sqrt), "utilitarian").value
    assert most.payoffs[0] == pytest.approx(29.75, rel=1e-4)


@pytest.mark.parametrize("power", [0.3, 0.5, 0.8])
def test_nash_between_two_concave_utilities(power):
    """Utilities x^p and (1 - x): x = p / (1 + p)."""
    problem = BargainingProblem.from_terms(
        lambda terms: np.array([terms[0] ** power, 1 - terms[0]]), [[1e-9, 1.0]], [0, 0]
    )
    value = solve_bargain(problem).value
    assert value.terms is not None
    assert value.terms[0] == pytest.approx(power / (1 + power), abs=1e-6)


@pytest.mark.parametrize("rule", RULES)
def test_kinked_frontier_of_two_concessions(rule):
    problem = BargainingProblem.from_terms(linear, BOX, [0, 0], names=["tariff", "cash"])
    value = solve_bargain(problem, rule).value
    np.testing.assert_allclose(value.payoffs, [3.0, 3.0], atol=1e-7)
    assert value.terms is not None
    np.testing.assert_allclose(value.terms, [1.0, 0.0], atol=1e-7)


def test_frontier_and_zone_of_two_concessions():
    problem = BargainingProblem.from_terms(linear, BOX, [0, 0])
    frontier = trace_frontier(problem)
    assert frontier.value.concave
    assert not frontier.value.jumps.any()
    x, y = frontier.value.payoffs.T
    np.testing.assert_allclose(y, np.where(x < 3, 4 - x / 3, 12 - 3 * x), atol=1e-6)
    zone = find_zone(problem).value
    assert zone.area == pytest.approx(12.0, rel=1e-6)
    np.testing.assert_allclose(zone.least_gain, 0.0, atol=1e-6)
    np.testing.assert_allclose(zone.most_gain, 4.0, atol=1e-6)


def test_frontier_of_a_curve_is_as_close_as_it_says():
    problem = pie(1.0, sqrt)
    for accuracy in (1e-2, 1e-3):
        value = trace_frontier(problem, config=SearchConfig(accuracy=accuracy)).value
        x, y = value.payoffs.T
        np.testing.assert_allclose(y, np.sqrt(1 - x), atol=1e-6)
        height = np.linspace(0, 1, 2001)
        curve = np.stack([1 - height**2, height], axis=1)
        chords = np.stack([np.interp(curve @ [1, -1], x - y, axis) for axis in (x, y)], axis=1)
        # The curve lies above the chords, by less along the normal than along the diagonal.
        assert (curve >= chords - 1e-9).all()
        assert np.linalg.norm(curve - chords, axis=1).max() < 1.6 * value.deviation
        assert value.deviation < accuracy
    area = find_zone(problem).value
    assert area.area == pytest.approx(2 / 3, abs=2 * area.area_error)
    assert area.area_error < 2e-3


def test_frontier_that_bends_the_wrong_way():
    """Payoffs x² and (1 - x)²: every point is efficient, and a lottery of the ends beats it."""
    problem = BargainingProblem.from_terms(
        lambda terms: np.array([terms[0] ** 2, (1 - terms[0]) ** 2]), [[0, 1]], [0, 0]
    )
    value = trace_frontier(problem).value
    assert not value.concave
    assert not value.jumps.any()
    np.testing.assert_allclose(np.sqrt(value.payoffs).sum(axis=1), 1.0, atol=1e-5)
    assert find_zone(problem).value.area == pytest.approx(1 / 6, abs=1e-3)
    for rule in RULES[:3]:
        np.testing.assert_allclose(solve_bargain(problem, rule).value.payoffs, 0.25, atol=1e-6)


def test_frontier_with_a_gap():
    """The second party's payoff waves as the first one's rises: two efficient stretches."""

    def wave(terms):
        return np.array([terms[0], cos(3 * pi * terms[0]) + 1 - terms[0]])

    problem = BargainingProblem.from_terms(wave, [[0, 1]], [0.0, -1.5])
    value = trace_frontier(problem).value
    assert value.jumps.sum() == 1
    x, y = value.payoffs.T
    at = int(np.argmax(value.jumps))
    fine = np.linspace(0, 1, 200_001)
    height = np.cos(3 * pi * fine) + 1 - fine
    best = np.maximum.accumulate(height[::-1])[::-1]  # what the second gets if the first has x
    top = fine[height >= best - 1e-12]
    gap = int(np.argmax(np.diff(top)))
    assert x[at] == pytest.approx(top[gap], abs=3e-3)
    assert x[at + 1] == pytest.approx(top[gap + 1], abs=3e-3)
    np.testing.assert_allclose(y, np.interp(x, fine, best), atol=1e-3)
    area = np.trapezoid(best + 1.5, fine)
    assert find_zone(problem).value.area == pytest.approx(area, rel=1e-3)


@pytest.mark.parametrize("seed", [20, 46, 53])
def test_a_frontier_with_many_local_optima_lies_above_what_was_tried(seed):
    """Halving alone loses a third of these areas: points found above are taken up again."""
    payoffs = Wavy(seed)
    none = payoffs.value(np.full(3, 0.5)) - 0.02
    problem = BargainingProblem.from_terms(payoffs, [[0, 1]] * 3, none)
    solution = find_zone(problem)
    assert solution.residuals["terms found above"] < 0.02
    tries = np.random.default_rng(seed).random((4000, 3))
    gains = np.array([payoffs.value(terms) for terms in tries]) - none
    best = gains[(gains >= 0).all(axis=1)]
    best = best[find_efficient(best)]
    best = best[np.argsort(best[:, 0])]
    tried = area_above(best, np.zeros(2), np.ones(len(best) - 1, dtype=bool))
    assert solution.value.area > 0.97 * tried


def test_three_parties_over_terms():
    problem = term_problem(3, terms=5, parties=3)
    rng = np.random.default_rng(0)
    others = np.array([problem.terms.payoffs.value(t) for t in rng.random((3000, 5))])
    for rule in RULES:
        gains = solve_bargain(problem, rule, rational=True).value.gains
        assert (gains >= -1e-7).all()
        assert not (others > problem.disagreement + gains + 1e-6).all(axis=1).any()
    points = trace_frontier(problem).value.payoffs
    assert len(points) > 10
    for point in points:
        assert not (others > point + 1e-6).all(axis=1).any()
    zone = find_zone(problem).value
    assert zone.exists
    assert np.isnan(zone.area)
    assert (zone.most_gain > zone.least_gain).all()


def test_lattice_is_even_and_no_larger_than_asked():
    points = lattice(3, 41)
    assert len(points) == 36 - 3  # eighth-sized steps: C(7 + 2, 2) = 36 points, three corners
    np.testing.assert_allclose(points.sum(axis=1), 1.0)
    assert len(np.unique(points, axis=0)) == len(points)
    assert len(lattice(3, 2)) == 0


def test_an_empty_zone_over_terms_says_what_would_open_it():
    """The first gains t, which costs the second 2t; no agreement is worth 0.2 to each."""
    problem = BargainingProblem.from_terms(
        lambda terms: np.array([terms[0], -2 * terms[0]]), [[0, 1]], [0.2, 0.2]
    )
    solution = find_zone(problem)
    payment = solution.value.side_payment
    assert solution.status is Status.CONVERGED
    assert not solution.value.exists
    assert solution.value.area == 0.0
    # No terms are worth more in sum than nothing at all: 0.4 has to come from outside.
    assert payment.amount == pytest.approx(0.4, abs=1e-8)
    assert payment.outside == pytest.approx(0.4, abs=1e-8)
    np.testing.assert_allclose(np.asarray(payment.terms, float), [0.0], atol=1e-8)
    assert solve_bargain(problem).status is Status.NO_AGREEMENT


def test_the_side_payment_is_the_smallest_that_the_winner_can_fund():
    """Gains 3t - 1 and -t: the sum is positive from t = 1/2 on, and the loss smallest there."""
    problem = BargainingProblem.from_terms(
        lambda terms: np.array([3 * terms[0], -terms[0]]), [[0, 1]], [1.0, 0.0]
    )
    assert find_zone(problem).value.exists is False
    payment = find_zone(problem).value.side_payment
    np.testing.assert_allclose(np.asarray(payment.terms, float), [0.5], atol=1e-6)
    assert payment.amount == pytest.approx(0.5, abs=1e-6)
    assert payment.outside == pytest.approx(0.0, abs=1e-6)
    np.testing.assert_allclose(payment.transfer, [-0.5, 0.5], atol=1e-6)


def test_a_zone_of_one_sided_gains():
    problem = BargainingProblem.from_terms(
        lambda terms: np.array([terms[0] + terms[1], -terms[0]]), BOX, [0, 0]
    )
    for rule in RULES[:3]:
        np.testing.assert_allclose(solve_bargain(problem, rule).value.gains, [1, 0], atol=1e-6)
    zone = find_zone(problem).value
    assert zone.exists
    assert zone.area == pytest.approx(0.0, abs=1e-6)


def test_differences_stay_inside_and_agree_with_the_gradient():
    exact = Quadratic(5, terms=3)
    low, high = np.zeros(3), np.array([1.0, 10.0, 0.1])

    def inside(terms):
        assert (terms >= low).all()
        assert (terms <= high).all()
        return exact.value(terms)

    rough = DifferencedPayoffs(inside, low, high)
    for terms in (low, high, np.array([0.3, 4.0, 0.1])):
        # Central differences of a quadratic are exact; at a bound they are half a step off.
        expected = exact.gradient(terms)
        np.testing.assert_allclose(rough.gradient(terms), expected, atol=1e-3)
    middle = np.array([0.3, 4.0, 0.05])
    np.testing.assert_allclose(rough.gradient(middle), exact.gradient(middle), atol=1e-7)


def test_the_product_goes_on_smoothly_where_a_gain_is_too_small():
    """Below its floor a logarithm becomes a parabola, of the same height, slope and bend there."""
    goal = raise_product(np.array([0.7, 0.3]), np.array([0.1, 0.1]))
    extra, step = np.zeros(0), 1e-6
    for gain in (-0.5, 0.05, 0.1 - 1e-9, 0.1 + 1e-9, 0.4):
        gains = np.array([gain, 0.2])
        score, slope = goal.score(gains, extra)
        moves = (np.array([move, 0.0]) for move in (step, -step))
        above, below = (goal.score(gains + move, extra)[0] for move in moves)
        assert slope[0] == pytest.approx((above - below) / (2 * step), rel=1e-5)
    assert goal.score(np.array([0.4, 0.2]), extra)[0] == pytest.approx(
        0.7 * np.log(0.4) + 0.3 * np.log(0.2)
    )
    assert score > goal.score(np.array([0.05, 0.2]), extra)[0]


class Backwards(Quadratic):
    def gradient(self, terms):
        return -super().gradient(terms)


def test_a_wrong_gradient_gives_a_status_and_no_number():
    wrong = Backwards(3)
    disagreement = wrong.value(np.full(4, 0.5)) - 0.05
    problem = BargainingProblem.from_terms(wrong, [[0, 1]] * 4, disagreement)
    quick = SearchConfig(starts=2, max_steps=20)
    for rule in RULES:
        solution = solve_bargain(problem, rule, config=quick, throw=False)
        assert solution.status is Status.NO_OPTIMUM
        assert np.isnan(solution.value.payoffs).all()
        assert solution.value.terms is None
        with pytest.raises(SolveError, match="check the gradient"):
            solve_bargain(problem, rule, config=quick)
    frontier = trace_frontier(problem, config=quick, throw=False)
    assert frontier.status is Status.NO_OPTIMUM
    assert len(frontier.value.payoffs) == 0
    with pytest.raises(SolveError):
        trace_frontier(problem, config=quick)


def test_payoffs_that_exist_nowhere():
    problem = BargainingProblem.from_terms(lambda terms: np.full(2, np.nan), [[0, 1]], [0, 0])
    for solution in (
        solve_bargain(problem, throw=False), trace_frontier(problem, throw=False),
        find_zone(problem, throw=False),
    ):  # fmt: skip
        assert solution.status is Status.NO_OPTIMUM
    with pytest.raises(SolveError):
        find_zone(problem)


def test_payoffs_that_exist_in_part():
    """Above a half there is no equilibrium; the solution below is found all the same."""

    def payoffs(terms):
        rest = 0.5 - terms[0]
        return np.array([terms[0], sqrt(rest) if rest >= 0 else np.nan])

    problem = BargainingProblem.from_terms(payoffs, [[0, 1]], [0, 0])
    solution = solve_bargain(problem)
    assert solution.value.payoffs[0] == pytest.approx(1 / 3, abs=1e-6)
    assert solution.stats.failed > 0


class Taxed:
    """A tax on what is beyond 0.4 or below it, so that payoffs have a kink there."""

    def value(self, terms):
        beyond = 0.8 * abs(terms[0] - 0.4)
        return np.array([terms[0] - beyond, 1 - terms[0] - beyond])

    def gradient(self, terms):
        side = 0.8 if terms[0] > 0.4 else -0.8
        return np.array([[1 - side], [-1 - side]])


def test_an_optimum_at_a_kink_of_the_payoffs():
    """The Nash product is largest where it has no gradient; those on both sides stand in."""
    problem = BargainingProblem.from_terms(Taxed(), [[0, 1]], [0, 0])
    solution = solve_bargain(problem, weights=(1.0, 1.5))
    np.testing.assert_allclose(solution.value.payoffs, [0.4, 0.6], atol=1e-4)
    assert solution.stats.kinks > 0
    smooth = solve_bargain(pie())
    assert smooth.stats.kinks == 0


def test_what_a_search_costs_is_counted():
    payoffs = Quadratic(1)
    calls = {"value": 0, "gradient": 0}

    class Counting:
        def value(self, terms):
            calls["value"] += 1
            return payoffs.value(terms)

        def gradient(self, terms):
            calls["gradient"] += 1
            return payoffs.gradient(terms)

    disagreement = payoffs.value(np.full(4, 0.5)) - 0.05
    problem = BargainingProblem.from_terms(Counting(), [[0, 1]] * 4, disagreement)
    stats = solve_bargain(problem).stats
    # One of each is spent on looking at the shapes.
    assert (stats.values + 1, stats.gradients + 1) == (calls["value"], calls["gradient"])
    assert stats.values < 600
