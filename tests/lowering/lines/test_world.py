"""Compiled tariffs in a world: the same duties as a deal file's, and deals that name codes."""

import datetime as dt

import numpy as np
import pytest

import accord as ac
from accord.data.files.world_file import load_world_file
from accord.deal.clauses.tariff import TariffClause
from accord.lowering.tariff_schedule import tariff_on
from tests.lowering.lines.samples import BUTTER, CAR, CHEESE, TRUCK, cell, compile_texts, make_world

DAY = dt.date(2026, 6, 1)
LINES = f"""
hs, exporter, rate, basis, rule, unless_basis, from
{BUTTER}, , 0.12, , , ,
{CAR}, , 0.10, , , ,
{TRUCK}, , 0.25, , , ,
{TRUCK}, BBB, 0.05, , , ,
"""
MEASURES = f"""
{CAR}, *, 0.25, 232, add, , 2025-04-03
{TRUCK}, *, 0.25, 232, add, , 2025-04-03
87, BBB, 0.15, IEEPA, floor, 232, 2025-08-07
{BUTTER}, BBB, 0.15, IEEPA, floor, 232, 2025-08-07
{BUTTER}, CCC, 0.50, IEEPA, add, , 2027-01-01
"""
TRADE = f"""
exporter, hs, value
BBB, {BUTTER}, 100
BBB, {CAR}, 300
BBB, {TRUCK}, 100
CCC, {BUTTER}, 50
CCC, {TRUCK}, 80
"""


def clause(**fields):
    return TariffClause.model_validate({"kind": "tariff", "importer": "AAA", **fields})


def test_measures_stack_as_clauses_of_a_deal_file_do(tmp_path):
    plain = compile_texts(tmp_path, LINES, TRADE, day=DAY).world()
    stacked = compile_texts(tmp_path, LINES.strip() + "\n" + MEASURES.strip(), TRADE, day=DAY)
    clauses = [
        clause(exporters=("all",), products=(CAR, TRUCK), rate=0.25, rule="add", basis="232"),
        clause(exporters=("BBB",), products=("87", BUTTER), rate=0.15, rule="floor",
               basis="IEEPA", unless_basis=("232",)),
        clause(exporters=("CCC",), products=(BUTTER,), rate=0.5, rule="add", basis="IEEPA",
               **{"from": dt.date(2027, 1, 1)}),
    ]  # fmt: skip
    expected = tariff_on(clauses, plain, DAY)
    assert np.abs(stacked.world().tariff - expected).max() < 1e-12
    assert cell(stacked, "BBB", "food") == pytest.approx(0.15)


def test_measures_alone_come_on_top_of_the_worlds_tariffs(tmp_path):
    lines = f"hs, exporter, rate, basis\n{CAR}, BBB, 0.25, 232"
    world = compile_texts(tmp_path, lines, TRADE).world()
    assert world.tariff[0, 1, 1] == pytest.approx(0.04 + 0.25 * 300 / 400)
    assert world.tariff[0, 2, 1] == 0.04


def test_what_no_line_says_stays_as_it_was(tmp_path):
    before, after = make_world(), compile_texts(tmp_path, LINES, TRADE, day=DAY).world()
    assert (after.tariff[1:] == before.tariff[1:]).all()
    assert (after.tariff[0, 0] == before.tariff[0, 0]).all()
    assert (after.flows == before.flows).all()
    assert all(check.ok for check in after.checks())
    moved = [row for row in after.adjustments if row.region == "AAA"]
    assert [row.region for row in after.adjustments] == ["AAA"]
    assert moved[0].after > moved[0].before


def test_a_flow_without_imports_in_the_file_has_the_plain_mean(tmp_path):
    trade = f"exporter, hs, value\nCCC, {BUTTER}, 50"
    compiled = compile_texts(tmp_path, LINES, trade, day=DAY)
    assert cell(compiled, "BBB", "motor_vehicles") == pytest.approx((0.10 + 0.05) / 2)
    assert cell(compiled, "CCC", "motor_vehicles") == pytest.approx((0.10 + 0.25) / 2)


def test_deals_can_name_codes_in_the_imports_of_the_importer(tmp_path):
    compiled = compile_texts(tmp_path, LINES, TRADE, day=DAY)
    world = load_world_file(compiled.save(tmp_path / "mine.npz"))
    assert world.lines is not None
    assert world.lines.importer == "AAA"
    held, duty = world.lines.by_cell(3, 3)
    known = held > 0
    assert (duty[known] / held[known]) == pytest.approx(world.tariff[0][known], abs=1e-12)
    free = [clause(exporters=("CCC",), products=(TRUCK,), rate=0.0, rule="level", basis="FTA")]
    assert tariff_on(free, world, DAY)[0, 2, 1] == pytest.approx(0.0, abs=1e-12)
    assert tariff_on(free, world, DAY)[0, 2, 0] == pytest.approx(0.12)


def test_a_union_charges_the_same_for_all_its_members(tmp_path):
    world = ac.load_world("world-2014")
    lines, trade = f"hs, rate\n{CHEESE}, 0.3", f"exporter, hs, value\nUSA, {CHEESE}, 1"
    compiled = compile_texts(tmp_path, lines, trade, world=world, importer="EU")
    tariff = compiled.world().tariff
    food, usa = world.sector_index("food"), world.region_index("USA")
    for member in ("DEU", "FRA", "MLT"):
        n = world.region_index(member)
        assert tariff[n, usa, food] == pytest.approx(0.3)
        assert tariff[n, world.region_index("ITA"), food] == 0.0
    assert compiled.lines is None


def test_the_aggregate_is_chosen(tmp_path):
    lines = f"hs, rate\n{CAR}, 0\n{TRUCK}, 0.5"
    compiled = compile_texts(tmp_path, lines, TRADE)
    tariffs = {name: compiled.world(name).tariff[0, 1, 1] for name in ("mean", "price_index")}
    assert tariffs["price_index"] > tariffs["mean"] == pytest.approx(0.125)
    with pytest.raises(ac.InputError, match="Did you mean mean"):
        compiled.world("maen")
    assert "mean" in repr(compiled) or "AAA" in repr(compiled)
    assert "covered" in compiled.summary()


def test_several_importers_in_one_call_are_as_each_alone(tmp_path):
    """The column importer of both files tells whose they are; HS codes stay with nobody."""
    lines = f"importer, hs, rate\nAAA, {CAR}, 0.1\nAAA, {BUTTER}, 0.3\nBBB, {CAR}, 0.2"
    trade = f"""
    importer, exporter, hs, value
    AAA, BBB, {CAR}, 50
    AAA, CCC, {BUTTER}, 70
    BBB, CCC, {CAR}, 20
    CCC, AAA, {CAR}, 8
    """
    both = compile_texts(tmp_path, lines, trade, importer=None)
    first = compile_texts(tmp_path, f"hs, rate\n{CAR}, 0.1\n{BUTTER}, 0.3",
                          f"exporter, hs, value\nBBB, {CAR}, 50\nCCC, {BUTTER}, 70")  # fmt: skip
    then = compile_texts(tmp_path, f"hs, rate\n{CAR}, 0.2", f"exporter, hs, value\nCCC, {CAR}, 20",
                         world=first.world(), importer="BBB")  # fmt: skip
    assert (both.world().tariff == then.world().tariff).all()
    assert len(both.table) == len(first.table) + len(then.table)
    assert both.lines is None
    told = [row for row in both.report if row.importer == "CCC"]
    assert [(row.what, row.count) for row in told] == [
        ("imports of an importer without lines, left out", 1)
    ]
    assert told[0].value == pytest.approx(8e-9)
