"""Reading deals: the shipped cases, the template, files of one's own."""

import hashlib
import re
from datetime import date
from pathlib import Path

import pydantic
import pytest

from accord.cases.shipped import case_names
from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.checks.text.reading import parse_text
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.profit_split import ProfitSplitClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.load import check_deal, load_deal, read_deal, shipped_cases
from accord.deal.template import new_deal_template
from tests.deal.examples import DEAL, small_world

FIVE = ("no_deal", "us_demand", "korea_counter", "signed", "status_quo")


def test_the_korean_case_has_its_five_packages():
    deal = load_deal("us-korea-2025")
    assert deal.package_names == FIVE
    assert deal.parties == ("USA", "KOR")
    assert deal.evaluate_on == date(2025, 11, 14)
    assert deal.window == tuple(range(2026, 2036))


def test_whoever_reads_a_file_has_tables_of_its_own():
    text = "[package]\nname = 'signed'\nrates = [0.15]\n"
    first = parse_text(text, "a file")
    first["package"]["rates"].append(0.25)
    assert parse_text(text, "a file") == {"package": {"name": "signed", "rates": [0.15]}}


def test_every_shipped_case_is_right_on_the_embedded_world():
    cases = shipped_cases()
    assert [case.name for case in cases] == list(case_names())
    assert {case.known_to is None for case in cases} == {False}
    for case in cases:
        deal = load_deal(case.name)
        assert (deal.name, deal.title) == (case.name, case.title)
        assert (deal.parties, deal.knowledge_date) == (case.parties, case.known_to)


@pytest.mark.parametrize("name", [case.name for case in shipped_cases()])
def test_every_clause_of_a_shipped_case_cites_a_source(name):
    deal = load_deal(name)
    packages = (deal.package(package) for package in deal.package_names)
    tables = (deal.background, *packages, *deal.histories)
    for table in tables:
        for clause in table.clause:
            assert clause.source_ids, clause.path
            assert all(deal.source(identifier).title for identifier in clause.source_ids)
    clauses = [clause for table in tables for clause in table.clause]
    parts = [part for clause in clauses for part in getattr(clause, "mix", ())]
    assert all(part.source_ids for part in parts)
    cited = {i for told in (*clauses, *parts) for i in told.source_ids}
    cited |= {i for sheet in deal.external for i in sheet.source_ids}
    assert cited == {source.id for source in deal.sources}


def test_sources_that_need_a_second_one_are_flagged():
    deal = load_deal("us-korea-2025")
    flagged = {source.id for source in deal.sources if source.flagged}
    assert flagged == {
        "fmt-five-percent", "assumption", "bok-income", "citi-capacity", "encinal-press",
    }  # fmt: skip
    assert deal.source("fr-55964").grade == "A"


def test_the_figures_of_the_memorandum():
    signed = load_deal("us-korea-2025").package("signed")
    cash, ships = (c for c in signed.clause if isinstance(c, InvestmentClause))
    assert (cash.amount, cash.annual_cap, cash.notice_business_days) == (200e9, 20e9, 45)
    assert (ships.amount, ships.instrument) == (150e9, "mix")
    assert ships.mix[0].instrument == "refund_guarantee"
    (split,) = (c for c in signed.clause if isinstance(c, ProfitSplitClause))
    assert split.until_recovery == {"USA": 0.5, "KOR": 0.5}
    assert split.after_recovery == {"USA": 0.9, "KOR": 0.1}
    kinds = {clause.kind for clause in signed.clause}
    assert kinds == {"tariff", "investment", "profit_split", "visa", "purchase", "fx_adjustment"}


def test_the_background_holds_in_every_package_but_the_status_quo():
    deal = load_deal("us-korea-2025")
    common = deal.common_clauses
    for name in FIVE[:-1]:
        own = deal.package(name).clause
        replaced = {gone for clause in own for gone in clause.replaces or ()}
        for clause in (clause for clause in common if clause.id not in replaced):
            assert clause in deal.clauses(name)
        for clause in (clause for clause in common if clause.id in replaced):
            left = [other for other in deal.clauses(name) if other.id == clause.id]
            assert all("KOR" in getattr(other, "except_exporters", ()) for other in left)
    assert deal.clauses("status_quo") == ()


def test_a_clause_knows_its_place_and_its_source():
    deal = read_deal(DEAL)
    tariff, money = deal.packages[0].clause
    assert isinstance(tariff, TariffClause)
    assert (tariff.path, money.path) == ("package[1].clause[1]", "package[1].clause[2]")
    assert deal.no_deal.clause[0].path == "no_deal.clause[1]"
    assert tariff.source_ids == ("notice",)


def test_a_deal_is_frozen():
    deal = read_deal(DEAL)
    with pytest.raises(AttributeError):
        deal.title = "other"  # type: ignore[misc]
    with pytest.raises(pydantic.ValidationError):
        deal.packages[0].clause[0].note = "other"  # type: ignore[misc]


def test_the_text_and_its_digest_travel_with_the_deal(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text("\ufeff" + DEAL, encoding="utf-8")
    deal = load_deal(path, small_world())
    assert deal.path == path
    assert deal.text == DEAL
    assert deal.sha256 == hashlib.sha256(DEAL.encode()).hexdigest()


def test_a_deal_can_be_checked_against_another_world():
    deal = read_deal(DEAL)
    check_deal(deal, small_world())
    grouped = small_world().aggregate(regions={"ASIA": ["KOR", "JPN"]})
    with pytest.raises(InputError, match='"KOR" is not a region'):
        check_deal(deal, grouped)


def test_without_dates_the_latest_tariff_sets_the_day():
    deal = read_deal(DEAL)
    assert deal.evaluate_on == date(2025, 11, 1)
    assert deal.window[0] == 2026


def test_an_unknown_package_or_source_is_a_key_error():
    deal = read_deal(DEAL)
    with pytest.raises(KeyError):
        deal.package("other")
    with pytest.raises(KeyError):
        deal.source("other")


@pytest.mark.parametrize("name", ["my-deal", "a", "deal_2026"])
def test_the_template_passes_the_check(name):
    text = new_deal_template(name)
    assert read_deal(text, world=load_world()).name == name
    assert sum(line.lstrip().startswith("#") for line in text.splitlines()) >= 5


@pytest.mark.parametrize("name", ["My Deal", 'a"b', "", "a\nb"])
def test_the_template_refuses_a_name_that_is_not_plain(name):
    with pytest.raises(InputError):
        new_deal_template(name)


def test_the_example_of_the_reference_page_passes_the_check():
    page = Path(__file__).resolve().parents[2] / "docs" / "deal-file.md"
    (example,) = re.findall(r"```toml\n(schema = 1\n.*?)```", page.read_text("utf-8"), re.DOTALL)
    deal = read_deal(example, world=load_world())
    assert deal.package_names == ("no_deal", "offer")
