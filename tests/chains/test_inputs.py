"""What the chains engine refuses, and how."""

import numpy as np
import pytest

from accord.chains.comparison import compare_chains
from accord.chains.config import ChainsConfig
from accord.chains.plan import ChainsPlan
from accord.chains.solver import solve_chains
from accord.core.errors import InputError, SolveError
from accord.core.status import Status
from tests.chains.plans import random_plan, two_countries


def refused(**changes):
    plan = two_countries()
    given = {"use": plan.use, "final": plan.final, "regions": plan.regions,
             "sectors": plan.sectors} | changes  # fmt: skip
    with pytest.raises(InputError) as error:
        ChainsPlan(**given)
    return error.value.problems


@pytest.mark.parametrize(
    ("changes", "path", "told"),
    [
        ({"use": np.ones((2, 1, 2, 2))}, "use", "shape"),
        ({"use": np.full((2, 1, 2, 1), np.nan)}, "use", "not finite"),
        ({"use": -np.ones((2, 1, 2, 1))}, "use", "negative"),
        ({"final": np.array([[[-25.0, 0.0]], [[60.0, 60.0]]])}, "use", "North goods"),
        ({"value_added": np.array([[80.0], [10.0]])}, "value_added", "North goods"),
        ({"regions": ("North", "North")}, "regions", "more than once"),
    ],
)
def test_a_wrong_account_is_refused_with_its_place(changes, path, told):
    problems = refused(**changes)
    assert [problem.path for problem in problems] == [path] or problems[0].path.startswith(path)
    assert told in problems[0].message
    assert all(problem.remedy for problem in problems)


def test_everything_wrong_is_told_at_once():
    assert (
        len(
            refused(
                use=np.ones((3, 1, 3, 1)), final=np.ones((3, 1, 3)), value_added=np.ones((3, 1))
            )
        )
        == 3
    )


def test_a_wrong_equilibrium_is_refused():
    with pytest.raises(InputError) as error:
        ChainsPlan.from_equilibrium(
            flows=np.ones((2, 2, 1)), tariff=np.zeros((2, 2)), value_added_share=np.ones((2, 1)),
            input_share="none", labels=(["a", "b"], ["goods"]),
        )  # fmt: skip
    assert {problem.path for problem in error.value.problems} == {"tariff", "input_share"}


def test_accounts_without_an_inverse_have_a_status_and_no_number():
    """Where nobody uses anything in the end, no output follows from final use."""
    plan = two_countries()
    closed = ChainsPlan(plan.use, np.zeros((2, 1, 2)), plan.regions, plan.sectors)
    solution = solve_chains(closed, throw=False)
    assert solution.status is Status.DIVERGED
    assert np.isnan(solution.value.inverse).all()
    assert np.isnan(solution.value.exports.kww).all()
    with pytest.raises(SolveError):
        solve_chains(closed)


def test_a_solve_above_the_tolerance_has_a_status_and_no_number():
    """An inverse that takes all of output has nothing left to add value with."""
    use = np.array([[0.0, 100.0], [100.0, 0.0]]).reshape(2, 1, 2, 1)
    final = np.array([[1e-7, 0.0], [0.0, 1e-7]]).reshape(2, 1, 2)
    plan = ChainsPlan(use, final, ("a", "b"), ("goods",))
    config = ChainsConfig(tolerance=1e-14)
    solution = solve_chains(plan, config, throw=False)
    assert solution.status is Status.DIVERGED
    assert np.isnan(solution.value.look_through).all()
    assert np.isnan(solution.value.exports.by_sink.domestic).all()
    with pytest.raises(SolveError):
        solve_chains(plan, config)


@pytest.mark.parametrize("tolerance", [0.0, 1.0, float("nan")])
def test_a_tolerance_out_of_range_is_refused(tolerance):
    with pytest.raises(InputError):
        ChainsConfig(tolerance=tolerance)


def test_only_worlds_of_the_same_labels_are_compared():
    with pytest.raises(InputError, match="region 0"):
        compare_chains(solve_chains(two_countries()), solve_chains(random_plan()))
