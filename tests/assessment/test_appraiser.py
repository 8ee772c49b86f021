"""Payoffs of changed packages: those of the verdict, with nothing worked out twice."""

import threading

import numpy as np
import pytest

import accord.assessment.valuation.appraiser as module
from accord.assessment.assess import assess
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.valuation.appraiser import Appraiser
from accord.assessment.valuation.payoff import value_components
from accord.assessment.valuation.uncertainty import central_inputs, find_parameters
from accord.assessment.valuation.valuation import (
    build_central_surface,
    build_surface,
    build_valuation,
)
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.deal.load import read_deal
from tests.assessment.verdicts import DEAL, small_result

TERMS = (
    DEAL
    + """
[terms]
[[terms.term]]
name = "rate"
title = "the tariff"
where = { kind = "tariff", basis = "232" }
field = "rate"
low = 0.0
high = 0.25
step = 0.01
unit = "%"
[[terms.term]]
name = "cash"
title = "the cash"
where = { kind = "investment" }
field = "amount"
low = 10e9
high = 90e9
step = 1e9
unit = "bn USD"
"""
)
STILL: dict[str, float] = {}
TARIFF, CASH, BOTH = {"rate": 0.1}, {"cash": 30e9}, {"rate": 0.1, "cash": 30e9}


@pytest.fixture
def followed(monkeypatch):
    """What money is followed, and by which thread."""
    calls = []

    def count(deal, names, config):
        calls.append((tuple(names), threading.get_ident()))
        return solve_package_finance(deal, names, config)

    monkeypatch.setattr(module, "solve_package_finance", count)
    return calls


def appraise(changes, *, announced=False):
    """Payoffs of the package with each change of its terms, by one appraiser."""
    result = small_result()
    appraiser = Appraiser(result.world, result.settings)
    deal = read_deal(TERMS, world=result.world)
    deals = [deal.vary(change, package="deal") for change in changes]
    if announced:
        appraiser.announce(deals, "deal")
    return np.array([appraiser.payoff(deal, "deal") for deal in deals])


def test_the_payoff_of_a_package_is_that_of_the_verdict():
    verdict = small_result().verdict
    (payoff,) = appraise([STILL])
    expected = verdict.payoff("deal", "dated")
    assert np.abs(payoff - expected).max() < 1e-6 * np.abs(expected).max()


def test_money_is_followed_anew_only_where_it_moved(followed):
    changes = (STILL, TARIFF, CASH, BOTH, STILL)
    alone = [appraise([change])[0] for change in changes]
    followed.clear()
    np.testing.assert_array_equal(appraise(changes), alone)
    assert [names for names, _ in followed].count(("deal",)) == 2


def test_what_is_announced_is_followed_by_other_threads_to_the_same_figures(followed):
    changes = (STILL, CASH, BOTH)
    plain = appraise(changes)
    followed.clear()
    np.testing.assert_array_equal(appraise(changes, announced=True), plain)
    by = {thread for names, thread in followed if names == ("deal",)}
    assert threading.get_ident() not in by


def test_a_surface_by_regime_is_nearer_to_every_year_solved_and_solves_less(tmp_path):
    ruled = """[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["all"]
rate = 0.15
rule = "add"
basis = "IEEPA"
from = 2025-08-01
[[package.clause]]
kind = "investment"
"""
    text = DEAL.replace('[[package.clause]]\nkind = "investment"\n', ruled)
    world = small_result().world
    result = assess(read_deal(text, world=world), world=world, settings=small_result().settings)

    def value(name):
        valuation = build_valuation(result.snapshot, NodeCache(tmp_path / name))
        nothing, package = valuation.packages
        inputs = central_inputs(len(valuation.solvers[0].sets), find_parameters(result.deal))
        build = {"exact": None, "all": build_surface, "regime": build_central_surface}[name]
        economy = valuation.exact
        if build is not None:
            economy = build(valuation.solvers, valuation.packages, valuation.clock, inputs)
        gains = value_components(
            package, nothing, economy, clock=valuation.clock, inputs=inputs, timeline="dated",
            regions=valuation.clock.regions,
        )  # fmt: skip
        return gains, valuation.solvers[-1].effort.solved

    exact, _ = value("exact")
    whole, many = value("all")
    own, few = value("regime")
    assert few < many
    size = np.abs(exact).max()
    assert np.abs(own - exact).max() <= np.abs(whole - exact).max() + 1e-9 * size
    assert np.abs(own - exact).max() < 1e-5 * size
