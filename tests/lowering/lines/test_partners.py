"""Partners of the imports: unions whose members the world has, and who is meant by a line."""

import numpy as np
import pytest

import accord as ac
from tests.lowering.lines.samples import CAR, PLANE, TRUCK, compile_texts

UNION = "imports of a union, shared by its members as in the world"


@pytest.fixture(scope="module")
def world():
    """A world that has the members of the EU one by one."""
    return ac.load_world("world-2014")


def test_imports_of_a_union_are_those_of_its_members(tmp_path, world):
    """They are shared as in the world, and all of them are in the table and in the lines."""
    lines = f"hs, rate\n{CAR}, 0.1"
    trade = f"exporter, hs, value\nEU, {CAR}, 600\nUSA, {CAR}, 400"
    compiled = compile_texts(tmp_path, lines, trade, world=world, importer="BRA")
    table = compiled.to_frame().set_index("exporter")["imports"]
    bought = world.flows[world.region_index("BRA"), :, world.sector_index("motor_vehicles")]
    assert table.sum() == pytest.approx(1000e-9)
    assert table["USA"] == pytest.approx(400e-9)
    members = [name for name in table.index if name != "USA" and table[name] > 0]
    assert {"DEU", "FRA", "ITA"} < set(members)
    assert "GBR" not in members
    at = [world.region_index(name) for name in members]
    expected = 600e-9 * bought[at] / bought[at].sum()
    assert table[members].to_numpy() == pytest.approx(expected)
    assert compiled.lines.imports.sum() == pytest.approx(1000e-9)
    told = {row.what: row for row in compiled.report}
    assert (told[UNION].count, told[UNION].value) == (1, pytest.approx(600e-9))
    covered = told["covered: a line, a sector, a rate"]
    assert covered.value == pytest.approx(table.sum())


@pytest.mark.parametrize("written", ["EU", "DEU"])
def test_a_line_on_a_union_or_a_member_holds_for_the_members_it_names(tmp_path, world, written):
    lines = f"hs, exporter, rate\n{CAR}, , 0.2\n{CAR}, {written}, 0"
    trade = f"exporter, hs, value\nEU, {CAR}, 600"
    compiled = compile_texts(tmp_path, lines, trade, world=world, importer="BRA")
    rates = compiled.to_frame().set_index("exporter")["mean"]
    assert rates["DEU"] == 0
    assert rates["FRA"] == (0 if written == "EU" else 0.2)


def test_an_importer_does_not_buy_from_itself_in_its_union(tmp_path, world):
    lines, trade = f"hs, rate\n{CAR}, 0.1", f"exporter, hs, value\nEU, {CAR}, 600"
    compiled = compile_texts(tmp_path, lines, trade, world=world, importer="DEU")
    table = compiled.to_frame().set_index("exporter")["imports"]
    assert "DEU" not in table.index
    assert table.sum() == pytest.approx(600e-9)
    whole = compile_texts(tmp_path, lines, trade, world=world, importer="EU")
    told = {row.what: row for row in whole.report}
    assert told["goods of the importer's own, left out"].value == pytest.approx(600e-9)
    assert "covered: a line, a sector, a rate" not in told


def test_a_union_and_its_member_on_one_code_count_twice(tmp_path, world):
    lines = f"hs, rate\n{CAR}, 0.1\n{TRUCK}, 0.1"
    both = f"exporter, hs, value\nEU, {CAR}, 600\nDEU, {CAR}, 100\nEU, {TRUCK}, 5"
    with pytest.raises(ac.InputError, match="counts twice") as told:
        compile_texts(tmp_path, lines, both, world=world, importer="BRA")
    assert [problem.path for problem in told.value.problems] == ["trade.csv, line 2"]
    apart = f"exporter, hs, value\nEU, {CAR}, 600\nDEU, {TRUCK}, 100"
    compiled = compile_texts(tmp_path, lines, apart, world=world, importer="BRA")
    assert compiled.table["imports"].sum() == pytest.approx(700e-9)


def test_what_is_reported_as_covered_is_what_the_table_has(tmp_path, world):
    """Whatever partner or code the rows name, nothing is lost without a word."""
    lines = f"hs, exporter, rate\n{CAR}, , 0.1\n{TRUCK}, IDN, 0.2"
    trade = f"""
    exporter, hs, value
    EU, {CAR}, 600
    IDN, {TRUCK}, 30
    USA, {TRUCK}, 20
    JPN, {PLANE}, 7
    BRA, {CAR}, 5
    """
    compiled = compile_texts(tmp_path, lines, trade, world=world, importer="BRA")
    told = {row.what: row.value for row in compiled.report}
    held = float((compiled.table["imports"] * compiled.table["covered"]).sum())
    assert told["covered: a line, a sector, a rate"] == pytest.approx(held)
    parts = (
        "covered: a line, a sector, a rate", "imports without a line",
        "goods of the importer's own, left out",
    )  # fmt: skip
    assert sum(told[part] for part in parts) == pytest.approx(told["imports in the file"])
    assert np.isfinite(compiled.world().tariff).all()


def test_a_partner_that_no_region_has_is_told_with_what_to_write(tmp_path, world):
    """The mapping names the region; one that the world has not is told as such."""
    lines, trade = f"hs, rate\n{CAR}, 0.1", f"exporter, hs, value\nURY, {CAR}, 600"
    given = {"world": world, "importer": "BRA"}
    last = world.regions[-1]
    with pytest.raises(ac.InputError, match=rf'\[regions\] {last} = \["URY"\]'):
        compile_texts(tmp_path, lines, trade, **given)
    with pytest.raises(ac.InputError, match="part of REST, which is no region"):
        compile_texts(tmp_path, lines, trade, mapping={"regions": {"REST": ["URY"]}}, **given)
    compiled = compile_texts(tmp_path, lines, trade, mapping={"regions": {last: ["URY"]}}, **given)
    assert compiled.to_frame().set_index("exporter")["imports"][last] == pytest.approx(600e-9)
