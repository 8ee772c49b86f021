"""Worlds by name: a deal is priced in a view of the large one, or in all of it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.cli.request import open_request, open_world
from accord.core.errors import InputError


def test_a_deal_is_priced_in_a_view_of_the_default_world_or_in_all_of_one():
    usual = open_request("us-korea-2025").world
    assert usual == open_request("us-korea-2025", world=Path("world-2022")).world
    assert usual.name == "world-2022 for us-korea-2025"
    assert len(usual.regions) < 45
    whole = open_request("us-korea-2025", world=Path("full")).world
    assert (len(whole.regions), len(whole.sectors)) == (81, 50)
    assert whole == open_world(None)
    older = open_request("us-korea-2025", world=Path("world-2014")).world
    assert (len(older.regions), len(older.sectors)) == (44, 20)


def test_the_former_name_of_the_older_world_is_refused_with_what_may_be_meant():
    with pytest.raises(InputError, match="structure of 2014") as raised:
        open_request("us-korea-2025", world=Path("world-2024"))
    (problem,) = raised.value.problems
    assert "world-2014" in problem.remedy
    assert "world-2022" in problem.remedy


def test_an_unknown_world_is_a_missing_file():
    with pytest.raises(InputError, match="No such file"):
        open_world(Path("world-2021"))


def test_notes_follow_the_whole_report_and_not_a_table():
    note = "the rest of the world takes the rest"
    assert note in CliRunner().invoke(app, ["world"]).output
    sectors = CliRunner().invoke(app, ["world", "--table", "sectors"])
    assert sectors.exit_code == 0
    assert "motor_vehicles" in sectors.output
    assert note not in sectors.output
