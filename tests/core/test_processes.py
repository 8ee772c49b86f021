"""Several processes: a solve in a forked child is refused, and errors cross whole."""

import copy
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

import accord
from accord.assessment.valuation.welfare.responses import MoneyError
from accord.core.errors import AccordError, InputError, OutputError, Problem, SolveError
from accord.core.status import Status
from accord.library.enquiries import TooManyError
from accord.library.errors import BusyError, FullError, LibraryError, ReadOnlyError
from accord.web.errors import MissingError, NotNowError

# Each child does one thing that needs an equilibrium, after a parent that never called the verb.
PROGRAM = """
import multiprocessing
import tempfile
import warnings
from pathlib import Path

import numpy as np

import accord as ac
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.assessment.valuation.quantities import build_quantities
from accord.assessment.valuation.welfare.surface import Solver
from accord.lowering.taxes.rates import Levies
from accord.trade.iteration.gradient import welfare_gradient
from accord.trade.iteration.methods import iterate

warnings.simplefilter("ignore")
flows = np.array([[3.0, 1.0], [1.5, 4.0]])[:, :, None]
model = ac.TradeModel.from_arrays(
    flows=flows, tariff=0 * flows, value_added_share=np.ones((2, 1)),
    input_share=np.zeros((2, 1, 1)), elasticity=np.full(1, 5.0),
)
quantities = build_quantities((), model)
solver = Solver(
    model, ac.TradeConfig(), model.elasticity[None], NodeCache(Path(tempfile.mkdtemp()))
)


def shock(rate):
    tariff = 0 * flows
    tariff[0, 1] = rate
    return ac.TradeShock(tariff=tariff)


def gain(rate):
    return float(solver.gain(quantities, Levies(shock(rate).tariff), 0, np.zeros(0))[0])


WAYS = {
    "verb": lambda: float(ac.solve_trade(model, shock(0.2)).value.welfare[0]),
    "iteration": lambda: iterate(model, shock(0.2), ac.TradeConfig(), None).status.name,
    "balance": lambda: float(model.balance(ac.TradeConfig(labour_elasticity=0.5)).sales[0, 0]),
    "gradient": lambda: float(welfare_gradient(solution, model.regions[0])[0, 1, 0]),
    "node": lambda: gain(0.2),
    "kept": lambda: gain(0.1),
    "value": lambda: float(solution.value.welfare[0]),
}


def work(name):
    return WAYS[name]()


model.balance(ac.TradeConfig())
solution = iterate(model, shock(0.1), ac.TradeConfig(), None)
before = {"kept": gain(0.1), "value": work("value")}
for name in WAYS:
    with multiprocessing.get_context("fork").Pool(1) as pool:
        try:
            answer = pool.map_async(work, [name]).get(timeout=300)[0]
        except ac.InputError as error:
            answer = error
    print(f"{name}: {'as before' if before.get(name) == answer else answer}".replace("\\n", " "))
"""
PACKAGE = Path(accord.__path__[0])
REFUSED = ("verb", "iteration", "balance", "gradient", "node")
KNOWN = ("kept", "value")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_whatever_solves_in_a_forked_child_is_refused_with_its_remedy():
    """And what needs no solve is answered: an inherited solution, a node that is kept."""
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert set(told) == {*REFUSED, *KNOWN}
    for name in REFUSED:
        assert 'get_context("spawn")' in told[name], name
    assert [told[name] for name in KNOWN] == ["as before", "as before"]


EXAMPLES: dict[type[AccordError], AccordError] = {
    InputError: InputError([Problem("a.b", "is wrong", "Mend it")], "the deal"),
    OutputError: OutputError(Path("there") / "page.html", "No space left on device"),
    SolveError: SolveError(next(iter(Status)), "the equilibrium"),
    MoneyError: MoneyError(next(iter(Status)), "the equilibrium with its money"),
    LibraryError: LibraryError("there", "is locked", "wait"),
    FullError: FullError("there", "the disk is full", "make room"),
    ReadOnlyError: ReadOnlyError("there", "may be read only", "name another folder"),
    BusyError: BusyError("there", "is locked", "wait"),
    TooManyError: TooManyError("five questions a day"),
    MissingError: MissingError([Problem("", "is not there", "Look at the list")], "the address"),
    NotNowError: NotNowError([Problem("", "has ended", "Begin another")], "the task"),
}


def kinds_of_error() -> set[str]:
    """Names of the classes that derive from `AccordError`, wherever they are written."""
    source = "\n".join(path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py")))
    classes = {
        name: {base.rpartition(".")[2].strip() for base in bases.split(",")}
        for name, bases in re.findall(r"^ *class (\w+)\(([^)]*)\):", source, re.MULTILINE)
    }
    kinds, before = {AccordError.__name__}, 0
    while len(kinds) > before:
        before = len(kinds)
        kinds |= {name for name, bases in classes.items() if bases & kinds}
    return kinds - {AccordError.__name__}


def test_every_kind_of_error_crosses_between_processes_whole():
    assert kinds_of_error() == {kind.__name__ for kind in EXAMPLES}, (
        "give the new kind of error an example here"
    )
    for error in EXAMPLES.values():
        for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
            assert type(again) is type(error)
            assert str(again) == str(error)
            assert vars(again) == vars(error)
            assert again.exit_code == error.exit_code
