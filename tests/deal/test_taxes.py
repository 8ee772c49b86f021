"""Clauses on taxes and subsidies: what is refused, with which remedy, and what they are called."""

import pytest

from accord.core.errors import InputError
from accord.deal.clauses.base import Fraction
from accord.deal.clauses.tax import TaxClause
from accord.deal.load import read_deal
from tests.deal.examples import DEAL, clause_text, small_world

WORLD = small_world()
RIGHT = {"region": "KOR", "on": "exports", "buyers": ["USA"], "rate": 0.1}


def problems_of(**fields):
    """What is wrong with a tax, by field; a field of None is left out."""
    given = {name: value for name, value in {**RIGHT, **fields}.items() if value is not None}
    try:
        read_deal(DEAL + clause_text("package", "tax", **given), world=WORLD)
    except InputError as error:
        where = "package[1].clause[3]."
        return {problem.path.removeprefix(where): str(problem) for problem in error.problems}
    return {}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"rate": -0.9},
        {"rate": 3.0, "prohibitive": True},
        {"buyers": ["EU", "JPN"], "except_buyers": ["DEU"]},
        {"products": ["870323"]},
        {"products": ["vehicles_232"]},
        {"buyers": None},
        {"region": "EU", "on": "production", "buyers": None, "products": ["services"]},
        {"region": "USA", "on": "consumption", "buyers": None, "except_products": ["food"]},
    ],
)
def test_what_can_be_levied_passes(fields):
    assert problems_of(**fields) == {}


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"rate": 15.0}, "rate", ("did you mean 0.15",)),
        ({"rate": 1.5}, "rate", ("a tax of 150 %", "prohibitive = true")),
        ({"rate": -1.0}, "rate", ("-1",)),
        ({"rate": -15.0}, "rate", ("-15",)),
        ({"buyers": ["KOR"]}, "buyers", ("is the region itself", "buy its exports")),
        ({"on": "production"}, "buyers", ("no effect", 'on = "exports"')),
        ({"on": "sales"}, "on", ("exports", "production", "consumption")),
        ({"region": "all"}, "region", ("not a region",)),
        ({"buyers": ["Atlantis"]}, "buyers", ("not a region",)),
        ({"products": ["motor_vehicle"]}, "products", ("motor_vehicles",)),
        (
            {"buyers": ["USA", "JPN"], "products": ["870323"]},
            "products",
            ("cannot be told apart in the imports of JPN", '"motor_vehicles"'),
        ),
        (
            {"on": "production", "buyers": None, "products": ["870323"]},
            "products",
            ("finer than a sector", "Use sectors"),
        ),
        (
            {"on": "consumption", "buyers": None, "products": ["vehicles_232"]},
            "products",
            ("finer than a sector", "Use sectors"),
        ),
        ({"from_": "tomorrow"}, "from", ("date",)),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_remedy(fields, field, words):
    told = problems_of(**fields)
    assert set(told) == {field}
    assert all(word in told[field] for word in words), told[field]


def test_an_end_before_the_first_day_is_refused():
    text = clause_text("package", "tax", **RIGHT) + "from = 2027-01-01\nuntil = 2026-12-31\n"
    with pytest.raises(InputError, match="until"):
        read_deal(DEAL + text, world=WORLD)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"on": "exports"}, "tax of {rate} on exports of"),
        ({"on": "exports", "rate": -0.1}, "subsidy of {rate} to exports of"),
        ({"on": "production"}, "tax of {rate} on the production of"),
        ({"on": "consumption", "rate": -0.1}, "subsidy of {rate} to the consumption of"),
    ],
)
def test_a_title_says_who_taxes_or_subsidises_what(fields, text):
    clause = TaxClause.model_validate({"kind": "tax", "region": "KOR", "rate": 0.1, **fields})
    wording = clause.wording()
    assert text in wording.text
    assert ("buyers" in wording.pieces) == (clause.on == "exports")
    assert wording.pieces["rate"] == Fraction(0.1)
