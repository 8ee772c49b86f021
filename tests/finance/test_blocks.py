"""Paths are worked out in blocks: memory stays small, and no figure knows how they were divided."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import fields, replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.core.errors import InputError
from accord.deal.checks import durations
from accord.finance import draws, solver
from accord.finance import plan as plans
from accord.finance.config import FinanceConfig
from accord.finance.construction.projects import LabourSupply, Visas, count_each, count_projects
from accord.finance.draws import draw, draw_blocks
from accord.finance.instruments import Equity, Loan
from accord.finance.plan import Facility, FinancePlan, Pace
from accord.finance.rates import RateTerms
from accord.finance.solver import solve_finance
from tests.finance.plans import KIND, cash_plan, draw_plan

PATHS = 12
MANY = cash_plan(
    facilities=(Facility("cash", Equity(200.0), Pace(0.0, 3.0), {"energy": 1.0}),),
    kinds=(replace(KIND, size=0.25),), years=15, split=None,
)  # fmt: skip


def arrays_of(plan: FinancePlan, block: int, paths: int = PATHS) -> dict[str, np.ndarray]:
    """Every number of a solved plan, worked out so many paths at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "block_size", lambda _: block)
        solution = solve_finance(plan, FinanceConfig(paths=paths))
    named: dict[str, Any] = {"residuals": dict(solution.residuals)}
    named |= {item.name: getattr(solution.value, item.name) for item in fields(solution.value)}
    return dict(leaves(named))


def leaves(named: dict[str, Any], path: str = "") -> Iterator[tuple[str, np.ndarray]]:
    for name, value in named.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{name}.")
        elif name == "guarantees":
            for at, guarantee in enumerate(value):
                yield from leaves(vars(guarantee), f"{path}{at}.")
        elif value is not None and not isinstance(value, str):
            yield path + name, np.asarray(value)


def assert_same(plan: FinancePlan, block: int) -> None:
    whole, parts = arrays_of(plan, PATHS), arrays_of(plan, block)
    assert whole.keys() == parts.keys()
    for name, array in whole.items():
        np.testing.assert_array_equal(array, parts[name], err_msg=name)


@given(st.integers(0, 100_000), st.sampled_from((1, 5, 11)))
@settings(max_examples=15)
def test_no_figure_depends_on_the_size_of_a_block(seed, block):
    assert_same(draw_plan(seed), block)


@pytest.mark.parametrize("block", [1, 7])
def test_installers_are_short_of_one_peak_whatever_the_block(block):
    """What is at hand is a share of the peak of all paths, not of those in a block."""
    labour = LabourSupply(0.3, (Visas(2.0, 100.0),))
    plan = cash_plan(labour=labour)
    assert arrays_of(plan, PATHS)["waited"].max() > 0.5
    assert_same(plan, block)


def test_each_path_has_its_luck_whatever_the_block():
    whole = draw(50, 12, seed=3)
    parts = list(draw_blocks(50, 12, seed=3, block=7))
    assert [part.paths for part in parts] == [7] * 7 + [1]
    for item in fields(whole):
        if item.name != "central":
            joined = np.concatenate([getattr(part, item.name) for part in parts])
            np.testing.assert_array_equal(joined, getattr(whole, item.name), err_msg=item.name)


def test_many_projects_make_blocks_smaller():
    assert MANY.count_projects() == 800
    assert solver.block_size(MANY) == solver.CELLS // 800
    assert solver.block_size(cash_plan()) == solver.BLOCK
    assert solver.block_size(cash_plan(facilities=(), split=None)) == solver.BLOCK


def peak_of(paths: int) -> int:
    tracemalloc.start()
    solve_finance(MANY, FinanceConfig(paths=paths))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_grows_by_what_is_kept_of_a_path_and_no_more(monkeypatch):
    """Of a path the years of every flow are kept, and when each project is finished."""
    monkeypatch.setattr(draws, "KEPT", 0)
    few, many = 150, 600
    kept = 8 * (MANY.count_projects() + 10 * MANY.years)
    assert peak_of(many) - peak_of(few) < 1.5 * (many - few) * kept


def test_draws_are_kept_for_the_next_plan_up_to_a_size():
    small, large = (int(share * draws.KEPT / (5 * draws.SLOTS + 2 * 8)) for share in (0.01, 1.01))
    assert draws.kept_blocks(small, 8, 5, 500) is draws.kept_blocks(small, 8, 5, 500)
    assert draws.kept_blocks(large, 8, 5, 500) is not draws.kept_blocks(large, 8, 5, 500)
    for kept, drawn in zip(
        draws.kept_blocks(small, 8, 5, 20), draw_blocks(small, 8, 5, 20), strict=True
    ):
        np.testing.assert_array_equal(kept.rates, drawn.rates)
        with pytest.raises(ValueError, match="read-only"):
            kept.cost[0, 0] = 1.0


def loans(amount: float, kind: float) -> FinancePlan:
    terms = Loan(amount, RateTerms(0.04), 10.0)
    facility = Facility("loans", terms, Pace(0.0, 3.0), {"energy": 1.0})
    return cash_plan(facilities=(facility,), kinds=(replace(KIND, size=kind),), split=None)


@pytest.mark.parametrize(
    ("amount", "kind"), [(1e308, 10.0), (200.0, 1e-300), (1e308, 1e-300), (1000.6, 1.0)]
)
def test_more_projects_than_a_plan_can_hold_are_refused_unbuilt(amount, kind):
    with pytest.raises(InputError, match="projects are more than 1,000"):
        solve_finance(loans(amount, kind))


@pytest.mark.parametrize("amount", [0.0, -1.0, nan, inf])
def test_an_amount_that_is_no_sum_of_money_is_refused(amount):
    with pytest.raises(InputError, match="is not positive"):
        solve_finance(loans(amount, 10.0))


def test_a_kind_of_no_size_is_refused():
    with pytest.raises(InputError, match="nan is not positive"):
        solve_finance(loans(200.0, nan))


@given(
    st.floats(1e-3, 1e4),
    st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.1, 100.0)), min_size=1, max_size=4),
)
@settings(max_examples=30)
def test_projects_are_counted_as_they_are_made(amount, parts):
    kinds = tuple(replace(KIND, name=str(at), size=size) for at, (_, size) in enumerate(parts))
    mix = {str(at): share for at, (share, _) in enumerate(parts)}
    if sum(count_each(amount, mix, kinds).values()) > 5_000:
        return
    made, budgets = count_projects(amount, mix, kinds)
    assert {kinds[at].name: made.count(at) for at in set(made)} == count_each(amount, mix, kinds)
    np.testing.assert_allclose(budgets.sum(), amount * sum(mix.values()), rtol=1e-9, atol=1e-12)


def test_the_check_of_a_deal_file_knows_the_limit_of_the_engine():
    assert durations.MOST_PROJECTS == plans.MOST_PROJECTS
