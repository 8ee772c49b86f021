"""What others have found stands beside our figure, with its source and the reasons for the gap."""

import datetime as dt
import tomllib

import pytest

from accord.briefing.document.blocks import Bullets, Table
from accord.briefing.sections import published
from accord.briefing.sections.published import Finding, read_estimates
from accord.briefing.view import BriefingView
from accord.cases.shipped import case_files, case_names
from accord.core.provenance import Source
from accord.deal.load import load_deal
from tests.golden.shared import shared_example

SOURCE = Source(id="study", title="A study", date="2025-09", url="", grade="B")


def estimate(quantity="gdp", *, party="KOR", low=-0.01, high=-0.004, package="no_deal",
             against="baseline"):  # fmt: skip
    """An estimate of a deal between the parties of the example."""
    return Finding(("USA", "KOR"), "Somebody", dt.date(2025, 9, 1), "25 % on all goods", quantity,
                    party, low, high, package, against, ("They count GDP.",), SOURCE)  # fmt: skip


def section(monkeypatch, *estimates):
    """The section of the example beside these estimates alone."""
    monkeypatch.setattr(published, "read_comparators", lambda parties: ())
    monkeypatch.setattr(published, "read_estimates", lambda parties: estimates)
    view = BriefingView(shared_example())
    return view, published.build(view)


def table_of(made):
    assert made is not None
    return next(block for block in made.blocks if isinstance(block, Table))


def test_a_range_and_its_reasons_are_told_with_our_figure(monkeypatch):
    view, made = section(monkeypatch, estimate())
    table = table_of(made)
    (row,) = table.groups[0].rows
    what, theirs, ours = row.cells
    assert str(what) == "GDP of South Korea: 25\u202f% on all goods"
    assert str(theirs).replace("\u202f", "") == "−1% to −0.40%"
    line = view.welfare("no_deal", "baseline", "KOR")
    assert ours.number == pytest.approx(line.change * line.tariff_part / line.ev)
    assert made.sources == (SOURCE,)
    (why,) = (block for block in made.blocks if isinstance(block, Bullets))
    assert [str(item) for item in why.items] == ["They count GDP."]


def test_sales_and_the_value_of_the_money_have_figures_of_their_own(monkeypatch):
    view, made = section(
        monkeypatch,
        estimate("exports", low=-0.3, high=-0.3),
        estimate("value", low=-40.0, high=-20.0, package="signed", against="no_deal"),
    )
    sales, value = (row.cells[2] for row in table_of(made).groups[0].rows)
    goods = [sum(view.exports(name, "KOR", good) for good in view.goods)
             for name in ("no_deal", "baseline")]  # fmt: skip
    assert sales.number == pytest.approx(goods[0] / goods[1] - 1)
    rows = [row for row in view.records("finance") if row["package"] == "signed"]
    assert value.number == next(row["npv"] for row in rows if row["party"] == "KOR")
    assert len(table_of(made).notes) == 2


def test_an_estimate_without_a_figure_beside_it_is_left_out(monkeypatch):
    assert section(monkeypatch, estimate(package="unknown"))[1] is None
    assert section(monkeypatch, estimate("exports", party="USA"))[1] is None
    assert section(monkeypatch)[1] is None


def test_estimates_need_exactly_these_parties():
    assert {study.party for study in read_estimates(["GBR", "IND"])} == {"GBR", "IND"}
    assert read_estimates(["GBR", "IND", "USA"]) == ()


def test_every_shipped_estimate_is_of_a_package_of_its_case():
    files = case_files("comparators.toml")
    assert len(files) >= len(case_names()) - 1
    for path in files:
        deal = load_deal(path.parent.name)
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("estimate", ()):
            assert set(entry["parties"]) == set(deal.parties), path
            assert entry["party"] in deal.parties
            assert {entry["package"], entry["against"]} <= {*deal.package_names, "baseline"}
            assert entry["low"] <= entry["high"]
            assert entry["why"]
            assert entry["cite"]["grade"] in "ABC"
            assert entry["cite"]["url"].startswith("https://")
            assert all(len(reason.split()) <= 35 for reason in entry["why"])
