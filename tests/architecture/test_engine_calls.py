"""What an engine is asked in the wrong way it answers with an `InputError` that names the argument.

The calls run in a process of their own, where no type checker of the tests comes first.
"""

import ast
import subprocess
import sys

import pytest

from tests.architecture.repository import PACKAGE, ROOT

ENGINES = ("trade", "finance", "external", "bargaining", "markets", "chains")
INSIDE = (
    "iteration",
    "run.py",
    "question.py",
)  # called by the engine itself, after the arguments were checked
SETUP = """
import inspect
from importlib import import_module
import numpy as np
from accord.bargaining.coalitions.game import CoalitionGame
from accord.bargaining.over_time.alternating_offers import AlternatingOffers
from accord.bargaining.over_time.curve import split
from accord.bargaining.plan import BargainingProblem
from accord.core.errors import InputError
from accord.chains.solver import solve_chains
from accord.markets.solver import solve_market
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.chains.plans import two_countries
from tests.external.plans import korea_plan
from tests.finance.plans import cash_plan
from tests.markets.plans import random_plan

flows = np.array([[[80.0], [20.0]], [[20.0], [80.0]]])
model = TradeModel.from_arrays(
    tariff=np.zeros_like(flows), flows=flows, value_added_share=np.ones((2, 1)),
    input_share=np.zeros((2, 1, 1)), elasticity=np.array([5.0]),
)
draws = np.array([[[1.0, 2.0], [3.0, -1.0]], [[-1.0, 2.0], [3.0, 1.0]]])
EXAMPLES = {
    "problem": BargainingProblem.from_packages(draws=draws, disagreement=[0, 0]),
    "game": AlternatingOffers(split(), (0.9, 0.8)),
    "model": model,
    "shock": TradeShock(),
    "shocks": [None, None],
    "tariffs": np.zeros_like(flows),
    "party": "region 1",
    "parties": ["region 1", "region 2"],
    "solution": solve_trade(model),
    "before": solve_chains(two_countries()),
    "after": solve_chains(two_countries()),
}
PLANS = {"finance": cash_plan(), "external": korea_plan(), "markets": random_plan(),
         "chains": two_countries()}
SOLUTIONS = {"markets": solve_market(random_plan())}
"""
RUN = """
class Nonsense:
    pass

for module, name in {verbs!r}:
    verb = getattr(import_module(module), name)
    room = module.split(".")[1]
    known = EXAMPLES | {{"plan": PLANS.get(room)}}
    known["solution"] = SOLUTIONS.get(room, EXAMPLES["solution"])
    given = inspect.signature(verb).parameters.values()
    needed = {{item.name: known[item.name] for item in given if item.default is item.empty}}
    for wrong in ("nonsense", *(item.name for item in given)):
        call = f"{{name}}({{wrong}}=...)"
        try:
            verb(**(needed | {{wrong: Nonsense()}}))
        except InputError as error:
            said = any(problem.path.startswith(wrong) for problem in error.problems)
            print(call, "is refused" if said else f"blames another argument: {{error}}")
        except Exception as error:
            print(call, f"fails with {{type(error).__name__}}: {{error}}")
        else:
            print(call, "is accepted")
"""


def find_verbs() -> list[tuple[str, str]]:
    """Return module and name of every function of an engine that promises an `InputError`."""
    verbs = []
    for path in sorted(path for engine in ENGINES for path in (PACKAGE / engine).rglob("*.py")):
        inner = path.relative_to(PACKAGE)
        if set(INSIDE) & set(inner.parts):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if "InputError:" in (ast.get_docstring(node) or ""):
                verbs.append((".".join(("accord", *inner.with_suffix("").parts)), node.name))
    return verbs


@pytest.fixture(scope="module")
def answers() -> list[str]:
    code = SETUP + RUN.format(verbs=find_verbs())
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_wrong_argument_of_any_verb_of_an_engine_is_named(answers):
    assert [line for line in answers if not line.endswith("is refused")] == []


def test_every_engine_is_asked(answers):
    names = {line.partition("(")[0] for line in answers}
    assert {
        "solve_trade",
        "solve_finance",
        "solve_external",
        "solve_bargain",
        "solve_market",
        "solve_chains",
    } <= names
    assert len(names) > 15
