"""Tariff clauses that do other than they say: each kind is told, and the shipped cases are not."""

import cProfile

import pytest

from accord.assessment.check import check
from accord.data.store import load_world
from accord.deal.goods.codes import known_codes
from accord.deal.goods.words import known_words
from accord.deal.load import read_deal
from accord.deal.products import build_cells
from accord.lowering.tariff_doubts import find_doubtful_tariffs
from accord.lowering.tariff_effects import tariff_effects
from tests.deal.examples import DEAL, small_world

WORLD = load_world()
HEAD = """
schema = 1
name = "trial"
title = "Trial"
parties = {parties}
price_year = 2024
{include}
[assessment]
evaluate_on = 2026-01-15
[no_deal]
[[package]]
name = "signed"
"""
CLAUSE = """
[[package.clause]]
kind = "tariff"
title = "{title}"
importer = "{importer}"
exporters = ["{exporter}"]
products = {products}
rate = {rate}
rule = "{rule}"
basis = "{basis}"
from = 2025-12-01
{more}
"""
PLAIN = {
    "title": "", "importer": "IND", "exporter": "GBR", "products": '["food"]', "rate": 0.0,
    "rule": "level", "basis": "FTA", "more": "",
}  # fmt: skip


def clause(**given):
    return CLAUSE.format(**{**PLAIN, **given})


def notices_of(*clauses, include="", parties='["GBR", "IND"]'):
    """The notices about the tariffs of a deal, by place."""
    text = HEAD.format(include=include, parties=parties) + "".join(clauses)
    deal = read_deal(text, world=WORLD)
    return list(find_doubtful_tariffs(deal, WORLD, tariff_effects(deal, WORLD)))


def said(notices, words):
    return [notice for notice in notices if words in notice.message]


@pytest.mark.parametrize(
    ("title", "products", "part"),
    [
        ("Cars: 50 %", '["motor_vehicles"]', "cars are 56 %"),
        ("Scotch", '["food"]', "scotch is 0.93 %"),
        ("Scotch and gin", '["food"]', "scotch and gin are 1.2 %"),
        ("Wine", '["all"]', "wine is"),
        ("Cars", '["motor_vehicles", "food"]', "cars are"),
        ("Motor vehicles, above all cars", '["motor_vehicles"]', ""),
        ("Cars and parts", '["motor_vehicles"]', ""),
        ("Medicines", '["pharmaceuticals"]', ""),
        ("Goods of the annex", '["food"]', ""),
    ],
)
def test_a_sector_that_is_broader_than_the_goods_of_the_title_is_told(title, products, part):
    notices = said(notices_of(clause(title=title, products=products)), "covers more")
    assert len(notices) == bool(part)
    for notice in notices:
        assert notice.path == "package[1].clause[1]"
        assert f"covers more: {part}" in notice.message
        assert "of what USA imports of it" in notice.message
        assert "imports of IND are known by sector alone" in notice.remedy


def test_goods_that_only_the_note_names_are_read_there():
    noted = clause(title="First list", more='note = "Scotch, from the first day"')
    (notice,) = said(notices_of(noted), "covers more")
    assert "the note names scotch" in notice.message
    titled = clause(title="Food", more='note = "Scotch, from the first day"')
    assert said(notices_of(titled), "covers more") == []


@pytest.mark.parametrize(("products", "is_told"), [('["22"]', True), ('["2208"]', False)])
def test_a_chapter_is_broad_and_a_heading_is_meant(products, is_told):
    ours = clause(title="Scotch", importer="USA", products=products)
    notices = said(notices_of(ours, parties='["GBR", "USA"]'), "covers more")
    assert bool(notices) == is_told
    for notice in notices:
        assert "of this trade" in notice.message
        assert "did you mean the HS codes 220830?" in notice.remedy


def test_every_word_for_goods_stands_for_codes_that_somebody_buys():
    cells = build_cells(WORLD, "USA")
    for word, codes in known_words().items():
        assert set(codes) <= known_codes(), word
        assert cells.imports[cells.select_products(codes)].sum() > 0, word


CUT = clause(title="Cloth", products='["textiles"]', basis="other", rate=0.0)
RAISE = {"title": "The first list", "products": '["food"]', "rate": 0.75}


@pytest.mark.parametrize(
    ("clauses", "why"),
    [
        ([clause(**RAISE)], "rests on a trade agreement"),
        ([clause(**RAISE, basis="other"), CUT, CUT.replace("textiles", "wood")], "most others"),
        ([clause(**RAISE, basis="MFN")], "is an agreed rate"),
        ([clause(**RAISE, basis="other", rule="add")], None),
        ([clause(**RAISE, basis="232", rule="add"), CUT], None),
    ],
)
def test_a_clause_that_is_meant_to_lower_and_raises_is_told(clauses, why):
    """By its basis, by the package it stands in, or as an agreed rate that reads like per cent."""
    notices = said(notices_of(*clauses), "raises the tariff")
    assert len(notices) == (why is not None)
    for notice in notices:
        assert why in notice.message
        assert notice.path == "package[1].clause[1]"
        assert "from 52.7 to 75.0 %" in notice.message


@pytest.mark.parametrize(("title", "asked"), [("First list", True), ("First list: 75 %", False)])
def test_a_high_agreed_rate_that_raises_is_asked_about_unless_the_title_says_it(title, asked):
    (notice,) = said(notices_of(clause(**{**RAISE, "title": title})), "raises the tariff")
    assert ("did you mean 0.0075?" in notice.remedy) == asked
    assert 'write rule = "cut"' in notice.remedy


@pytest.mark.parametrize(
    ("basis", "rate", "is_told"),
    [("FTA", 0.2, False), ("MFN", 0.2, False), ("FTA", 0.99, True), ("other", 0.2, True)],
)
def test_a_ceiling_that_caps_nothing_is_told(basis, rate, is_told):
    """On a trade agreement it caps the ordinary duty; else the charges of its own basis alone."""
    ours = clause(title="At most", rule="ceiling", basis=basis, rate=rate)
    told = said(notices_of(ours), "caps nothing")
    assert [notice.path for notice in told] == ["package[1].clause[1]"] * is_told
    assert all('rule = "floor"' in notice.remedy for notice in told)


EXEMPT = 'except_products = ["annex2_2025_04", "electronics_2025_04", "annex2_2025_11"]'


@pytest.mark.parametrize(
    ("rate", "more", "is_told"), [(0.2, "", True), (0.2, EXEMPT, False), (0.0, "", False)]
)
def test_a_clause_that_charges_what_the_one_it_replaces_exempts_is_told(rate, more, is_told):
    ours = clause(
        importer="USA", exporter="TWN", products='["all"]', rule="add", basis="IEEPA",
        rate=rate, more=f'replaces = ["country-twn"]\n{more}',
    )  # fmt: skip
    notices = notices_of(ours, include='include = "us-tariffs"', parties='["USA", "TWN"]')
    lost = said(notices, "exempt")
    assert [notice.path for notice in lost] == ["package[1].clause[1].except_products"] * is_told
    assert all('"electronics_2025_04"' in notice.remedy for notice in lost)


def test_the_remedy_for_part_of_a_sector_holds_for_the_rule():
    """A level scaled by a tenth would take the duty off the other nine tenths as well."""
    rise = {"title": "List", "rate": 0.9}
    for rule, words in (("level", 'write rule = "cut"'), ("add", "scale the rate")):
        (notice,) = said(notices_of(clause(**{**rise, "rule": rule})), "raises the tariff")
        assert words in notice.remedy


def test_a_high_agreed_rate_that_lowers_is_no_doubt():
    """India charges more than half on British food already: 50 % is a cut."""
    assert notices_of(clause(title="First list", rate=0.5)) == []


def test_a_rise_in_a_first_stage_is_told_with_its_day():
    steps = "steps = [{ from = 2027-01-01, rate = 0.3 }, { from = 2028-01-01, rate = 0.0 }]"
    (notice,) = notices_of(clause(title="First list 60 %", rate=0.6, more=steps))
    assert "from 52.7 to 60.0 % on 2026-01-15" in notice.message


def test_a_slip_for_per_cent_is_not_told_as_a_rise_too():
    notices = check(
        read_deal(
            HEAD.format(include="", parties='["GBR", "IND"]')
            + clause(title="Cloth to 0.9 %", products='["textiles"]', rate=0.9),
            world=WORLD,
        ),
        world=WORLD,
    ).notices
    (notice,) = notices
    assert notice.path == "package[1].clause[1].rate"
    assert "did you mean 0.009?" in notice.remedy


@pytest.mark.parametrize(("amount", "is_told"), [("1.5e9", True), ("0.1e9", False)])
def test_a_quota_larger_than_the_trade_is_told_with_both_amounts(amount, is_told):
    quota = f"quota = {{ amount = {amount}, in_quota_rate = 0.1 }}"
    ours = clause(title="First list", rate=0.2, products='["motor_vehicles"]', more=quota)
    notices = notices_of(ours)
    assert bool(notices) == is_told
    for notice in notices:
        assert notice.path == "package[1].clause[1].quota.amount"
        assert "1.5 bn USD a year, where 0.208 bn is imported" in notice.message
        assert "all of it pays 10 %" in notice.message


def test_a_quota_that_the_title_contradicts_is_told_once():
    quota = "quota = { amount = 500e9, in_quota_rate = 0.1 }"
    ours = clause(title="First list, 0.5 bn", rate=0.2, products='["motor_vehicles"]', more=quota)
    deal = read_deal(HEAD.format(include="", parties='["GBR", "IND"]') + ours, world=WORLD)
    (notice,) = check(deal, world=WORLD).notices
    assert "did you mean 500e6?" in notice.remedy


SWISS = {"importer": "USA", "exporter": "CHE", "products": '["all"]', "rate": 0.15}


@pytest.mark.parametrize(
    ("given", "laws"),
    [
        ({"rule": "floor", "basis": "other"}, '"country-che"'),
        ({"rule": "level", "basis": "other"}, '"country-che"'),
        ({"rule": "add", "basis": "other"}, ""),
        ({"rule": "floor", "basis": "other", "more": 'unless_basis = ["IEEPA"]'}, ""),
        ({"rule": "floor", "basis": "other", "more": "replaces = []"}, ""),
        ({"rule": "floor", "basis": "IEEPA", "more": 'replaces = ["country-che"]'}, ""),
    ],
)
def test_law_of_the_background_on_top_of_a_whole_rate_is_told(given, laws):
    ours = clause(title="General rate", **SWISS, **given)
    notices = notices_of(ours, include='include = "us-tariffs"', parties='["USA", "CHE"]')
    on_top = said(notices, "on top of it")
    assert len(on_top) == bool(laws)
    for notice in on_top:
        assert f"and {laws} of the background" in notice.message
        assert 'write basis = "IEEPA" and replaces = ["country-che"]' in notice.remedy


def test_the_small_deal_raises_no_doubt():
    world = small_world()
    deal = read_deal(DEAL, world=world)
    assert list(find_doubtful_tariffs(deal, world, tariff_effects(deal, world))) == []


def test_the_work_of_a_check_grows_with_the_clauses_and_not_with_their_square():
    world, counts = small_world(), []
    for number in (40, 160):
        text = DEAL + "".join(
            '[[package.clause]]\nkind = "tariff"\nimporter = "USA"\nexporters = ["KOR"]\n'
            f'products = ["food"]\nrate = 0.{100 + at}\nrule = "add"\nbasis = "301"\n'
            for at in range(number)
        )
        deal = read_deal(text, world=world)
        profile = cProfile.Profile()
        profile.runcall(check, deal, world=world)
        counts.append(sum(entry.callcount for entry in profile.getstats()))
    assert counts[1] < 5 * counts[0]
