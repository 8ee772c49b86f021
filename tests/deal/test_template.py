"""The deal file to start from: any parties, their trade, and no problem in it."""

import re

import pytest

from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.load import read_deal
from accord.deal.template import new_deal_template
from accord.lowering.finance import discount_rate

PARTIES = [("USA", "CHE"), ("CHE", "USA"), ("USA", "EU"), ("EU", "GBR"), ("MLT", "ROW"),
           ("CHN", "AUS", "EU")]  # fmt: skip


@pytest.mark.parametrize("parties", PARTIES)
def test_the_template_is_about_its_parties_and_passes_the_check(parties):
    text = new_deal_template("my-deal", parties)
    deal = read_deal(text, world=load_world())
    assert deal.parties == parties
    assert set(re.findall(r'"(USA|KOR)"', text)) <= set(parties)
    assert [clause.kind for clause in deal.package("offer").clause] == ["tariff", "investment"]
    defaults = read_deal(re.sub("(?m)^discount_rates.*$", "", text), world=load_world())
    for party in parties:
        assert discount_rate(deal, party) == discount_rate(defaults, party)


def test_the_template_tells_the_trade_both_ways_and_the_tariffs_paid():
    world = load_world()
    text = new_deal_template("my-deal", ("USA", "CHE"), world=world)
    usa, che = world.region_index("USA"), world.region_index("CHE")
    for buyer, seller, names in (
        (usa, che, "United States from Switzerland"), (che, usa, "Switzerland from United States"),
    ):  # fmt: skip
        told = re.search(
            rf"{names}: ([\d.]+) bn USD a year, average tariff ([\d.]+) %.*\n#     (\w+) ", text
        )
        assert told
        total, rate, first = told.groups()
        goods = world.flows[buyer, seller, :-1]
        assert world.services == (world.sectors[-1],)
        assert float(total) == pytest.approx(goods.sum(), abs=0.5)
        paid = (goods * world.tariff[buyer, seller, :-1]).sum() / goods.sum()
        assert float(rate) == pytest.approx(100 * paid, abs=0.051)
        assert first == world.sectors[goods.argmax()]


def test_a_template_without_parties_says_that_its_parties_are_an_example():
    text = new_deal_template("us-swiss")
    assert "An example, to be replaced" in text
    assert "An example, to be replaced" not in new_deal_template("us-swiss", ("USA", "CHE"))


@pytest.mark.parametrize(
    ("parties", "words"),
    [
        (("USA", "CH"), "CHE"), (("USA",), "fewer than two"), (("USA", "USA"), "fewer than two"),
        (("EU", "DEU"), "member"), ((), "fewer than two"), (("USA", 'a"b'), "parties"),
    ],
)  # fmt: skip
def test_wrong_parties_are_told(parties, words):
    with pytest.raises(InputError, match=words):
        new_deal_template("my-deal", parties)
