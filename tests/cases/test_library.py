"""What every case of the library has, and what none of them leaves to ask about."""

import tomllib

import pytest

from accord.assessment.check import check
from accord.assessment.rank import COLUMNS, rank
from accord.cases.shipped import case_names, case_path
from accord.data.store import load_world
from accord.deal.deal import NO_DEAL, SIGNED
from accord.deal.load import load_deal
from accord.deal.related import find_related

STATUS_QUO = "status_quo"
# What a check says of a case and is meant: why stands in the page of the case.
MEANT = (
    "void from 2026-02-20",  # the ruling: the page of a briefing shows payoffs with and without
    "the last money is called in",  # chosen by the year that is named, paid as it is built
    "and none the rate beyond",  # a quota larger than the trade of the base year
    "of what USA imports of it",  # cars are part of a sector
    "three times what",  # promised purchases above what is bought in the data
    "times what",
)


@pytest.fixture(scope="module")
def deals():
    world = load_world()
    return {name: load_deal(name, world) for name in case_names()}


@pytest.mark.parametrize("case", case_names())
def test_a_case_has_the_text_other_proposals_and_terms(case, deals):
    deal = deals[case]
    names = {package.name for package in deal.packages}
    assert SIGNED in names
    assert len(names - {SIGNED, STATUS_QUO, NO_DEAL}) >= 1
    assert deal.terms
    assert deal.knowledge_date is not None
    assert deal.package(SIGNED).short
    assert deal.no_deal.title


@pytest.mark.parametrize("case", case_names())
def test_a_source_has_a_grade_and_an_official_one_its_day_or_place(case):
    written = tomllib.loads(case_path(case).read_text(encoding="utf-8"))
    for source in written["source"]:
        assert source["grade"] in "ABCDU"
        assert source.get("title")
        assert {"date", "url"} & {*source} or source["grade"] != "A", source["id"]


@pytest.mark.parametrize("case", [name for name in case_names() if name != "us-korea-2025"])
def test_nothing_is_asked_of_a_case_that_its_page_does_not_answer(case, deals):
    notices = check(deals[case], world=load_world()).notices
    asked = [str(n) for n in notices if not any(words in str(n) for words in MEANT)]
    assert asked == []


def test_the_ranking_is_of_every_case_by_points_for_money(deals):
    frame = rank(deals.values(), load_world())
    assert tuple(frame.columns) == COLUMNS
    assert set(frame["deal"]) == set(case_names())
    ranked = frame["points_per_100bn"].dropna()
    assert list(ranked) == sorted(ranked, reverse=True)
    korea = frame[(frame["deal"] == "us-korea-2025") & (frame["party"] == "KOR")].iloc[0]
    assert korea["committed"] == pytest.approx(350.0)
    assert korea["private_share"] == 0.0
    assert korea["points_per_100bn"] == pytest.approx(korea["points_saved"] / 3.5)
    assert 0 < korea["points_in_the_end"] < korea["points_saved"]
    pledge = frame[(frame["deal"] == "us-eu-2025") & (frame["party"] == "EU")].iloc[0]
    assert pledge["private_share"] == 1.0


def test_related_cases_share_parties_instruments_and_dates(deals):
    related = find_related(deals["us-korea-2025"], deals.values())
    names = [entry.name for entry in related]
    assert names[0] == "us-japan-2025"
    assert "us-korea-2025" not in names
    assert "india-uk" not in names
    japan = related[0]
    assert japan.parties == ("USA",)
    assert {"equity", "profit_split", "swap_line"} & set(japan.instruments)
    assert japan.days == 0
    assert [entry.weight for entry in related] == sorted(
        (entry.weight for entry in related), reverse=True
    )


def test_a_relation_holds_both_ways(deals):
    pairs = {
        (name, entry.name): (len(entry.parties), set(entry.instruments), entry.days)
        for name, deal in deals.items()
        for entry in find_related(deal, deals.values())
    }
    for (name, other), common in pairs.items():
        assert pairs[other, name] == common
