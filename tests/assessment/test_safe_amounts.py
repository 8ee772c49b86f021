"""Safe amounts are worked out once: what was kept is what would be worked out for that plan."""

from dataclasses import replace

import numpy as np
import pytest

from accord.assessment.snapshot import safe_amounts
from accord.assessment.snapshot.recall import describe_plan
from accord.assessment.snapshot.safe_amounts import STRUCTURES, find_safe_amounts
from accord.assessment.valuation import currency_risk
from accord.assessment.valuation.currency_risk import crash_chances
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.data.store import load_world
from accord.deal.load import load_deal, read_deal
from accord.external import capacity
from accord.external.config import ExternalConfig
from tests.deal.examples import DEAL, small_world
from tests.flagship import flagship
from tests.lowering.test_external import DOLLARS

FEW = ExternalConfig(paths=30)


@pytest.fixture
def counted(monkeypatch):
    """How often capacities were worked out."""
    calls = []
    real = capacity.safe_capacity

    def count(*given, **more):
        calls.append(given)
        return real(*given, **more)

    monkeypatch.setattr(safe_amounts, "safe_capacity", count)
    return calls


def figures(amounts):
    return [(each.party, each.structure, each.capacity, each.at_chances) for each in amounts]


def test_kept_amounts_are_those_worked_out_anew(tmp_path, counted):
    deal, world = load_deal("us-korea-2025"), load_world()
    anew = find_safe_amounts(deal, world, config=FEW)
    worked_out = len(counted)
    assert worked_out == len(STRUCTURES)
    first = find_safe_amounts(deal, world, config=FEW, recall=NodeCache(tmp_path).numbers)
    assert len(counted) == 2 * worked_out
    again = find_safe_amounts(deal, world, config=FEW, recall=NodeCache(tmp_path).numbers)
    assert len(counted) == 2 * worked_out
    assert figures(anew) == figures(first) == figures(again)


@pytest.mark.parametrize("change", ["seed", "paths", "limits", "reserves"])
def test_what_depends_on_something_else_is_worked_out(tmp_path, counted, change, monkeypatch):
    ways = STRUCTURES[-2:]
    monkeypatch.setattr(safe_amounts, "STRUCTURES", ways)
    config, limits, sheet = FEW, safe_amounts.LIMITS, DOLLARS
    recall, world = NodeCache(tmp_path).numbers, small_world()
    first = find_safe_amounts(
        read_deal(DEAL + sheet, world=world), world, config=config, recall=recall
    )
    worked_out = len(counted)
    assert worked_out == len(ways)
    if change in ("seed", "paths"):
        config = replace(FEW, **{change: 31})
    elif change == "limits":
        limits = (0.02, 0.05, 0.11)
    else:
        sheet = DOLLARS.replace("428.2e9", "328.2e9")
    deal = read_deal(DEAL + sheet, world=world)
    other = find_safe_amounts(deal, world, limits=limits, config=config, recall=recall)
    assert len(counted) == 2 * worked_out
    assert figures(other) != figures(first)


def test_chances_of_a_crash_are_kept_and_told_apart_by_every_part_of_a_plan(tmp_path, monkeypatch):
    (currency,) = flagship().result("signed").external
    anew = crash_chances(currency, FEW)
    first = crash_chances(currency, FEW, recall=NodeCache(tmp_path).numbers)
    monkeypatch.setattr(currency_risk, "chance_by_year", None)  # nothing is worked out again
    again = crash_chances(currency, FEW, recall=NodeCache(tmp_path).numbers)
    assert anew.tolist() == first.tolist() == again.tolist()
    assert len(anew) == len(currency_risk.PRICES)
    plan = currency.plan
    more = np.array(plan.payments)
    more[-1] += 1e-9
    other = [replace(plan, payments=more), replace(plan, private=more), replace(plan, floors=())]
    assert len({describe_plan(each) for each in (plan, *other)}) == 4
    assert describe_plan(plan, ["payments"]) == describe_plan(other[0], ["payments"])
