"""Alternating offers against closed forms: shares, deadlines, breakdown, walking away, limits."""

from dataclasses import replace
from math import exp, sqrt

import numpy as np
import pytest

from accord.bargaining.over_time.alternating_offers import (
    AlternatingOffers,
    breakdown_per_period,
    discount_per_period,
    solve_offers,
)
from accord.bargaining.over_time.curve import PointCurve, SmoothCurve, product_point, split
from accord.bargaining.over_time.patience import price_time
from accord.core.status import Status

ROOT = SmoothCurve(lambda x: sqrt(1 - x), 0.0, 1.0)  # a risk-averse second party
KINK = PointCurve.from_points([[0, 4], [3, 3], [4, 0], [1, 1]])


def agreed(*arguments, **options):
    return solve_offers(AlternatingOffers(*arguments, **options)).value.agreement


@pytest.mark.parametrize("patience", [(0.9, 0.8), (0.5, 0.99), (0.95, 0.95)])
def test_rubinstein_shares_of_a_pie(patience):
    """Rubinstein (1982): the first mover gets (1 - d2) / (1 - d1 d2)."""
    first, second = patience
    share = (1 - second) / (1 - first * second)
    np.testing.assert_allclose(agreed(split(), patience), [share, 1 - share], rtol=1e-12)
    last = (1 - first) / (1 - first * second)
    np.testing.assert_allclose(agreed(split(), patience, first=1), [1 - last, last], rtol=1e-12)
    np.testing.assert_allclose(agreed(split(7.0), patience), [7 * share, 7 - 7 * share], rtol=1e-12)


def test_gains_count_from_disagreement():
    patience = (0.9, 0.8)
    value = solve_offers(AlternatingOffers(split(10.0), patience, (1.0, 3.0))).value
    share = 6 * 0.2 / (1 - 0.72)
    np.testing.assert_allclose(value.agreement, [1 + share, 9 - share])
    np.testing.assert_allclose(value.gains, [share, 6 - share])
    np.testing.assert_allclose(value.shares, [share / 6, 1 - share / 6])


@pytest.mark.parametrize(
    ("proposals", "shares"),
    [(1, (1.0, 0.0)), (2, (0.2, 0.8)), (3, (1 - 0.8 * 0.1, 0.08)), (4, (0.344, 0.656))],
)
def test_deadlines_by_backward_induction(proposals, shares):
    """Ståhl (1972): with one proposal left its maker takes all; before, what waiting is worth."""
    np.testing.assert_allclose(agreed(split(), (0.9, 0.8), deadline=proposals), shares)


def test_a_far_deadline_is_none():
    for curve in (split(), ROOT, KINK):
        far = agreed(curve, (0.9, 0.8), deadline=300)
        np.testing.assert_allclose(far, agreed(curve, (0.9, 0.8)), atol=1e-9)


def test_what_happens_at_the_deadline_counts():
    """If talks that fail end in (0.1, 0.3), the last proposer leaves the other just that."""
    late = {"deadline": 1, "after_deadline": (0.1, 0.3)}
    np.testing.assert_allclose(agreed(split(), (0.9, 0.8), **late), [0.7, 0.3])
    np.testing.assert_allclose(agreed(split(), (0.9, 0.8), first=1, **late), [0.1, 0.9])
    none = solve_offers(
        AlternatingOffers(split(), (0.9, 0.8), deadline=3, after_deadline=(0.8, 0.9))
    )
    assert none.status is Status.NO_AGREEMENT
    assert np.isnan(none.value.agreement).all()


def test_offers_that_make_the_other_indifferent():
    solution = solve_offers(AlternatingOffers(ROOT, (0.9, 0.8)))
    (x1, x2), (y1, y2) = solution.value.offers
    assert x2 == pytest.approx(0.8 * y2)
    assert y1 == pytest.approx(0.9 * x1)
    assert x2 == pytest.approx(sqrt(1 - x1))
    assert y2 == pytest.approx(sqrt(1 - y1))
    assert np.max([*solution.residuals.values()]) < 1e-12
    np.testing.assert_array_equal(solution.value.agreement, solution.value.offers[0])


@pytest.mark.parametrize("curve", [split(), ROOT, KINK], ids=["pie", "root", "kink"])
def test_without_delay_offers_lead_to_the_weighted_nash_solution(curve):
    """Weights ln d2 / (ln d1 + ln d2) and its complement; the first move is worth nothing."""
    rates = (0.05, 0.10)
    gaps = []
    for period in (1.0, 0.1, 0.01, 0.001):
        patience = (exp(-rates[0] * period), exp(-rates[1] * period))
        value = solve_offers(AlternatingOffers(curve, patience)).value
        np.testing.assert_allclose(value.power, [2 / 3, 1 / 3])
        expected = product_point(curve, np.array([2 / 3, 1 / 3]), np.zeros(2), np.zeros(2))
        assert expected is not None
        np.testing.assert_allclose(value.limit, expected, atol=1e-7)
        gaps.append(np.abs(value.agreement - value.limit).max())
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 5e-4


def test_breakdown_alone_leads_to_the_nash_solution_from_it():
    """Binmore, Rubinstein and Wolinsky (1986): equal weights, counted from the breakdown."""
    for period in (1e-2, 1e-4):
        risk = breakdown_per_period(0.5, period)
        value = solve_offers(
            AlternatingOffers(split(), (1.0, 1.0), breakdown=risk, after_breakdown=(0.1, 0.4))
        ).value
        np.testing.assert_allclose(value.limit, [0.35, 0.65], atol=1e-7)
        np.testing.assert_allclose(value.limit_point, [0.1, 0.4])
        np.testing.assert_allclose(value.agreement, value.limit, atol=period)


def test_breakdown_and_impatience_together():
    """Weights 1 / (r + h), counted from h b / (r + h)."""
    rates, hazard, threat = np.array([0.05, 0.10]), 0.02, (-0.2, 0.1)
    period = 1e-3
    patience = (discount_per_period(0.05, period), discount_per_period(0.10, period))
    value = solve_offers(
        AlternatingOffers(
            split(), patience, breakdown=breakdown_per_period(hazard, period),
            after_breakdown=threat,
        )
    ).value  # fmt: skip
    hurry = rates + hazard
    power = (1 / hurry) / (1 / hurry).sum()
    point = hazard * np.array(threat) / hurry
    np.testing.assert_allclose(value.power, power)
    np.testing.assert_allclose(value.limit_point, point)
    np.testing.assert_allclose(value.limit, point + power * (1 - point.sum()), atol=1e-7)
    np.testing.assert_allclose(value.agreement, value.limit, atol=1e-4)


def test_walking_away_matters_only_where_it_is_better():
    """Binmore, Shaked and Sutton (1989): deal me out, and not split the difference."""
    plain = agreed(split(), (0.9, 0.9))
    np.testing.assert_allclose(agreed(split(), (0.9, 0.9), walk_away=(0.0, 0.3)), plain)
    np.testing.assert_allclose(agreed(split(), (0.9, 0.9), walk_away=(0.0, 0.6)), [0.4, 0.6])
    none = solve_offers(AlternatingOffers(split(), (0.9, 0.9), walk_away=(0.5, 0.6)))
    assert none.status is Status.NO_AGREEMENT
    assert np.isnan(none.value.gains).all()
    limit = solve_offers(AlternatingOffers(split(), (0.9, 0.9), walk_away=(0.0, 0.6))).value.limit
    np.testing.assert_allclose(limit, [0.4, 0.6], atol=1e-7)


def test_walking_away_from_the_last_proposal():
    game = AlternatingOffers(split(), (0.9, 0.9), walk_away=(0.0, 0.7), deadline=1)
    np.testing.assert_allclose(solve_offers(game).value.agreement, [0.3, 0.7])


def test_the_endlessly_patient_take_all():
    value = solve_offers(AlternatingOffers(split(), (1.0, 0.9))).value
    np.testing.assert_allclose(value.agreement, [1.0, 0.0], atol=1e-9)
    np.testing.assert_allclose(value.limit, [1.0, 0.0])
    np.testing.assert_allclose(value.power, [1.0, 0.0])


@pytest.mark.parametrize(
    ("curve", "x", "y"), [(split(), 0.25, 0.75), (ROOT, 0.75, 0.5), (KINK, 3, 3), (KINK, 1.5, 3.5)]
)
def test_curves_answer_both_ways(curve, x, y):
    assert curve.best(1, x) == pytest.approx(y)
    assert curve.best(0, y) == pytest.approx(x)
    assert np.isnan(curve.best(0, curve.most(1) + 0.1))
    assert curve.best(0, -1.0) == pytest.approx(curve.most(0))
    assert curve.best(1, -1.0) == pytest.approx(curve.most(1))


def test_a_curve_keeps_the_corners_of_the_hull():
    np.testing.assert_array_equal(KINK.points, [[0, 4], [3, 3], [4, 0]])


def test_the_price_of_time_on_a_pie():
    """Derivatives of (1 - d2) / (1 - d1 d2) with respect to -ln d1, -ln d2."""
    game = AlternatingOffers(split(), (0.9, 0.8))
    prices = price_time(game, deadlines=(1, 2))
    bottom = 1 - 0.72
    by_own = -0.9 * 0.2 * 0.8 / bottom**2
    by_other = 0.8 * (bottom - 0.2 * 0.9) / bottom**2
    np.testing.assert_allclose(prices.by_impatience[0], [by_own, -by_own], rtol=1e-5)
    np.testing.assert_allclose(prices.by_impatience[1], [by_other, -by_other], rtol=1e-5)
    np.testing.assert_allclose(prices.by_breakdown, prices.by_impatience.sum(axis=0), rtol=1e-5)
    np.testing.assert_allclose(prices.delay, [0.1, 0.2] * prices.agreement)
    np.testing.assert_allclose(prices.first_mover, [0.2 / bottom - 0.9 * 0.2 / bottom] * 2)
    np.testing.assert_allclose(prices.by_deadline[1], [1.0, 0.0])
    np.testing.assert_allclose(prices.by_deadline[2], [0.2, 0.8])
    assert prices.status is Status.CONVERGED


def test_the_price_of_time_with_a_breakdown_that_hurts():
    game = AlternatingOffers(split(), (0.9, 0.8), breakdown=0.1, after_breakdown=(-0.2, 0.0))
    prices = price_time(game, deadlines=())
    base = solve_offers(game).value
    expected = base.gains - (0.9 * np.array([0.9, 0.8]) * base.gains + 0.1 * np.array([-0.2, 0.0]))
    np.testing.assert_allclose(prices.delay, expected)
    step = 1e-5
    worse = solve_offers(replace(game, breakdown=1 - 0.9 * exp(-step))).value.agreement
    np.testing.assert_allclose(prices.by_breakdown, (worse - base.agreement) / step, rtol=1e-2)
