"""Codes of two files: digits, editions, and sectors."""

import pytest

import accord as ac
from tests.lowering.lines.samples import (
    BUTTER,
    CAR,
    CHEESE,
    PLANE,
    TRUCK,
    cell,
    compile_texts,
    make_world,
    write,
)


@pytest.mark.parametrize(
    ("lines", "trade", "expected"),
    [
        ("0405, 0.1\n040690, 0.3", "0405100011, 60\n0406901234, 40", 0.18),
        ("04051000, 0.1\n04051090, 0.3", "040510, 100", 0.2),
        ("0405.10.00, 0.1\n0405, 0.9", "04051000, 100", 0.1),
        ("04, 0.5\n0405, 0.1", "040510, 50\n040690, 50", 0.3),
    ],
    ids=["finer imports", "coarser imports", "dots, and the nearest", "chapters"],
)
def test_codes_meet_whatever_their_digits(tmp_path, lines, trade, expected):
    rows = "\n".join(f"BBB, {row}" for row in trade.splitlines())
    compiled = compile_texts(tmp_path, f"hs, rate\n{lines}", f"exporter, hs, value\n{rows}")
    assert cell(compiled, "BBB", "food") == pytest.approx(expected)


FINE, OTHERS = f"{CAR}10", f"{CAR}90"


@pytest.mark.parametrize(
    ("lines", "hs", "rates"),
    [
        (f"{CAR}, , 0.1, MFN\n{FINE}, , 0.24, 232", CAR, (0.1 + 0.12, 0.1 + 0.12)),
        (f"{CAR}, , 0.1, MFN\n{FINE}, BBB, 0, FTA", CAR, (0.05, 0.1)),
        (f"{CAR}, , 0.1, MFN\n{FINE}, , 0.3, MFN", CAR, (0.2, 0.2)),
        (f"{FINE}, , 0.1, MFN\n{OTHERS}, , 0.3, MFN\n{FINE}, BBB, 0, FTA", CAR, (0.15, 0.2)),
        (f"{CAR}, , 0.1, MFN\n{FINE}, BBB, 0, FTA\n{OTHERS}, BBB, 0, FTA", CAR, (0.1 / 3, 0.1)),
        (f"{FINE}, , 0.1, MFN\n{OTHERS}, , 0.3, MFN\n{FINE}11, , 0.4, 232", CAR, (0.3, 0.3)),
        (f"{CAR}, , 0.1, MFN\n{CAR}00, BBB, 0, FTA", CAR, (0.0, 0.1)),
        (f"8703, , 0.14, MFN\n{CAR}, BBB, 0, FTA", "8703", (0.13, 0.14)),
        (f"8703, , 0.14, MFN\n{FINE}, BBB, 0, FTA", "8703", (0.135, 0.14)),
        (f"{FINE}, , 0.1, MFN\n{CAR}, BBB, 0, FTA", f"{FINE}11", (0.0, 0.1)),
    ],
    ids=["measure", "preference", "ordinary", "beside lines as fine", "two preferences",
         "finest below fine", "filled up with zeros", "heading", "two levels", "coarser"],
)  # fmt: skip
def test_lines_finer_than_imports_hold_for_their_share_of_lines(tmp_path, lines, hs, rates):
    """8703 has 14 subheadings; at six digits and more, each line that is named counts as one."""
    trade = f"exporter, hs, value\nBBB, {hs}, 80\nCCC, {hs}, 20"
    compiled = compile_texts(tmp_path, f"hs, exporter, rate, basis\n{lines}", trade)
    assert cell(compiled, "BBB", "motor_vehicles") == pytest.approx(rates[0])
    assert cell(compiled, "CCC", "motor_vehicles") == pytest.approx(rates[1])
    assert compiled.table["imports"].sum() == pytest.approx(100e-9)
    assert (compiled.table["covered"] == 1).all()
    told = {row.what: row for row in compiled.report}
    assert "lines without imports" not in told
    assert told["imports in the file"].count == 2


def test_what_is_cut_by_shares_of_lines_is_told(tmp_path):
    lines = f"hs, exporter, rate\n{CAR}, , 0.1\n{FINE}, BBB, 0\n{TRUCK}10, , 0.2\n{TRUCK}20, , 0.1"
    trade = f"exporter, hs, value\nBBB, {CAR}, 80\nBBB, {TRUCK}, 20"
    told = {row.what: row for row in compile_texts(tmp_path, lines, trade).report}
    finer = told["preferences and measures finer than imports, by shares of lines"]
    assert (finer.count, finer.share, finer.most) == (1, 0.8, CAR)
    cut = told["imports that several lines hold, cut by shares of lines"]
    assert (cut.count, cut.share, cut.most) == (1, 0.2, TRUCK)
    assert told["preferences claimed"].share == pytest.approx(0.4)


def test_where_nothing_is_bought_each_line_counts_once(tmp_path):
    """A line with a finer preference is cut for the partner that has it; others have the mean."""
    lines = f"""
    hs, exporter, rate
    {CAR}, , 0.1
    {TRUCK}, , 0.3
    {FINE}, , 0.2
    {TRUCK}10, BBB, 0
    """
    compiled = compile_texts(tmp_path, lines, f"exporter, hs, value\nCCC, {BUTTER}, 5")
    assert cell(compiled, "CCC", "motor_vehicles") == pytest.approx(0.2)
    assert cell(compiled, "BBB", "motor_vehicles") == pytest.approx((0.1 + 0.2 + 0.15) / 3)


def test_codes_that_became_one_keep_the_lines_of_their_own(tmp_path):
    """741991 and 741999 are one code since 2022: a measure on the first is not one on both."""
    lines = """
    hs, exporter, rate, basis
    741991, , 0.02, MFN
    741999, , 0.04, MFN
    741991, , 0.30, 232
    741999, BBB, 0, FTA
    """
    path = write(tmp_path / "sectors.csv", "hs, sector\n74, food")
    trade = "exporter, hs, value\nBBB, 741980, 50\nCCC, 741980, 50"
    compiled = compile_texts(tmp_path, lines, trade, sectors=path)
    assert cell(compiled, "CCC", "food") == pytest.approx((0.02 + 0.30 + 0.04) / 2)
    assert cell(compiled, "BBB", "food") == pytest.approx((0.02 + 0.30 + 0.00) / 2)


def test_lines_are_counted_as_lines_of_the_file(tmp_path):
    lines = f"""
    hs, exporter, rate, basis
    04, , 0.1, MFN
    {BUTTER}, BBB, 0, FTA
    {TRUCK}10, , 0.2, MFN
    {TRUCK}20, , 0.1, MFN
    87, , 0.1, 232
    """
    trade = f"exporter, hs, value\nBBB, {BUTTER}, 5\nBBB, {CHEESE}, 5\nBBB, {TRUCK}, 7"
    compiled = compile_texts(tmp_path, lines, trade)
    assert cell(compiled, "BBB", "food", "lines") == 2
    assert cell(compiled, "BBB", "motor_vehicles", "lines") == 3
    assert cell(compiled, "CCC", "food", "lines") == 1


def test_codes_of_earlier_editions_are_brought_to_that_of_2022(tmp_path):
    """880330 of 2017 is 880730 of 2022, 870120 five codes; 741991 and 741999 became one."""
    lines = "hs, rate\n870120, 0.10\n741991, 0.02\n741999, 0.04"
    trade = f"exporter, hs, value\nBBB, 870121, 50\nBBB, {CAR}, 50"
    compiled = compile_texts(tmp_path, lines, trade)
    assert cell(compiled, "BBB", "motor_vehicles") == pytest.approx(0.5 * 0.10 + 0.5 * 0.04)
    back = compile_texts(tmp_path, f"hs, rate\n870121, 0.1\n870124, 0.3\n{CAR}, 0",
                         "exporter, hs, value\nBBB, 870120, 100")  # fmt: skip
    kept = 0.04  # on the three fifths that have no line
    assert cell(back, "BBB", "motor_vehicles") == pytest.approx((0.1 + 0.3) / 5 + 0.6 * kept)
    assert any("HS 2022 does not have" in row.what for row in back.report)


def test_a_concordance_of_ones_own_goes_first(tmp_path):
    path = write(tmp_path / "own.csv", f"old, new\n040599, {BUTTER}\n040599, {CHEESE}")
    lines, trade = f"hs, rate\n040599, 0.3\n{BUTTER}, 0.1", f"exporter, hs, value\nBBB, {CHEESE}, 9"
    compiled = compile_texts(tmp_path, lines, trade, concordance=path)
    assert cell(compiled, "BBB", "food") == pytest.approx(0.3)
    with pytest.raises(ac.InputError, match="040599"):
        compile_texts(tmp_path, lines, trade)


def test_a_file_gives_sectors_where_labels_do_not_tell(tmp_path):
    path = write(tmp_path / "sectors.csv", "hs, sector\n04, motor_vehicles\n0406, food")
    compiled = compile_texts(tmp_path, f"hs, rate\n{BUTTER}, 0.1\n{CHEESE}, 0.2",
                             f"exporter, hs, value\nBBB, {BUTTER}, 5\nBBB, {CHEESE}, 5",
                             sectors=path)  # fmt: skip
    assert cell(compiled, "BBB", "motor_vehicles") == pytest.approx(0.1)
    assert cell(compiled, "BBB", "food") == pytest.approx(0.2)


def test_labels_of_another_classification_are_bridged(tmp_path):
    """A world in ISIC codes, and one with names of its own whose mapping says what they hold."""
    world = make_world()
    isic = ac.World.from_arrays(
        world.regions, ("C10T12", "C29", "services"), flows=world.flows, tariff=world.tariff,
        value_added_share=world.value_added_share, input_share=world.input_share,
        elasticity=world.elasticity,
    )  # fmt: skip
    lines, trade = f"hs, rate\n{CAR}, 0.1\n{TRUCK}, 0.3", f"exporter, hs, value\nBBB, {CAR}, 5"
    assert cell(compile_texts(tmp_path, lines, trade, world=isic), "BBB", "C29") == 0.1
    own = ac.World.from_arrays(
        world.regions, ("meals", "wheels", "services"), flows=world.flows, tariff=world.tariff,
        value_added_share=world.value_added_share, input_share=world.input_share,
        elasticity=world.elasticity,
    )  # fmt: skip
    mapping = {"sectors": {"meals": ["C10T12"], "wheels": ["C29"], "services": "*"}}
    compiled = compile_texts(tmp_path, lines, trade, world=own, mapping=mapping)
    assert cell(compiled, "BBB", "wheels") == 0.1
    with pytest.raises(ac.InputError, match="--sectors FILE"):
        compile_texts(tmp_path, lines, trade, world=own)


def test_goods_without_a_sector_and_chapters_without_goods_are_told(tmp_path):
    trade = f"exporter, hs, value\nBBB, {CAR}, 50\nBBB, {PLANE}, 30\nBBB, 980100, 20\nAAA, {CAR}, 4"
    compiled = compile_texts(tmp_path, f"hs, rate\n{CAR}, 0.1\n{PLANE}, 0.0", trade)
    told = {row.what: row for row in compiled.report}
    assert told["imports whose code has no sector"].most == PLANE
    assert told["chapters without a sector, left out"].share == pytest.approx(20 / 104)
    assert told["goods of the importer's own, left out"].value == pytest.approx(4e-9)
    assert told["covered: a line, a sector, a rate"].value == pytest.approx(50e-9)
