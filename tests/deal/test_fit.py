"""Backgrounds in worlds that lack some of their regions or products: what holds, what is told."""

from collections.abc import Callable
from functools import cache

import pytest

from accord.assessment.check import check
from accord.core.errors import InputError
from accord.data.labels import blocs_of
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.clauses.tariff import TariffClause
from accord.deal.load import check_deal, load_deal, read_deal
from accord.deal.products import build_cells, expand_regions
from tests.deal.examples import small_world

MERGED: dict[str, Callable[[World], World]] = {
    "blocs": lambda world: world.aggregate(blocs_of(world.regions)),
    "one sector of goods": lambda world: world.aggregate({}, {"goods": world.goods}),
    "metals": lambda world: world.aggregate(
        {}, {"metals": ["iron_steel", "nonferrous_metals", "metal_products"]}
    ),
    "Asia": lambda world: world.aggregate({"ASIA": ["CHN", "IDN", "IND", "TWN"]}),
}
# Cases whose parties and sectors of their own every one of these worlds keeps.
KEPT = ("us-japan-2025", "us-korea-2025")
OWN = """
schema = 1
name = "own"
title = "Own measures"
as_of = 2025-11-01
[[clause]]
id = "germans"
kind = "tariff"
importer = "USA"
exporters = ["DEU", "CHE"]
products = ["food", "machinery"]
rate = 0.1
rule = "add"
basis = "IEEPA"
[[clause]]
id = "swiss"
kind = "tariff"
importer = "USA"
exporters = ["CHE"]
products = ["food"]
rate = 0.2
rule = "add"
basis = "IEEPA"
[[clause]]
id = "others"
kind = "tariff"
importer = "USA"
exporters = ["all"]
except_exporters = ["CHE", "DEU"]
products = ["motor_vehicles"]
rate = 0.3
rule = "add"
basis = "301"
[[clause]]
id = "swiss-ruling"
kind = "ruling"
importer = "CHE"
basis = "other"
from = 2026-02-20
"""
DEAL = """
schema = 1
name = "small"
title = "A small deal"
parties = ["USA", "KOR"]
price_year = 2024
include = "own.toml"
[no_deal]
[[package]]
name = "signed"
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["food"]
rate = 0.05
rule = "add"
basis = "IEEPA"
replaces = ["swiss"]
"""


@cache
def merged(name: str) -> World:
    """Return the embedded world with regions or sectors put together."""
    return MERGED[name](load_world())


@pytest.mark.parametrize("name", MERGED)
@pytest.mark.parametrize("case", KEPT)
def test_a_shipped_case_holds_in_a_merged_world_as_far_as_its_background_can(case, name):
    """A background is not the user's text: it is no error that a world lacks what it names."""
    world = merged(name)
    whole, deal = load_deal(case, load_world()), load_deal(case, world)
    told = " ".join(notice.remedy for notice in deal.left_out)
    kept = {clause.id: clause for clause in deal.background.clause}
    for clause in whole.background.clause:
        if clause.id is None:  # the deal's own
            continue
        if clause.id not in kept:
            assert clause.id in told
        elif isinstance(clause, TariffClause):
            left = kept[clause.id]
            assert isinstance(left, TariffClause)
            assert left.exporters == clause.exporters or clause.id in told or "CANMEX" in str(left)
    assert not whole.left_out
    assert set(deal.left_out) <= set(check(deal, world=world).notices)


def test_what_is_left_of_a_background_and_what_is_told():
    world = small_world()
    deal = read_deal(DEAL, world=world, included={"own.toml": OWN})
    germans, others = deal.background.clause
    assert isinstance(germans, TariffClause)
    assert isinstance(others, TariffClause)
    assert (germans.id, germans.exporters, germans.products) == ("germans", ("DEU",), ("food",))
    assert others.except_exporters == ("DEU",)
    gone, parts = deal.left_out
    assert gone.remedy == "left out: swiss, swiss-ruling"
    assert "germans without CHE, machinery" in parts.remedy
    assert "others with no exception for CHE" in parts.remedy
    assert deal.package("signed").clause[0].replaces == ()
    assert germans.path.startswith("own.toml, line 6: clause[1]")
    assert others.path.startswith("own.toml, line 24: clause[3]")


def test_a_merged_region_stands_for_all_of_its_members():
    """Mexico and Canada are exempt together: so is the region that holds both."""
    world = merged("blocs")
    deal = load_deal("us-korea-2025", world)
    (general,) = (c for c in deal.background.clause if c.id == "section-122")
    assert isinstance(general, TariffClause)
    assert "CANMEX" in general.except_exporters
    cells = build_cells(world, "USA")
    sellers = {world.regions[at] for at in cells.exporter[cells.select(general)]}
    assert sellers.isdisjoint(expand_regions(["CANMEX"], world.regions))


def test_a_deal_moves_between_worlds_and_loses_nothing_for_good():
    whole = load_deal("us-japan-2025", load_world())
    there = check_deal(whole, merged("Asia"))
    assert len(there.background.clause) < len(whole.background.clause)
    assert there.left_out
    back = check_deal(there, load_world())
    assert back.background == whole.background
    assert back.left_out == ()
    assert check_deal(whole, load_world()) is whole


def test_a_slip_in_a_background_of_ones_own_is_still_told():
    for old, new in (('"DEU", "CHE"]', '"DUE", "CHE"]'), ('"machinery"', '"machines"')):
        text = OWN.replace(old, new, 1)
        with pytest.raises(InputError) as caught:
            read_deal(DEAL, world=small_world(), included={"own.toml": text})
        assert caught.value.problems[0].path.startswith("own.toml, line")
