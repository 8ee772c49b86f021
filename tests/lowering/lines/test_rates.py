"""Rates of lines: each kind of duty, of preference, of quota, by hand."""

import datetime as dt

import pytest

import accord as ac
from tests.lowering.lines.samples import BUTTER, CHEESE, cell, compile_texts

TRADE = f"""
exporter, hs, value, quantity, quantity_unit
BBB, {BUTTER}, 1000, 500, kg
CCC, {BUTTER}, 3000, 2, t
"""


@pytest.mark.parametrize(
    ("head", "line", "expected"),
    [
        ("rate", "0.10", (0.10, 0.10)),
        ("specific, specific_unit", "0.2, kg", (0.10, 0.2 * 2000 / 3000)),
        ("specific, specific_unit", "20, 100kg", (0.10, 0.2 * 2000 / 3000)),
        ("rate, specific, specific_unit", "0.05, 0.2, kg", (0.15, 0.05 + 0.4 / 3)),
        ("rate, specific, specific_unit, combine", "0.12, 0.2, kg, higher", (0.12, 0.4 / 3)),
        ("rate, specific, specific_unit, combine", "0.12, 0.2, kg, lower", (0.10, 0.12)),
    ],
    ids=["ad valorem", "specific", "per 100 kg", "compound", "the higher", "the lower"],
)
def test_each_kind_of_duty_is_a_share_of_value(tmp_path, head, line, expected):
    compiled = compile_texts(tmp_path, f"hs, {head}\n{BUTTER}, {line}", TRADE)
    rates = (cell(compiled, "BBB", "food"), cell(compiled, "CCC", "food"))
    assert rates == pytest.approx(expected)


def test_quantities_that_are_missing_are_told(tmp_path):
    trade = f"""
    exporter, hs, value, quantity, quantity_unit
    BBB, {BUTTER}, 1000, 500, kg
    CCC, {BUTTER}, 3000, ,
    CCC, {CHEESE}, 1000, ,
    """
    lines = f"hs, specific, specific_unit\n{BUTTER}, 0.2, kg\n{CHEESE}, 0.2, kg"
    compiled = compile_texts(tmp_path, lines, trade)
    told = {row.what: row for row in compiled.report}
    assert told["specific duties by the unit value of other exporters"].value == pytest.approx(3e-6)
    assert told["specific duties without a quantity, left out"].most == CHEESE
    kept = 0.04  # what the world charges on food: the cheese has no rate
    assert cell(compiled, "CCC", "food") == pytest.approx((3000 * 0.10 + 1000 * kept) / 4000)


def test_a_preference_is_claimed_by_its_share_and_never_costs_more(tmp_path):
    lines = f"""
    hs, exporter, rate, use
    {BUTTER}, , 0.20,
    {BUTTER}, BBB, 0.05, 0.6
    {BUTTER}, CCC, 0.30, 1
    """
    compiled = compile_texts(tmp_path, lines, TRADE)
    assert cell(compiled, "BBB", "food") == pytest.approx(0.6 * 0.05 + 0.4 * 0.20)
    assert cell(compiled, "CCC", "food") == pytest.approx(0.20)


def test_the_lowest_of_several_preferences_is_claimed(tmp_path):
    """A label of the imports that stands in a region, and a line that names the region."""
    mapping = {"regions": {"AAA": ["AAA"], "BBB": ["BBB", "BB1"], "CCC": "*"}}
    lines = f"""
    hs, exporter, rate
    {BUTTER}, *, 0.20
    {BUTTER}, BBB, 0.10
    {BUTTER}, BB1, 0.02
    """
    trade = f"exporter, hs, value\nBBB, {BUTTER}, 100\nBB1, {BUTTER}, 300\nXXX, {BUTTER}, 5"
    compiled = compile_texts(tmp_path, lines, trade, mapping=mapping)
    assert cell(compiled, "BBB", "food") == pytest.approx((100 * 0.10 + 300 * 0.02) / 400)
    assert cell(compiled, "CCC", "food") == pytest.approx(0.20)


@pytest.mark.parametrize(
    ("quota", "share"),
    [("1000, 0.05, value", 0.25), ("500, 0.05, quantity", 0.2), ("9999, 0.05, value", 1.0)],
    ids=["by value", "by quantity", "not filled"],
)
def test_a_quota_charges_what_is_inside_and_outside(tmp_path, quota, share):
    lines = f"hs, rate, specific_unit, quota, in_quota_rate, quota_in\n{BUTTER}, 0.45, kg, {quota}"
    compiled = compile_texts(tmp_path, lines, TRADE)  # of 4,000 USD and 2,500 kg
    expected = share * 0.05 + (1 - share) * 0.45
    assert cell(compiled, "BBB", "food") == pytest.approx(expected)


def test_rates_are_those_of_the_day(tmp_path):
    lines = f"""
    hs, exporter, rate, from, until
    {BUTTER}, , 0.20, ,
    {BUTTER}, BBB, 0.10, 2025-01-01, 2025-12-31
    {BUTTER}, BBB, 0.05, 2026-01-01,
    """
    for day, rate in ((dt.date(2024, 6, 1), 0.2), (dt.date(2025, 6, 1), 0.1),
                      (dt.date(2026, 1, 1), 0.05)):  # fmt: skip
        compiled = compile_texts(tmp_path, lines, TRADE, day=day)
        assert cell(compiled, "BBB", "food") == pytest.approx(rate)
    with pytest.raises(ac.InputError, match="Say of which day"):
        compile_texts(tmp_path, lines, TRADE)


def test_duties_in_another_currency_and_unit_are_the_same_share(tmp_path):
    lines = f"hs, specific, specific_unit\n{BUTTER}, 0.2, kg"
    plain = compile_texts(tmp_path, lines, TRADE)
    trade = TRADE.replace("1000,", "0.001,").replace("3000,", "0.003,")
    euros = compile_texts(tmp_path, lines, trade, unit="mn EUR", rate=1.1)
    assert cell(euros, "CCC", "food") == pytest.approx(cell(plain, "CCC", "food"))
    assert euros.table["imports"].sum() == pytest.approx(1.1 * plain.table["imports"].sum())
