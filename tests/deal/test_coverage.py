"""Tariff clauses that cover nothing: told, with what to write instead."""

import csv
import tomllib
from importlib import resources

import pytest

from accord.assessment.check import check
from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.checks.coverage import (
    CHANGES_FILE,
    check_coverage,
    find_idle_tariffs,
    successors_of,
)
from accord.deal.load import read_deal
from accord.deal.products import build_cells
from tests.deal.examples import DEAL, small_world
from tests.reference import reference_file

PLAIN = 'products = ["motor_vehicles"]\nrate = 0.25'
WORLD = load_world()


def with_products(products, more=""):
    return DEAL.replace(PLAIN, f"products = {products}\n{more}rate = 0.25".replace("'", '"'))


def problems_of(products, more="", world=WORLD):
    with pytest.raises(InputError) as raised:
        read_deal(with_products(products, more), world=world)
    return raised.value.problems


@pytest.mark.parametrize(
    ("code", "news"),
    [
        ("854140", "854141, 854142, 854143, 854149"),
        ("8541402000", "854141, 854142, 854143, 854149"),
        ("851712", "851713, 851714"),
        ("852580", "852581, 852582, 852583, 852589"),
        ("690890", "690721, 690722, 690723, 690730, 690740"),
        ("6908", "690721, 690722, 690723, 690730, 690740"),
    ],
)
def test_a_code_of_an_earlier_edition_is_refused_with_its_successors(code, news):
    (problem,) = problems_of([code])
    assert problem.path == "no_deal.clause[1].products"
    assert code in problem.message
    assert problem.remedy == f"its goods are now under {news}"


@pytest.mark.parametrize("code", ["99038803", "9903", "9903018900"])
def test_a_heading_of_chapter_99_names_a_measure(code):
    (problem,) = problems_of([code])
    assert "names a measure" in problem.message


def test_an_exception_by_an_old_code_is_refused_too():
    (problem,) = problems_of(["electronics"], 'except_products = ["851712"]\n')
    assert problem.path == "no_deal.clause[1].except_products"


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


def test_the_table_of_old_codes_agrees_with_the_import_lines():
    """No old code has a line, and every successor has: across a wrong row one of the two fails."""
    text = (resources.files("accord.deal") / CHANGES_FILE).read_text(encoding="utf-8")
    changes = tomllib.loads(text)["successors"]
    lines = {f"{code:06d}" for code in build_cells(WORLD, "USA").hs6.tolist() if code >= 0}
    assert len(changes) > 70
    assert lines.isdisjoint(changes)
    assert lines.issuperset(new for news in changes.values() for new in news)
    assert all(successors_of(old)[: len(news)] == tuple(news) for old, news in changes.items())


def test_the_table_of_old_codes_agrees_with_the_schedule_of_2025():
    path = reference_file("hs_crosswalks/mfn_rates_2025.csv")
    with path.open(encoding="utf-8") as rows:
        schedule = {row["hs8"][:6] for row in csv.DictReader(rows)}
    text = (resources.files("accord.deal") / CHANGES_FILE).read_text(encoding="utf-8")
    changes = tomllib.loads(text)["successors"]
    assert schedule.isdisjoint(changes)
    assert schedule.issuperset(new for news in changes.values() for new in news)


def test_nothing_is_looked_up_without_a_world_or_lines():
    raw = tomllib.loads(with_products(["854140"]))
    assert list(check_coverage(raw, None)) == []
    raw["no_deal"]["clause"][0]["importer"] = "KOR"
    raw["no_deal"]["clause"][0]["exporters"] = ["USA"]
    assert list(check_coverage(raw, WORLD)) == []
