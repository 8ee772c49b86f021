"""`accord chains`: what it prints, writes and refuses."""

import json

import pytest
from typer.testing import CliRunner

from accord.cli.main import app


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, ["chains", *arguments])


def test_it_prints_aims_a_matrix_sectors_and_limits(run):
    done = run("us-korea-2025", "--package", "signed")
    assert done.exit_code == 0, done.output
    text = " ".join(done.output.split())
    for word in ("looked through", "Trade under signed", "in proportion", "Labor Statistics",
                 "Nobody is unemployed"):  # fmt: skip
        assert word in text


def test_a_file_holds_every_package_and_numbers(run):
    done = run("us-korea-2025", "--format", "json", "--table", "matrix")
    rows = json.loads(done.output)["matrix"]
    assert {row["package"] for row in rows} >= {"signed", "no_deal", "status_quo"}
    (sold,) = [r for r in rows if (r["package"], r["exporter"], r["importer"]) ==
               ("signed", "KOR", "USA")]  # fmt: skip
    assert sold["change"] > 1


def test_one_package_may_be_asked_for(run):
    done = run("us-korea-2025", "--package", "us_demand", "--table", "aims", "--format", "csv")
    assert done.exit_code == 0, done.output
    assert "us_demand" in done.output
    assert "signed" not in done.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--package", "sgned"), "signed"),
        (("--supplier", "CHI"), "supplier"),
        (("--table", "matrx"), "matrix"),
        (("--format", "csv"), "--table"),
    ],
)
def test_what_is_wrong_is_refused_with_a_remedy(run, words, told):
    done = run("us-korea-2025", *words)
    assert done.exit_code == 2
    assert told in done.stderr
