"""The briefing and the commands on the shipped case, solved for real."""

import datetime as dt
import json
import re

import pytest
from typer.testing import CliRunner

import accord as ac
from accord.briefing.document.blocks import Chart, Table
from accord.briefing.view import BriefingView
from accord.cli.commands import assess as assessing
from accord.cli.main import app
from tests.flagship import FEW, flagship

DATE = dt.date(2026, 11, 24)


@pytest.fixture(scope="module")
def result():
    return flagship()


@pytest.fixture(scope="module")
def briefing(result):
    return ac.brief(result, date=DATE, length="full")


def tables(briefing):
    blocks = [block for section in briefing.document.sections for block in section.blocks]
    shown = [block for block in blocks if isinstance(block, Table)]
    return {table.id: table for table in shown + [b.table for b in blocks if isinstance(b, Chart)]}


def test_five_packages_for_both_parties(briefing):
    ledger = tables(briefing)["ledger-table"]
    assert [str(group.heading) for group in ledger.groups] == ["South Korea", "United States"]
    assert [len(group.rows) for group in ledger.groups] == [5, 5]


def test_the_ledger_is_the_assessment(briefing, result):
    ledger = tables(briefing)["ledger-table"]
    welfare = dict(zip(result.model.regions, result.welfare("signed"), strict=True))
    for group, party in zip(ledger.groups, ("KOR", "USA"), strict=True):
        row = next(row for row in group.rows if "memorandum" in str(row.heading))
        assert row.cells[2].value == pytest.approx(welfare[party], rel=1e-9)
        assert row.cells[0].number + row.cells[1].number == pytest.approx(row.cells[2].value)


def test_baseline_figures_are_those_of_the_world(result):
    view = BriefingView(result)
    world = result.world
    flows = world.flows[world.region_index("USA"), world.region_index("KOR")]
    cars = flows[world.sector_index("motor_vehicles")]
    assert view.exports("baseline", "KOR", "motor_vehicles") == pytest.approx(cars, rel=1e-6)
    assert (view.payer, view.host, view.focus) == ("KOR", "USA", "signed")
    assert view.main_sector == "motor_vehicles"
    assert view.rate("baseline") < view.rate("signed") < view.rate("no_deal")
    assert "status_quo" not in view.alike
    assert "EU" in view.origins


def test_every_citation_leads_to_a_source(briefing, result):
    cited = {
        source
        for package in result.packages
        for clause in result.deal.package(package).clause
        for source in clause.source_ids
    }
    listed = {note.source.id for note in briefing.document.sources}
    assert cited <= listed
    assert {source.id for source in result.world.sources} <= listed
    numbers = re.findall(r'href="#source-(\d+)"', briefing.html)
    assert {int(number) for number in numbers} <= {
        note.number for note in briefing.document.sources
    }


def test_what_is_not_counted_is_named(briefing):
    told = " ".join(str(line) for line in briefing.document.not_priced)
    assert "no country retaliates" in told
    assert "only the risk of a currency crash" in told


def test_the_page_says_how_to_get_it_again(briefing, result):
    page = briefing.html
    foot, command = re.findall("accord brief us-korea-2025 [^<]*--date 2026-11-24[^<]*", page)
    assert foot.strip() == command.strip()
    for name, value in FEW.items():
        assert f"--{name} {value}" in command
    assert result.world.sha256 in page
    assert result.deal.sha256 in page
    assert "ac.load_deal(" in page


def test_the_commands_agree_with_the_library(result, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(assessing, "_assess", lambda *_, **__: result)
    printed = CliRunner().invoke(app, ["assess", "us-korea-2025"])
    assert printed.exit_code == 0, printed.output
    for words in ("Real wages", "Terms of trade", "Tariff revenue", "Employment", "Solves"):
        assert words in printed.output
    written = CliRunner().invoke(app, ["assess", "us-korea-2025", "--format", "json"])
    whole = json.loads(written.stdout)
    assert {"welfare", "wages", "revenue", "solves"} <= set(whole["tables"])
    first = whole["tables"]["welfare"][0]
    assert first["ev"] == pytest.approx(float(result.to_frame("welfare")["ev"].iloc[0]))
    assert whole["reproduce"]["world"]["sha256"] == result.world.sha256
