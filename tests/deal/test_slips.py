"""Slips of the pen: each is told with what to write instead."""

import re
from datetime import date

import pytest

from accord.core.errors import InputError
from accord.deal.checks.text.dates import correct_date, find_date
from accord.deal.checks.text.slips import correct_number
from accord.deal.load import read_deal
from tests.deal.examples import DEAL, small_world

WORLD = small_world()
SIGNED = DEAL.index("[[package]]")


def told(old, new):
    """What the check says when something in the package is written another way."""
    text = DEAL[:SIGNED] + DEAL[SIGNED:].replace(old, new, 1)
    assert text != DEAL
    with pytest.raises(InputError) as caught:
        read_deal(text, world=WORLD)
    return " | ".join(str(problem) for problem in caught.value.problems)


LINES = {
    "from = 08/07/2025": "Write 2025-08-07 or 2025-07-08",
    "from = 7.8.2025": "2025-08-07",
    "from = 2025-7-8": "Write 2025-07-08",
    "from = 2025-02-30": "There is no day 2025-02-30",
    'from = "14/11/2025"': "Write 2025-11-14",
    "from = 2025-07": "from = 2025-07 is not a date. A date has a day: write 2025-07-01",
    "from = 2025-07 # a month": "write 2025-07-01",
    "from = 2025/07": "write 2025-07-01",
    "from = 2025": "2025 is not a date. A date has a day: write 2025-01-01",
    'from = "2025"': "write 2025-01-01, without quotes",
    'from = "July 2025"': "write 2025-07-01, without quotes",
    "from = July 2025": "write 2025-07-01",
    "from = 4 July 2025": "Write 2025-07-04",
    "from = July 4th, 2025": "Write 2025-07-04",
    "from = 2025-13-01": "write 2025-01-13 if day and month are exchanged",
    'from = "2025-13-01"': "write 2025-01-13 if day and month are exchanged",
    "from = 2024-02-30": "write 2024-02-29, the last of the month",
    "from = 2025-00-10": "months are 01 to 12",
    "from = 20250701": "20250701 is not a date. Write 2025-07-01",
    "from = 2025-07-01T00:00:00": "Write 2025-07-01",
    "from = Q3 2025": "write 2025-07-01",
    'from = "end of 2025"': "write 2025-12-31",
    "from = 1-7-2025": "Write 2025-01-07 or 2025-07-01, whichever is meant",
    "until = 2025-07": "until = 2025-07 is not a date. A date has a day: write 2025-07-31",
    "until = 2028": "write 2028-12-31",
    "steps = [{ from = 2026-01-01, rate = 0.1 }, { from = 2026-02, rate = 0.05 }]": (
        "from = 2026-02 is not a date. A date has a day: write 2026-02-01"
    ),
}
RATES = {
    "rate = 0,39": "Write 0.39",
    "rate = 39 %": "Write 0.39",
    'rate = "39 %"': "Write 0.39",
    'rate = "0,39"': "Write 0.39",
    "rate = 15 percent": "Write 0.15",
}
AMOUNTS = {
    "amount = 200 billion": "Write 200e9",
    'amount = "200 billion"': "Write 200e9",
    "amount = $200bn": "Write 200e9",
    "amount = 200,000,000,000": "Write 2e+11",
    "amount = 30000 tonnes": "customs value",
    'amount = "30000 tonnes"': "customs value",
}


@pytest.mark.parametrize(("line", "remedy"), LINES.items())
def test_dates(line, remedy):
    assert remedy in told("from = 2025-11-01", line)


@pytest.mark.parametrize("written", ["2025-07", "2025-13-01", "2025-02-30", "July 2025", "7/2025"])
def test_a_date_that_toml_cannot_read_is_told_with_its_line(written):
    """The line that is wrong, and never that a file of dates is not TOML."""
    for old, new in (
        ("from = 2025-11-01", f"from = {written}"), ('grade = "A"', f"date = {written}"),
    ):  # fmt: skip
        text = DEAL.replace(old, new, 1)
        number = 1 + text[: text.index(new)].count("\n")
        with pytest.raises(InputError) as caught:
            read_deal(text, world=WORLD)
        (problem,) = caught.value.problems
        assert problem.path == f"line {number}"
        assert problem.message == f"{new} is not a date"
        days = re.findall(r"write (\d{4}-\d\d-\d\d)", problem.remedy)
        assert [date.fromisoformat(day).year for day in days] == [2025]


def test_a_source_may_have_a_month_as_text():
    text = DEAL.replace('grade = "A"', 'grade = "A"\ndate = 2025-07', 1)
    with pytest.raises(InputError, match='or "2025-07" in quotes'):
        read_deal(text, world=WORLD)
    assert read_deal(text.replace("2025-07", '"2025-07"'), world=WORLD).sources[0].date == "2025-07"


@pytest.mark.parametrize("line", ["rate = 0,39", "rate = 39 %", "amount = 1.2025 bn", "x = 87.03"])
def test_a_number_is_not_taken_for_a_date(line):
    assert find_date(line) is None


@pytest.mark.parametrize(("line", "remedy"), RATES.items())
def test_rates(line, remedy):
    assert remedy in told("rate = 0.15", line)


@pytest.mark.parametrize(("line", "remedy"), AMOUNTS.items())
def test_amounts(line, remedy):
    assert remedy in told("amount = 200e9", line)


def test_quotas_in_tonnes():
    assert "customs value" in told("rate = 0.15", "rate = 0.15\nquota = { amount = 30000 tonnes }")
    assert "customs value" in told("rate = 0.15", 'rate = 0.15\nquota = { amount = "99,000 t" }')
    assert "write 2e12" in told("rate = 0.15", 'rate = 0.15\nquota = { amount = "2 t" }').lower()
    assert "customs value" in told("rate = 0.15", "rate = 0.15\nquota = { tonnes = 30000 }")


def test_quotes_tables_and_keys():
    assert "straight quotation marks" in told('name = "signed"', "name = “signed”")
    assert 'write `name = "signed"`' in told('name = "signed"', "name = signed")
    assert 'Write `name = "signed"`' in told('name = "signed"', 'name : "signed"')
    twice = told("rate = 0.15", "rate = 0.15\nrate = 0.2")
    assert "`rate` is already given on line" in twice
    assert "[[package]]" in told("[[package]]", "[package]")
    single = told("[[package.clause]]", "[package.clause]")
    assert "[[package.clause]]" in single
    assert "delete one of the two" not in single
    assert "mean rate?" in told("rate = 0.15", "tariff = 0.15")
    assert "mean ceiling?" in told('rule = "floor"', 'rule = "cap"')
    assert "mean direct?" in told('instrument = "equity"', 'instrument = "FDI"')
    assert "Write `background = true`" in told(
        'name = "signed"', 'name = "signed"\nbackground = True'
    )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", "write 1234.5"),
        ("1,234.5", "write 1234.5"),
        ("1,000", "write 1000"),
        ("0,5", "write 0.5"),
        ("CHF 3", ""),
        ("about ten", ""),
        ("3 kinds", ""),
        ("1.2.3", ""),
        ("-5 %", "write -0.05"),
    ],
)
def test_numbers_as_people_write_them(text, number):
    assert correct_number(text) == number


def test_dates_that_are_none():
    assert correct_date("13/13/2025") == ""
    assert correct_date("soon") == ""
    assert correct_date("2025/11/14") == "write 2025-11-14"


SHAPES = {
    ("[[package]]", "[[packages]]"): ["begin each with [[package]] and its name", "mean package?"],
    ('parties = ["USA", "KOR"]', 'parties = "USA, KOR"'): ['["USA", "KOR"]'],
    ('parties = ["USA", "KOR"]', 'parties = ["USA"]'): ["has only 1. Give at least 2"],
    ("[no_deal]\n", "[[no_deal]]\n"): ["write [no_deal] with one pair of brackets"],
    ("rate = 0.15", "rate = 0.15\nquota = 22000"): ["quota = { amount = … }"],
    ("rate = 0.15", "rate = 0.15\nsteps = { from = 2030-01-01, rate = 0.05 }"): ["steps = [{ … }]"],
    ("rate = 0.15", "rate = 0.15\nsteps = [{ date = 2030-01-01, rate = 0.05 }]"): ["mean from?"],
    ("from = 2025-11-01", "starts = 2025-11-01"): ["mean from?"],
    ("from = 2025-11-01", "ends = 2025-11-01"): ["mean until?"],
    ("annual_cap = 20e9", "cap = 20e9"): ["mean annual_cap?"],
    ("annual_cap = 20e9", 'sectors = ["energy", "power"]'): ["{ energy = 0.5, power = 0.5 }"],
    ("annual_cap = 20e9", "sectors = 1"): ["{ energy = 1.0 }"],
    ('instrument = "equity"', 'instrument = "credit guarantee"'): ["mean guarantee?"],
    ("price_year = 2024", "price_year = 2024\n[parties]"): ["`parties` is already given on line 5"],
}


@pytest.mark.parametrize(("change", "remedies"), SHAPES.items(), ids=lambda _: "")
def test_the_remedy_for_a_wrong_shape_is_what_to_write(change, remedies):
    """Not a heading for what is no table of the file, nor the dump of a parsed table."""
    old, new = change
    at = 0 if DEAL.count(old) == 1 else SIGNED
    text = DEAL[:at] + DEAL[at:].replace(old, new, 1)
    assert text != DEAL
    with pytest.raises(InputError) as caught:
        read_deal(text, world=WORLD)
    told = " | ".join(str(problem) for problem in caught.value.problems)
    assert all(remedy in told for remedy in remedies), told
    assert "{'" not in told
    assert "datetime" not in told


def test_a_misspelt_id_to_replace_is_told_alone():
    """Not also as a contradiction of the clause that it was to replace."""
    background = """
schema = 1
name = "law"
title = "Law"
as_of = 2025-11-01
[[clause]]
id = "country-kor"
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.2
rule = "level"
basis = "232"
"""
    head, tail = DEAL.split("[no_deal]\n", 1)
    tail = tail[tail.index("[[package]]") :]
    text = f"{head}[no_deal]\n{tail}".replace("price_year", 'include = "law.toml"\nprice_year', 1)
    text = text.replace("rate = 0.15", 'rate = 0.15\nreplaces = ["country-korea"]')
    with pytest.raises(InputError) as caught:
        read_deal(text, world=WORLD, included={"law.toml": background})
    (problem,) = caught.value.problems
    assert problem.path == "package[1].clause[1].replaces"
    assert "did you mean country-kor?" in problem.remedy
    right = text.replace("country-korea", "country-kor")
    read_deal(right, world=WORLD, included={"law.toml": background})
