"""The finance engine against the plain loop of the benchmark, number by number."""

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from accord.deal.load import load_deal
from accord.finance.config import FinanceConfig
from accord.finance.construction.projects import LabourSupply
from accord.finance.draws import draw
from accord.finance.solver import solve_finance
from accord.lowering.finance import lower_finance

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
SEED = 7


@pytest.mark.parametrize("cap", [20.0, 45.0, None])
def test_what_the_payer_gets_is_what_a_plain_loop_gives(monkeypatch, cap):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    solve_in_plain_python = import_module("loops").solve_in_plain_python
    (pair,) = lower_finance(load_deal("us-korea-2025"), "signed")
    cash = pair.plan.facilities[0]
    plan = replace(
        pair.plan,
        facilities=(replace(cash, pace=replace(cash.pace, annual_cap=cap)),),
        labour=LabourSupply(),
        purchases=(),
        references=tuple(replace(rate, volatility=0.0) for rate in pair.plan.references),
    )
    got = solve_finance(plan, FinanceConfig(paths=12, seed=SEED)).value.flows["paid_to_payer"]
    expected = solve_in_plain_python(plan, draw(12, plan.years * 4, SEED))
    np.testing.assert_allclose(got.sum(axis=1), expected, rtol=1e-9)
