"""What a bargaining problem refuses, all at once and with a remedy."""

import ast
import subprocess
import sys

import numpy as np
import pytest

from accord.bargaining.acceptance import assess_chances, required_side_payment
from accord.bargaining.coalitions.game import CoalitionGame
from accord.bargaining.config import SearchConfig
from accord.bargaining.frontier import trace_frontier
from accord.bargaining.over_time.alternating_offers import AlternatingOffers, solve_offers
from accord.bargaining.over_time.curve import PointCurve, split
from accord.bargaining.plan import BargainingProblem
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from accord.core.errors import InputError
from tests.bargaining.problems import package_problem, pie
from tests.checked import unchecked


def paths_of(call, *arguments, **options):
    with pytest.raises(InputError) as caught:
        call(*arguments, **options)
    return [problem.path for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("payoffs", "disagreement", "options", "paths"),
    [
        (None, None, {}, ["payoffs", "disagreement"]),
        ([[1, 2], [3]], [0, 0], {}, ["payoffs"]),
        ([[1, np.nan]], [0, np.inf], {}, ["payoffs", "disagreement"]),
        ([1, 2], [0, 0], {}, ["payoffs"]),
        ([[1, 2]], [0, 0, 0], {}, ["disagreement"]),
        ([[1]], [0], {}, ["parties"]),
        ([[1, 2]], [0, 0], {"parties": ["a", "a"], "names": ["x", "y"]}, ["parties", "names"]),
        ([[1, 2], [3, 4]], [0, 0], {"names": ["x", "x"]}, ["packages"]),
        (np.zeros((0, 2)), [0, 0], {}, ["payoffs"]),
        ([[1, 2]], [0, 0], {"draws": np.zeros((3, 2, 2))}, ["draws"]),
        ([[1, 2]], [0, 0], {"disagreement_draws": np.zeros((3, 2))}, ["disagreement_draws"]),
        ([[1, 2]], [0, 0], {"draws": np.zeros((3, 1, 2)), "disagreement_draws": np.zeros((4, 2))},
         ["disagreement_draws"]),
    ],
)  # fmt: skip
def test_wrong_packages(payoffs, disagreement, options, paths):
    assert paths_of(BargainingProblem.from_packages, payoffs, disagreement, **options) == paths


@pytest.mark.parametrize(
    ("payoffs", "bounds", "paths"),
    [
        (lambda t: t, [0, 1], ["bounds"]),
        (lambda t: t, [[1, 0], [0, 1]], ["bounds.1"]),
        (lambda t: t, np.zeros((0, 2)), ["bounds"]),
        (lambda t: t, "wide", ["bounds"]),
    ],
)
def test_wrong_terms(payoffs, bounds, paths):
    assert paths_of(BargainingProblem.from_terms, payoffs, bounds, [0, 0]) == paths


def test_payoffs_of_the_wrong_shape_are_named_before_any_search():
    class Three:
        def value(self, terms):
            return np.repeat(terms, 3)

        def gradient(self, terms):
            return np.repeat(terms, 2)[:, None]

    problem = BargainingProblem.from_terms(Three(), [[0, 1]], [0, 0])
    assert paths_of(solve_bargain, problem) == ["payoffs.value"]


def test_a_problem_needs_packages_or_terms():
    assert paths_of(BargainingProblem, ("a", "b"), np.zeros(2)) == ["problem"]


def test_a_wrong_call_tells_everything():
    problem = pie()
    wrong = SearchConfig(samples=0, starts=0, points=1, accuracy=2.0, tolerance=0.0)
    paths = paths_of(solve_bargain, problem, weights=(1.0,), lotteries=True, config=wrong)
    assert paths == [
        "weights", "lotteries", "config.samples", "config.starts", "config.points",
        "config.accuracy", "config.tolerance",
    ]  # fmt: skip
    assert paths_of(solve_bargain, problem, weights=(1.0, 0.0)) == ["weights"]
    assert paths_of(trace_frontier, problem, config=wrong)
    assert paths_of(find_zone, problem, config=wrong)


def test_chances_need_packages_and_draws():
    assert paths_of(assess_chances, pie()) == ["problem"]
    plain = package_problem([[1.0, 2.0]])
    assert paths_of(assess_chances, plain) == ["problem.packages.draws"]
    paths = paths_of(required_side_payment, plain, confidence=1.5)
    assert paths == ["problem.packages.draws", "confidence"]


def test_wrong_offers():
    wrong = AlternatingOffers(split(), (0.0, 1.2), breakdown=1.0, first=2, deadline=0)
    assert paths_of(solve_offers, wrong) == [
        "discount[0]", "discount[1]", "breakdown", "first", "deadline",
    ]  # fmt: skip
    assert paths_of(solve_offers, AlternatingOffers(split(), (1.0, 1.0))) == ["discount"]
    assert paths_of(PointCurve.from_points, [1, 2, 3]) == ["points"]


def test_wrong_coalitions():
    make = CoalitionGame.from_mapping
    assert paths_of(make, ("KOR", "USA"), {"KRO": 1, "USA": 2}) == ["worth.KRO"]
    with pytest.raises(InputError, match="Did you mean KOR"):
        make(("KOR", "USA"), {"KRO": 1})
    with pytest.raises(InputError, match="missing for 2 coalitions, the first of them USA"):
        make(("KOR", "USA"), {"KOR": 1})
    assert paths_of(CoalitionGame, ("a",), np.zeros(2)) == ["parties"]
    assert paths_of(CoalitionGame, ("a", "a"), np.zeros(3)) == ["worth", "parties"]
    assert paths_of(CoalitionGame, ("a", "b"), np.ones(4)) == ["worth"]
    assert paths_of(CoalitionGame, ("a", "b"), np.array([0, 1, np.nan, 1])) == ["worth"]


KINDS = {
    "solve_bargain(problem, 'nashh')": "Did you mean nash?",
    "solve_bargain({'KOR': 1})": "problem: is of type dict, not BargainingProblem",
    "trace_frontier(None)": "problem: is None, not BargainingProblem",
    "find_zone([1])": "problem: is of type list",
    "assess_chances(3)": "problem: is of type int",
    "solve_coalitions({'KOR': 1})": "game: is of type dict, not CoalitionGame",
    "solve_offers({'KOR': 1})": "game: is of type dict, not AlternatingOffers",
    "BargainingProblem.from_terms(3, [[0, 1]], [0, 0])": "payoffs: is no function",
}
RUN = """
from accord.bargaining.acceptance import assess_chances
from accord.bargaining.frontier import trace_frontier
from accord.bargaining.over_time.alternating_offers import solve_offers
from accord.bargaining.plan import BargainingProblem
from accord.bargaining.coalitions.sharing import solve_coalitions
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from accord.core.errors import InputError

problem = BargainingProblem.from_packages([[1, 2]], [0, 0])
for call in {calls!r}:
    try:
        eval(call)
    except InputError as error:
        print(ascii(str(error)))
"""


def test_arguments_of_the_wrong_kind():
    """In a process of its own, where no type checker of the tests comes first."""
    code = RUN.format(calls=list(KINDS))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = done.stdout.splitlines()
    assert len(answers) == len(KINDS)
    for got, expected in zip(answers, KINDS.values(), strict=True):
        assert expected in ast.literal_eval(got)


def test_three_sides_are_told_to_become_two():
    with pytest.raises(InputError, match="add up the payoffs of parties that make one side"):
        PointCurve.from_points([[1.0, 2.0, 3.0]])
    with unchecked(), pytest.raises(InputError, match="offers alternate between two sides"):
        solve_offers(AlternatingOffers(split(), (0.9, 0.8, 0.7)))  # type: ignore[arg-type]
