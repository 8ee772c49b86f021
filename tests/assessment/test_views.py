"""Views: who is kept whole, that a deal means the same in them, and what merging costs."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from accord.assessment.assess import assess
from accord.assessment.reproduce import name_world
from accord.assessment.settings import AssessSettings
from accord.assessment.views.error import (
    MERGED,
    against_no_deal,
    find_merging,
    measure_view,
    merging_rows,
)
from accord.assessment.views.rule import RIVAL_SHARE, View, build_view, viewed_world
from accord.data.labels import EU27
from accord.data.store import load_world
from accord.deal.clauses.tariff import TariffClause
from accord.deal.deal import Deal
from accord.deal.load import load_deal
from accord.deal.products import expand_regions
from accord.lowering.tariff_schedule import tariff_on

CASES = ("us-korea-2025", "us-japan-2025")


@lru_cache(maxsize=2)
def seen(case: str) -> tuple[Deal, View]:
    world = load_world()
    deal = load_deal(case, world=world)
    return deal, build_view(deal, world)


@pytest.mark.parametrize("case", CASES)
def test_parties_rivals_and_sectors_at_stake_stay_whole(case):
    deal, view = seen(case)
    world, full = view.world, view.full
    assert set(deal.parties) <= set(world.regions)
    assert {"motor_vehicles", "iron_steel", "nonferrous_metals", "ships", "electronics"} <= set(
        view.at_stake
    )
    assert set(view.at_stake) <= set(world.sectors)
    usa = full.region_index("USA")
    for industry in view.at_stake:
        bought = np.array(full.flows[usa, :, full.sector_index(industry)])
        bought[usa] = 0.0
        large = np.flatnonzero(bought >= RIVAL_SHARE * bought.sum())
        for name in (full.regions[place] for place in large):
            assert name in world.regions or name in EU27, (industry, name)
    assert len(world.regions) < 45
    assert len(world.sectors) < 35


@pytest.mark.parametrize("case", CASES)
def test_every_region_that_a_clause_names_can_still_be_named(case):
    deal, view = seen(case)
    for package in deal.package_names:
        for clause in deal.clauses(package):
            if isinstance(clause, TariffClause):
                for name in (*clause.exporters, *clause.except_exporters):
                    assert expand_regions([name], view.world.regions), (clause.path, name)


@pytest.mark.parametrize("case", CASES)
def test_a_package_charges_in_the_view_what_it_charges_in_the_whole_world(case):
    """Cells that hold imports with and without lines are the exception: 1 bn of duty in all."""
    deal, view = seen(case)
    for package in deal.package_names:
        clauses, day = deal.clauses(package), deal.evaluate_on
        whole = replace(view.full, tariff=tariff_on(clauses, view.full, day))
        merged = whole.aggregate(view.merged_regions, view.merged_sectors)
        gap = np.abs(tariff_on(clauses, view.world, day) - merged.tariff) * merged.flows
        assert gap.sum() < 1.0
        assert gap[:, [merged.region_index(party) for party in deal.parties]].max() < 1e-9


@pytest.mark.parametrize("case", CASES)
def test_accounts_and_totals_of_a_view_are_those_of_the_whole(case):
    _, view = seen(case)
    assert all(check.ok for check in view.world.checks())
    assert view.world.flows.sum() == pytest.approx(view.full.flows.sum(), rel=1e-12)
    assert view.world.duty.sum() == pytest.approx(view.full.duty.sum(), rel=1e-12)
    assert view.world.region_names["EU"] == "European Union"
    assert view.world.services == ("services",)
    members = [name for group in view.merged_regions.values() for name in group]
    assert len(members) == len(set(members))
    assert not set(members) & {*view.named, *view.rivals}


def test_members_that_are_parties_keep_the_union_apart():
    deal, view = seen("us-korea-2025")
    with_member = build_view(replace(deal, parties=("DEU", "USA")), view.full)
    assert set(EU27) <= set(with_member.world.regions)


def test_merging_moves_the_gains_of_parties_by_little():
    """Everything that is not named is merged into one region, and services into one sector."""
    deal, view = seen("us-korea-2025")
    rows = merging_rows(measure_view(deal, view))
    assert {(row.region, row.sector) for row in rows} == {
        (party, package) for party in deal.parties for package in deal.package_names
    }
    assert {row.what for row in rows} == {MERGED}
    for row in rows:
        assert row.after == pytest.approx(row.before, abs=1e-6, rel=0.15), row
    against = against_no_deal(rows)
    assert {row.sector for row in against} == set(deal.package_names) - {"no_deal"}
    for row in against:
        assert row.after == pytest.approx(row.before, abs=0.15, rel=0.15), row
    assert any(row.before != row.after for row in rows)
    assert merging_rows(view.world) == ()
    assert measure_view(deal, view) == view.world


def test_merging_is_measured_where_the_world_is_a_view_of_an_embedded_one():
    deal, view = seen("us-korea-2025")
    assert find_merging(deal, view.world) == merging_rows(measure_view(deal, view)) != ()
    assert find_merging(deal, measure_view(deal, view)) != ()
    assert find_merging(deal, view.full) == ()
    assert find_merging(deal, view.world.with_elasticities("ll2023")) == ()


def test_a_deal_is_assessed_in_its_view_of_the_default_world():
    _, view = seen("us-korea-2025")
    settings = AssessSettings(draws=0, paths=10, ranges=False)
    assert assess(load_deal("us-korea-2025"), settings=settings).world == view.world


def test_a_view_knows_its_world_until_something_is_changed():
    deal, view = seen("us-korea-2025")
    assert viewed_world(view.world) == "world-2022"
    assert viewed_world(view.full) is None
    assert viewed_world(view.world.with_elasticities("ll2023")) is None
    assert name_world(deal, view.world) == ""
    assert name_world(deal, view.full) == " --world full"
    assert name_world(deal, load_world("world-2014")) == " --world world-2014"
    for other in (seen("us-japan-2025")[1].world, view.full.with_elasticities("ll2023")):
        assert name_world(deal, other) is None
