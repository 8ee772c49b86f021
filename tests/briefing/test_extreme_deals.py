"""Deals at the edge of what the check accepts: no crash, NaN, contradiction or absurd headline.

Six of them in the normal run; all forty with `pytest --long tests/briefing/test_extreme_deals.py`.
"""

import datetime as dt
import math
import re
from collections.abc import Iterator

import pytest

import accord as ac
from accord.briefing.brief import brief
from accord.briefing.document.facts import Fact
from accord.deal.load import read_deal
from tests.briefing.contradictions import find_contradictions
from tests.deal.examples import DEAL, small_world

WORLD = small_world()
DATE = dt.date(2026, 11, 24)
SETTINGS = ac.AssessSettings(paths=8, draws=8, ranges=False)
AMOUNT = "amount = 200e9\n"
CAP = "annual_cap = 20e9\n"
SHEET = """
[[external]]
party = "KOR"
reserves = {reserves}
short_term_debt = {debt}
other_liabilities = {debt}
broad_money = {money}
exports = {trade}
imports = {trade}
gdp = {gdp}
volatility = {volatility}
"""


def clause(line: str) -> str:
    """The example with lines added to its investment."""
    return DEAL.replace(AMOUNT, f"{AMOUNT}{line}\n", 1)


def swap(old: str, new: str, text: str = DEAL) -> str:
    """The example with something replaced, everywhere."""
    assert old in text, old
    return text.replace(old, new)


def settings(line: str, text: str = DEAL) -> str:
    """The example with lines in its settings."""
    return swap("[no_deal]\n", f"[assessment]\n{line}\n[no_deal]\n", text)


def sheet(text: str = DEAL, **figures: str) -> str:
    """The example with a balance sheet of its own."""
    usual = {
        "reserves": "400e9", "debt": "150e9", "money": "3e12", "trade": "800e9", "gdp": "1.8e12",
        "volatility": "0.1",
    }  # fmt: skip
    return text.replace("[no_deal]\n", SHEET.format(**{**usual, **figures}) + "[no_deal]\n", 1)


def kind(line: str) -> str:
    """The example with a kind of project of its own."""
    return clause("sectors = { plant = 1.0 }") + f'\n[[project]]\nname = "plant"\n{line}\n'


LOAN = swap('"equity"', '"loan"')
GUARANTEE = swap('"equity"', '"guarantee"')
SHORT = "select_until = 2026-06-30"
EXTREME: dict[str, str] = {
    "smallest amount": swap(CAP, "", swap(AMOUNT, "amount = 1e5\n")),
    "no reserves": sheet(reserves="0.0"),
    "horizon of a year": settings("horizon = 1\nyears = 1", clause(SHORT)),
    "loan longer than the horizon": settings(
        "horizon = 4", swap(AMOUNT, f"{AMOUNT}{SHORT}\nloan_years = 200\ngrace_years = 150\n", LOAN)
    ),
    "a quarter of all income": swap(CAP, "", swap(AMOUNT, "amount = 1e12\n"))
    + '\n[[project]]\nname = "average"\nsize = 1e12\n',
    "nothing but a ceiling at zero": swap("rate = 0.15", "rate = 0", swap('"floor"', '"ceiling"')),
    "nothing called": clause("until = 2026-01-02"),
    "horizon of a century": settings("horizon = 100\nyears = 50"),
    "prohibitive": swap("rate = 0.15", "rate = 10\nprohibitive = true"),
    "no tariff at all": swap("rate = 0.25", "rate = 0", swap("rate = 0.15", "rate = 0")),
    "same as no deal": swap("rate = 0.15", "rate = 0.25", swap('"floor"', '"add"')),
    "day without clauses": settings("evaluate_on = 2024-12-31"),
    "far first year": settings("first_year = 2050"),
    "discounted fast": settings("discount_rates = { KOR = 1.0, USA = 1.0 }"),
    "discounted below zero": settings("discount_rates = { KOR = -0.1, USA = -0.1 }"),
    "prices fall": settings("inflation = -0.05"),
    "prices rise by a quarter": settings("inflation = 0.25"),
    "up front": swap(CAP, "up_front = true\n"),
    "all displaced": clause("displacement = 1.0"),
    "all bought at the payer": clause("procurement = { KOR = 1.0 }"),
    "no ownership": clause("ownership = 0.0"),
    "loan for a year": swap(AMOUNT, f"{AMOUNT}loan_years = 1\ngrace_years = 0\n", LOAN),
    "loan below zero": swap(AMOUNT, f"{AMOUNT}interest = -0.1\n", LOAN),
    "loan at 100 %": swap(AMOUNT, f"{AMOUNT}interest = 1.0\n", LOAN),
    "guarantee always called": swap(
        AMOUNT, f"{AMOUNT}default_rate = 1.0\nrecovery = 0.0\nfee = 1.0\n", GUARANTEE
    ),
    "guarantee never called": swap(AMOUNT, f"{AMOUNT}default_rate = 0.0\n", GUARANTEE),
    "long notice": clause("notice_business_days = 2500"),
    "projects all fail": kind("failure = 1.0\nsalvage = 0.0"),
    "projects of a day": kind('phases = [{ name = "all", years = 0.0, cost = 1.0 }]\nlife = 0.1'),
    "projects of two centuries": kind("life = 200\nramp_up = 100"),
    "wild projects": kind("earning = { mean = 20.0, spread = 1.5 }\nvolatility = 3.0"),
    "projects far over budget": kind("overrun = { mean = 20.0, spread = 1.5 }"),
    "projects never in time": kind("delay = { mean = 20.0, spread = 1.5 }"),
    "projects of no return": kind("planned_return = -0.2\ncost_of_capital = 1.0"),
    "many projects": kind("size = 2.1e8"),
    "tiny economy": sheet(gdp="1e9", trade="1e9", money="1e9", debt="1e9", reserves="1e9"),
    "huge debt": sheet(debt="5e13"),
    "calm currency": sheet(volatility="0.0"),
    "wild currency": sheet(volatility="3.0"),
    "no one invests": DEAL[: DEAL.rindex("[[package.clause]]")],
}
SAMPLE = 6


def test_there_are_forty():
    assert len(EXTREME) == 40


@pytest.mark.parametrize("name", EXTREME)
def test_an_extreme_deal_is_briefed(name, request):
    if list(EXTREME).index(name) >= SAMPLE and not request.config.getoption("--long"):
        pytest.skip("run by hand: pytest --long tests/briefing/test_extreme_deals.py")
    deal = read_deal(EXTREME[name], world=WORLD)
    ac.check(deal, world=WORLD)
    result = ac.assess(deal, world=WORLD, settings=SETTINGS)
    page = brief(result, date=DATE, length="full")
    headline = str(page.document.headline)
    assert not re.search(r"\d{7}", re.sub(r"[,\s]", "", headline))
    words = re.sub(r"<(script|style).*?</\1>", "", page.html, flags=re.DOTALL)
    visible = re.sub(r"<[^>]+>", " ", words)
    assert not re.search(r"\b(nan|inf|infinity)\b", visible, re.IGNORECASE)
    assert find_contradictions(page.document) == []
    for fact in facts_of(page.document):
        assert not isinstance(fact.value, float) or math.isfinite(fact.value), fact


def facts_of(thing: object, seen: set[int] | None = None) -> Iterator[Fact]:
    """Yield every fact of a document, wherever it lies."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, Fact):
        yield thing
    elif isinstance(thing, dict):
        for inner in thing.values():
            yield from facts_of(inner, seen)
    elif isinstance(thing, list | tuple):
        for inner in thing:
            yield from facts_of(inner, seen)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from facts_of(getattr(thing, name), seen)
