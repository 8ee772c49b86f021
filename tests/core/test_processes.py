"""Several processes: a solve in a forked child is refused, and errors cross whole."""

import os
import pickle
import subprocess
import sys

import pytest

from accord.core.errors import InputError, Problem, SolveError
from accord.core.status import Status

PROGRAM = """
import multiprocessing
import warnings

import numpy as np

import accord as ac

warnings.simplefilter("ignore")


def solve(rate):
    flows = np.full((2, 2, 1), 1.0)
    model = ac.TradeModel.from_arrays(
        flows=flows, tariff=0 * flows, value_added_share=np.ones((2, 1)),
        input_share=np.zeros((2, 1, 1)), elasticity=np.full(1, 5.0),
    )
    tariff = 0 * flows
    tariff[0, 1] = rate
    return float(ac.solve_trade(model, ac.TradeShock(tariff=tariff)).value.welfare[0])


solve(0.1)
with multiprocessing.get_context("fork").Pool(1) as pool:
    try:
        pool.map_async(solve, [0.2]).get(timeout=300)
    except ac.InputError as error:
        print(error)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_solve_in_a_forked_child_is_refused_with_its_remedy():
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert 'get_context("spawn")' in done.stdout


@pytest.mark.parametrize(
    "error",
    [
        InputError([Problem("a.b", "is wrong", "Mend it")], "the deal"),
        SolveError(next(iter(Status)), "the equilibrium"),
    ],
)
def test_errors_cross_between_processes_whole(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
