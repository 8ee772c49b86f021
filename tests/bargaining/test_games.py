"""Properties of alternating offers and of coalition games that hold for every one of them."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from accord.bargaining.coalitions.game import CoalitionGame
from accord.bargaining.coalitions.sharing import members_of, shapley_value, solve_coalitions
from accord.bargaining.over_time.alternating_offers import AlternatingOffers, solve_offers
from accord.core.status import Status
from tests.bargaining.problems import random_curve, random_game

SEEDS = st.integers(0, 100_000)


def random_talks(seed):
    rng = np.random.default_rng(seed)
    patience = rng.uniform(0.3, 0.99, 2)
    return AlternatingOffers(
        random_curve(seed), (float(patience[0]), float(patience[1])),
        breakdown=float(rng.choice([0.0, 0.2])), first=int(rng.integers(2)),
    )  # fmt: skip


def with_threats(game, seed):
    """Return the game with a breakdown that may hurt or please, and perhaps a way out."""
    rng = np.random.default_rng(seed + 1)
    pairs = (rng.uniform(low, high, 2) for low, high in ((-1, 0.8), (-1, 1.2), (-0.3, 0.3)))
    broken, away, zero = ((float(a), float(b)) for a, b in pairs)
    return replace(
        game, breakdown=0.2, after_breakdown=broken, disagreement=zero,
        walk_away=away if rng.random() < 0.7 else None,
    )  # fmt: skip


@given(SEEDS)
def test_talks_with_threats_are_those_with_a_deadline_far_away(seed):
    """Two routes to one number: a fixed point, and backward induction over 300 proposals."""
    game = with_threats(random_talks(seed), seed)
    endless, limited = (solve_offers(each) for each in (game, replace(game, deadline=300)))
    assert endless.status is limited.status
    if endless.status is Status.CONVERGED:
        np.testing.assert_allclose(endless.value.agreement, limited.value.agreement, atol=1e-9)
    else:
        assert endless.status is Status.NO_AGREEMENT
        assert np.isnan(endless.value.limit).all()


@given(SEEDS)
@settings(max_examples=25)
def test_without_delay_threats_lead_to_the_weighted_nash_solution(seed):
    game = with_threats(random_talks(seed), seed)
    short = 1e-5
    quick = replace(
        game, breakdown=1 - (1 - game.breakdown) ** short,
        discount=(game.discount[0] ** short, game.discount[1] ** short),
    )  # fmt: skip
    value = solve_offers(quick).value
    np.testing.assert_allclose(value.agreement, value.limit, atol=1e-3)
    np.testing.assert_allclose(value.power, solve_offers(game).value.power, rtol=1e-6)


@given(SEEDS)
def test_neither_side_can_do_better(seed):
    """No responder gains by waiting one round, no proposer by asking for more than is accepted."""
    game = random_talks(seed)
    solution = solve_offers(game)
    assert solution.status is Status.CONVERGED
    assert np.max([*solution.residuals.values()]) < 1e-10
    offers = solution.value.offers
    for proposer in (0, 1):
        other = 1 - proposer
        waiting = (1 - game.breakdown) * game.discount[other] * offers[other, other]
        assert offers[proposer, other] >= waiting - 1e-9
        on_frontier = game.curve.best(proposer, offers[proposer, other])
        assert offers[proposer, proposer] == pytest.approx(on_frontier, abs=1e-9)
        assert offers[proposer, proposer] >= offers[other, proposer] - 1e-9


@given(SEEDS)
def test_patience_pays_and_going_first_too(seed):
    game = random_talks(seed)
    base = solve_offers(game).value.agreement
    for party in (0, 1):
        more = [min(0.999, d + 0.05) if at == party else d for at, d in enumerate(game.discount)]
        patient = replace(game, discount=(more[0], more[1]))
        assert solve_offers(patient).value.agreement[party] >= base[party] - 1e-9
    other = solve_offers(replace(game, first=1 - game.first)).value.agreement
    assert base[game.first] >= other[game.first] - 1e-9


@given(SEEDS)
@settings(max_examples=25)
def test_a_deadline_far_away_does_not_matter(seed):
    game = random_talks(seed)
    base = solve_offers(game).value.agreement
    gaps = [
        np.abs(solve_offers(replace(game, deadline=n)).value.agreement - base).max()
        for n in (4, 40, 400)
    ]
    assert gaps[2] <= gaps[1] + 1e-9
    assert gaps[1] <= gaps[0] + 1e-9
    assert gaps[2] < 0.02 * game.curve.most(0)


@given(SEEDS, st.floats(0.1, 10.0))
@settings(max_examples=25)
def test_short_periods_lead_to_the_weighted_nash_solution(seed, ratio):
    """The limit does not depend on who starts, only on the ratio of the rates."""
    curve = random_curve(seed)
    period = 1e-5
    patience = (float(np.exp(-period)), float(np.exp(-ratio * period)))
    for first in (0, 1):
        value = solve_offers(AlternatingOffers(curve, patience, first=first)).value
        np.testing.assert_allclose(value.power, [ratio / (1 + ratio), 1 / (1 + ratio)])
        np.testing.assert_allclose(value.agreement, value.limit, atol=2e-3)


@given(SEEDS)
@settings(max_examples=25)
def test_units_of_payoffs_do_not_matter_to_offers(seed):
    game = random_talks(seed)
    rng = np.random.default_rng(seed)
    factor, shift = rng.uniform(0.1, 10, 2), rng.normal(size=2)
    curve = type(game.curve)(game.curve.points * factor + shift)
    moved = replace(game, curve=curve, disagreement=(float(shift[0]), float(shift[1])))
    original, rescaled = solve_offers(game).value, solve_offers(moved).value
    np.testing.assert_allclose(rescaled.gains / factor, original.gains, atol=1e-9)
    np.testing.assert_allclose(rescaled.limit, factor * original.limit + shift, atol=1e-4)


# --- coalitions --------------------------------------------------------------------------------


@given(SEEDS, st.integers(2, 5))
def test_shapley_adds_up_over_orders(seed, parties):
    """The mean of what each party adds, over all orders, one by one."""
    game = random_game(seed, parties)
    total = np.zeros(parties)
    orders = list(permutations(range(parties)))
    for order in orders:
        inside = 0
        for party in order:
            total[party] += game.worth[inside | 1 << party] - game.worth[inside]
            inside |= 1 << party
    np.testing.assert_allclose(shapley_value(game.worth), total / len(orders), atol=1e-12)


@given(SEEDS)
def test_shapley_axioms(seed):
    first, second = (random_game(seed + k).worth for k in (0, 1))
    assert shapley_value(first).sum() == pytest.approx(first[-1])
    both = shapley_value(first + 2 * second)
    np.testing.assert_allclose(both, shapley_value(first) + 2 * shapley_value(second), atol=1e-12)
    sets = np.arange(16)
    idle = first[sets & ~1] + 0.3 * (sets & 1)  # party 0 adds 0.3 to everybody
    assert shapley_value(idle)[0] == pytest.approx(0.3)
    swapped = (sets & ~3) | (sets & 1) << 1 | (sets & 2) >> 1
    equal = first + first[swapped]  # parties 0 and 1 are interchangeable
    assert shapley_value(equal)[0] == pytest.approx(shapley_value(equal)[1])


@given(SEEDS, st.integers(2, 5))
def test_the_core_is_empty_exactly_where_balanced_coalitions_claim_more(seed, parties):
    """Bondareva and Shapley: the largest balanced sum of worths against the worth of all."""
    game = random_game(seed, parties)
    members = members_of(parties)
    proper = slice(1, -1)
    claim = -linprog(
        -game.worth[proper], A_eq=members[proper].T, b_eq=np.ones(parties), bounds=(0, None)
    ).fun
    value = solve_coalitions(game).value
    if abs(claim - game.worth[-1]) > 1e-6:
        assert value.core_exists == (claim < game.worth[-1])
    assert np.isfinite(value.least).all() == value.core_exists


@given(SEEDS, st.integers(2, 5))
def test_the_nucleolus_is_in_the_least_core_and_complains_least(seed, parties):
    game = random_game(seed, parties)
    solution = solve_coalitions(game)
    assert np.max([*solution.residuals.values()]) < 1e-8
    # Each program fixes at least one complaint that those before it left open.
    programs = solution.stats.programs - 2 * parties * solution.value.core_exists
    assert programs < parties
    value, members = solution.value, members_of(parties)
    complaints = np.sort((game.worth - members @ value.nucleolus)[1:-1])[::-1]
    assert complaints[0] == pytest.approx(value.least_excess, abs=1e-8)
    rng = np.random.default_rng(seed)
    for scale in (1.0, 0.1, 0.01):
        move = rng.normal(size=(30, parties)) * scale
        move -= move.mean(axis=1, keepdims=True)
        for other in value.nucleolus + move:
            theirs = np.sort((game.worth - members @ other)[1:-1])[::-1]
            gap = theirs - complaints
            first = np.flatnonzero(np.abs(gap) > 1e-7)
            assert not first.size or gap[first[0]] > 0


@given(SEEDS)
@settings(max_examples=30)
def test_a_production_market_has_a_core_that_holds_its_prices(seed):
    """Owen (1975): what resources are worth at the shadow prices of all is in the core."""
    rng = np.random.default_rng(seed)
    parties, goods, products = 4, 3, 4
    need = rng.uniform(0.1, 1.0, (goods, products))
    price = rng.uniform(0.5, 2.0, products)
    owned = rng.uniform(0.0, 2.0, (parties, goods))

    def produce(stock):
        return linprog(-price, A_ub=need, b_ub=stock, bounds=(0, None))

    worth = [0.0] + [-produce(members @ owned).fun for members in members_of(parties)[1:]]
    game = CoalitionGame(tuple("abcd"), np.array(worth))
    value = solve_coalitions(game).value
    assert value.core_exists
    shares = owned @ -produce(owned.sum(axis=0)).ineqlin.marginals
    assert shares.sum() == pytest.approx(game.worth[-1])
    assert ((members_of(parties) @ shares)[1:] >= game.worth[1:] - 1e-8).all()
    assert (shares >= value.least - 1e-7).all()
    assert (shares <= value.most + 1e-7).all()
    assert (value.nucleolus >= value.least - 1e-7).all()


@given(SEEDS)
@settings(max_examples=25)
def test_convex_games_hold_the_shapley_value_in_their_core(seed):
    """Shapley (1971): where joining pays the more the larger the coalition."""
    rng = np.random.default_rng(seed)
    members = members_of(4)
    weights = rng.uniform(0.1, 1.0, 4)
    value = solve_coalitions(CoalitionGame(tuple("abcd"), (members @ weights) ** 2)).value
    assert value.shapley_in_core
    assert value.core_exists
    assert value.blocking == ()
