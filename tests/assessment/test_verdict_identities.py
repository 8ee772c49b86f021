"""The verdict counts nothing twice, components add up, its path is that of single solves."""

import tracemalloc
from dataclasses import asdict, replace

import numpy as np
import pytest

from accord.assessment.valuation.cash_flows import CashFlows, FacilityFlows
from accord.assessment.valuation.equations import COMPONENTS, annuities, present_value
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.payoff import (
    build_clock,
    value_components,
)
from accord.assessment.valuation.quantities import build_quantities
from accord.assessment.valuation.uncertainty import central_inputs, draw_inputs
from accord.assessment.valuation.valuation import build_valuation, with_surface
from accord.assessment.valuation.verdict import build_verdict, sample_payoffs
from accord.assessment.valuation.welfare.exact import Exact
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.valuation.welfare.surface import TradeResponse
from accord.core.numerics.variance import share_variance
from accord.lowering.tariff_path import TIMELINES, TariffPath
from accord.lowering.taxes.rates import Levies
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import Sourcing
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.assessment.verdicts import party, small_result

TRANSFER, TERMS, PROFIT = (
    COMPONENTS.index(name) for name in ("transfer", "terms_of_trade", "profit")
)
YEARS = 12
FIRST_SET = np.eye(4)[0]


def valued(called, back, displacement, *, out=None, home=None, private=False):
    """Return the components of a package of money alone: nothing built, no tariff changed."""
    result = small_result()
    model, clock = result.model, build_clock(result.deal, result.world)
    none = np.zeros((1, YEARS))
    mix = np.full(len(model.sectors), 1 / len(model.sectors))
    paid, got = (none if flow is None else np.array([flow]) for flow in (out, home))
    money = FacilityFlows(
        "money", np.array([called]), none, np.array([back]), none, none, none, paid, got, none,
        displacement=displacement, private=private,
    )  # fmt: skip
    cash_flows = CashFlows("KOR", "USA", (money,), mix, mix)
    still = TariffPath((Levies(np.asarray(model.tariff)),), np.zeros(YEARS, dtype=int))
    paths = dict.fromkeys(TIMELINES, still)
    nothing = PackageInputs("no_deal", (), build_quantities((), model), paths, still, {}, {})
    package = PackageInputs(
        "money", (cash_flows,), build_quantities((cash_flows,), model), paths, still, {}, {}
    )
    valuation = build_valuation(result.snapshot, NodeCache())
    inputs = central_inputs(len(valuation.solvers[0].sets)).with_values(weights=FIRST_SET)
    components = value_components(
        package, nothing, TradeResponse(Exact(valuation.solvers[-1])),
        clock=clock, inputs=inputs, timeline="dated", regions=model.regions,
    )  # fmt: skip
    return result, valuation, inputs, components


def test_a_pure_transfer_costs_what_it_moves_and_its_effect_on_prices() -> None:
    called = np.zeros(YEARS)
    called[2] = 20.0
    result, valuation, inputs, components = valued(called, np.zeros(YEARS), 0.0)
    korea, usa = party(result, "KOR"), party(result, "USA")
    growth = float(valuation.clock.growth(inputs)[0, 2])
    transfer = np.zeros(len(result.model.regions))
    transfer[usa], transfer[korea] = 20.0 / growth, -20.0 / growth
    model = valuation.solvers[-1].models[0]
    alone = solve_trade(model, TradeShock(transfer=transfer)).value.welfare * model.income
    whole = components[0].sum(axis=0)
    np.testing.assert_allclose(whole[2], growth * alone, rtol=1e-9, atol=1e-9)
    assert components[0, TRANSFER, 2, korea] == -20.0
    assert components[0, TRANSFER, 2, usa] == 20.0
    np.testing.assert_allclose(
        components[0, TERMS, 2, korea], growth * alone[korea] + 20.0, rtol=1e-9, atol=1e-9
    )
    assert components[0, TERMS, 2, korea] < 0 < components[0, TERMS, 2, usa]
    assert np.abs(np.delete(whole, 2, axis=0)).max() < 1e-9


def test_what_others_are_paid_changes_the_payer_alone() -> None:
    out, home = np.zeros(YEARS), np.zeros(YEARS)
    out[1], home[4] = 7.0, 3.0
    none = np.zeros(YEARS)
    result, _, _, components = valued(none, none, 0.0, out=out, home=home)
    korea = party(result, "KOR")
    assert components[0, TRANSFER, 1, korea] == -7.0
    assert components[0, PROFIT, 4, korea] == 3.0
    assert np.abs(components[0]).sum() == pytest.approx(10.0, abs=1e-6)


def test_a_fully_displaced_investment_that_earns_the_displaced_return_is_worth_nothing() -> None:
    called = np.zeros(YEARS)
    called[:3] = [5.0, 8.0, 2.0]
    clock = build_clock(small_result().deal, small_result().world)
    rate = clock.real_rate("KOR")
    premium = central_inputs(1).risk_premium
    back = annuities(called[None], rate + premium)[0]
    result, valuation, inputs, components = valued(called, back, 1.0)
    assert back.sum() > 15.0
    assert np.abs(components[0].sum(axis=0)).max() < 1e-9
    np.testing.assert_allclose(components[0, PROFIT], -components[0, TRANSFER], atol=1e-12)
    factors = valuation.clock.factors(inputs, result.model.regions)
    assert np.abs(present_value(components, factors)).sum() > 1.0
    assert np.abs(present_value(components, factors).sum(axis=1)).max() < 1e-9


def test_private_money_that_would_have_come_anyway_changes_nothing() -> None:
    """It is the same investment with and without the deal, whatever it earns."""
    called, back = np.zeros(YEARS), np.zeros(YEARS)
    called[:3], back[4:] = [5.0, 8.0, 2.0], 1.5
    *_, anyway = valued(called, back, 1.0, private=True)
    assert np.abs(anyway).max() < 1e-12
    *_, added = valued(called, back, 0.0, private=True)
    *_, public = valued(called, back, 0.0)
    np.testing.assert_allclose(added, public, atol=1e-12)
    assert np.abs(valued(called, back, 1.0)[-1]).max() > 1.0
    # What is additional is in proportion where it moves no prices: money sent and profits.
    result, *_, half = valued(called, back, 0.5, private=True)
    for component in (TRANSFER, PROFIT):
        np.testing.assert_allclose(
            half[0, component, :, party(result, "KOR")],
            added[0, component, :, party(result, "KOR")] / 2,
        )


def test_displaced_assets_would_have_paid_back_what_they_cost() -> None:
    rng = np.random.default_rng(3)
    invested = rng.uniform(0, 10, size=(4, 30))
    rate = np.array([0.0, 0.02, 0.05, 0.11])
    paid = annuities(invested, rate)
    discount = (1 + rate[:, None]) ** -np.arange(30)
    value, cost = (discount * paid).sum(axis=1), (discount * invested).sum(axis=1)
    np.testing.assert_allclose(value, cost, rtol=1e-9)
    assert (paid[:, 0] == 0).all()


@pytest.mark.parametrize("timeline", TIMELINES)
def test_money_is_valued_as_independent_solves_year_by_year(timeline) -> None:
    """What money and building add is the difference of equilibria with and without them.

    One set of elasticities, at both speeds; the second year adds what buyers who chose anew after
    the first have changed.
    """
    result = small_result()
    valuation = build_valuation(result.snapshot, NodeCache())
    package = valuation.packages[1]
    centre = valuation.centre.with_values(weights=FIRST_SET)
    gains = valuation.components(package, centre, timeline, exact=True)[0]
    apart = ("tariff", "receipts_risk", "later", "risk")
    added = np.delete(gains, [COMPONENTS.index(name) for name in apart], axis=0).sum(axis=0)
    solved = [
        [_gain(valuation, centre, timeline, solver, year=year) for year in (0, 1)]
        for solver in valuation.solvers
    ]
    at_once, long_run = np.array(solved)
    speed, growth = centre.sourcing[0], valuation.clock.growth(centre)[0]
    expected = [at_once[0], at_once[1] + speed * (long_run[0] - at_once[0])]
    for year in (0, 1):
        whole = growth[year] * expected[year] + _direct(valuation, package, centre, year)
        np.testing.assert_allclose(added[year], whole, rtol=1e-9, atol=1e-9)
    amounts = _amounts(valuation, package, centre)
    assert amounts.tied.max() > 0.1
    assert amounts.capacity.max() > 0.1


def test_tariffs_that_last_are_valued_as_if_every_year_were_solved() -> None:
    result = small_result()
    valuation = build_valuation(result.snapshot, NodeCache())
    package, nothing = valuation.packages[1], valuation.packages[0]
    centre = valuation.centre.with_values(weights=FIRST_SET, removal=0.0)
    tariff = valuation.components(package, centre, "dated")[0, COMPONENTS.index("tariff")]
    model = valuation.solvers[-1].models[0]
    sourcing = Sourcing(speed=float(centre.sourcing[0]))
    with_deal, without = (
        solve_trade_path(
            model,
            [TradeShock(tariff=_tariff(side.paths["dated"], year)) for year in range(YEARS)],
            sourcing=sourcing,
        ).value.welfare
        for side in (package, nothing)
    )
    growth = valuation.clock.growth(centre)[0][:, None]
    expected = growth * model.income * (with_deal - without)
    assert np.abs(tariff - expected).max() < 0.02 * np.abs(expected).max()


def _gain(valuation, centre, timeline, solver, *, year):
    """Return what money adds to the tariffs of a package, at the size of the baseline."""
    package = valuation.packages[1]
    model, growth = solver.models[0], float(valuation.clock.growth(centre)[0, year])
    amounts, flows = _amounts(valuation, package, centre), package.cash_flows[0]
    korea, usa = (model.regions.index(name) for name in ("KOR", "USA"))
    transfer = np.zeros(len(model.regions))
    transfer[usa] = amounts.cash[0, year] / growth
    transfer[korea] = -transfer[usa]
    spending = np.zeros((len(model.regions), len(model.sectors)))
    spending[usa] = amounts.placed[0, year] / growth * flows.spending
    spending[korea] = amounts.tied[0, year] / growth * flows.spending
    productivity = np.ones(spending.shape)
    productivity[usa] += amounts.capacity[0, year] / growth * flows.output / model.sales[usa]
    alone = TradeShock(tariff=_tariff(package.paths[timeline], year))
    shock = replace(alone, transfer=transfer, spending=spending, productivity=productivity)
    with_money, none = (solve_trade(model, change).value.welfare for change in (shock, alone))
    return model.income * (with_money - none)


def _direct(valuation, package, centre, year):
    """Return what is delivered in kind, less building the host does without."""
    amounts, regions = _amounts(valuation, package, centre), valuation.clock.regions
    direct = np.zeros(len(regions))
    direct[regions.index("KOR")] = -amounts.tied[0, year]
    direct[regions.index("USA")] = amounts.tied[0, year] - amounts.cost[0, year]
    return direct


def _amounts(valuation, package, centre):
    from accord.assessment.valuation.payoff import move_amounts

    return move_amounts(package, valuation.clock, centre)[0]


def _tariff(path, year):
    return path.regimes[path.by_year[year]].tariff


def test_components_add_up_to_payoffs_in_every_table() -> None:
    result = small_result()
    payoffs = result.to_frame("payoffs").set_index(["package", "timeline", "region"])["payoff"]
    frame = result.to_frame("payoff_components")
    components = frame.groupby(["package", "timeline", "region"])["value"]
    np.testing.assert_allclose(components.sum()[payoffs.index], payoffs, rtol=1e-9, atol=1e-9)
    years = result.to_frame("payoff_years")
    years["present"] = years["value"] * years["discount_factor"]
    by_party = years.groupby(["package", "timeline", "party"])["present"].sum()
    by_party = by_party.rename_axis(payoffs.index.names)
    np.testing.assert_allclose(by_party, payoffs[by_party.index], rtol=1e-9, atol=1e-9)


def test_the_surface_errs_by_less_than_one_per_cent_of_the_interval() -> None:
    result = small_result()
    verdict, valuation = result.verdict, result.valuation
    rows = verdict.inputs.rows(np.array([0, 13, 40]))
    package = valuation.packages[1]
    for timeline in TIMELINES:
        exact = valuation.payoffs(package, rows, timeline, exact=True).sum(axis=1)
        quick = valuation.payoffs(package, rows, timeline).sum(axis=1)
        low, _, high = verdict.interval("deal", timeline)
        assert (np.abs(quick - exact).max(axis=0) / (high - low)).max() < 0.01


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    result = small_result()
    first, again = result.verdict, build_verdict(result.snapshot, NodeCache())
    np.testing.assert_array_equal(first.draws("deal"), again.draws("deal"))
    np.testing.assert_array_equal(first.payoff("deal"), again.payoff("deal"))
    assert str(asdict(first.sensitivity)) == str(asdict(again.sensitivity))
    other = replace(result.snapshot, settings=replace(result.settings, seed=5))
    assert not np.array_equal(first.draws("deal"), build_verdict(other, NodeCache()).draws("deal"))


def test_draws_are_common_to_all_packages_and_hold_the_central_case() -> None:
    verdict = small_result().verdict
    assert verdict.draws("no_deal").shape == verdict.draws("deal").shape
    assert np.abs(verdict.draws("no_deal")).max() == 0.0
    for name in ("USA", "KOR"):
        at = verdict.regions.index(name)
        low, median, high = verdict.interval("deal")[:, at]
        assert low < verdict.payoff("deal")[at] < high
        assert low < median < high


def test_a_threshold_is_where_the_payoff_is_zero() -> None:
    result = small_result()
    valuation = result.valuation
    turns = [item for item in result.verdict.sensitivity.thresholds if np.isfinite(item.value)]
    assert turns
    for item in turns:
        inputs = valuation.centre.with_values(**{item.parameter: item.value})
        package = valuation.packages[1]
        value = valuation.payoffs(package, inputs, "dated", regions=[item.party]).sum()
        ends = [
            valuation.payoffs(
                package, valuation.centre.with_values(**{item.parameter: end}), "dated",
                regions=[item.party],
            ).sum()
            for end in (item.low, item.high)
        ]  # fmt: skip
        assert abs(value) < 0.02 * max(abs(end) for end in ends)


def test_shares_of_variance_are_shares() -> None:
    drivers = small_result().verdict.sensitivity.drivers
    for name in ("USA", "KOR"):
        totals = [item.total for item in drivers if item.party == name]
        assert max(totals) > 0.2
        assert sum(item.first for item in drivers if item.party == name) < 1.3
        assert min(totals) > -0.05
        assert max(totals) <= 1.0


def test_an_estimated_share_comes_with_its_error_and_never_exceeds_one() -> None:
    """One unknown that decides everything: its share is one, and estimates scatter around that."""
    rng = np.random.default_rng(11)
    first, second = rng.normal(size=(2, 1, 4096))
    mixed = np.stack([second, first])  # the unknown that decides, and one that does not
    shares = share_variance(first, second, mixed)
    assert abs(shares.total[0, 0] - 1.0) < 4 * shares.total_error[0, 0] < 0.2
    assert [part[1, 0] for part in (shares.total, *shares[2:])] == [0.0, 0.0, 0.0]
    drivers = small_result().verdict.sensitivity.drivers
    assert all(item.first <= 1 and item.total <= 1 for item in drivers)
    assert all(np.isfinite(item.first_error) and item.total_error >= 0 for item in drivers)


def test_draws_are_valued_block_by_block_with_the_same_figures(monkeypatch) -> None:
    result = small_result()
    valuation, inputs = result.valuation, result.verdict.inputs
    package = valuation.packages[1]
    whole = valuation.payoffs(package, inputs, "dated")
    monkeypatch.setattr("accord.assessment.valuation.verdict.BLOCK", 9)
    blocks = sample_payoffs(valuation, package, inputs, "dated")
    np.testing.assert_allclose(blocks, whole, rtol=1e-12, atol=1e-12)


def test_memory_grows_with_a_block_and_not_with_the_draws(monkeypatch) -> None:
    result = small_result()
    valuation = result.valuation
    package = valuation.packages[1]
    monkeypatch.setattr("accord.assessment.valuation.verdict.BLOCK", 32)

    def peak(count: int) -> int:
        inputs = draw_inputs(valuation.centre, count, seed=1, order=valuation.order)
        tracemalloc.start()
        kept = sample_payoffs(valuation, package, inputs, "dated").nbytes
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most - 2 * kept

    assert peak(512) < 1.5 * peak(32)


def test_chances_are_those_of_the_sample() -> None:
    verdict = small_result().verdict
    table = small_result().to_frame("payoffs")
    for row in table.to_dict("records"):
        at = verdict.packages.index(row["package"]), verdict.regions.index(row["region"])
        draws = verdict.sample[row["timeline"]][:, at[0], :, at[1]].sum(axis=1)
        assert row["gain_chance"] == np.mean(draws > 0)
        assert row["low"] <= row["median"] <= row["high"]


def test_surfaces_need_no_solve_the_second_time(tmp_path) -> None:
    result = small_result()
    inputs, efforts = result.verdict.inputs, []
    for _ in range(2):
        valuation = build_valuation(result.snapshot, NodeCache(tmp_path))
        covered = with_surface(valuation, inputs)
        covered.payoffs(covered.packages[1], inputs, "dated")
        efforts.append(covered.solvers[0].effort)
    assert efforts[0].solved > 50
    assert (efforts[1].solved, efforts[1].kept > 50) == (0, True)
