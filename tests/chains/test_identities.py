"""Identities of chains: in random accounts, with duties and idle sectors, and in equilibria."""

from typing import Any

import numpy as np
import pytest

from accord.chains.comparison import compare_chains
from accord.chains.equations import trade_created, trade_diverted
from accord.chains.plan import ChainsPlan
from accord.chains.solver import solve_chains
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.chains.plans import random_plan
from tests.trade.worlds import SIZES, draw_model, draw_tariff

ACCOUNTS: dict[str, dict[str, Any]] = {
    "plain": {"seed": 1}, "with duties": {"seed": 2, "duty": 0.2},
    "idle sectors": {"seed": 3, "idle": 0.3, "duty": 0.1},
    "one region": {"seed": 4, "regions": 1}, "one sector": {"seed": 5, "sectors": 1},
    "many": {"seed": 6, "regions": 9, "sectors": 7},
}  # fmt: skip


def accounts_of(model, *, flows, tariff):
    return ChainsPlan.from_equilibrium(
        flows=flows, tariff=tariff, value_added_share=model.value_added_share,
        input_share=model.input_share, labels=(model.regions, model.sectors),
    )  # fmt: skip


@pytest.fixture(scope="module", params=ACCOUNTS)
def solution(request):
    return solve_chains(random_plan(**ACCOUNTS[request.param]))


def test_value_added_by_source_and_duty_are_final_use(solution):
    value, final = solution.value, solution.plan.final
    named = value.value_added.sum(axis=(0, 1)) + value.duty
    assert named == pytest.approx(final.sum(axis=(0, 1)), rel=1e-12)
    made = solution.plan.value_added
    if made is not None:
        assert value.value_added.sum(axis=2) == pytest.approx(made, abs=1e-9)


def test_a_unit_of_output_is_value_added_and_duty(solution):
    value = solution.value
    whole = value.content.sum(axis=0) + value.duty_content
    assert whole[value.output > 0] == pytest.approx(1.0)


def test_looking_through_shows_at_least_what_is_bought_directly(solution):
    value = solution.value
    assert (value.look_through >= value.direct - 1e-12).all()
    assert (value.direct >= 0).all()


def test_looking_through_is_every_stage_after_the_first(solution):
    """Inputs, inputs of inputs and so on, added up one by one."""
    plan = solution.plan
    cells = plan.output.size
    output = np.where(plan.output.ravel() > 0, plan.output.ravel(), 1.0)
    step = plan.use.reshape(cells, cells) / output
    added, power = np.zeros_like(step), np.eye(cells)
    for _ in range(400):
        power = power @ step
        added += power
    by_region = added.reshape(len(plan.regions), -1, cells).sum(axis=1)
    assert solution.value.look_through.reshape(by_region.shape) == pytest.approx(by_region)


def test_gross_exports_are_what_they_consist_of(solution):
    exports = solution.value.exports
    assert exports.kww.sum(axis=1) == pytest.approx(exports.gross.sum(axis=1))
    for content in (exports.by_source, exports.by_sink):
        assert content.total == pytest.approx(exports.gross)
        for part in (content.domestic, content.foreign):
            assert (part >= -1e-9).all()


def test_the_ways_to_split_exports_agree_on_each_exporter(solution):
    exports = solution.value.exports
    source, sink, kww = exports.by_source, exports.by_sink, exports.kww
    assert source.domestic.sum(axis=1) == pytest.approx(sink.domestic.sum(axis=1))
    assert source.domestic_double.sum(axis=1) == pytest.approx(kww[:, 5], abs=1e-9)
    assert source.domestic.sum(axis=1) == pytest.approx(kww[:, :5].sum(axis=1))
    assert exports.value_added.sum(axis=1) == pytest.approx(kww[:, :3].sum(axis=1))
    assert source.foreign.sum(axis=1) + source.foreign_double.sum(axis=1) == pytest.approx(
        kww[:, 6:9].sum(axis=1), abs=1e-9
    )


def test_lengths_on_either_side_have_one_mean(solution):
    value = solution.value
    assert value.upstreamness.min() >= 1
    assert value.downstreamness.min() >= 1
    weighted = [(value.output * length).sum() for length in
                (value.upstreamness, value.downstreamness)]  # fmt: skip
    assert weighted[0] == pytest.approx(weighted[1])


def test_shares_and_their_concentration(solution):
    value = solution.value
    whole = value.import_share.sum(axis=1)
    traded = value.imports.sum(axis=1) > 0
    assert whole[traded] == pytest.approx(1.0)
    assert (whole[~traded] == 0).all()
    few = traded.sum() and 1 / max(len(solution.plan.regions) - 1, 1)
    assert (value.concentration[traded] >= few - 1e-12).all()
    assert (value.concentration <= 1 + 1e-12).all()


def test_regions_in_another_order_have_the_same_figures():
    plan = random_plan(seed=8, duty=0.1)
    order = np.array([2, 0, 3, 1])
    turned = ChainsPlan(
        plan.use[order][:, :, order],
        plan.final[order][:, :, order],
        tuple(np.array(plan.regions)[order].tolist()), plan.sectors,
        value_added=plan.value_added[order],
    )  # fmt: skip
    value, other = solve_chains(plan).value, solve_chains(turned).value
    assert other.exports.kww == pytest.approx(value.exports.kww[order])
    assert other.look_through == pytest.approx(value.look_through[np.ix_(order, order)])
    assert other.exports.by_sink.foreign == pytest.approx(
        value.exports.by_sink.foreign[np.ix_(order, order)]
    )


@pytest.mark.parametrize("size", SIZES)
def test_an_equilibrium_before_and_after_a_shock_is_an_account(size):
    rng = np.random.default_rng(11)
    model = draw_model(rng, size)
    after = solve_trade(model, TradeShock(tariff=draw_tariff(rng, model))).value
    plans = (
        accounts_of(model, flows=model.flows, tariff=model.tariff),
        accounts_of(model, flows=after.flows, tariff=after.tariff),
    )
    for plan, income, revenue in zip(
        plans,
        (model.income, after.income),
        ((model.flows * model.tariff).sum(axis=(1, 2)), after.tariff_revenue),
        strict=True,
    ):
        solution = solve_chains(plan)
        assert np.max([*solution.residuals.values()]) < 1e-9
        value = solution.value
        made = value.value_added.sum(axis=(1, 2))
        assert made == pytest.approx((model.value_added_share * value.output).sum(axis=1))
        spent = plan.final.sum(axis=(0, 1))
        paid = value.output.sum(axis=1) * 0 + revenue
        on_inputs = plan.output.sum(axis=1) - plan.inputs.sum(axis=1) - made
        assert spent + paid - on_inputs == pytest.approx(income)


def test_created_and_diverted_trade_is_the_change():
    rng = np.random.default_rng(3)
    before, after = rng.uniform(0, 5, (2, 4, 4, 3))
    before[0, :, 1] = 0.0
    made, moved = trade_created(before, after), trade_diverted(before, after)
    assert made + moved == pytest.approx(after - before)
    there = before.sum(axis=1) > 0
    assert moved.sum(axis=1)[there] == pytest.approx(0.0, abs=1e-12)
    grown = 1.3 * before
    assert trade_diverted(before, grown) == pytest.approx(np.zeros_like(before), abs=1e-12)


def test_a_duty_on_one_exporter_diverts_trade_to_the_others():
    rng = np.random.default_rng(5)
    model = draw_model(rng, (5, 3))
    tariff = model.tariff.copy()
    tariff[0, 1] += 0.3
    after = solve_trade(model, TradeShock(tariff=tariff)).value
    pair = [
        solve_chains(accounts_of(model, flows=flows, tariff=duty))
        for flows, duty in ((model.flows, model.tariff), (after.flows, after.tariff))
    ]
    shift = compare_chains(*pair)
    assert shift.diverted[0, 1].sum() < 0 < shift.diverted[0, 2:].sum()
    assert shift.created[0].sum() < 0
    assert shift.look_through[1, 0].sum() < 0
    same = compare_chains(pair[0], pair[0])
    assert np.abs(same.created).max() == np.abs(same.look_through).max() == 0
