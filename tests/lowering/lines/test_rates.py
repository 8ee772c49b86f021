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
    assert told["specific duties and quotas by the unit value of other exporters"].most == BUTTER
    left = told["specific duties without a quantity in their unit, left out"]
    assert (left.most, left.count, left.value) == (CHEESE, 1, pytest.approx(1e-6))
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


QUOTA = "hs, rate, specific_unit, quota, in_quota_rate, quota_in"


@pytest.mark.parametrize(
    ("quota", "quantities", "share", "borrowed"),
    [
        ("t, 0.5", ("500, kg", "2, t"), 0.2, 0),
        ("kg, 500", ("500000, g", "20, 100 kg"), 0.2, 0),
        ("t, 0.5", ("500, kg", ","), 0.25, 3e-6),
        ("Pieces, 10", ("15, pieces", "35, pieces"), 0.2, 0),
        ("t, 0.5", ("500, pieces", "2, t"), 0.5 / (2 + 2 / 3), 1e-6),
    ],
    ids=["tonnes", "kilograms", "missing for some", "pieces", "another unit for some"],
)
def test_a_quota_by_quantity_is_filled_in_its_unit(tmp_path, quota, quantities, share, borrowed):  # noqa: PLR0917
    """What lacks a quantity in the unit counts by the unit value of the others."""
    trade = f"exporter, hs, value, quantity, quantity_unit\nBBB, {BUTTER}, 1000, {quantities[0]}"
    trade += f"\nCCC, {BUTTER}, 3000, {quantities[1]}"
    lines = f"{QUOTA}\n{BUTTER}, 0.45, {quota}, 0.05, quantity"
    compiled = compile_texts(tmp_path, lines, trade)
    for exporter in ("BBB", "CCC"):
        rate = cell(compiled, exporter, "food")
        assert rate == pytest.approx(share * 0.05 + (1 - share) * 0.45)
    told = {row.what: row for row in compiled.report}
    row = told.get("specific duties and quotas by the unit value of other exporters")
    assert (0 if row is None else row.value) == pytest.approx(borrowed)


@pytest.mark.parametrize("quantity", [",", "500, pieces"], ids=["none", "another unit"])
@pytest.mark.parametrize("basis", ["MFN", "FTA", "232"])
def test_a_quota_without_quantities_in_its_unit_is_told_and_left_out(tmp_path, quantity, basis):
    """The rate is not known then: goods pay what they would without the line."""
    trade = f"exporter, hs, value, quantity, quantity_unit\nBBB, {BUTTER}, 1000, {quantity}"
    lines = f"{QUOTA}, basis, exporter\n{BUTTER}, 0.25, t, 0.1, 0.05, quantity, {basis}, *\n"
    lines += f"{CHEESE}, 0.2, , , , , MFN, *"
    if basis != "MFN":
        lines += f"\n{BUTTER}, 0.3, , , , , MFN, *"
    compiled = compile_texts(tmp_path, lines, trade)
    told = {row.what: row for row in compiled.report}
    left = told["quotas without a quantity in their unit, left out"]
    assert (left.count, left.most, left.share) == (1, BUTTER, 1.0)
    after = float(compiled.world().tariff[0, 1, 0])
    assert after == pytest.approx(0.04 if basis == "MFN" else 0.3)


@pytest.mark.parametrize("basis", ["MFN", "FTA", "232"])
@pytest.mark.parametrize("quota", ["1000, 0.05, value", "0.5, 0.05, quantity"])
def test_who_sells_nothing_has_no_quota_of_its_own(tmp_path, basis, quota):
    """Of a quota that others fill, a partner without imports has the same share as they."""
    trade = f"""
    exporter, hs, value, quantity, quantity_unit
    BBB, {BUTTER}, 4000, 2, t
    """
    lines = f"{QUOTA}, basis, exporter\n{BUTTER}, 0.25, t, {quota}, {basis}, *"
    base = 0.0
    if basis != "MFN":
        base = 0.30
        lines += f"\n{BUTTER}, 0.30, , , , , MFN, *"
    compiled = compile_texts(tmp_path, lines, trade)
    mean = 0.25 * 0.05 + 0.75 * 0.25
    expected = base + mean if basis == "232" else mean
    assert cell(compiled, "BBB", "food") == pytest.approx(expected)
    assert cell(compiled, "CCC", "food") == pytest.approx(expected)


@pytest.mark.parametrize("use", [1, 0.5])
@pytest.mark.parametrize("quota", ["750, value", "0.5, quantity"])
def test_what_claims_a_preference_fills_no_ordinary_quota(tmp_path, use, quota):
    """Of 2 tonnes worth 3,000 from CCC a share enters under the preference."""
    amount, kind = quota.split(", ")
    lines = f"""
    hs, exporter, rate, use, specific_unit, quota, in_quota_rate, quota_in
    {BUTTER}, , 0.40, , t, {amount}, 0.10, {kind}
    {BUTTER}, CCC, 0, {use}, , , ,
    """
    compiled = compile_texts(tmp_path, lines, TRADE)
    ordinary = {"value": 1000 + 3000 * (1 - use), "quantity": 0.5 + 2 * (1 - use)}
    room = min(float(amount) / ordinary[kind], 1.0)
    outside = room * 0.10 + (1 - room) * 0.40
    assert cell(compiled, "BBB", "food") == pytest.approx(outside)
    assert cell(compiled, "CCC", "food") == pytest.approx((1 - use) * outside)


@pytest.mark.parametrize(
    ("preference", "expected"),
    [
        (0.50, (0.25, 0.25)),  # above the ordinary rate: all 4,000 share the quota of 2,000
        (0.00, (0.10, 0.00)),  # all 3,000 claim it, and the quota has room for the rest
        (0.20, (0.20, 0.20)),  # 1,000 of them claim it: then both cost the same
        (0.05, (0.10, 0.05)),
    ],
)
@pytest.mark.parametrize("kind", ["value", "quantity"])
def test_who_would_pay_more_under_a_preference_fills_the_quota(
    tmp_path, preference, expected, kind
):
    """Of two exporters, 1,000 and 3,000, or 0.5 and 1.5 tonnes, the second has a preference."""
    trade = f"""
    exporter, hs, value, quantity, quantity_unit
    BBB, {BUTTER}, 1000, 0.5, t
    CCC, {BUTTER}, 3000, 1.5, t
    """
    amount = {"value": 2000, "quantity": 1}[kind]
    lines = f"""
    hs, exporter, rate, specific_unit, quota, in_quota_rate, quota_in
    {BUTTER}, , 0.40, t, {amount}, 0.10, {kind}
    {BUTTER}, CCC, {preference}, , , ,
    """
    compiled = compile_texts(tmp_path, lines, trade)
    rates = (cell(compiled, "BBB", "food"), cell(compiled, "CCC", "food"))
    assert rates == pytest.approx(expected)


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (0.50, (0.30, 0.5 * 0.30)),  # 1,500 of CCC are left for the quota: both cost the same
        (0.25, (0.30, 0.75 * (0.10 + 0.30 * (1 - 500 / 2250)))),  # BBB is better off outside
        (0.05, (0.30, 0.30)),  # CCC is cut between 0.30 and 0.95 of the 0.3158 of the quota
    ],
)
def test_of_several_preferences_the_one_that_saves_most_is_claimed(tmp_path, use, expected):
    """All goods may claim 0.30, a share of those from CCC nothing at all."""
    lines = f"""
    hs, exporter, rate, basis, use, quota, in_quota_rate
    {BUTTER}, , 0.40, MFN, , 500, 0.10
    {BUTTER}, , 0.30, FTA, 1, ,
    {BUTTER}, CCC, 0.00, FTA, {use}, ,
    """
    compiled = compile_texts(tmp_path, lines, TRADE)
    rates = (cell(compiled, "BBB", "food"), cell(compiled, "CCC", "food"))
    assert rates == pytest.approx(expected)


def test_a_quota_of_a_specific_measure_is_one_quota_for_all(tmp_path):
    """A duty a kilogram is another share of value for each exporter; the quota is the same."""
    lines = f"""
    hs, rate, basis, specific, specific_unit, quota, in_quota_rate
    {BUTTER}, 0.10, MFN, , , ,
    {BUTTER}, , 232, 0.2, kg, 1000, 0
    """
    compiled = compile_texts(tmp_path, lines, TRADE)
    assert cell(compiled, "BBB", "food") == pytest.approx(0.10 + 0.75 * 0.10)
    assert cell(compiled, "CCC", "food") == pytest.approx(0.10 + 0.75 * 0.4 / 3)


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
