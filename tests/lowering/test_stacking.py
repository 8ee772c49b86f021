"""What a changed clause moves is worked out alone, and equals what all of them give to the bit."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from accord.data.store import load_world
from accord.deal.clauses.tariff import Quota
from accord.deal.load import load_deal
from accord.deal.products import build_cells
from accord.lowering.roles import by_member
from accord.lowering.stacking import flows
from accord.lowering.stacking.charges import AsOf
from accord.lowering.stacking.flows import added_by_flow
from tests.deal.examples import DAY, small_world, tariff_clause

FOOD = {"products": ("food",)}


def fresh(cells):
    """Return the same cells with nothing worked out."""
    return replace(cells, _masks={}, _sold={}, _covered={}, _means={})


@pytest.fixture
def sizes(monkeypatch):
    """Sizes of the parts that are worked out, 0 for a whole."""
    told = []
    find = flows._find_part

    def watched(*given):
        part = find(*given)
        told.append(0 if part is None else part.imports.size)
        return part

    monkeypatch.setattr(flows, "_find_part", watched)
    return told


@pytest.mark.parametrize(
    ("case", "importer"),
    [("us-korea-2025", "USA"), ("us-eu-2025", "USA"), ("eu-mercosur", "DEU"), ("india-uk", "IND")],
)
def test_packages_and_days_one_after_the_other_are_as_each_by_itself(case, importer, sizes):
    world = load_world()
    deal = load_deal(case, world)
    cells = fresh(build_cells(world, importer))
    days = [deal.evaluate_on, *(date(year, 12, 1) for year in (2025, 2026, 2027, 2033))]
    for name in deal.package_names:
        clauses = by_member(deal.clauses(name), world)
        for day in days:
            moment = AsOf(day)
            shared = added_by_flow(cells, clauses, moment)
            assert np.array_equal(shared, added_by_flow(fresh(cells), clauses, moment))
    assert any(0 < size < cells.imports.size / 2 for size in sizes)


def test_a_term_that_moves_works_out_the_flows_of_its_clause_alone(sizes):
    world = load_world("world-2014")
    deal = load_deal("us-korea-2025", world)
    cells = fresh(build_cells(world, "USA"))
    for value in np.linspace(0.0, 0.15, 7).tolist():
        varied = deal.vary({"cars": value}, package="signed")
        clauses = by_member(varied.clauses("signed"), world)
        shared = added_by_flow(cells, clauses, AsOf(deal.evaluate_on))
        alone = added_by_flow(fresh(cells), clauses, AsOf(deal.evaluate_on))
        assert np.array_equal(shared, alone)
    assert len(sizes) == 6
    assert all(0 < size < cells.imports.size / 10 for size in sizes)


@pytest.mark.parametrize(
    "others",
    [
        [tariff_clause(**FOOD, rate=0.2), tariff_clause(rate=0.1)],  # one is there no longer
        [tariff_clause(**FOOD, rate=0.3), tariff_clause(**FOOD, rate=0.2), tariff_clause(rate=0.1)],
        [tariff_clause(**FOOD, rate=0.2, basis="IEEPA"), tariff_clause(rate=0.1)],
        [tariff_clause(**FOOD, rate=0.05, rule="ceiling", basis="232"), tariff_clause(rate=0.1)],
        [tariff_clause(**FOOD, rate=0.02, rule="level", basis="MFN"), tariff_clause(rate=0.1)],
        [tariff_clause(**FOOD, rate=0.2, quota=Quota(amount=2e9, in_quota_rate=0.0)),
         tariff_clause(rate=0.1)],
        [tariff_clause(**FOOD, rate=0.2, basis="IEEPA", unless_basis=("232",)),
         tariff_clause(rate=0.1)],
        [tariff_clause(rate=0.1)],
        [],
    ],
)  # fmt: skip
def test_clauses_of_every_kind_may_come_and_go(others):
    cells = build_cells(small_world(), "USA")
    first = [tariff_clause(**FOOD, rate=0.2), tariff_clause(**FOOD, rate=0.2),
             tariff_clause(rate=0.1)]  # fmt: skip
    shared = fresh(cells)
    for clauses in (first, others, first, others[::-1]):
        expected = added_by_flow(fresh(cells), clauses, AsOf(DAY))
        assert np.array_equal(added_by_flow(shared, clauses, AsOf(DAY)), expected)
