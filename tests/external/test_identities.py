"""Properties of the external engine that hold for every plan."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accord.external.config import ExternalConfig
from accord.external.plan import FALL, Financing, Floor, FlowPrice, PaceAdjustment, SwapLine
from accord.external.solver import breaches_of, run_months, solve_external
from tests.external.plans import KOREA, draw_external, korea_plan

FEW = ExternalConfig(paths=60)
SEEDS = st.integers(0, 100_000)


def crossed(plan, config=FEW):
    """Return which floors each path has ever crossed, by floor and path."""
    month = run_months(plan, config)
    return np.stack([breaches_of(plan, floor, month).any(axis=0) for floor in plan.floors])


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_reserves_add_up_and_every_payment_is_found_or_missed(seed):
    solution = solve_external(draw_external(seed), FEW)
    assert solution.status.ok
    assert np.max([*solution.residuals.values()]) < 1e-9, solution.residuals
    assert (solution.value.lowest >= 0).all()
    for breach in solution.value.breaches:
        assert (np.diff(breach.by_year) >= 0).all()
        assert 0 <= breach.chance <= 1


@given(SEEDS, st.floats(1.0, 4.0))
@settings(max_examples=40, deadline=None)
@example(420, 2.0)
def test_a_bigger_payment_never_lowers_the_chance_of_a_breach(seed, factor):
    """But for the fall of a single year: it is less where the year before was weak already."""
    plan = draw_external(seed)
    more = replace(plan, payments=plan.payments * factor)
    lasting = np.array([floor.metric != FALL for floor in plan.floors])
    assert (crossed(more) >= crossed(plan))[lasting].all()
    low, high = run_months(more, FEW).reserves, run_months(plan, FEW).reserves
    afloat = np.minimum.accumulate(low, axis=0) > 0  # once spent, what they were spent on decides
    assert (low <= high + 1e-9)[afloat].all()


@given(SEEDS, st.floats(1.0, 10.0))
@settings(max_examples=40, deadline=None)
def test_a_bigger_swap_line_never_raises_it(seed, factor):
    plan = draw_external(seed)
    floor = Floor("guidotti", 1.0)
    line = SwapLine(0.02 * plan.sheet.gdp, trigger=plan.sheet.short_term_debt)
    financing = replace(plan.financing, order=("income", "spot"), borrowing_short=0.0)
    small = replace(plan, swap=line, floors=(floor,), financing=financing)
    large = replace(small, swap=replace(line, amount=line.amount * factor))
    none = replace(small, swap=None)
    assert (crossed(large) <= crossed(small)).all()
    assert (crossed(small) <= crossed(none)).all()


def stretch(payments):
    """Return the payments at half the pace: each month's spread over two."""
    return np.repeat(payments / 2, 2)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_slower_schedule_never_brings_reserves_lower(seed):
    """What is paid by any date is no more, so reserves are no lower, at their lowest too."""
    plan = draw_external(seed)
    financing = replace(plan.financing, order=("income", "reserves"))
    slow = replace(plan, financing=financing, payments=stretch(plan.payments))
    fast = replace(slow, payments=np.concatenate([plan.payments, np.zeros(plan.months)]))
    slow_months, fast_months = (run_months(schedule, FEW) for schedule in (slow, fast))
    fine = (fast_months.unmet == 0).all(axis=0)
    lowest = [months.reserves.min(axis=0)[fine] for months in (slow_months, fast_months)]
    assert (lowest[0] >= lowest[1] - 1e-9).all()
    assert (crossed(slow)[0] <= crossed(fast)[0]).all()


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_a_slower_schedule_never_raises_the_peak_of_the_dollar_without_shocks(seed):
    plan = draw_external(seed)
    slow = replace(plan, financing=replace(plan.financing, order=("spot",)),
                   payments=stretch(plan.payments))  # fmt: skip
    fast = replace(slow, payments=np.concatenate([plan.payments, np.zeros(plan.months)]))
    peaks = [run_months(schedule, ExternalConfig(paths=0)).rate.max() for schedule in (slow, fast)]
    assert peaks[0] <= peaks[1] + 1e-12


def test_without_shocks_the_path_is_the_one_worked_out_by_hand():
    """Income of 2.4 % a year is 0.2 % a month; 2 bn a month, income first, then reserves."""
    plan = korea_plan(24.0, 1, financing=Financing(("income", "reserves"), (0.024, 0.024, 0.024)))
    month = run_months(plan, ExternalConfig(paths=0))
    reserves = [428.2]
    for _ in range(12):
        reserves.append(reserves[-1] * 1.002 - 2.0)
    np.testing.assert_allclose(month.reserves[:, 0], reserves[1:], rtol=1e-12)
    np.testing.assert_array_equal(month.rate, 0.0)
    spot = korea_plan(24.0, 1, financing=Financing(("spot",)), price=FlowPrice(0.001, 0.0))
    rate = 0.0
    for at, now in enumerate(run_months(spot, ExternalConfig(paths=0)).rate[:, 0]):
        rate = rate * (1 - 0.0343) + 0.001 * 2.0
        assert now == pytest.approx(rate, rel=1e-12), at


def test_the_currency_moves_as_its_process_says():
    process = replace(korea_plan().process, pull=0.0)
    plan = korea_plan(0.0, 10, process=process, stop=replace(korea_plan().stop, rate=0.0),
                      intervention=replace(korea_plan().intervention, share=0.0))  # fmt: skip
    month = run_months(plan, ExternalConfig(paths=20_000))
    moves = np.diff(month.rate, axis=0)
    assert moves.mean() == pytest.approx(0.0, abs=1e-4)
    assert moves.std() * np.sqrt(12) == pytest.approx(0.09, rel=0.01)
    assert (moves**4).mean() / (moves**2).mean() ** 2 > 3.5
    squared = moves**2 - (moves**2).mean()
    echo = (squared[1:] * squared[:-1]).mean() / (squared**2).mean()
    assert echo == pytest.approx(0.13, abs=0.05)  # the first autocorrelation of this GARCH


def test_two_seeds_agree_within_the_error_of_sampling():
    count = 6000
    first, second = (
        solve_external(korea_plan(), ExternalConfig(count, seed)).value for seed in (1, 2)
    )
    for a, b in zip(first.breaches, second.breaches, strict=True):
        error = np.sqrt(2 * max(a.chance * (1 - a.chance), 1 / count) / count)
        assert abs(a.chance - b.chance) < 4 * error
    assert first.reserves[3, -1] == pytest.approx(second.reserves[3, -1], rel=0.01)


def test_the_same_seed_gives_the_same_numbers():
    first, second = (run_months(korea_plan(), FEW).reserves for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_right_to_put_off_payments_eases_a_fall_and_pays_later():
    base = korea_plan(60.0, 5, financing=Financing(("spot",)))
    right = replace(base, adjustment=PaceAdjustment(1.0, 0.05))
    request = replace(base, adjustment=PaceAdjustment(0.3, 0.05))
    falls = [
        solve_external(plan, ExternalConfig(4000)).value.breach(FALL).chance
        for plan in (base, request, right)
    ]
    assert falls[0] > falls[1] > falls[2]
    paid = [
        run_months(plan, ExternalConfig(500)).raised["spot"].sum(axis=0) for plan in (base, right)
    ]
    assert (paid[1] <= paid[0] + 1e-9).all()
    assert paid[1].mean() > 0.8 * paid[0].mean()


def test_a_sudden_stop_takes_what_it_should():
    stop = replace(korea_plan().stop, rate=1.0, spread=0.0, weakness=0.0, recovery=1e9)
    plan = korea_plan(0.0, 1, stop=stop)
    month = run_months(plan, ExternalConfig(4000))
    struck = month.in_stop[0] == 1
    assert struck.mean() == pytest.approx(1 / 12, abs=0.02)
    taken = month.run[:, struck].sum(axis=0)
    np.testing.assert_allclose(taken, 0.34 * KOREA.short_term_debt, rtol=1e-6)
    early = month.run[:3, struck].sum(axis=0)
    np.testing.assert_allclose(early, 0.6 * 0.34 * KOREA.short_term_debt, rtol=1e-6)
