"""A bargain over the terms of a package: prices, agreements, least changes, and an honest no."""

from dataclasses import replace

import numpy as np
import pytest

from accord.assessment.bargain.concession_prices import price_terms
from accord.assessment.bargain.least_change import find_least_changes
from accord.assessment.bargain.movable_package import screen
from accord.assessment.bargain.over_terms import bargain_over_terms
from accord.core.numerics.surrogate import SurrogateConfig
from tests.assessment.movable_packages import BASE, ENTRIES, entry, make_movable, worth

CONFIG = SurrogateConfig(mixed=6, held_out=6, rounds=2, probes=5)


@pytest.fixture(scope="module")
def bargain():
    return bargain_over_terms(make_movable(), config=CONFIG)


def test_prices_are_slopes_per_step():
    prices = price_terms(make_movable())
    cars, cash, cap = prices.rows
    assert prices.payoffs == pytest.approx(worth({}))
    assert cars.price == pytest.approx([0.01 * (100 - 600 * 0.15), -2.0], abs=1e-9)
    assert cash.price[0] == pytest.approx(0.2)  # the cap binds above, so one side is nothing
    assert cash.is_bent
    assert cap.up == pytest.approx([0.0, 0.0], abs=1e-9)
    assert not cars.is_bent


def test_one_step_and_what_makes_up_for_it_leave_a_side_indifferent():
    prices = price_terms(make_movable())
    for party in (0, 1):
        rates = prices.exchange(party)
        steps = np.array([row.price[party] for row in prices.rows])
        assert steps[:, None] + rates * steps[None, :] == pytest.approx(np.zeros((3, 3)), abs=1e-9)
        assert np.diag(rates) == pytest.approx([-1.0] * 3)


def test_a_term_at_its_bound_is_priced_from_inside():
    movable = replace(make_movable(), base=np.array([0.0, 350e9, 50e9]))
    cars, cash, _ = price_terms(movable).rows
    assert np.isnan(cars.down).all()
    assert np.isnan(cash.up).all()
    assert cars.price == pytest.approx(cars.up)
    assert cash.price == pytest.approx(-cash.down)


def test_a_term_worth_nothing_makes_up_for_nothing():
    idle = entry("visas", (0, 20_000), 1000, "thousand")
    movable = replace(make_movable(), entries=(*ENTRIES, idle), base=np.append(BASE, 0.0))
    prices = price_terms(movable)
    assert prices.rows[3].price == pytest.approx([0.0, 0.0])
    assert np.isnan(prices.exchange(0)[:, 3]).all()
    kept, left = screen(movable)
    assert kept.names == ("cars", "cash", "cap")
    assert [term.name for term in left] == ["visas"]


def test_agreements_are_evaluated_and_best_by_their_own_rule(bargain):
    assert bargain.zone.exists
    assert set(bargain.agreements) == {"nash", "kalai_smorodinsky", "egalitarian", "utilitarian"}
    names = bargain.movable.names
    for agreement in bargain.agreements.values():
        values = dict(zip(names, agreement.terms, strict=True))
        assert agreement.payoffs == pytest.approx(worth(values))
        assert (agreement.payoffs >= 0).all()
    product = {rule: agreement.payoffs.prod() for rule, agreement in bargain.agreements.items()}
    assert product["nash"] == max(product.values())
    total = {rule: agreement.payoffs.sum() for rule, agreement in bargain.agreements.items()}
    assert total["utilitarian"] == max(total.values())
    grid = [
        worth({"cars": cars, "cash": cash, "cap": 50e9})
        for cars in np.linspace(0, 0.25, 26)
        for cash in np.linspace(10e9, 350e9, 69)
    ]
    best = max(gains.prod() for gains in grid if (gains >= 0).all())
    assert product["nash"] > 0.95 * best


def test_the_least_change_of_a_rejected_package_is_accepted_and_least(bargain):
    assert not bargain.is_accepted
    by_term = {bargain.movable.names[change.terms[0]]: change for change in bargain.changes}
    cash = by_term["cash"]
    assert (cash.payoffs >= 0).all()
    paid = cash.values[0] / 1e9
    root = (-0.35 + np.sqrt(0.35**2 + 4 * 2e-4 * 30)) / (2 * 2e-4)
    assert root - 2 < paid <= root
    for pair in bargain.pairs:
        alone = [by_term[bargain.movable.names[at]].size for at in pair.terms
                 if bargain.movable.names[at] in by_term]  # fmt: skip
        assert pair.size < min(alone, default=1)
        assert (pair.payoffs >= 0).all()


def test_changes_that_do_not_exist_are_not_made_up(bargain):
    floor = np.array([1e4, 1e4])
    assert find_least_changes(bargain.movable, bargain.surrogate, floor) == ((), ())


def test_no_zone_is_an_answer_with_the_smallest_payment():
    outcome = bargain_over_terms(make_movable(cost=60.0), config=CONFIG)
    assert not outcome.has_zone
    assert outcome.agreements == {}
    assert outcome.changes == ()
    opening = outcome.opening
    assert opening.amount > 0
    assert opening.terms is not None
    assert opening.payoffs == pytest.approx(worth(dict(zip(outcome.movable.names, opening.terms,
                                                  strict=True)), 60.0))  # fmt: skip
    best = max(
        worth({"cars": cars, "cash": cash, "cap": 50e9}, 60.0).sum()
        for cars in np.linspace(0, 0.25, 26)
        for cash in np.linspace(10e9, 350e9, 341)
    )
    assert -best - 0.01 <= opening.outside < -best + 3.0
    assert (opening.payoffs + opening.transfer >= -1e-9).all()
