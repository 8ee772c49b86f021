"""The commands: what they print, what they write, how they fail."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from typer.testing import CliRunner

from accord.assessment import assess
from accord.cli.commands import assess as assessing
from accord.cli.main import app
from accord.core.errors import SolveError
from accord.core.status import Status
from accord.data.lines.lines import GROUP_MEANING
from accord.data.store import load_world
from accord.deal import load
from tests.golden.example import DEAL, build_example

HEAVY = ("altair", "jax", "jinja2", "numpy", "pandas", "pyarrow", "pydantic", "rich", "vl_convert",
         "xarray")  # fmt: skip


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A way to run the command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.fixture
def example(monkeypatch):
    """The made-up assessment in place of a solved one."""
    made = build_example()
    monkeypatch.setattr(load, "load_deal", lambda *_: made.deal)
    monkeypatch.setattr(assess, "assess", lambda *_, **__: made)
    return made


def test_help_is_light():
    code = (
        "import sys\nfrom accord.cli.main import main\nsys.argv = ['accord', '--help']\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert stop.code == 0\n"
        f"print('HEAVY', [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("HEAVY []"), done.stdout
    assert "brief" in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        "brief",
        "assess",
        "war",
        "check",
        "new",
        "cases",
        "world",
        "tariffs",
        "schema",
        "selftest",
        "data",
    ],
)
def test_every_command_has_help(run, command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert command == "data" or f"Example: accord {command}" in done.output


def test_version(run):
    assert run("--version").output.startswith("accord ")


def test_cases(run):
    done = run("cases")
    assert done.exit_code == 0
    assert "us-korea-2025" in done.output
    assert "us-japan-2025" in done.output


def test_world(run):
    done = run("world")
    assert done.exit_code == 0
    for words in ("44", "sha256", "tolerance", "wiod-2016", "CC BY 4.0"):
        assert words in done.output


def test_world_lists_every_name_a_deal_file_may_use(run):
    output = " ".join(run("world").output.split())
    world = load_world()
    assert world.lines is not None
    labels = {**world.region_names, **world.sector_names}
    for label in (*world.regions, *world.sectors):
        assert f" {label} {labels[label]} " in output
    for group in world.lines.groups:
        assert f" {group} {GROUP_MEANING[group][:20]}" in output
    assert " EU 27 regions: AUT" in output


def test_schema(run, tmp_path):
    printed = json.loads(run("schema").output)
    assert printed["title"] == "Accord deal file"
    assert run("schema", "--output", "deal.json").exit_code == 0
    assert json.loads((tmp_path / "deal.json").read_text()) == printed


def test_tariffs(run):
    done = run("tariffs", "us-korea-2025")
    assert done.exit_code == 0
    assert "2025-04-05" in done.output
    assert "USA on KOR" in done.output


def test_new_then_check(run, tmp_path):
    assert run("new", "my-deal").exit_code == 0
    done = run("check", "my-deal.toml")
    assert done.exit_code == 0, done.output
    assert "no problem found" in done.output
    before = (tmp_path / "my-deal.toml").read_text()
    again = run("new", "my-deal")
    assert again.exit_code == 2
    assert "exists" in again.stderr
    assert (tmp_path / "my-deal.toml").read_text() == before


def test_check_names_what_no_figure_counts(run, tmp_path):
    done = run("check", "us-korea-2025")
    assert done.exit_code == 0
    assert "not counted" not in done.output
    assert "between the parties: cars-kor (floor 15 %)" in done.output
    line = """
[[package.clause]]
kind = "swap_line"
title = "A line for the host"
provider = "KOR"
user = "USA"
"""
    (tmp_path / "line.toml").write_text(DEAL + line)
    done = run("check", "line.toml")
    assert done.exit_code == 0
    assert "not counted: A line for the host" in done.output


def test_a_wrong_file_gets_every_problem_and_no_output(run, tmp_path):
    wrong = DEAL.replace('exporters = ["KOR"]', 'exporters = ["KOREA"]').replace("0.25", "25.0")
    (tmp_path / "wrong.toml").write_text(wrong)
    for command in (("check", "wrong.toml"), ("brief", "wrong.toml"), ("assess", "wrong.toml")):
        done = run(*command)
        assert done.exit_code == 2
        assert "Did you mean KOR" in done.stderr
        assert "package[1].clause[1]" in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


def test_an_unknown_case_is_named(run):
    done = run("brief", "us-korea-2052")
    assert done.exit_code == 2
    assert "us-korea-2025" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("assess", "x", "--format", "cvs"), "Did you mean csv"),
        (("assess", "x", "--table", "wellfare"), "Did you mean welfare"),
        (("assess", "x", "--format", "csv"), "Add --table"),
        (("assess", "x", "--format", "parquet", "--table", "welfare"), "--output"),
        (("assess", "x", "--output", "a.txt"), "Add --format"),
        (("assess", "x", "--closure", "open"), "closure"),
        (("assess", "x", "--competition", "perfekt"), "perfect"),
        (("assess", "x", "--labour", "free"), "labour"),
        (("brief", "x", "--date", "24.11.2026"), "2026-11-24"),
    ],
)
def test_a_wrong_option_is_told_before_any_work(run, arguments, words):
    done = run(*arguments)
    assert done.exit_code == 2
    assert words in done.stderr


def test_unknown_elasticities_are_told(run):
    done = run("assess", "us-korea-2025", "--elasticities", "fontagné")
    assert done.exit_code == 2
    assert "fontagne" in done.stderr


@pytest.mark.parametrize("command", ["brief", "assess"])
def test_triggers_reach_the_assessment(run, monkeypatch, command):
    seen = {}

    def note(*_, settings, **__):
        seen["triggered"] = settings.triggered
        return build_example()

    monkeypatch.setattr(load, "load_deal", lambda *_: build_example().deal)
    monkeypatch.setattr(assess, "assess", note)
    run(command, "example", "--trigger", "calls_missed", "--trigger", "review")
    assert seen["triggered"] == ("calls_missed", "review")
    run(command, "example")
    assert seen["triggered"] == ()


def test_a_trigger_that_the_file_does_not_know_is_told(run):
    done = run("assess", "us-korea-2025", "--trigger", "call_missed")
    assert done.exit_code == 2
    assert "no snap-back of the deal waits for 'call_missed'" in done.stderr
    assert "Did you mean calls_missed" in done.stderr


@pytest.mark.usefixtures("example")
def test_brief_writes_a_page_and_says_where(run, tmp_path):
    done = run("brief", "example", "--date", "2026-11-24")
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "example.html"
    assert "against no deal" in done.output
    page = (tmp_path / "example.html").read_text(encoding="utf-8")
    assert "24\u00a0November\u00a02026" in page
    run("brief", "example", "--date", "2026-11-24", "--output", "other.html")
    assert (tmp_path / "other.html").read_text(encoding="utf-8") == page


@pytest.mark.usefixtures("example")
def test_brief_is_dated_today_by_default(run, tmp_path):
    before = dt.datetime.now().astimezone().date()
    run("brief", "example")
    after = dt.datetime.now().astimezone().date()
    page = (tmp_path / "example.html").read_text(encoding="utf-8")
    assert any(f'datetime="{day.isoformat()}"' in page for day in (before, after))


def test_an_unsolved_result_is_refused_and_nothing_is_written(run, monkeypatch, tmp_path):
    made = build_example(status="MAX_STEPS")
    monkeypatch.setattr(load, "load_deal", lambda *_: made.deal)
    monkeypatch.setattr(assessing, "_assess", lambda *_, **__: made)
    done = run("brief", "example")
    assert done.exit_code == 3
    assert "max_steps" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("example")
def test_a_full_disk_keeps_the_old_file(run, tmp_path, monkeypatch):
    (tmp_path / "example.html").write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = run("brief", "example")
    assert done.exit_code == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "example.html").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["example.html"]


@pytest.mark.usefixtures("example")
def test_a_read_only_folder_keeps_the_old_file(run, tmp_path, monkeypatch):
    (tmp_path / "example.html").write_text("old")

    def forbidden(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("accord.core.files.tempfile.mkstemp", forbidden)
    done = run("brief", "example")
    assert done.exit_code == 2
    assert "Permission denied" in done.stderr
    assert (tmp_path / "example.html").read_text() == "old"


@pytest.mark.usefixtures("example")
def test_a_missing_folder_is_told(run):
    done = run("brief", "example", "--output", "none/page.html")
    assert done.exit_code == 2
    assert "No such file or directory" in done.stderr


@pytest.mark.usefixtures("example")
def test_csv_and_parquet_hold_the_same_table(run, tmp_path):
    arguments = ("assess", "example", "--table", "welfare", "--package", "signed")
    printed = run(*arguments, "--format", "csv")
    assert printed.exit_code == 0
    frame = pd.read_csv(io.StringIO(printed.stdout))
    assert set(frame["package"]) == {"signed"}
    assert run(*arguments, "--format", "parquet", "--output", "w.parquet").exit_code == 0
    stored = pd.read_parquet(tmp_path / "w.parquet")
    pd.testing.assert_frame_equal(frame, stored.reset_index(drop=True), check_dtype=False)


def test_json_of_one_table(run, example, tmp_path):
    done = run("assess", "example", "--format", "json", "--table", "welfare")
    whole = json.loads(done.stdout)
    assert whole["deal"] == "example"
    assert whole["settings"]["closure"] == "fixed"
    assert set(whole["tables"]) == {"welfare"}
    row = whole["tables"]["welfare"][0]
    assert row["ev"] == example.to_frame("welfare")["ev"].iloc[0]
    arguments = ("assess", "example", "--format", "json", "--table", "welfare", "--output", "a")
    assert run(*arguments).output.strip() == "a"
    assert json.loads((tmp_path / "a").read_text(encoding="utf-8")) == whole


@pytest.mark.usefixtures("example")
def test_an_unknown_package_is_told(run):
    done = run("assess", "example", "--package", "singed", "--table", "welfare")
    assert done.exit_code == 2
    assert "Did you mean signed" in done.stderr


@pytest.mark.usefixtures("example")
def test_a_table_in_the_terminal(run):
    done = run("assess", "example", "--table", "welfare", "--package", "demand")
    assert done.exit_code == 0
    assert "KOR" in done.output
    assert "signed" not in done.output
    long = run("assess", "example", "--table", "exports")
    assert "more rows" in long.output


def test_a_failed_solve_has_its_own_exit_code(run, monkeypatch):
    def fail(*_, **__):
        raise SolveError(Status.DIVERGED, "package 'signed'")

    monkeypatch.setattr(assessing, "_assess", fail)
    monkeypatch.setattr(load, "load_deal", lambda *_: build_example().deal)
    done = run("assess", "example")
    assert done.exit_code == 3
    assert "package 'signed'" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_stops_cleanly(run, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(assessing, "_assess", stop)
    monkeypatch.setattr(load, "load_deal", lambda *_: build_example().deal)
    done = run("assess", "example")
    assert done.exit_code == 130
    assert "Traceback" not in done.output + done.stderr


def test_our_own_fault_asks_for_a_report(run, monkeypatch):
    def fault(*_, **__):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(assessing, "_assess", fault)
    monkeypatch.setattr(load, "load_deal", lambda *_: build_example().deal)
    done = run("assess", "example")
    assert done.exit_code == 1
    for words in ("Traceback", "ZeroDivisionError: a bug", "Please report", "Python 3."):
        assert words in done.stderr


def test_wrong_use_is_not_our_fault(run):
    done = run("assess", "us-korea-2025", "--bogus")
    assert done.exit_code == 2
    assert "No such option" in done.stderr
    assert "Please report" not in done.stderr


def check_row(name, *, ok):
    return SimpleNamespace(name=name, expected=1.31, got=1.3114, tolerance=0.005, ok=ok,
                           source="cp-2015")  # fmt: skip


@pytest.mark.parametrize("ok", [True, False])
def test_selftest_prints_what_was_expected_and_got(run, monkeypatch, ok):
    rows = [check_row("Mexico", ok=True), check_row("Canada", ok=ok)]
    stand_in = SimpleNamespace(selftest_rows=lambda: rows)
    monkeypatch.setitem(sys.modules, "accord.selftest", stand_in)
    done = run("selftest")
    assert done.exit_code == (0 if ok else 1)
    for words in ("expected", "1.31", "1.3114", "5.0e-03", "cp-2015"):
        assert words in done.output
    assert ("FAIL" in done.output) is not ok
    assert ("Canada" in done.stderr) is not ok


def test_data_build_needs_its_files(run, tmp_path):
    done = run("data", "build", "--raw", str(tmp_path), "--out", str(tmp_path))
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
