"""What a safe amount must do: guarantees cost, stops and debt bind, and reserves help."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from accord.external.capacity import safe_at_chances, safe_capacity
from accord.external.config import ExternalConfig
from accord.external.draws import draw_months
from accord.external.equations import stop_chance
from accord.external.plan import DEBT, FALL, SLIDE, Financing, Floor, FlowPrice, SuddenStop
from accord.external.solver import breaches_of, run_months, solve_external
from tests.external.plans import KOREA, draw_external, korea_plan

FEW = ExternalConfig(200)
DRAWN = SuddenStop(rate=2.5 / 35, shape=2.5)
ALL = Financing(("income", "borrowing", "spot", "reserves"))


def crossed(plan):
    month = run_months(plan, FEW)
    return np.stack([breaches_of(plan, floor, month).any(axis=0) for floor in plan.floors])


@given(st.integers(0, 100_000), st.floats(0.0, 0.05), st.floats(1.0, 5.0))
@settings(max_examples=15, deadline=None)
def test_no_guarantee_is_free(seed, share, factor):
    """Guaranteeing more never takes a line out of danger, on any path of any country.

    But for the fall within a year: what has fallen before falls less later, on a few paths.
    """
    plan = draw_external(seed)
    monthly = np.full(plan.months, share * plan.sheet.gdp / 12)
    more, less = (replace(plan, guaranteed=times * monthly) for times in (factor, 1.0))
    lasting = np.array([floor.metric != FALL for floor in plan.floors])
    for higher, lower in ((more, less), (less, plan)):
        above, below = crossed(higher), crossed(lower)
        assert (above[lasting] >= below[lasting]).all()
        assert (above.mean(axis=1) >= below.mean(axis=1) - 0.02).all()
    months = [run_months(changed, FEW) for changed in (plan, less, more)]
    added = [month.debt.debt.mean() for month in months]
    assert added == sorted(added)


def test_what_is_guaranteed_is_called_more_in_a_stop_and_set_aside_for():
    """12 bn a month: 0.69 % a year of it, 5.6 % in a stop, and 8 % adds to debt at once."""
    monthly = np.full(12, 12.0)
    calm = korea_plan(0.0, 1, guaranteed=monthly, stop=SuddenStop(rate=0.0))
    called = run_months(calm, ExternalConfig(paths=0)).called[:, 0]
    np.testing.assert_allclose(called, 0.0069 / 12 * np.cumsum(monthly))
    idle, covered = (
        run_months(plan, ExternalConfig(paths=0)).debt.debt[0, 0]
        for plan in (replace(calm, guaranteed=None), calm)
    )
    nominal = KOREA.gdp * 1.018 * 1.02
    assert covered - idle == pytest.approx((0.08 * 144 + called.sum()) / nominal)
    struck = run_months(replace(calm, stop=SuddenStop(rate=1.0)), ExternalConfig(4000))
    in_stop = struck.in_stop[:-1] > 0  # a stop under way makes the calls of the next month
    ratio = struck.called[1:] / np.cumsum(monthly)[1:, None]
    assert ratio[in_stop].mean() > 5 * ratio[~in_stop].mean()


def test_more_guaranteed_leaves_less_to_pay():
    plan = korea_plan(financing=ALL, stop=DRAWN, public_share=1.0)
    amounts = [safe_capacity(plan, guaranteed=share, config=FEW)[0] for share in (0.0, 0.5, 0.9)]
    cash = [(1 - share) * it.amount for share, it in zip((0.0, 0.5, 0.9), amounts, strict=True)]
    assert cash == sorted(cash, reverse=True)
    whole = safe_capacity(plan, guaranteed=1.0, config=FEW)[0]
    assert not whole.unlimited
    assert whole.debt_addition > 0


@pytest.mark.parametrize("order", [("income", "reserves"), ("spot",), ALL.order])
def test_more_chance_of_a_stop_never_raises_it(order):
    plan = korea_plan(financing=Financing(order), stop=DRAWN)
    low, central, high = safe_at_chances(plan, config=ExternalConfig(600))
    assert low >= central >= high
    assert low > high


def test_a_line_crossed_anyway_does_not_make_paying_safer():
    """With a stop that is certain reserves are short whatever is paid; nothing is safe then."""
    sheet = replace(KOREA, reserves=250.0)
    plan = korea_plan(sheet=sheet, financing=Financing(("income", "reserves")),
                      stop=SuddenStop(rate=0.3, shape=0.5))  # fmt: skip
    alone = safe_capacity(replace(plan, stop=SuddenStop(rate=1.0)), config=FEW)[0]
    assert alone.idle["ara_floating 0.75"] == 1.0
    low, _, high = safe_at_chances(plan, config=FEW)
    assert high <= low


@given(st.floats(1.05, 2.0))
@settings(max_examples=5, deadline=None)
def test_more_reserves_never_lower_it(factor):
    plan = korea_plan(financing=Financing(("income", "reserves")), stop=DRAWN,
                      floors=(Floor("guidotti", 1.0),))  # fmt: skip
    richer = replace(plan, sheet=replace(KOREA, reserves=KOREA.reserves * factor))
    poor, rich = (safe_capacity(each, config=FEW)[0].amount for each in (plan, richer))
    assert rich >= poor


def test_borrowing_is_bounded_by_its_source_and_by_debt():
    plan = korea_plan(financing=Financing(("borrowing",), borrowing_cap=300.0),
                      floors=(Floor(DEBT, 0.60),))  # fmt: skip
    bound = safe_capacity(plan, config=FEW)[0]
    assert bound.binding == "debt 0.6"
    assert bound.amount < 100.0
    looser = safe_capacity(replace(plan, floors=(Floor(DEBT, 0.85),)), config=FEW)[0]
    assert looser.amount > bound.amount
    small = replace(plan, financing=Financing(("borrowing",), borrowing_cap=5.0))
    short = safe_capacity(small, config=FEW)[0]
    assert (short.binding, short.amount <= 5.0) == ("unmet", True)


def test_debt_above_the_line_already_must_not_rise():
    sheet = replace(KOREA, public_debt=2.3, primary_balance=0.03)
    plan = korea_plan(0.0, sheet=sheet, floors=(Floor(DEBT, 0.85),), public_share=1.0)
    assert solve_external(plan, FEW).value.breach(DEBT).chance < 0.5
    assert solve_external(replace(plan, payments=np.full(120, 20.0)), FEW).value.breach(
        DEBT
    ).chance == 1.0  # fmt: skip


def test_a_slow_slide_is_seen_where_no_year_is_a_crash():
    """Steady purchases without a pull: 4 % a year, 40 % in ten."""
    plan = korea_plan(
        40.0, financing=Financing(("spot",)), price=FlowPrice(0.001, 0.0),
        process=replace(korea_plan().process, pull=0.0),
        floors=(Floor(FALL, 0.223), Floor(SLIDE, 0.223)),
    )  # fmt: skip
    month = run_months(plan, ExternalConfig(paths=0))
    crash, slide = (breaches_of(plan, floor, month)[:, 0] for floor in plan.floors)
    assert not crash.any()
    mean = np.convolve(np.concatenate([np.zeros(11), month.rate[:, 0]]), np.ones(12) / 12, "valid")
    np.testing.assert_array_equal(slide, mean > 0.223)
    assert slide.any()


def test_private_payers_buy_in_the_market_alone():
    public = korea_plan(24.0, 2, financing=Financing(("reserves",)), public_share=1.0)
    private = replace(public, payments=np.zeros(24), private=public.payments)
    config = ExternalConfig(paths=0)
    paid, bought = run_months(public, config), run_months(private, config)
    assert paid.reserves[-1, 0] < bought.reserves[-1, 0]
    assert paid.rate[-1, 0] == 0.0 < bought.rate[-1, 0]
    assert bought.debt.debt[0, -1] < paid.debt.debt[0, -1]


def test_two_stops_in_35_years_leave_a_chance_of_one_to_sixteen_per_cent():
    """Jeffreys' interval lies within the exact one of Poisson, 0.7 to 20.6 %, as it must."""
    low, central, high = (stop_chance(DRAWN, at) for at in (0.025, 0.5, 0.975))
    exact = chi2.ppf(0.025, 4) / 70, chi2.ppf(0.975, 6) / 70
    assert exact == pytest.approx((0.0069, 0.2064), abs=1e-4)
    assert exact[0] < low < 2 / 35 < central + 0.01 < high < exact[1]
    np.testing.assert_allclose((low, high), chi2.ppf((0.025, 0.975), 5) / 70)
    drawn = draw_months(korea_plan(stop=DRAWN), 20_000, 1)["chance"]
    assert drawn.mean() == pytest.approx(2.5 / 35, rel=0.02)
    assert np.quantile(drawn, 0.025) == pytest.approx(low, rel=0.05)
    known = draw_months(korea_plan(stop=replace(DRAWN, shape=None)), 10, 1)["chance"]
    np.testing.assert_array_equal(known, 2.5 / 35)
