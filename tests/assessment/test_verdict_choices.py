"""What the verdict makes of tariffs that end, of several sets of elasticities, and of time."""

from dataclasses import replace

import numpy as np

from accord.assessment.valuation.cash_flows import move_pair
from accord.assessment.valuation.valuation import build_valuation
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.trade.path.sourcing import Sourcing
from tests.assessment.verdicts import small_result


def test_tariffs_certain_to_fall_next_year_are_worth_a_year_at_today_s_elasticities() -> None:
    valuation = small_result().valuation
    package, centre = valuation.packages[1], valuation.centre
    gone = valuation.components(package, centre.with_values(removal=1.0), "dated")
    kept = valuation.components(package, centre.with_values(removal=0.0), "dated")
    np.testing.assert_array_equal(gone[:, 0, 0], kept[:, 0, 0])
    traces = np.abs(gone[0, 0, 1:]).max(axis=1)
    assert (np.diff(traces) < 0).all()  # what buyers chose in that year fades
    assert traces[-1] < 0.1 * np.abs(kept[0, 0]).max()
    np.testing.assert_array_equal(gone[:, 1:], kept[:, 1:])


def test_money_that_hangs_on_the_tariffs_ends_with_them_and_other_money_does_not() -> None:
    valuation = small_result().valuation
    package = valuation.packages[1]
    flows = package.cash_flows[0]
    hung = replace(flows, facilities=tuple(replace(part, hangs=True) for part in flows.facilities))
    rate = valuation.clock.real_rate("KOR")

    def moved(cash_flows, removal):
        inputs = valuation.centre.with_values(removal=removal, removal_luck=0.5)
        return move_pair(cash_flows, inputs, rate)

    free, kept, ended = moved(flows, 0.2), moved(hung, 0.0), moved(hung, 0.2)
    for name in ("called", "out", "back", "capacity"):
        np.testing.assert_allclose(getattr(kept, name), getattr(free, name), rtol=1e-12)
    years = int(np.argmax(ended.called[0] == 0))
    np.testing.assert_allclose(ended.called[0, :years], free.called[0, :years])
    assert 0 < years < len(valuation.clock.years)
    assert ended.called[0, years:].max() == 0
    share = ended.called.sum() / free.called.sum()
    np.testing.assert_allclose(ended.back[0, -1], share * free.back[0, -1])
    assert 0 < share < 1

    behind = tuple(replace(part, before=part.called) for part in hung.facilities)
    called_no_more = tuple(replace(part, called=0 * part.called) for part in behind)
    later = replace(hung, facilities=called_no_more)
    np.testing.assert_allclose(moved(later, 0.2).back, share * free.back, rtol=1e-9)
    assert moved(later, 0.2).called.max() == 0


def test_the_centre_is_the_mean_over_the_sets_of_elasticities() -> None:
    valuation = small_result().valuation
    package, sets = valuation.packages[1], len(valuation.solvers[0].sets)
    every = valuation.centre.with_values(weights=np.eye(sets))
    one_by_one = valuation.components(package, every, "dated")
    centre = valuation.components(package, valuation.centre, "dated")
    assert sets > 1
    np.testing.assert_allclose(centre[0], one_by_one.mean(axis=0), rtol=1e-9, atol=1e-12)


def test_elasticities_equal_at_every_horizon_give_the_long_run(monkeypatch) -> None:
    result = small_result()
    name = "accord.assessment.valuation.valuation"
    monkeypatch.setattr(f"{name}.SOURCING_RATIO", 1.0)
    monkeypatch.setattr(f"{name}.CENTRAL_SOURCING", Sourcing(ratio=1.0))
    equal = build_valuation(result.snapshot, NodeCache())
    settings = replace(result.settings, sourcing="at_once", draws=0)
    at_once = build_valuation(replace(result.snapshot, settings=settings), NodeCache())
    assert (len(equal.solvers), len(at_once.solvers)) == (2, 1)
    assert at_once.exact.slow is None
    values = [
        side.components(side.packages[1], equal.centre, "dated", exact=True)
        for side in (equal, at_once)
    ]
    np.testing.assert_allclose(values[0], values[1], rtol=1e-5, atol=1e-6)
