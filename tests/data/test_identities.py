"""Merging regions and sectors preserves every total, whatever is merged."""

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.core.errors import InputError
from accord.data.labels import EU27
from accord.data.store import load_world
from accord.data.world import World


@lru_cache(maxsize=1)
def base() -> World:
    return load_world("world-2014")


@st.composite
def groupings(draw, labels: tuple[str, ...]):
    """A few disjoint groups of labels, each of two or more."""
    order = draw(st.permutations(labels))
    sizes = draw(st.lists(st.integers(2, 6), max_size=3))
    groups, start = {}, 0
    for number, size in enumerate(sizes):
        groups[f"group{number}"] = list(order[start : start + size])
        start += size
    return groups


def totals(world: World) -> dict[str, float]:
    return {
        "trade and domestic sales": float(world.flows.sum()),
        "duty": float(world.duty.sum()),
        "value added": float(world.value_added.sum()),
        "final demand": float(world.final_demand().sum()),
        "spending": float(world.absorption.sum()),
    }


@given(groupings(load_world("world-2014").regions), groupings(load_world("world-2014").sectors))
def test_totals_are_preserved(regions, sectors):
    world = base()
    merged = world.aggregate(regions=regions, sectors=sectors)
    before, after = totals(world), totals(merged)
    assert after == pytest.approx(before, rel=1e-11)
    assert all(check.ok for check in merged.checks())
    assert (merged.final_demand() >= -1e-9).all()


@given(groupings(load_world("world-2014").regions))
def test_what_is_not_merged_is_unchanged(regions):
    world = base()
    merged = world.aggregate(regions=regions)
    used = {member for members in regions.values() for member in members}
    kept = [region for region in world.regions if region not in used]
    old = [world.region_index(region) for region in kept]
    new = [merged.region_index(region) for region in kept]
    np.testing.assert_allclose(merged.flows[np.ix_(new, new)], world.flows[np.ix_(old, old)])
    np.testing.assert_allclose(merged.tariff[np.ix_(new, new)], world.tariff[np.ix_(old, old)])
    np.testing.assert_allclose(merged.deficit[new], world.deficit[old], atol=1e-8)


@given(groupings(load_world("world-2014").regions), groupings(load_world("world-2014").sectors))
def test_lines_keep_imports_and_duty(regions, sectors):
    world = base()
    merged = world.aggregate(regions=regions, sectors=sectors)
    assert world.lines is not None
    if any("USA" in members for members in regions.values()):
        assert merged.lines is None
        return
    assert merged.lines is not None
    assert merged.lines.imports.sum() == pytest.approx(world.lines.imports.sum(), rel=1e-12)
    assert merged.lines.duty.sum() == pytest.approx(world.lines.duty.sum(), rel=1e-12)
    assert merged.lines.importer == "USA"


def test_elasticities_stay_within_the_range_of_their_members():
    world = base()
    metals = ["basic_metals", "metal_products"]
    merged = world.aggregate(sectors={"metals": metals})
    inside = [world.elasticity[world.sector_index(sector)] for sector in metals]
    assert min(inside) < merged.elasticity[merged.sector_index("metals")] < max(inside)
    assert merged.elasticity[merged.sector_index("food")] == world.elasticity[2]


def test_the_european_union_as_one_region():
    world = base()
    merged = world.aggregate(regions={"EU": EU27}, name="with the EU")
    assert len(merged.regions) == 44 - 27 + 1
    usa, union = merged.region_index("USA"), merged.region_index("EU")
    assert merged.flows[usa, union, :19].sum() == pytest.approx(597.47, abs=0.005)
    assert merged.lines is not None
    assert len(merged.lines) < 70_000
    gdp = {row.region: row.value for row in merged.macro if row.variable == "gdp_2024"}
    members = {row.region: row for row in world.macro if row.variable == "gdp_2024"}
    assert gdp["EU"] == pytest.approx(sum(members[region].value for region in EU27))
    assert merged.name == "with the EU"
    assert merged.lines.mfn[0] == pytest.approx(merged.lines.mfn[0], nan_ok=True)


def test_aggregating_in_two_steps_or_one_gives_the_same():
    world = base()
    at_once = world.aggregate(regions={"G": ["DEU", "FRA", "ITA"]}, name="g")
    in_steps = world.aggregate(regions={"H": ["DEU", "FRA"]}).aggregate(
        regions={"G": ["H", "ITA"]}, name="g"
    )
    np.testing.assert_allclose(at_once.flows, in_steps.flows, rtol=1e-12)
    np.testing.assert_allclose(at_once.input_share, in_steps.input_share, atol=1e-12)


def test_aggregating_nothing_changes_nothing():
    world = base()
    same = world.aggregate(name=world.name)
    np.testing.assert_array_equal(same.flows, world.flows)
    np.testing.assert_allclose(same.input_share, world.input_share, atol=1e-15)


def test_every_wrong_group_is_reported():
    with pytest.raises(InputError) as caught:
        base().aggregate(
            regions={"ASIA": ["KOREA", "JPN"], "PACIFIC": ["JPN"], "USA": ["MEX"], "NONE": []},
            sectors={"cars": "motor_vehicles"},
        )
    text = str(caught.value)
    assert "Did you mean KOR?" in text
    assert "used twice" in text
    assert "already an identifier" in text
    assert "has no members" in text
    assert '["motor_vehicles"]' in text
