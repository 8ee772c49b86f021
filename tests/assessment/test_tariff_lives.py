"""The chances of removal and of rebuilding are those counted on the page of the method."""

import datetime as dt
import math
import re

import pytest

from accord.assessment.valuation.uncertainty import PARAMETERS
from tests.architecture.repository import ROOT

PAGE = (ROOT / "docs" / "theory" / "verdict.md").read_text(encoding="utf-8")
END = dt.date(2026, 10, 9)
KNOWN = {parameter.name: parameter for parameter in PARAMETERS}


def read_lives():
    """Return first day, last day and day of return of every tariff of the page's table."""
    table = PAGE.split("<!-- lives: start -->")[1].split("<!-- lives: end -->")[0]
    rows = [line.split("|")[1:-1] for line in table.strip().splitlines()[2:]]
    return [
        (row[0].strip(), *(None if "–" in cell else dt.date.fromisoformat(cell.strip())
                           for cell in row[2:5]))
        for row in rows
    ]  # fmt: skip


def years(first, last):
    return (last - first).days / 365.25


def constant_chance(lives):
    """Return the yearly chance of removal for good that leaves them standing as long on average."""
    stood = sum(years(a, b or END) + (years(c, END) if c else 0.0) for _, a, b, c in lives)
    low, high = 1e-6, 1 - 1e-6
    for _ in range(60):
        chance = (low + high) / 2
        rate = -math.log(1 - chance)
        left = sum((1 - math.exp(-rate * years(a, END))) / rate for _, a, *_ in lives)
        low, high = (chance, high) if left > stood else (low, chance)
    return low


def printed(pattern):
    (text,) = re.findall(pattern, PAGE)
    return float(text)


def test_the_chance_of_removal_is_that_of_the_table():
    lives = read_lives()
    removed = sum(last is not None for _, _, last, _ in lives)
    exposed = sum(years(first, last or END) for _, first, last, _ in lives)
    assert (len(lives), removed, round(exposed)) == (13, 7, 67)
    assert printed(r"or ([\d.]+) % a year\nwith Jeffreys") == pytest.approx(
        100 * (removed + 0.5) / exposed, abs=0.05
    )
    chance = constant_chance(lives)
    assert KNOWN["removal"].central == pytest.approx(chance, abs=0.0005)
    assert printed(r"same 70 % of the time is ([\d.]+) %") == pytest.approx(100 * chance, abs=0.05)
    without = constant_chance([life for life in lives if "aircraft" not in life[0]])
    assert printed(r"\ngives ([\d.]+) %") == pytest.approx(100 * without, abs=0.05)


def test_the_chance_of_rebuilding_is_that_of_the_series():
    before, voided, first, spring, summer = (
        printed(pattern)
        for pattern in (
            r"stood at ([\d.]+) points added", r"and at ([\d.]+) after it",
            r"brought it to ([\d.]+) on", r"sixty economies\) from ([\d.]+) to",
            r"sixty economies\) from [\d.]+ to ([\d.]+),",
        )
    )  # fmt: skip
    share = (first - voided + summer - spring) / (before - voided)
    assert KNOWN["rebuilding"].central == pytest.approx(share, abs=0.005)
    assert printed(r"So (\d+) % of what was voided") == round(100 * share)
    for name in ("removal", "rebuilding"):
        assert KNOWN[name].grade == "D"
