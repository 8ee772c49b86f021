"""Tariff clauses that cover nothing: told, with what to write instead."""

import tomllib

import pytest

from accord.assessment.check import check
from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.checks.coverage import check_coverage, find_idle, find_idle_tariffs
from accord.deal.load import read_deal
from tests.deal.examples import DEAL, small_world

PLAIN = 'products = ["motor_vehicles"]\nrate = 0.25'
WORLD = load_world()


def with_products(products, more=""):
    return DEAL.replace(PLAIN, f"products = {products}\n{more}rate = 0.25".replace("'", '"'))


def problems_of(products, more="", world=WORLD):
    with pytest.raises(InputError) as raised:
        read_deal(with_products(products, more), world=world)
    return raised.value.problems


@pytest.mark.parametrize(
    ("products", "more", "field"),
    [
        (["food"], 'except_products = ["food"]\n', "except_products"),
        (["870323"], 'except_products = ["87"]\n', "except_products"),
        (["vehicles_232"], 'except_products = ["motor_vehicles"]\n', "except_products"),
        (["food"], 'except_exporters = ["all"]\n', "except_exporters"),
    ],
)
def test_exceptions_that_leave_nothing_are_refused(products, more, field):
    problems = problems_of(products, more, small_world())
    assert f"no_deal.clause[1].{field}" in {p.path for p in problems}
    assert any("leaves nothing" in p.message for p in problems)


def test_codes_of_today_pass_without_a_word():
    deal = read_deal(with_products(["854142", "851713", "8703", "690721"]), world=WORLD)
    assert list(find_idle_tariffs(deal, WORLD)) == []


def test_a_clause_without_trade_is_told():
    """Norway sells the United States no car, and the clause would add nothing at all."""
    text = with_products(["870323"]).replace('exporters = ["KOR"]', 'exporters = ["FRA"]', 1)
    notices = check(read_deal(text, world=small_world()), world=small_world()).notices
    told = [n for n in notices if n.path == "no_deal.clause[1]"]
    assert len(told) == 1
    assert "covers no trade: USA imports none of it from FRA" in told[0].message


def test_a_code_that_the_exporter_does_not_sell_is_told():
    deal = read_deal(with_products(["870323", "010121"]), world=WORLD)
    (notice,) = find_idle_tariffs(deal, WORLD)
    assert notice in check(deal).notices
    assert notice.path == "no_deal.clause[1].products"
    assert "nothing from KOR under 010121" in notice.message


def test_a_code_that_nobody_sells_is_told_with_its_neighbours():
    deal = read_deal(with_products(["8703", "870443", "010190"]), world=WORLD)
    (notice,) = find_idle_tariffs(deal, WORLD)
    assert "870443, 010190" in notice.message
    assert "heading 8704 has 870410, 870421" in notice.remedy


@pytest.mark.parametrize("case", ["us-korea-2025", "us-japan-2025"])
def test_every_tariff_of_the_shipped_cases_covers_trade(case):
    assert [n for n in check(case).notices if "no trade" in n.message] == []


def test_codes_of_a_shipped_background_are_looked_up_here_and_not_in_every_check():
    """Nobody who includes a background can mend it, so a check leaves it out."""
    include = 'include = "us-tariffs"\n'
    text = DEAL.replace("\n[[source]]", f"\n{include}[[source]]", 1)
    for clause in ("no_deal", "package"):
        text = text.replace(
            f'[[{clause}.clause]]\nkind = "tariff"',
            f'[[{clause}.clause]]\nkind = "tariff"\nreplaces = ["cars-kor"]',
        )
    idle = text.replace('products = ["motor_vehicles"]', 'products = ["870323", "010121"]')
    deal = read_deal(idle, world=WORLD)
    own = [clause for table in (deal.no_deal, *deal.packages) for clause in table.clause]
    assert list(find_idle_tariffs(deal, WORLD)) == list(find_idle(own, WORLD))
    assert len(list(find_idle(own, WORLD))) == 2
    shipped = deal.background.clause
    assert len(shipped) > 60
    assert [n for n in find_idle(shipped, WORLD) if "covers no trade" in n.message] == []


def test_nothing_is_looked_up_without_a_world_or_lines():
    raw = tomllib.loads(with_products(["food"], 'except_products = ["food"]\n'))
    assert list(check_coverage(raw, None)) == []
    raw["no_deal"]["clause"][0]["importer"] = "KOR"
    raw["no_deal"]["clause"][0]["exporters"] = ["USA"]
    raw["no_deal"]["clause"][0]["except_products"] = []
    assert list(check_coverage(raw, WORLD)) == []
