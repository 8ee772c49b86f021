"""Axioms of bargaining solutions, frontiers and zones, on random problems."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.bargaining.config import Rule, SearchConfig
from accord.bargaining.equations import area_above, concave_chain
from accord.bargaining.frontier import trace_frontier
from accord.bargaining.plan import BargainingProblem
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from accord.core.status import Status
from tests.bargaining.problems import (
    RULES,
    Quadratic,
    Scaled,
    package_problem,
    random_gains,
    term_problem,
)

SEEDS = st.integers(0, 100_000)
FAIR: tuple[Rule, ...] = ("nash", "kalai_smorodinsky", "egalitarian")
FREE: tuple[Rule, ...] = ("nash", "kalai_smorodinsky")  # of the units in which payoffs are measured
QUICK = SearchConfig(samples=16, starts=2, points=9)
FINE = SearchConfig(samples=16, starts=1)


def solve(gains, rule, *, lotteries=True, **options):
    solution = solve_bargain(package_problem(gains), rule, lotteries=lotteries, **options)
    assert solution.status is Status.CONVERGED
    return solution


# --- packages ----------------------------------------------------------------------------------


@given(SEEDS, st.sampled_from(FREE), st.booleans(), st.integers(2, 4))
def test_other_units_of_payoffs_change_nothing_but_the_units(seed, rule, lotteries, parties):
    gains = random_gains(seed, parties=parties)
    rng = np.random.default_rng(seed + 1)
    factor, shift = np.exp(rng.uniform(-7, 7, parties)), 10 * rng.normal(size=parties)
    original = solve(gains, rule, lotteries=lotteries).value
    moved = BargainingProblem.from_packages(gains * factor + shift, shift)
    rescaled = solve_bargain(moved, rule, lotteries=lotteries).value
    np.testing.assert_allclose(rescaled.gains / factor, original.gains, atol=2e-6)
    assert rescaled.package == original.package


@pytest.mark.parametrize("rule", ["egalitarian", "utilitarian"])
def test_the_other_rules_do_depend_on_units(rule):
    line = np.array([[0.0, 1.0], [1.5, 0.0]])
    original, rescaled = (solve(line * [k, 1.0], rule).value.gains / [k, 1.0] for k in (1.0, 0.1))
    assert np.abs(rescaled - original).max() > 0.1


@given(SEEDS, st.sampled_from(RULES), st.booleans(), st.integers(2, 4))
def test_nothing_is_better_for_all(seed, rule, lotteries, parties):
    gains = random_gains(seed, parties=parties)
    solution = solve(gains, rule, lotteries=lotteries)
    assert solution.residuals["efficiency"] < 1e-8
    rivals = gains
    if lotteries:
        rng = np.random.default_rng(seed)
        rivals = np.vstack([gains, rng.dirichlet(np.full(len(gains), 0.3), 500) @ gains])
    assert not (rivals > solution.value.gains + 1e-8).all(axis=1).any()


@given(SEEDS, st.sampled_from(FAIR), st.booleans(), st.integers(2, 4))
def test_nobody_agrees_to_a_loss(seed, rule, lotteries, parties):
    solution = solve(random_gains(seed, parties=parties), rule, lotteries=lotteries)
    assert solution.value.accepted.all()
    assert solution.residuals["individual rationality"] < 1e-8


@given(SEEDS, st.sampled_from(RULES), st.integers(2, 4))
def test_parties_have_no_names(seed, rule, parties):
    gains = random_gains(seed, parties=parties)
    order = np.random.default_rng(seed).permutation(parties)
    original, reordered = (solve(each, rule).value.gains for each in (gains, gains[:, order]))
    np.testing.assert_allclose(reordered, original[order], atol=2e-6)


@given(SEEDS, st.sampled_from(RULES))
def test_equals_are_treated_equally(seed, rule):
    gains = random_gains(seed, packages=5)
    mirrored = np.vstack([gains, gains[:, ::-1]])
    value = solve(mirrored, rule).value
    assert value.gains[0] == pytest.approx(value.gains[1], abs=2e-6)


@given(SEEDS, st.booleans())
def test_nash_ignores_what_is_not_chosen(seed, lotteries):
    gains = random_gains(seed, packages=10)
    whole = solve(gains, "nash", lotteries=lotteries).value
    assert whole.lottery is not None
    drop = np.random.default_rng(seed).random(len(gains)) < 0.5
    kept = (whole.lottery > 1e-9) | ~drop
    thinned = solve(gains[kept], "nash", lotteries=lotteries).value
    np.testing.assert_allclose(thinned.gains, whole.gains, atol=1e-8)


def test_kalai_smorodinsky_does_not_ignore_what_is_not_chosen():
    gains = np.array([[0.0, 1.0], [0.75, 0.75], [1.0, 0.0]])
    far = solve(gains, "kalai_smorodinsky").value.gains
    near = solve(np.array([[0.4, 0.86], *gains[1:]]), "kalai_smorodinsky").value.gains
    assert far[0] == pytest.approx(far[1])
    assert near[1] < near[0]


@given(SEEDS)
def test_a_better_frontier_at_the_same_ideal_hurts_nobody_under_kalai_smorodinsky(seed):
    """Individual monotonicity: more for party 2 at every gain of party 1, who gets no more."""
    rng = np.random.default_rng(seed)
    gains = rng.uniform(0.0, 1.0, (6, 2))
    more = rng.uniform(0.0, 1.5, (4, 2)) * [gains[:, 0].max(), 1.0]
    more[:, 0] = np.minimum(more[:, 0], gains[:, 0].max())
    narrow, wide = (
        solve(each, "kalai_smorodinsky").value.gains for each in (gains, np.vstack([gains, more]))
    )
    assert wide[1] >= narrow[1] - 1e-8


@given(SEEDS, st.integers(2, 4))
def test_more_packages_never_lower_the_smallest_gain_under_equal_gains(seed, parties):
    gains = random_gains(seed, packages=10, parties=parties)
    for lotteries in (False, True):
        narrow, wide = (
            solve(each, "egalitarian", lotteries=lotteries).value.gains
            for each in (gains[:6], gains)
        )
        assert wide.min() >= narrow.min() - 1e-8


@given(SEEDS)
def test_where_gains_can_be_equal_more_packages_hurt_nobody(seed):
    """Strong monotonicity, where the frontier falls all along: there gains are equal."""
    rng = np.random.default_rng(seed)
    gains = np.vstack([rng.uniform(0, 1, (8, 2)), [[1.2, 0.0], [0.0, 1.2]]])
    narrow, wide = (solve(each, "egalitarian") for each in (gains[4:], gains))
    assert narrow.residuals["equal gains"] < 1e-6
    assert wide.residuals["equal gains"] < 1e-6
    assert (wide.value.gains >= narrow.value.gains - 1e-8).all()


def test_raising_the_rest_and_strong_monotonicity_cannot_both_be_had():
    """Where gains cannot be equal the better-off party may lose as the set grows."""
    small = np.array([[1.0, 3.0]])
    large = np.array([[1.0, 3.0], [1.5, 1.5]])
    narrow, wide = (
        solve(each, "egalitarian", lotteries=False).value.gains for each in (small, large)
    )
    np.testing.assert_allclose([narrow, wide], [[1.0, 3.0], [1.5, 1.5]])


@given(SEEDS, st.integers(2, 4))
@settings(max_examples=30)
def test_no_lottery_has_a_larger_product(seed, parties):
    gains = random_gains(seed, parties=parties)
    rng = np.random.default_rng(seed)
    weights = rng.uniform(0.5, 2.0, parties)
    solution = solve(gains, "nash", weights=tuple(weights))
    assert solution.residuals["largest product"] < 1e-6
    rivals = rng.dirichlet(np.full(len(gains), 0.2), 2000) @ gains
    rivals = rivals[(rivals > 0).all(axis=1)]
    best = np.log(solution.value.gains) @ weights
    assert (np.log(rivals) @ weights <= best + 1e-9).all()


@given(SEEDS)
def test_area_by_throwing_darts(seed):
    gains = random_gains(seed, packages=5)
    chain = gains[concave_chain(gains)]
    size = np.maximum(chain.max(axis=0), 0.0) + 0.1
    darts = np.random.default_rng(seed).random((4000, 2)) * size
    # A dart is under the frontier if no line that touches the hull from above leaves it out.
    angles = np.linspace(0, np.pi / 2, 181)
    normals = np.stack([np.cos(angles), np.sin(angles)])
    inside = (darts @ normals <= (gains @ normals).max(axis=0) + 1e-12).all(axis=1)
    area = area_above(chain, np.zeros(2), np.zeros(len(chain) - 1, dtype=bool))
    error = 4 * 0.5 / np.sqrt(4000) + 0.02
    assert area / size.prod() == pytest.approx(inside.mean(), abs=error)


@given(SEEDS)
def test_a_further_package_never_shrinks_the_zone(seed):
    gains = random_gains(seed, packages=7) - 0.3
    narrow, wide = (find_zone(package_problem(each)).value for each in (gains[:5], gains))
    assert wide.area >= narrow.area - 1e-12
    assert wide.count >= narrow.count
    assert wide.side_payment.amount <= narrow.side_payment.amount + 1e-12 or (
        wide.side_payment.outside < narrow.side_payment.outside
    )


@given(SEEDS, st.integers(2, 4))
def test_a_side_payment_makes_all_accept_and_none_smaller_does(seed, parties):
    gains = np.random.default_rng(seed).normal(size=(5, parties)) - 0.8
    payment = find_zone(package_problem(gains)).value.side_payment
    after = gains[payment.package] + payment.transfer
    assert (after >= -1e-12).all()
    assert payment.transfer.sum() == pytest.approx(payment.outside, abs=1e-12)
    for gain in gains:
        loss, short = -gain[gain < 0].sum(), max(0.0, -gain.sum())
        assert (short, loss) >= (payment.outside - 1e-12, payment.amount - 1e-12) or (
            short > payment.outside
        )


# --- terms -------------------------------------------------------------------------------------


@given(SEEDS, st.sampled_from(FREE))
@settings(max_examples=15)
def test_other_units_change_nothing_over_terms(seed, rule):
    problem = term_problem(seed)
    payoffs = Quadratic(seed)
    rng = np.random.default_rng(seed + 1)
    factor, shift = np.exp(rng.uniform(-4, 4, 2)), rng.normal(size=2)
    moved = BargainingProblem.from_terms(
        Scaled(payoffs, factor, shift), [[0, 1]] * 4, factor * problem.disagreement + shift
    )
    original, rescaled = (
        solve_bargain(each, rule, config=QUICK).value for each in (problem, moved)
    )
    np.testing.assert_allclose(rescaled.gains / factor, original.gains, rtol=1e-4, atol=1e-5)


@given(SEEDS, st.sampled_from(RULES), st.integers(2, 3))
@settings(max_examples=20)
def test_over_terms_nothing_is_better_for_all_and_nobody_loses(seed, rule, parties):
    problem = term_problem(seed, parties=parties)
    solution = solve_bargain(problem, rule, rational=True, config=QUICK)
    assert solution.status is Status.CONVERGED
    assert (solution.value.gains >= -1e-6).all()
    payoffs = Quadratic(seed, parties=parties)
    tries = np.random.default_rng(seed).random((1000, 4))
    near = np.clip(np.asarray(solution.value.terms) + 0.01 * (tries - 0.5), 0, 1)
    rivals = np.array([payoffs.value(terms) for terms in [*tries, *near]]) - problem.disagreement
    assert not (rivals > solution.value.gains + 1e-5).all(axis=1).any()
    if rule == "nash":
        rivals = rivals[(rivals > 0).all(axis=1)]
        best = np.log(solution.value.gains).sum()
        assert (np.log(rivals).sum(axis=1) <= best + 1e-5).all()


@given(SEEDS)
@settings(max_examples=15)
def test_over_terms_the_kalai_smorodinsky_shares_are_equal(seed):
    """Payoffs are concave, so the frontier falls all along and the shares can be equal."""
    problem = term_problem(seed)
    gains = solve_bargain(problem, "kalai_smorodinsky", config=QUICK).value.gains
    most = find_zone(problem, config=QUICK).value.most_gain
    assert gains[0] / most[0] == pytest.approx(gains[1] / most[1], abs=1e-4)


@given(SEEDS)
@settings(max_examples=10)
def test_swapped_parties_swap_their_gains(seed):
    payoffs = Quadratic(seed)
    problem = term_problem(seed)

    class Swapped:
        def value(self, terms):
            return payoffs.value(terms)[::-1]

        def gradient(self, terms):
            return payoffs.gradient(terms)[::-1]

    swapped = BargainingProblem.from_terms(Swapped(), [[0, 1]] * 4, problem.disagreement[::-1])
    for rule in FAIR:
        original, mirrored = (
            solve_bargain(p, rule, config=QUICK).value.gains for p in (problem, swapped)
        )
        np.testing.assert_allclose(mirrored[::-1], original, atol=1e-5)


@given(SEEDS)
@settings(max_examples=10)
def test_a_traced_frontier_is_concave_where_payoffs_are_and_holds_the_solutions(seed):
    problem = term_problem(seed)
    frontier = trace_frontier(problem, config=FINE).value
    assert frontier.concave
    assert not frontier.jumps.any()
    x, y = frontier.payoffs.T
    span = np.ptp(frontier.payoffs, axis=0)
    for rule in FAIR:
        at = solve_bargain(problem, rule, config=QUICK).value.payoffs
        gap = (at[1] - np.interp(at[0], x, y)) / span[1]
        assert gap > -1e-5  # straight lines lie inside a concave frontier
        assert min(gap, (at[0] - np.interp(at[1], y[::-1], x[::-1])) / span[0]) < 5e-3


@given(SEEDS)
@settings(max_examples=10)
def test_whole_packages_of_a_frontier_do_almost_as_well_as_its_terms(seed):
    """The points of a traced frontier, taken as packages with lotteries, give the same zone."""
    problem = term_problem(seed)
    points = trace_frontier(problem, within_zone=True, config=FINE).value.payoffs
    mixed = BargainingProblem.from_packages(points, problem.disagreement)
    zone, whole = (find_zone(task, config=QUICK).value for task in (problem, mixed))
    assert whole.area == pytest.approx(zone.area, abs=3 * zone.area_error + 1e-9)
    scores: dict[Rule, Any] = {"nash": np.prod, "egalitarian": np.min}
    for rule, score in scores.items():
        traced = score(solve_bargain(problem, rule, config=QUICK).value.gains)
        mixed_score = score(solve_bargain(mixed, rule, lotteries=True).value.gains)
        assert 0.98 * traced < mixed_score < traced * (1 + 1e-5)
