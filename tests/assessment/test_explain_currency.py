"""What `explain` says the risk of a crash is worked out from."""

import pandas as pd
import pytest

from accord.assessment.explain.currency import find_currency_inputs
from accord.assessment.valuation.currency_risk import yearly_chances
from accord.data.store import load_world
from accord.deal.load import load_deal

CRASHES = pd.DataFrame(
    [
        {"package": name, "party": "KOR", "year": year, "chance": chance}
        for name, chances in (("signed", (0.05, 0.04)), ("no_deal", (0.03, 0.02)))
        for year, chance in enumerate(chances, start=1)
    ]
)


def inputs_of(case, party, crashes=CRASHES):
    nodes = find_currency_inputs(
        load_deal(case), load_world(), crashes, party=party, package="signed"
    )
    return {name.removesuffix(" ="): (value, note) for name, value, _, note in nodes}


def test_every_input_of_the_equation_stands_there_with_its_source():
    inputs = inputs_of("us-korea-2025", "KOR")
    assert "5.00, 4.00" in inputs["q under signed"][1]
    assert "3.00, 2.00" in inputs["q under no_deal"][1]
    assert inputs["output"][0] == pytest.approx(1872.7, rel=0.02)
    assert inputs["output"][1].endswith("]")
    assert inputs["price of a flow"][0] == 0.0185
    assert "Adler" in inputs["price of a flow"][1]
    chance, note = inputs["chance of a sudden stop"]
    assert chance == pytest.approx(2.5 / 35)
    assert "2 in 35 years: 1997 and 2008" in note


def test_a_chance_that_is_known_cites_the_file_and_a_currency_that_is_not_followed_has_no_inputs():
    japan = inputs_of("us-japan-2025", "JPN", CRASHES.replace("KOR", "JPN"))
    assert japan["chance of a sudden stop"][0] == 0.0
    assert "assumption [U]" in japan["chance of a sudden stop"][1]
    assert inputs_of("us-korea-2025", "USA") == {}


def test_the_chances_are_those_that_the_verdict_uses():
    by_year = pd.Series([0.2, 0.36, 0.36]).to_numpy()
    assert yearly_chances(by_year).tolist() == pytest.approx([0.2, 0.2, 0.0])
