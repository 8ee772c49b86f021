"""Every folder of a case holds a deal, a page about it, and the figures that come out of it."""

import shutil

import pytest
from typer.testing import CliRunner

from accord.cases import shipped
from accord.cases.shipped import background_path, case_names, case_path
from accord.cli.main import app
from accord.deal.load import load_deal
from tests.cases.expected import FILE, read_expected, work_out, write_expected

pytestmark = pytest.mark.first


@pytest.mark.parametrize("case", case_names())
def test_a_case_gives_its_expected_figures(case):
    expected, figures = read_expected(case_path(case, FILE)), work_out(case)
    assert {kind: list(packages) for kind, packages in expected.items()} == {
        kind: list(packages) for kind, packages in figures.items()
    }
    for kind, packages in expected.items():
        for package, parties in packages.items():
            assert figures[kind][package] == pytest.approx(parties, rel=1e-6, abs=2e-4), (
                f"{kind} of {package}"
            )


@pytest.mark.parametrize("case", case_names())
def test_a_case_has_a_page_that_names_its_packages(case):
    page = case_path(case, "README.md").read_text(encoding="utf-8")
    deal = load_deal(case)
    assert page.startswith(f"# {deal.title}\n")
    missing = [package.name for package in deal.packages if f"`{package.name}`" not in page]
    assert missing == []


def test_a_new_case_is_one_folder_and_nothing_else(tmp_path, monkeypatch):
    """A copy of a case under another name is listed, read and checked without a line of code."""
    for name in case_names():
        (tmp_path / name).mkdir()
        shutil.copy(case_path(name), tmp_path / name)
    shutil.copytree(background_path("us-tariffs").parent, tmp_path / "backgrounds")
    folder = tmp_path / "islands-2030"
    folder.mkdir()
    text = case_path("us-japan-2025").read_text(encoding="utf-8")
    text = text.replace('name = "us-japan-2025"', 'name = "islands-2030"', 1)
    (folder / "deal.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(shipped, "_folder", lambda: tmp_path)
    assert "islands-2030" in case_names()
    assert load_deal("islands-2030").name == "islands-2030"
    listed = CliRunner().invoke(app, ["cases"])
    assert listed.exit_code == 0, listed.output
    assert "islands-2030" in listed.output


def test_figures_are_written_as_they_are_read(tmp_path):
    figures = {"welfare": {"signed": {"KOR": -1.25, "USA": 0.0}}}
    path = tmp_path / FILE
    path.write_text(write_expected(figures), encoding="utf-8")
    assert read_expected(path) == figures
