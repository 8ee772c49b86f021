"""Broken files: one message with the line and the remedy, all at once."""

import datetime as dt
from typing import Any

import pytest

import accord as ac
from tests.checked import unchecked
from tests.lowering.lines.samples import BUTTER, CAR, cell, compile_texts, make_world

GOOD = f"hs, rate\n{CAR}, 0.1"
QUOTA = "hs, rate, specific_unit, quota, in_quota_rate, quota_in"
TRADE = f"exporter, hs, value\nBBB, {CAR}, 5"


@pytest.mark.parametrize(
    ("lines", "trade", "words"),
    [
        ("code, rate\n870323, 0.1", TRADE, ["lines.csv, line 1", "no column hs"]),
        (f"hs, rate\n{CAR}, 10\n{BUTTER}, 20", TRADE, ["column rate", "Divide by 100"]),
        ("hs; rate\n870323; 0,1", TRADE, ["line 2, column rate", "decimal comma", "Write 0.1"]),
        ("hs, rate\n40510, 0.1", TRADE, ["line 2", 'write "040510"']),
        ("hs, rate\nABC, 0.1", TRADE, ["line 2", "no HS code"]),
        ("hs, rate\n870399, 0.1", TRADE, ["line 2", "870399", "Heading 8703 has"]),
        (f"hs, rate\n{CAR}, ", TRADE, ["line 2", "has no rate"]),
        (f"hs, rate\n{CAR}, 0.1\n\n{CAR}, 0.2", TRADE, ["line 4", "repeats line 2"]),
        (f"hs, specific\n{CAR}, 3", TRADE, ["line 2", "without a unit"]),
        (f"hs, rate, quota\n{CAR}, 0.1, 50", TRADE, ["line 2", "half of a quota"]),
        (f"{QUOTA}\n{CAR}, 0.1, , 5, 0, quantity", TRADE, ["line 2", "unit of the quota"]),
        (f"hs, rate\n{CAR}, 10 %", TRADE, ["line 2, column rate", "per cent", "0.1"]),
        (f"hs, rate\n{CAR}, 5 USD", TRADE, ["line 2, column rate", "stands in specific"]),
        (f"hs, rate\n{CAR}, inf", TRADE, ["line 2, column rate", "no number"]),
        (GOOD, f"exporter, hs, value\n*, {CAR}, 5", ["trade.csv, line 2", "by exporter"]),
        (f"hs, rate, use\n{CAR}, 0.1, 90", TRADE, ["line 2", "use 90 is more than all"]),
        (f"hs, rate, basis\n{CAR}, 0.1, MNF", TRADE, ["line 2", "Did you mean MFN?"]),
        (f"hs, rate, basis\n{CAR}, 0.1, AD", TRADE, ["line 2", "anti-dumping duty is other"]),
        (f"hs, rate, from\n{CAR}, 0.1, 1.1.2026", TRADE, ["line 2", "is no date"]),
        (f"hs, exporter, rate\n{CAR}, BBX, 0.1", TRADE, ["line 2", "Did you mean BBB?"]),
        (GOOD, f"exporter, hs, value\nBBX, {CAR}, 5", ["trade.csv, line 2", "Did you mean BBB?"]),
        (GOOD, f"exporter, hs, value\nBBB, {CAR}, -5", ["trade.csv, line 2", "below zero"]),
        (GOOD, f"exporter, hs, value\nBBB, {CAR}, 5\nBBB, {CAR}, 6", ["line 3", "repeats line 2"]),
        (GOOD, f"exporter, hs, value\nBBB, {CAR}, ", ["line 2, column value", "is empty"]),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_a_remedy(tmp_path, lines, trade, words):
    lines = lines.replace("; ", ";")
    with pytest.raises(ac.InputError) as told:
        compile_texts(tmp_path, lines, trade)
    assert len(told.value.problems) == 1, told.value
    assert all(word in str(told.value) for word in words), told.value


def test_faults_of_all_files_and_arguments_are_told_at_once(tmp_path):
    with pytest.raises(ac.InputError) as told:
        compile_texts(tmp_path, f"hs, rate\n{CAR}, x", "exporter, hs\nBBB, 1", unit="pounds")
    text = str(told.value)
    assert all(word in text for word in ("lines.csv", "trade.csv", "no known unit"))


def test_an_importer_must_be_known_and_must_import(tmp_path):
    with pytest.raises(ac.InputError, match="names no importer"):
        compile_texts(tmp_path, GOOD, TRADE, importer=None)
    with pytest.raises(ac.InputError, match="no imports of AAA"):
        compile_texts(tmp_path, GOOD, f"importer, exporter, hs, value\nBBB, AAA, {CAR}, 5")


def test_a_currency_without_a_rate_is_refused(tmp_path):
    with pytest.raises(ac.InputError, match="Give dollars for a unit"):
        compile_texts(tmp_path, GOOD, TRADE, unit="mn EUR")
    with pytest.raises(ac.InputError, match="that of BRL is not known"):
        compile_texts(tmp_path, GOOD, TRADE, unit="mn BRL")


def test_arguments_of_another_kind_are_told_at_once_with_faults_of_files(tmp_path):
    with unchecked(), pytest.raises(ac.InputError) as told:
        compile_texts(
            tmp_path, f"hs, rate\n{CAR}, x", TRADE, day="2026-01-01", world="world-2022",
            rate=float("inf"), importer=7, unit=3, mapping=5, sectors=1.5, concordance=[],
        )  # fmt: skip
    wrong = {problem.path: problem for problem in told.value.problems}
    names = {"day", "world", "rate", "importer", "unit", "mapping", "sectors", "concordance"}
    assert set(wrong) == {*names, "lines.csv, line 2, column rate"}
    assert all(problem.remedy for problem in wrong.values())
    assert "datetime.date(2026, 1, 1)" in wrong["day"].remedy
    assert "ac.load_world()" in wrong["world"].remedy


@pytest.mark.parametrize("rate", [float("inf"), float("nan"), 0, -1.1, True, "1.08"])
def test_a_rate_that_is_none_is_refused(tmp_path, rate):
    with unchecked(), pytest.raises(ac.InputError, match="Give dollars for a unit") as told:
        compile_texts(tmp_path, GOOD, TRADE, unit="mn EUR", rate=rate)
    assert [problem.path for problem in told.value.problems] == ["rate"]


def test_dollars_have_no_rate_in_dollars(tmp_path):
    with pytest.raises(ac.InputError, match="unit is USD"):
        compile_texts(tmp_path, GOOD, TRADE, rate=1.08)
    assert len(compile_texts(tmp_path, GOOD, TRADE, rate=1).table)


def test_files_are_paths_and_a_moment_is_its_day(tmp_path):
    given: tuple[Any, Any] = ({"hs": [CAR]}, None)
    with unchecked(), pytest.raises(ac.InputError) as told:
        ac.read_tariffs(*given, make_world())
    assert [problem.path for problem in told.value.problems] == ["lines", "trade"]
    lines = f"hs, rate, until\n{CAR}, 0.1, 2026-06-01"
    compiled = compile_texts(tmp_path, lines, TRADE, day=dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC))
    assert cell(compiled, "BBB", "motor_vehicles") == 0.1
