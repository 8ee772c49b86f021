"""Projects, queues and installers against schedules worked out by hand."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.deal.business_days import add_business_days
from accord.finance.config import FinanceConfig
from accord.finance.construction.earnings import free_cash_flow, planned_yield
from accord.finance.construction.pipeline import build, build_portfolio
from accord.finance.construction.projects import (
    Absence,
    LabourSupply,
    Phase,
    ProjectKind,
    RandomQuantity,
    Visas,
    count_projects,
)
from accord.finance.construction.queues import (
    Switches,
    lump,
    pay_under_cap,
    serve,
    time_of,
    to_edges,
)
from accord.finance.draws import central_draws, lognormal
from accord.finance.equations import internal_return
from accord.finance.instruments import Equity, Guarantee, Loan
from accord.finance.plan import Facility, Missed, Pace, ProfitSplit
from accord.finance.rates import RateTerms, ReferenceRate, a_step, rate_paths, steps_until
from accord.finance.solution import HOST, PAYER
from accord.finance.solver import pool_volatility, solve_finance
from tests.finance.plans import KIND, SPLIT, cash_plan

ENERGY = {"energy": 1.0}
CENTRAL = FinanceConfig(paths=0)
PLAIN = ProjectKind("plain", 100.0, (Phase("all", 2.0, 1.0, 10.0),), 0.08, ramp_up=0.0, life=10.0)


def plain_plan(amount=100.0, pace=None, kind=PLAIN, **changes):
    pace = pace or Pace(0.0, 0.0)
    facility = Facility("cash", Equity(amount), pace, {kind.name: 1.0})
    given = {"facilities": (facility,), "kinds": (kind,), "split": None, "inflation": 0.0,
             "references": (), "years": 20}  # fmt: skip
    return cash_plan(**(given | changes))


def construction(plan):
    steps = plan.years * 4
    luck = central_draws(steps)
    portfolios = tuple(build_portfolio(plan, f, at, luck) for at, f in enumerate(plan.facilities))
    return build(plan, portfolios, steps)[0]


def spread(start, end, amount):
    switches = Switches(1, 4)
    switches.spread(np.array([[start]]), np.array([[end]]), np.array([amount]))
    return switches.flow()


def test_flows_between_times_are_spread_within_the_quarters_they_touch():
    np.testing.assert_allclose(spread(0.5, 2.0, 3.0), [[1.0, 2.0, 0.0, 0.0]])
    np.testing.assert_array_equal(spread(9.0, 12.0, 3.0), np.zeros((1, 4)))
    np.testing.assert_allclose(spread(1.25, 1.25, 3.0), [[0.0, 3.0, 0.0, 0.0]], atol=1e-9)
    falls = lump(np.array([[0.5]]), np.array([3.0]), 4)
    np.testing.assert_allclose(falls, [[3.0, 0.0, 0.0, 0.0]])


def test_money_above_the_cap_waits_and_is_spread_over_the_year():
    asked = np.zeros((1, 12))
    asked[0, 0], asked[0, 5] = 50.0, 2.0
    paid = pay_under_cap(asked, 20.0, 12)
    np.testing.assert_allclose(paid.reshape(3, 4).sum(axis=1), [20.0, 20.0, 12.0])
    np.testing.assert_allclose(paid[0, :4], 5.0)
    np.testing.assert_allclose(pay_under_cap(asked, 20.0, 6).sum(), 30.0)
    np.testing.assert_array_equal(pay_under_cap(asked, None, 12), asked)


def test_work_waits_for_installers():
    asked = np.array([[6.0, 0.0, 0.0, 1.0]])
    done = serve(asked, np.full((1, 4), 2.5))
    np.testing.assert_allclose(done, [[2.5, 2.5, 1.0, 1.0]])
    edges = to_edges(done)
    times = time_of(edges, np.array([[6.0, 3.75, 7.5, 0.0]]))[0]
    np.testing.assert_allclose(times, [3.0, 1.5, np.inf, 0.0])


def test_a_project_without_trouble_earns_its_planned_return():
    for inflation in (0.0, 0.03):
        plan = plain_plan(inflation=inflation)
        value = solve_finance(plan, CENTRAL).value
        assert value.internal_return[PAYER] == pytest.approx(0.08, abs=1e-6)
        assert value.flows["equity_called"].sum() == pytest.approx(100.0)
        np.testing.assert_allclose(value.mean_flow("equity_called")[:3], [50.0, 50.0, 0.0])
    assert value.finished[0] == pytest.approx(2.0)
    assert planned_yield(PLAIN, 0.0) == pytest.approx(
        (1.08**-0.5 + 1.08**-1.5) / 2 / sum(1.08 ** -(t + 2.5) for t in range(10)), rel=2e-3
    )


def test_overrun_failure_and_earning_scale_what_is_earned():
    base = solve_finance(plain_plan(), CENTRAL).value.mean_flow("cash_flow").sum()

    def earned(**changes):
        kind = replace(PLAIN, **changes)
        return solve_finance(plain_plan(kind=kind), CENTRAL).value.mean_flow("cash_flow").sum()

    assert earned(overrun=RandomQuantity(0.25)) == pytest.approx(base / 1.25)
    assert earned(earning=RandomQuantity(0.8)) == pytest.approx(0.8 * base)
    assert earned(failure=0.4) == pytest.approx(0.6 * base)
    assert earned(failure=0.4, salvage=0.5) == pytest.approx(0.6 * base + 0.4 * 0.5 * 100.0)


def test_a_delay_pushes_completion_and_lowers_the_return():
    late = solve_finance(plain_plan(kind=replace(PLAIN, delay=RandomQuantity(0.5))), CENTRAL).value
    assert late.finished[0] == pytest.approx(3.0)
    assert late.internal_return[PAYER] < 0.08


def test_a_raid_of_317_people_for_three_months_delays_by_three_months():
    """All installers are gone for one quarter, so the plant is a quarter late and dearer."""
    kind = replace(PLAIN, delay_cost=0.12)
    raid = LabourSupply(absences=(Absence(1.0, 0.25, 317.0),))
    calm, raided = (
        solve_finance(plain_plan(kind=kind, labour=labour), CENTRAL).value
        for labour in (LabourSupply(), raid)
    )
    assert raided.waited[0] == pytest.approx(0.0, abs=1e-9)  # caught up before the end
    at_the_end = LabourSupply(absences=(Absence(1.75, 0.25, 317.0),))
    hit = solve_finance(plain_plan(kind=kind, labour=at_the_end), CENTRAL).value
    assert hit.waited[0] == pytest.approx(0.25)
    assert hit.finished[0] > calm.finished[0]
    assert hit.internal_return[PAYER] < calm.internal_return[PAYER]
    assert hit.mean_flow("cash_flow").sum() < calm.mean_flow("cash_flow").sum()


def test_half_the_installers_take_twice_as_long():
    half = solve_finance(plain_plan(labour=LabourSupply(staffed=0.5)), CENTRAL).value
    assert half.waited[0] == pytest.approx(2.0)
    helped = LabourSupply(staffed=0.5, visas=(Visas(1.0, 1000.0),))
    assert solve_finance(plain_plan(labour=helped), CENTRAL).value.waited[0] < 0.1


def test_up_front_money_is_paid_at_once():
    value = solve_finance(plain_plan(350.0, Pace(0.5, 3.0, up_front=True)), CENTRAL).value
    np.testing.assert_allclose(value.by_quarter["equity_called"][:4], [0.0, 0.0, 350.0, 0.0])


@pytest.mark.parametrize("start", [2025, 2026, 2027, 2028])
@pytest.mark.parametrize("quarter", [1, 5, 9, 14, 18])
def test_a_call_on_the_first_day_of_a_quarter_is_not_made_in_the_one_before(start, quarter):
    """Whatever leap years lie between: years are counted as 365.25 days."""
    begin = dt.date(start, 1, 1)
    day = dt.date(start + quarter // 4, 1 + 3 * (quarter % 4), 1)
    years = (day - begin).days / 365.25
    pace = Pace(years, years + 2.0, up_front=True)
    called = solve_finance(plain_plan(350.0, pace), CENTRAL).value.by_quarter["equity_called"]
    assert np.flatnonzero(called) == quarter
    assert steps_until(years) == quarter


def test_notice_and_selection_set_the_first_call():
    built = construction(plain_plan(200.0, Pace(0.0, 2.0, 0.25)))
    np.testing.assert_allclose(built.portfolio.first_call, [0.75 * 4, 1.75 * 4])


def test_missed_calls_are_made_up_from_the_payers_profits():
    kind = replace(PLAIN, size=10.0, life=15.0, planned_return=0.25)
    split = ProfitSplit(0.5, 0.1, RateTerms(0.05), covers=("cash",))
    missed = Missed(2.0, 3.0, 1.0)
    paying, failing = (
        solve_finance(
            plain_plan(kind=kind, pace=Pace(0.0, 4.0, missed=case), split=split), CENTRAL
        ).value
        for case in ((), (missed,))
    )
    gap = paying.flows["equity_called"].sum() - failing.flows["equity_called"].sum()
    assert gap > 5.0
    assert failing.flows["withheld"].sum() == pytest.approx(gap, rel=1e-6)
    assert failing.flows["cash_flow"].sum() < paying.flows["cash_flow"].sum()
    made_up = replace(missed, made_up=3.5)
    later = solve_finance(
        plain_plan(kind=kind, pace=Pace(0.0, 4.0, missed=(made_up,)), split=split), CENTRAL
    ).value
    assert later.flows["equity_called"].sum() == pytest.approx(100.0)
    assert 0 < later.flows["withheld"].sum() < gap


def test_the_review_changes_the_split_of_a_balance_that_is_left():
    split = ProfitSplit(0.5, 0.1, RateTerms(0.05), review=5.0, covers=("cash",))
    kept, reviewed = (
        solve_finance(plain_plan(split=replace(split, reviewed_share=share)), CENTRAL).value
        for share in (None, 0.9)
    )
    before = slice(0, 5)
    np.testing.assert_array_equal(
        kept.mean_flow("paid_to_payer")[before], reviewed.mean_flow("paid_to_payer")[before]
    )
    assert reviewed.npv[PAYER][0] > kept.npv[PAYER][0] + 5
    assert kept.recovery_chance == 0.0


def test_the_japanese_terms_work_without_a_cap_and_with_a_floating_rate():
    """550 bn: 2 % equity and loans inside the split, guarantees outside it."""
    floating = RateTerms(0.01, "sofr6m", "floating")
    loan = Loan(264.0, floating)
    pace = Pace(0.0, 3.3, 0.2)
    mix = {"energy": 1.0}
    plan = cash_plan(
        facilities=(
            Facility("equity", Equity(11.0), pace, mix),
            Facility("loans", loan, pace, mix),
            Facility("guarantees", Guarantee(replace(loan, amount=275.0)), pace, mix),
        ),
        split=ProfitSplit(0.5, 0.1, floating, covers=("equity", "loans")),
        references=(ReferenceRate("sofr6m", 0.04, 0.01, 0.2),),
    )
    solution = solve_finance(plan, FinanceConfig(paths=50))
    assert np.max([*solution.residuals.values()]) < 1e-10
    flows = solution.value.flows
    assert flows["loans_drawn"].sum(axis=1).max() <= 264.0 + 1e-9
    assert flows["interest"].sum() == 0.0
    assert solution.value.recovered_by_review is not None
    assert len(solution.value.guarantees) == 1
    assert solution.value.npv[HOST].mean() > 0


def test_a_guarantee_has_three_values_that_order_with_risk():
    def values(kind):
        debt = Loan(100.0, RateTerms(0.055), years=20.0, grace=4.0)
        facility = Facility(
            "g", Guarantee(debt, 0.005, 0.01, 0.6), Pace(0.0, 1.0), {kind.name: 1.0}
        )
        plan = cash_plan(facilities=(facility,), kinds=(kind,), split=None)
        return solve_finance(plan, FinanceConfig(paths=300)).value.guarantees[0]

    safe = values(replace(KIND, planned_return=0.3, failure=0.0, volatility=0.1))
    risky = values(replace(KIND, planned_return=0.05, failure=0.3, volatility=0.3))
    assert safe.contingent < risky.contingent <= risky.face
    assert safe.simulated < risky.simulated <= risky.face
    assert safe.actuarial == pytest.approx(risky.actuarial, rel=0.05)


def test_a_pool_varies_less_than_its_projects_and_as_much_as_one():
    def volatility(amount, common):
        facility = Facility("g", Guarantee(Loan(amount, RateTerms(0.05))), Pace(), {"energy": 1.0})
        return pool_volatility(cash_plan(facilities=(facility,), common=common), facility)

    assert volatility(10.0, 0.3) == pytest.approx(KIND.volatility)
    assert volatility(100.0, 1.0) == pytest.approx(KIND.volatility)
    assert volatility(100.0, 0.0) == pytest.approx(KIND.volatility / np.sqrt(10))
    assert volatility(100.0, 0.3) == pytest.approx(KIND.volatility * np.sqrt(0.3 + 0.7 / 10))


@pytest.mark.parametrize(("planned", "least"), [(0.02, 10.0), (-0.05, 40.0)])
def test_a_guarantee_of_certain_projects_is_worth_what_they_fall_short_of(planned, least):
    sure = replace(
        KIND, planned_return=planned, failure=0.0, volatility=0.0, cost_of_capital=0.05,
        earning=RandomQuantity(1.0), overrun=RandomQuantity(0.0), delay=RandomQuantity(0.0),
        delay_cost=0.0,
    )  # fmt: skip
    debt = Loan(100.0, RateTerms(0.055), years=20.0, grace=4.0)
    facility = Facility("g", Guarantee(debt, 0.0, 0.01, 0.6), Pace(0.0, 1.0), {"energy": 1.0})
    plan = cash_plan(
        facilities=(facility,), kinds=(sure,), split=None, years=60, discount=(0.05, 0.05),
        inflation=0.0,
    )  # fmt: skip
    value = solve_finance(plan, FinanceConfig(paths=0)).value.guarantees[0]
    # Calls come somewhat before the mean time of the service, and recoveries after it.
    assert value.contingent == pytest.approx(value.simulated, rel=0.1)
    assert least < value.simulated < value.face


def test_rates_return_to_their_level():
    reference = ReferenceRate("ust20", 0.047, 0.0083, 0.15)
    shocks = np.random.default_rng(0).standard_normal((4000, 140))
    rates = rate_paths(RateTerms(0.01, "ust20"), (reference,), shocks)
    assert rates[:, 0] == pytest.approx(0.057)
    assert rates.mean() == pytest.approx(0.057, abs=3e-4)
    pull = -np.log(0.85)
    expected = 0.0083 * np.sqrt((1 - 0.85 ** (2 * 139 / 4)) / (2 * pull))
    assert rates[:, -1].std() == pytest.approx(expected, rel=0.05)
    assert a_step(0.0824321600, 4) == pytest.approx(0.02, abs=1e-9)


def test_luck_has_the_mean_it_should_have():
    normal = np.random.default_rng(0).standard_normal(200_000)
    assert lognormal(1.3, 0.5, normal, central=False).mean() == pytest.approx(1.3, rel=5e-3)
    assert (lognormal(1.3, 0.5, normal[:5], central=True) == 1.3).all()


def test_projects_are_of_the_size_of_their_kind_and_take_turns():
    kinds = (PLAIN, replace(PLAIN, name="small", size=10.0))
    kind, budget = count_projects(200.0, {"plain": 0.5, "small": 0.5}, kinds)
    assert kind.count(0) == 1
    assert kind.count(1) == 10
    assert budget.sum() == pytest.approx(200.0)
    assert kind[0] != 0 or kind[-1] != 0


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        # Wednesday 1 October 2025. No business days are Foundation Day, Chuseok and Hangul Day (3
        # to 9 October), Columbus Day, Veterans Day and Thanksgiving: 16 in October, 18 in November,
        # 11 in December.
        (dt.date(2025, 10, 1), 45, dt.date(2025, 12, 15)),
        (dt.date(2025, 10, 1), 0, dt.date(2025, 10, 1)),
        (dt.date(2025, 12, 25), 1, dt.date(2025, 12, 29)),
    ],
)
def test_business_days_are_those_of_both_countries(day, count, expected):
    assert add_business_days(day, count, ("USA", "KOR")) == expected


def test_a_country_without_holidays_is_named():
    with pytest.raises(InputError, match='there are no holidays for "ROW"'):
        add_business_days(dt.date(2025, 1, 1), 45, ("USA", "ROW"))


def test_every_problem_of_a_plan_is_named_at_once():
    bad = cash_plan(
        facilities=(
            Facility("cash", Equity(-1.0), Pace(0.0, 50.0, annual_cap=0.0), {"enrgy": 0.5}),
            Facility("debt", Loan(1.0, RateTerms(-2.0, "ust20"), 5.0, 9.0), Pace(), ENERGY),
        ),
        split=replace(SPLIT, until_recovery=1.5, review=99.0, deemed=RateTerms(0.0, "ust2"),
                      covers=("nothing",)),
        discount=(-1.0, 0.05),
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        solve_finance(bad)
    text = str(caught.value)
    for words in (
        "lets nothing be paid", "is not positive", "shares sum to 0.5", "Did you mean energy?",
        "does not lie in", "-195% is at or below", "Did you mean ust20?", "beyond the horizon",
        "1.5 is outside", "is not a facility", "not within the 5 years",
    ):  # fmt: skip
        assert words in text, words


def test_free_cash_flow_ends_with_the_life_of_the_project():
    built = construction(plain_plan())
    cash = free_cash_flow(plain_plan(), built)[0]
    assert (cash[:8] == 0).all()
    assert (cash[8:48] > 0).all()
    assert np.abs(cash[48:]).max() < 1e-12
    paid = np.concatenate([-built.called[0][:8], cash[8:]])
    assert internal_return(paid) == pytest.approx(0.08, abs=1e-6)


def test_a_review_at_the_first_call_is_one_and_not_left_out():
    split = ProfitSplit(
        0.5, 0.1, RateTerms(0.05), review=0.0, reviewed_share=0.9, covers=("cash",), pooled=True
    )
    at_once, in_a_year, later = (
        solve_finance(plain_plan(split=replace(split, review=year)), CENTRAL).value.npv[PAYER][0]
        for year in (0.0, 1.0, 20.0)
    )
    assert at_once == pytest.approx(in_a_year, rel=1e-12)  # no cash comes before
    assert at_once > later + 1


@pytest.mark.parametrize("grace", [9.5, 10.0, 25.0, 150.0])
def test_a_grace_beyond_the_horizon_leaves_nothing_due(grace):
    loan = Loan(100.0, RateTerms(0.05), years=200.0, grace=grace)
    facility = Facility("loan", loan, Pace(), {"plain": 1.0})
    plan = replace(plain_plan(), years=10, facilities=(facility,))
    value = solve_finance(plan, CENTRAL).value
    assert value.mean_flow("loans_drawn").sum() > 0
    assert value.mean_flow("principal").sum() == pytest.approx(0.0, abs=1e-9)
