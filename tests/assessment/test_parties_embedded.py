"""Three parties, and a union, in the embedded world: from the file to the bargain and the page."""

import numpy as np
import pytest

import accord as ac
from accord.assessment.check import check
from accord.assessment.settings import AssessSettings
from accord.data.store import load_world
from accord.deal.load import read_deal
from accord.deal.template import new_deal_template
from tests.deal.examples import shortened

pytestmark = pytest.mark.first


@pytest.mark.parametrize(
    ("parties", "names"),
    [
        (("USA", "KOR", "JPN"), ("United States", "South Korea", "Japan")),
        (("USA", "EU"), ("United States", "European Union")),
    ],
    ids=["three", "union"],
)
def test_a_deal_goes_from_its_file_to_its_page(parties, names):
    world = load_world()
    text = shortened(new_deal_template("whole-chain", parties, world=world))
    deal = read_deal(text, world=world)
    assert [commitment.payer for commitment in check(deal, world=world).commitments] == [parties[1]]
    result = ac.assess(deal, settings=AssessSettings(ranges=False, draws=20, paths=50))
    bargain = result.bargain(terms=False)
    assert bargain.problem.parties == parties
    assert {answer.by for answer in bargain.retaliations} == {*parties[1:]}
    for answer in bargain.retaliations:
        assert answer.against == ("USA",)
        assert np.isfinite(answer.payoffs).all()
        assert answer.payoffs[parties.index(answer.by)] > 0 > answer.payoffs[0]
    page = ac.brief(result, bargain=bargain, length="full")
    assert all(name in page.html for name in names)
    assert ">nan<" not in page.html.lower()
