"""The deal file to start from: any parties, their trade, and no problem in it."""

import re

import pytest

from accord.assessment.check import check
from accord.core.errors import InputError
from accord.data.labels import blocs_of
from accord.data.store import load_world
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.load import read_deal
from accord.deal.products import expand_regions
from accord.deal.regions import Group, members_of
from accord.deal.template import new_deal_template
from accord.lowering.finance import discount_rate
from tests.deal.examples import one_good_world, small_world

MERCOSUR = Group("Mercosur", ("BRA",))
USMCA = Group("USMCA", ("CAN", "MEX", "USA"))
PARTIES = [("USA", "CHE"), ("CHE", "USA"), ("USA", "EU"), ("EU", "GBR"), ("MLT", "ROW"),
           ("CHN", "AUS", "EU"), ("EU", MERCOSUR), (MERCOSUR, "EU"), ("GBR", "IND"),
           ("USA", "TWN"), ("USA", "JPN"), ("EU", USMCA), (USMCA, "CHN"), ("ROW", "USA"),
           ("CHE", "NOR"), (MERCOSUR, USMCA), ("RUS", "LUX", "BRA")]  # fmt: skip


@pytest.mark.parametrize("parties", PARTIES)
def test_the_template_is_about_its_parties_and_passes_the_check(parties):
    text = new_deal_template("my-deal", parties)
    deal = read_deal(text, world=load_world())
    assert deal.parties == parties
    members = {member for party in parties for member in members_of(party)}
    assert set(re.findall(r'"(USA|KOR)"', text)) <= {*parties, *members}
    assert deal.package("offer").clause[0].kind == "tariff"
    assert check(deal, world=load_world()).notices == ()
    defaults = read_deal(re.sub("(?m)^discount_rates.*$", "", text), world=load_world())
    for party in parties:
        assert discount_rate(deal, party) == discount_rate(defaults, party)


@pytest.mark.parametrize(
    ("parties", "payer", "host"),
    [
        (("USA", "CHE"), "CHE", "USA"), (("CHE", "USA"), "CHE", "USA"),
        (("EU", MERCOSUR), "EU", "Mercosur"), (("USA", "JPN"), "JPN", "USA"),
        (("GBR", "IND"), None, None), (("CHE", "EU"), None, None), (("USA", MERCOSUR), None, None),
    ],
)  # fmt: skip
def test_who_lends_abroad_invests_in_who_borrows_and_else_nobody(parties, payer, host):
    """Current accounts of 2024: Japan and Switzerland lend, the United States and Brazil borrow."""
    world = load_world()
    text = new_deal_template("my-deal", parties, world=world)
    package = read_deal(text, world=world).package("offer")
    told = [(c.payer, c.host) for c in package.clause if isinstance(c, InvestmentClause)]
    assert told == ([(payer, host)] if payer else [])
    tariff = package.clause[0]
    assert isinstance(tariff, TariffClause)
    assert tariff.importer == (host or parties[0])  # who is paid lowers its tariff
    assert ("Who invests in whom is yours to say" in text) == (payer is None)
    assert ("of investment" in package.title) == (payer is not None)


def uncommented(text):
    """Return the text with the examples in comments taken out of them."""
    starts = ("# [background]", "# [[package.clause]]")
    lines, within = [], False
    for line in text.split("\n"):
        within = line.startswith("# ") and (within or line.startswith(starts))
        lines.append(line[2:] if within else line)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("world", "parties"),
    [
        (load_world(), ("GBR", "IND")), (load_world(), ("EU", MERCOSUR)),
        (load_world().aggregate(blocs_of(load_world().regions)), ("CANMEX", "ROW")),
        (small_world(), ("DEU", "FRA")),
        (small_world(), ("USA", "KOR")), (one_good_world(0.1), ("USA", "CHN")),
    ],
)  # fmt: skip
def test_the_examples_in_comments_hold_too_in_any_world(world, parties):
    text = new_deal_template("my-deal", parties, world=world)
    read_deal(text, world=world)
    deal = read_deal(uncommented(text), world=world)
    others = set(world.regions) - set(expand_regions(parties, world.regions))
    assert len(deal.background.clause) == bool(others)


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
        at = [world.sector_index(name) for name in world.goods]
        goods = world.flows[buyer, seller, at]
        assert float(total) == pytest.approx(goods.sum(), abs=0.5)
        paid = (goods * world.tariff[buyer, seller, at]).sum() / goods.sum()
        assert float(rate) == pytest.approx(100 * paid, abs=0.051)
        assert first == world.goods[goods.argmax()]


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
