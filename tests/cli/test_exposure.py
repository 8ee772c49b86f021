"""`accord exposure`: what it prints, writes and refuses."""

import json

import pytest
from typer.testing import CliRunner

from accord.assessment.exposure.money import INPUTS
from accord.assessment.exposure.sectors import OTHERS, PREFIX
from accord.cli.commands.exposure import name_hinge
from accord.cli.headings import EXPOSURE_HINGES
from accord.cli.main import app
from accord.lowering.cars.market import load_car_market

pytestmark = pytest.mark.first


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, ["exposure", *arguments])


def test_it_prints_what_moves_and_that_it_is_no_advice(run):
    done = run("us-korea-2025", "--draws", "20")
    assert done.exit_code == 0, done.output
    text = " ".join(done.output.split())
    for word in ("What signed moves", "Hyundai-Kia", "public debt", "no advice"):
        assert word in text


def test_a_file_holds_every_package(run):
    done = run("us-korea-2025", "--draws", "0", "--format", "json", "--table", "exposure")
    rows = json.loads(done.output)["exposure"]
    assert {row["package"] for row in rows} == {"signed", "us_demand", "korea_counter",
                                                "status_quo"}  # fmt: skip


def test_every_unknown_has_a_name():
    assert set(EXPOSURE_HINGES) == {f"{PREFIX}{OTHERS}", *INPUTS, *load_car_market().ranges}


def test_an_input_is_named_with_its_share_or_with_its_rival_or_not_at_all():
    row = {"hinges": "growth", "hinge_share": 0.82, "hinge_error": 0.05, "rival": "",
           "subject": "KOR"}  # fmt: skip
    assert name_hinge(row) == ("growth", "82 ± 5")
    assert name_hinge(row | {"rival": "stops"}) == ("growth or sudden stops", "")
    assert name_hinge(row | {"hinge_error": 0.9}) == ("no input alone", "")
    assert name_hinge(row | {"hinges": "elasticity:food"}) == ("elasticity of food", "82 ± 5")
    assert name_hinge(row | {"hinges": ""}) == ("", "")
    own = row | {"hinges": "elasticity:food", "subject": "food"}
    assert name_hinge(own) == ("its own elasticity", "82 ± 5")


def test_a_deal_without_the_united_states_speaks_of_sectors_alone(run):
    done = run("eu-mercosur", "--draws", "0")
    assert done.exit_code == 0, done.output
    text = " ".join(done.output.split())
    assert "value added of sectors" in text
    assert "car makers" not in text
    assert "Dollar" not in text


def test_what_is_wrong_is_refused_at_once_with_remedies(run):
    done = run("us-korea-2025", "--package", "sgned", "--draws", "-5")
    assert done.exit_code == 2
    assert "Did you mean signed?" in done.stderr
    assert "--draws: -5 is out of range. Give 0 to" in done.stderr
