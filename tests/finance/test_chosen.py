"""Projects whose selection is known: selected on their day, and paid before the others."""

from dataclasses import replace

import numpy as np
import pytest

from accord.finance.config import FinanceConfig
from accord.finance.construction.projects import Phase, ProjectKind
from accord.finance.instruments import Equity
from accord.finance.plan import Facility, Pace
from accord.finance.rates import RateTerms
from accord.finance.solver import solve_finance
from tests.finance.plans import SPLIT, cash_plan

CENTRAL = FinanceConfig(paths=0)
PLAIN = ProjectKind("plain", 100.0, (Phase("all", 2.0, 1.0, 10.0),), 0.08, ramp_up=0.0, life=10.0)
TWO_KINDS = (replace(PLAIN, size=20.0), replace(PLAIN, name="known", size=20.0))


def chosen_plan(chosen, **changes):
    """Return a plan of ten projects under a cap, two of them of the known kind."""
    pace = Pace(0.0, 3.0, annual_cap=20.0, chosen=chosen)
    facility = Facility("cash", Equity(200.0), pace, {"plain": 0.8, "known": 0.2})
    given = {"facilities": (facility,), "kinds": TWO_KINDS, "split": None, "years": 40}
    return cash_plan(inflation=0.0, references=(), **(given | changes))


def known_of(plan):
    return np.array([project.kind == "known" for project in solve_finance(plan, CENTRAL).projects])


def test_chosen_projects_are_selected_on_their_day_and_paid_first():
    free, chosen = chosen_plan({}), chosen_plan({"known": 1.5})
    known = known_of(chosen)
    before, after = (solve_finance(plan, FinanceConfig(30)) for plan in (free, chosen))
    times = np.array([project.selected for project in after.projects])
    assert list(times[known]) == [1.5, 1.5]
    np.testing.assert_allclose(times[~known], 3.0 * (np.arange(8) + 0.5) / 8)
    # 40 bn of the known kind, asked for evenly from mid-2 to mid-4 years, wait for nobody: a cap of
    # 20 a year is just what they ask for in the first years, and the others wait.
    finished = after.value.finished
    assert finished[known].max() == pytest.approx(3.5 + 0.25, abs=0.26)
    assert before.value.finished[known].max() > finished[known].max() + 2
    assert finished[~known].min() > finished[known].max()
    for solution in (before, after):
        called = solution.value.flows["equity_called"]
        assert called.max() <= 20.0 + 1e-9
        assert called.sum(axis=1) == pytest.approx(200.0)
        assert np.max([*solution.residuals.values()]) < 1e-9


def test_a_single_project_chosen_on_its_day_is_one_selected_on_it():
    given = Facility("cash", Equity(20.0), Pace(1.0, 1.0, annual_cap=5.0), {"known": 1.0})
    pace = Pace(0.0, 3.0, annual_cap=5.0, chosen={"known": 1.0})
    first, second = (
        solve_finance(chosen_plan({}, facilities=(facility,)), FinanceConfig(20)).value
        for facility in (given, replace(given, pace=pace))
    )
    for name, flow in first.flows.items():
        np.testing.assert_array_equal(second.flows[name], flow)


def test_separate_accounts_add_up_where_projects_are_paid_in_turns():
    split = replace(SPLIT, pooled=False, covers=("cash",), deemed=RateTerms(0.05))
    plan = chosen_plan({"known": 1.5}, split=split)
    value = solve_finance(plan, FinanceConfig(20)).value
    earned = value.flows["paid_to_payer"] + value.flows["paid_to_host"] + value.flows["withheld"]
    np.testing.assert_allclose(earned, value.flows["cash_flow"], atol=1e-9)
    alone = solve_finance(chosen_plan({"known": 1.5}), FinanceConfig(20)).value
    np.testing.assert_allclose(value.flows["cash_flow"], alone.flows["cash_flow"], atol=1e-9)


def test_chosen_projects_outside_the_mix_or_the_plan_are_refused():
    plan = chosen_plan({"other": 1.0, "known": 99.0})
    assert [problem.path for problem in plan.problems()] == ["facilities[0].pace.chosen"] * 2
