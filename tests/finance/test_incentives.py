"""Incentives by milestones, their claw-back, and projects abandoned for want of an approval."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.finance.config import FinanceConfig
from accord.finance.incentives import Approval, Incentive, Milestone
from accord.finance.instruments import Direct, Loan
from accord.finance.plan import Facility, Pace
from accord.finance.rates import RateTerms
from accord.finance.solver import solve_finance
from tests.finance.plans import KIND, SPLIT, cash_plan

GRANT = Incentive(
    "grant", 4.0, (Milestone(0.0, 0.25), Milestone(0.5, 0.25), Milestone(1.0, 0.5)),
    claw_back=1.0, recovered=0.6, delay=1.0,
)  # fmt: skip


def plant(approval=None, *, instrument=None, **changes):
    facility = Facility(
        "plant", instrument or Direct(10.0), Pace(0.0, 0.0), {"energy": 1.0}, approval=approval
    )
    return cash_plan(facilities=(facility,), **({"split": None, "incentives": (GRANT,)} | changes))


def flows(plan, paths=0):
    return solve_finance(plan, FinanceConfig(paths=paths)).value.flows


def test_each_part_is_paid_once_so_much_is_built():
    made = flows(plant())
    called = np.cumsum(made["equity_called"][0]) / 10.0
    paid = np.cumsum(made["incentive_paid"][0])
    assert paid[0] >= 1.0
    assert paid[-1] == pytest.approx(4.0)
    half = int(np.argmax(called >= 0.5))
    assert paid[half] >= 2.0
    assert paid[half - 1] == pytest.approx(1.0)
    assert not made["incentive_returned"].any()


def test_taxes_forgone_are_spread_over_their_years():
    zone = Incentive("zone", 10.0, (Milestone(1.0, 1.0),), years=10.0)
    paid = flows(plant(incentives=(zone,)))["incentive_paid"][0]
    assert paid.max() == pytest.approx(1.0)
    assert paid.sum() == pytest.approx(10.0)
    assert (paid > 0).sum() in (10, 11)


def test_nothing_is_paid_before_the_first_day():
    late = Incentive("late", 4.0, (Milestone(0.0, 1.0),), start=3.0)
    assert flows(plant(incentives=(late,)))["incentive_paid"][0, :3].sum() == 0.0


def test_what_is_refused_is_neither_called_nor_earned_after_the_day():
    made = flows(plant(Approval(1.0, 2.0, salvage=0.5)), paths=50)
    assert not made["equity_called"][:, 2:].any()
    spent = made["equity_called"].sum(axis=1)
    assert (spent > 0).all()
    assert made["cash_flow"].sum(axis=1) == pytest.approx(0.5 * spent)
    assert made["cash_flow"][:, 2] == pytest.approx(0.5 * spent)


def test_what_is_asked_back_is_a_share_of_what_was_paid_by_then():
    made = flows(plant(Approval(1.0, 2.0)), paths=50)
    paid = made["incentive_paid"].sum(axis=1)
    assert made["incentive_returned"].sum(axis=1) == pytest.approx(0.6 * paid)
    assert made["incentive_returned"][:, 3] == pytest.approx(0.6 * paid)


def test_an_approval_that_stands_changes_nothing():
    free, safe = (flows(plan, paths=50) for plan in (plant(), plant(Approval(0.0, 2.0))))
    for name, flow in free.items():
        np.testing.assert_array_equal(flow, safe[name])


def test_the_central_path_is_the_mean_of_the_two_outcomes():
    chance = 0.3
    mixed, never, ever = (
        flows(plant(Approval(refusal, 2.0, salvage=0.2))) for refusal in (chance, 0.0, 1.0)
    )
    for name, flow in mixed.items():
        expected = (1 - chance) * never[name] + chance * ever[name]
        np.testing.assert_allclose(flow, expected, atol=1e-12)


def test_the_share_of_paths_is_the_chance_and_nobody_else_draws_anew():
    paths = 4000
    made = flows(plant(Approval(0.3, 2.0)), paths=paths)
    refused = made["incentive_returned"].sum(axis=1) > 0
    assert refused.mean() == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / paths))
    stand = flows(plant(), paths=paths)
    kept = ~refused
    np.testing.assert_array_equal(stand["cash_flow"][kept], made["cash_flow"][kept])


@pytest.mark.parametrize("pooled", [True, False])
@pytest.mark.parametrize("lent", [True, False])
def test_the_books_balance_whatever_is_abandoned(pooled, lent):
    """Also where a loan is served, or a split shares the cash of one account or of several."""
    loan = Loan(10.0, RateTerms(0.05), 15.0, 3.0, "equal")
    split = None if lent else replace(SPLIT, covers=("plant",), pooled=pooled)
    plan = plant(Approval(0.5, 3.0, salvage=0.3), instrument=loan if lent else None, split=split)
    solved = solve_finance(plan, FinanceConfig(paths=60))
    assert np.max([*solved.residuals.values()]) < 1e-9


def test_each_facility_earns_its_part_of_an_incentive():
    two = tuple(
        Facility(name, Direct(amount), Pace(0.0, 0.0), {"energy": 1.0}, approval=approval)
        for name, amount, approval in (("kept", 30.0, None), ("lost", 10.0, Approval(1.0, 0.5)))
    )
    made = flows(cash_plan(facilities=two, split=None, incentives=(GRANT,)), paths=10)
    # Of 4 bn the abandoned quarter gets its advance alone, and the other all of it.
    assert made["incentive_paid"].sum(axis=1) == pytest.approx(3.0 + 0.25)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"incentives": (Incentive("x", 1.0, (Milestone(0.5, 0.8), Milestone(1.0, 0.4))),)},
         "incentives[0].milestones"),
        ({"incentives": (Incentive("x", 1.0, (Milestone(1.5, 1.0),)),)},
         "incentives[0].milestones[0].built"),
        ({"facilities": (), "incentives": (GRANT,)}, "incentives"),
        ({"facilities": (Facility("plant", Direct(1.0), Pace(), {"energy": 1.0},
                                  approval=Approval(1.2, 1.0)),)},
         "facilities[0].approval.refusal"),
    ],
)  # fmt: skip
def test_shares_outside_their_range_are_refused(changes, place):
    with pytest.raises(InputError) as caught:
        solve_finance(cash_plan(kinds=(KIND,), **({"split": None} | changes)))
    assert place in [problem.path for problem in caught.value.problems]
