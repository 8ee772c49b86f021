"""Slips of the pen: each is told with what to write instead."""

import pytest

from accord.core.errors import InputError
from accord.deal.checks.text.slips import correct_date, correct_number
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


@pytest.mark.parametrize(("line", "remedy"), RATES.items())
def test_rates(line, remedy):
    assert remedy in told("rate = 0.15", line)


@pytest.mark.parametrize(("line", "remedy"), AMOUNTS.items())
def test_amounts(line, remedy):
    assert remedy in told("amount = 200e9", line)


def test_quotas_in_tonnes():
    assert "customs value" in told("rate = 0.15", "rate = 0.15\nquota = { amount = 30000 tonnes }")

    assert "customs value" in told("rate = 0.15", "rate = 0.15\nquota = { tonnes = 30000 }")


def test_quotes_tables_and_keys():
    assert "straight quotation marks" in told('name = "signed"', "name = “signed”")
    assert 'write `name = "signed"`' in told('name = "signed"', "name = signed")
    assert 'Write `name = "signed"`' in told('name = "signed"', 'name : "signed"')
    twice = told("rate = 0.15", "rate = 0.15\nrate = 0.2")
    assert "`rate` is already given on line" in twice
    assert "[[package]]" in told("[[package]]", "[package]")
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
