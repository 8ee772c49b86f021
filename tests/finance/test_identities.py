"""Properties of the finance engine that hold for every plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.finance.accounts.debt import schedule_loan
from accord.finance.accounts.ledger import CENTS, build_ledger
from accord.finance.config import FinanceConfig
from accord.finance.construction.pipeline import build, build_portfolio
from accord.finance.construction.projects import Absence, LabourSupply
from accord.finance.draws import draw as draw_luck
from accord.finance.instruments import Equity, Guarantee, Loan, PurchaseCommitment
from accord.finance.plan import Facility, Pace
from accord.finance.rates import STEPS, RateTerms, ReferenceRate
from accord.finance.solution import AGENTS, HOST, PAYER, PROJECTS
from accord.finance.solver import solve_finance
from tests.finance.plans import KIND, SPLIT, cash_plan, draw_plan

FEW = FinanceConfig(paths=24)
SEEDS = st.integers(0, 100_000)


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_cash_is_conserved_and_every_limit_is_kept(seed):
    plan = draw_plan(seed)
    solution = solve_finance(plan, FEW)
    assert np.max([*solution.residuals.values()]) < 1e-10, solution.residuals
    flows = solution.value.flows
    cap = sum(f.instrument.amount for f in plan.facilities)
    paid_in = flows["equity_called"] + flows["loans_drawn"] + flows["debt_raised"]
    assert (paid_in.sum(axis=1) <= cap * (1 + 1e-9)).all()
    face = sum(f.instrument.amount for f in plan.facilities if isinstance(f.instrument, Guarantee))
    assert (flows["guarantee_called"].sum(axis=1) <= face + 1e-9).all()
    split = flows["paid_to_payer"] + flows["paid_to_host"] + flows["withheld"]
    debt = flows["interest"] + flows["principal"] + flows["debt_served"]
    earned = split + debt + flows["guarantee_recovered"]
    np.testing.assert_allclose(earned, flows["cash_flow"], atol=1e-9)


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_the_ledger_adds_up_to_the_cent(seed):
    plan = draw_plan(seed)
    solution = solve_finance(plan, FEW)
    ledger = build_ledger(solution)
    assert not ledger.net(PROJECTS).any()
    assert not np.sum([ledger.net(agent) for agent in AGENTS], axis=0).any()
    for name, cells in ledger.cells.items():
        mean = solution.value.mean_flow(name)
        assert np.abs(cells - mean * CENTS).max() <= 8
    by_party = {agent: int(ledger.net(agent).sum()) for agent in AGENTS}
    assert sum(by_party.values()) == 0


@given(SEEDS, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=30, deadline=None)
def test_a_larger_share_of_the_payer_never_lowers_its_value(seed, before, after):
    plan = draw_plan(seed)
    split = plan.split or SPLIT
    covers = tuple(f.name for f in plan.facilities if not isinstance(f.instrument, Guarantee))
    # Where the deemed interest is above the payer's own rate, waiting pays, and being repaid
    # sooner can be worth less: see docs/theory/money.md.
    split = replace(split, covers=covers)
    plan = replace(plan, split=split, discount=(0.3, 0.047))
    for name, value in (("until_recovery", before), ("after_recovery", after)):
        low, high = sorted((value, getattr(split, name)))
        worth = [
            solve_finance(replace(plan, split=replace(split, **{name: s})), FEW).value.npv[PAYER]
            for s in (low, high)
        ]
        assert (worth[1] - worth[0]).min() > -1e-7


@given(SEEDS, st.floats(1.0, 3.0))
@settings(max_examples=30, deadline=None)
def test_a_higher_cap_never_delays(seed, factor):
    plan = draw_plan(seed)
    steps = plan.years * STEPS
    luck = draw_luck(16, steps, 3)

    def run(times):
        facilities = tuple(
            replace(
                f, pace=replace(f.pace, annual_cap=f.pace.annual_cap and f.pace.annual_cap * times)
            )
            for f in plan.facilities
        )
        now = replace(plan, facilities=facilities)
        portfolios = tuple(build_portfolio(now, f, at, luck) for at, f in enumerate(facilities))
        return build(now, portfolios, steps)

    for slow, fast in zip(run(1.0), run(factor), strict=True):
        paid_slow, paid_fast = (np.cumsum(portfolio.due, axis=1) for portfolio in (slow, fast))
        assert (paid_fast - paid_slow).min() > -1e-9
        assert (fast.finished <= slow.finished + 1e-6).all()


def balance_of(plan):
    balance = solve_finance(plan, FEW).value.balance
    assert balance is not None
    return balance


def test_pooled_recovery_is_no_later_than_the_slowest_project_without_losses():
    """With no failures, the pool is recovered when the slowest project is, or before."""
    kind = replace(KIND, failure=0.0, planned_return=0.2)
    pooled = cash_plan(kinds=(kind,))
    alone = replace(pooled, split=replace(SPLIT, pooled=False))
    balance = [balance_of(plan) for plan in (pooled, alone)]
    recovered = [np.argmax(level[:, 12:] <= 1e-6, axis=1) for level in balance]
    done = [np.any(level[:, 12:] <= 1e-6, axis=1) for level in balance]
    assert done[0][done[1]].all()
    assert (recovered[0][done[1]] <= recovered[1][done[1]]).all()
    assert done[1].any()


def test_pooled_recovery_is_late_only_by_what_shared_losses_explain():
    """A pool owes the payer no more than its projects would owe it alone, added up."""
    steady = (ReferenceRate("ust20", 0.047),)
    plan = cash_plan(references=steady)
    alone = replace(plan, split=replace(SPLIT, pooled=False))
    pool, each = (solve_finance(terms, FEW).value for terms in (plan, alone))
    assert (balance_of(plan) <= balance_of(alone) + 1e-6).all()
    assert (pool.npv[PAYER] >= each.npv[PAYER] - 1e-6).all()


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_fewer_installers_never_finish_a_project_sooner(seed):
    plan = draw_plan(seed)
    steps = plan.years * STEPS
    luck = draw_luck(8, steps, 5)

    def run(labour):
        now = replace(plan, labour=labour)
        portfolios = tuple(build_portfolio(now, f, at, luck) for at, f in enumerate(now.facilities))
        return build(now, portfolios, steps)

    free, raided, few = (
        run(labour)
        for labour in (
            LabourSupply(),
            LabourSupply(absences=(Absence(3.0, 0.25, 317.0),)),
            LabourSupply(staffed=0.5),
        )
    )
    for unlimited, away, limited in zip(free, raided, few, strict=True):
        assert (away.waited >= unlimited.waited - 1e-9).all()
        assert (away.waited <= 0.25 * STEPS + 1e-6).all()
        assert (limited.waited >= 0).all()


@given(
    st.floats(0.0, 0.1), st.integers(0, 30), st.integers(1, 60),
    st.sampled_from(["equal", "annuity", "bullet"]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_loan_served_as_scheduled_is_worth_what_was_drawn(rate, grace, life, kind):
    steps = grace + life + 8
    drawn = np.zeros((1, steps))
    drawn[0, :4] = 1.0
    terms = Loan(4.0, RateTerms(rate), (grace + life) / STEPS, grace / STEPS, kind)
    rates = np.full((1, steps), rate)
    due = schedule_loan(drawn, terms, rates, rate)
    growth = (1 + rate) ** (-np.arange(steps) / STEPS)
    paid = ((due.interest + due.principal)[0] * growth).sum()
    assert paid == pytest.approx((drawn[0] * growth).sum(), rel=1e-9)
    assert due.outstanding[0, -1] == pytest.approx(0.0, abs=1e-9)


def test_the_same_seed_gives_the_same_numbers_and_more_paths_begin_with_the_same():
    first, again = (solve_finance(cash_plan(), FEW).value.npv[PAYER] for _ in range(2))
    np.testing.assert_array_equal(first, again)
    more = solve_finance(cash_plan(), FinanceConfig(paths=48)).value.npv[PAYER]
    np.testing.assert_allclose(more[:24], first, rtol=1e-12)
    other = solve_finance(cash_plan(), FinanceConfig(paths=24, seed=1)).value.npv[PAYER]
    assert not np.allclose(other, first)


def test_packages_share_their_luck():
    """A facility of twice the size starts with the same projects, so terms alone differ."""
    pace = Pace(0.0, 3.0)
    small, large = (
        cash_plan(facilities=(Facility("cash", Equity(n), pace, {"energy": 1.0}),), split=None)
        for n in (100.0, 200.0)
    )
    a, b = (
        solve_finance(plan, FinanceConfig(paths=400)).value.npv[PAYER] for plan in (small, large)
    )
    assert np.corrcoef(a, b)[0, 1] > 0.8


def test_host_and_payer_see_opposite_ends_of_purchases():
    plan = cash_plan(facilities=(), split=None, purchases=(PurchaseCommitment(36.2, 0, 9, 0.1),))
    value = solve_finance(plan, FEW).value
    assert value.npv[PAYER][0] < 0 < value.npv[HOST][0]
    assert value.flows["purchases"][0].sum() == pytest.approx(36.2)
    assert value.flows["goods_received"][0].sum() == pytest.approx(36.2 / 1.1)
