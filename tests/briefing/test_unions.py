"""A page on a deal with a union, and on one of three parties, names every party."""

import datetime as dt
import re

import pytest

from accord.briefing.brief import brief
from accord.briefing.document.blocks import Chart, Table
from accord.briefing.document.facts import Fact
from accord.briefing.opening import key_points
from accord.briefing.opening.not_priced import build_not_priced
from accord.briefing.opening.picture import build_picture
from accord.briefing.pairs import view_pairs
from accord.briefing.sections import bargain, drivers, finance, packages
from accord.briefing.sections.goods import trade
from accord.briefing.view import BriefingView
from accord.lowering.roles import pairs_of
from tests.assessment.parties import THREE, UNION, assessed, tariff

DATE = dt.date(2026, 3, 1)
MEMBER_PAYS = UNION.replace('payer = "EU"', 'payer = "DEU"')


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (UNION, ("United States", "European Union")),
        (THREE, ("United States", "Japan", "South Korea")),
    ],
    ids=["union", "three"],
)
def test_a_page_names_every_party(text, names):
    result = assessed(text)
    page = brief(result, date=DATE, bargain=result.bargain(terms=False), length="full")
    assert all(name in page.html for name in names)
    assert ">nan<" not in page.html.lower()


def test_every_pair_that_moves_money_has_its_figures():
    """The host's value is that of the pair, not of the pair that comes last."""
    result = assessed(THREE)
    section = finance.build(BriefingView(result, date=DATE))
    assert section is not None
    every = [block for block in section.blocks if isinstance(block, Table)]
    tables = [table for table in every if table.id.startswith("money-table")]
    assert [table.id for table in tables] == ["money-table", "money-table-2"]
    assert [table.caption.partition("worth to ")[2] for table in tables] == [
        "Japan and the United States", "South Korea and the United States",
    ]  # fmt: skip
    frame = result.to_frame("finance")
    for table, payer in zip(tables, ("JPN", "KOR"), strict=True):
        (row,) = [row for group in table.groups for row in group.rows]
        own = frame[(frame["payer"] == payer) & (frame["package"] == "signed")]
        worth = own.set_index("party")["npv"]
        shown = [cell.number for cell in row.cells if isinstance(cell, Fact)]
        assert (shown[1], shown[-1]) == (worth[payer], worth["USA"])


def test_ids_on_a_page_are_there_once():
    page = brief(assessed(THREE), date=DATE, length="full")
    ids = re.findall(r' id="([^"]+)"', page.html)
    assert len(ids) == len(set(ids))


def test_a_union_without_a_balance_sheet_is_said_to_carry_no_currency_risk():
    said = {
        text: [str(line) for line in build_not_priced(BriefingView(assessed(text), date=DATE))]
        for text in (UNION, THREE)
    }
    words = "The risk of a currency crash for the European Union"
    assert [any(words in line for line in said[text]) for text in (UNION, THREE)] == [True, False]


@pytest.mark.parametrize("text", [UNION, THREE], ids=["union", "three"])
def test_every_party_has_its_trade_its_drivers_and_its_plane(text):
    """Each party beside the host sells to it and bargains with it; a deal of two has one pair."""
    view = BriefingView(assessed(text), date=DATE)
    pairs = {"JPN": "Japan", "KOR": "South Korea"} if view.several else {"EU": "the European Union"}
    assert set(view.partners) == set(pairs)
    drawn = {
        section.id: [block for block in section.blocks if isinstance(block, Chart)]
        for section in (trade.build(view), drivers.build(view), bargain.build(view))
        if section is not None
    }
    drawn["bargain"].insert(0, build_picture(view))
    titles = {name: " ".join(chart.title for chart in charts) for name, charts in drawn.items()}
    for name in pairs.values():
        assert all(name in told for told in titles.values()), (name, titles)
    assert len(drawn["bargain"]) == len(pairs)
    markets = {(pair.host, pair.main_sector) for pair in view_pairs(view)}
    assert len(drawn["trade"]) == len(pairs_of(view.deal)) + len(markets)
    assert len(drawn["drivers"]) == (3 if view.several else 1)
    ends = [tuple(row.cells for row in chart.table.groups[0].rows) for chart in drawn["drivers"]]
    assert len({str(end) for end in ends}) == len(ends)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (UNION, [("EU", "USA"), ("USA", "EU")]),
        (THREE, [("JPN", "USA"), ("KOR", "USA")]),
        (THREE + tariff("package", 0.05, '"KOR"', "JPN"),
         [("JPN", "USA"), ("KOR", "USA"), ("KOR", "JPN")]),
    ],
    ids=["union", "three", "three and a tariff of one more"],
)  # fmt: skip
def test_every_pair_has_its_tariffs_and_its_money(text, pairs):
    """Each table of the terms is of one pair: its rates, its main sector, and only its money."""
    result = assessed(text)
    view = BriefingView(result, date=DATE)
    every = [block for block in packages.build(view).blocks if isinstance(block, Table)]
    assert len({table.id for table in every}) == len(every)
    rates, flows = result.to_frame("tariffs"), result.to_frame("exports")
    views = list(view_pairs(view))
    assert [(seen.payer, seen.host) for seen in views] == pairs
    for table, seen in zip(every, views, strict=True):
        assert seen.region(seen.payer) in table.caption
        assert seen.region(seen.host) in table.caption
        signed = [cell for cell in table.groups[0].rows[-1].cells if isinstance(cell, Fact)]
        own = rates["importer"].isin(view.members(seen.host)) & (rates["package"] == "signed")
        own &= rates["exporter"].isin(view.members(seen.payer))
        main = rates[own & (rates["sector"] == seen.main_sector)]["rate"]
        assert main.min() - 1e-9 <= signed[1].number <= main.max() + 1e-9
        moved = [
            flow
            for flow in view.transfers["signed"]
            if (flow.payer, flow.host) == (seen.payer, seen.host)
        ]
        assert len(signed) == (5 if moved else 2)
        if moved:
            assert signed[2].number == pytest.approx(sum(flow.gross for flow in moved))
    sold = flows[(flows["package"] == "signed") & (flows["against"] == "baseline")]
    for seen in views:
        own = sold["importer"].isin(view.members(seen.host))
        own &= sold["exporter"].isin(view.members(seen.payer))
        total = seen.exports("signed", seen.payer)
        assert total == pytest.approx(sold[own]["value"].sum())
        assert total > 0


def test_the_sector_most_at_stake_names_every_pair_that_sells_it():
    points = key_points.build_key_points(BriefingView(assessed(THREE), date=DATE))
    text = " ".join(map(str, points))
    for name in ("Japan", "South Korea"):
        assert f"{name} would sell" in text


@pytest.mark.parametrize("text", [UNION, THREE], ids=["union", "three"])
def test_one_package_is_compared_with_no_other(text):
    view = BriefingView(assessed(text), date=DATE)
    told = str(bargain.build(view).blocks[0])
    assert len(view.alike) == 1
    assert "All sides gain from" in told
    assert "any other package" not in told


def test_money_of_a_member_is_money_of_its_party():
    member = BriefingView(assessed(MEMBER_PAYS), date=DATE)
    assert {moved.payer for moved in member.transfers["signed"]} == {"EU"}
