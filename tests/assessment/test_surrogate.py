"""Payoffs over terms from few evaluations: their gradient, their sites, their error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.core.numerics.gaussian_process import CovarianceKernel, fit_kernel, fit_layer
from accord.core.numerics.surrogate import Emulation, Rough, SurrogateConfig, fit_surrogate

BOUNDS = np.array([[0.0, 0.25], [10.0, 350.0], [5.0, 50.0]])
BASE = np.array([0.15, 200.0, 20.0])
NAMES = ("cars", "cash", "cap")
SOME = SurrogateConfig(mixed=6, held_out=8, rough=128, rough_learnt=64)


def money(terms):
    """A cap that stops binding: a bend."""
    paid = min(terms[1], 9.0 * terms[2])
    return np.array([0.4 * paid, -0.3 * paid - 2e-4 * paid**2])


def payoffs(terms):
    tariff = np.array([40 * terms[0] - 120 * terms[0] ** 2, -500 * terms[0]])
    return money(terms) + tariff + 1e-3 * terms[0] * terms[1]


def test_the_error_is_that_of_terms_never_used():
    made = fit_surrogate(payoffs, NAMES, BOUNDS, BASE, config=SOME)
    assert made.errors.shape == (8, 2)
    assert made.evaluations == 1 + 6 + 18 + 8
    assert 0 < made.typical_error <= made.worst_error < 0.3
    low, high = BOUNDS.T
    fresh = low + (high - low) * np.random.default_rng(1).random((200, 3))
    misses = np.array([made.value(site) - payoffs(site) for site in fresh]) / made.size
    assert np.sqrt((misses**2).mean()) < 3 * made.typical_error


def test_a_cheap_function_like_the_payoffs_makes_the_error_smaller():
    alone = fit_surrogate(payoffs, NAMES, BOUNDS, BASE, config=SOME)
    helped = Emulation(payoffs, NAMES, BOUNDS, BASE, None, Rough(money, (1, 2)), SOME).fit()
    assert helped.evaluations == alone.evaluations
    assert helped.typical_error < alone.typical_error / 2


@given(seed=st.integers(0, 10_000))
def test_the_gradient_is_that_of_the_value(seed):
    rng = np.random.default_rng(seed)
    made = _made()
    low, high = BOUNDS.T
    place = low + (high - low) * (0.01 + 0.98 * rng.random(3))
    gradient = made.gradient(place)
    for term, width in enumerate(1e-4 * (high - low)):
        step = width * np.eye(3)[term]
        slope = (made.value(place + step) - made.value(place - step)) / (2 * width)
        scale = made.size / (high - low)[term]
        assert np.abs(slope - gradient[:, term]).max() < 1e-3 * scale.max()


def _made(kept=[]):  # noqa: B006  (made once)
    if not kept:
        kept.append(
            Emulation(
                payoffs, NAMES, BOUNDS, BASE, ((0,), (1, 2)), Rough(money, (1, 2)), SOME
            ).fit()
        )
    return kept[0]


def test_it_goes_through_what_was_evaluated():
    made = _made()
    for site in made.sites:
        assert np.abs((made.value(site) - payoffs(site)) / made.size).max() < 5e-3


def test_it_learns_and_tells_how_far_it_was_off():
    emulation = Emulation(payoffs, NAMES, BOUNDS, BASE, config=SOME)
    first = emulation.fit()
    place = np.array([[0.02, 300.0, 12.0]])
    second = emulation.learn(first, place)
    assert second.evaluations == first.evaluations + 1
    assert second.probe_errors[0] == pytest.approx(np.abs(first.value(place[0])
                                                          - payoffs(place[0])))  # fmt: skip
    after = np.abs(second.value(place[0]) - payoffs(place[0]))
    assert (after <= second.probe_errors[0] + 1e-9).all()


def test_groups_that_do_not_add_up_are_not_kept():
    def product(terms):
        return np.array([terms[0] * terms[1], -terms[0] * terms[1]])

    emulation = Emulation(product, NAMES[:2], BOUNDS[:2], BASE[:2], ((0,), (1,)), None, SOME)
    made = emulation.fit()
    assert made.layers[-1].kernels[0].groups == ((0, 1),)
    assert made.typical_error < 0.01


@given(
    seed=st.integers(0, 10_000),
    groups=st.sampled_from([((0,), (1, 2)), ((0, 1, 2),), ((1, 2),)]),
)
def test_the_slopes_of_a_kernel_are_those_of_its_value(seed, groups):
    rng = np.random.default_rng(seed)
    lengths, strengths = np.exp(rng.uniform(-1, 1, (2, 3)))
    kernel = CovarianceKernel(groups, lengths, strengths)
    sites, weights = rng.random((4, 3)), rng.random((4, 4))
    apart = np.stack([(column[:, None] - column[None, :]) ** 2 for column in sites.T])
    between, turn = kernel.gram_and_slopes(apart)
    assert np.abs(between - kernel.between(sites, sites)).max() < 1e-12
    slopes = turn(weights)
    for at in range(6):
        logs = np.log(np.concatenate([lengths, strengths]))
        ends = []
        for step in (1e-6, -1e-6):
            moved = logs.copy()
            moved[at] += step
            other = CovarianceKernel(kernel.groups, np.exp(moved[:3]), np.exp(moved[3:]))
            ends.append((weights * other.between(sites, sites)).sum())
        assert abs((ends[0] - ends[1]) / 2e-6 - slopes[at]) < 1e-5


def test_a_layer_tells_at_many_places_what_it_tells_at_each():
    rng = np.random.default_rng(5)
    sites, values, places = rng.random((12, 3)), rng.random((12, 2)), rng.random((7, 3))
    layer = fit_layer(sites, values, ((0,), (1, 2)))
    many = layer.values(places)
    for place, payoffs in zip(places, many, strict=True):
        assert np.abs(layer.value(place) - payoffs).max() < 1e-12
        ends = [layer.values(place + step * np.eye(3)) for step in (1e-6, -1e-6)]
        assert np.abs((ends[0] - ends[1]).T / 2e-6 - layer.slope(place)).max() < 1e-6


def test_a_kernel_is_learnt_where_a_term_does_nothing():
    sites = np.random.default_rng(6).random((40, 2))
    fitted = fit_kernel(sites, np.sin(9 * sites[:, 1]), ((1,),))
    assert fitted.kernel.lengths[1] < 0.5  # it began at one and at e
    assert np.abs(fitted.left_out).max() < 0.01
