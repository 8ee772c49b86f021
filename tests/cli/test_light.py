"""What needs no solving imports no solver: `check`, and every refusal of a wrong command."""

import json
import subprocess
import sys
from typing import get_args

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from accord.assessment.bargain.objectives import Objective
from accord.assessment.explain import explain
from accord.assessment.tables.tables import TABLES
from accord.assessment.tables.verdict import VERDICT_TABLES
from accord.cli import choices
from accord.cli.main import app
from accord.deal.deal import DealFile
from accord.deal.fields import Part
from accord.deal.schema import all_tables
from accord.lowering.tariff_path import TIMELINES
from accord.trade.strategy.instruments import Over
from tests.deal.examples import DEAL

SLOW = {"jax", "jaxlib", "pandas", "pyarrow", "scipy", "xarray"}
PAGE = {"altair", "jinja2", "vl_convert"}
LIGHT = {"holidays", "jaxtyping", "numpy", "rich", *PAGE, *SLOW}
PACKAGES = {
    "annotated_doc", "annotated_types", "numpy", "pydantic", "pydantic_core", "pyxirr",
    "rich", "shellingham", "typer", "typing_extensions", "typing_inspection",
}  # fmt: skip
ROOMS = ("assessment", "cases", "cli", "core", "data", "deal", "external", "finance", "lowering")
ASSESSMENT = {
    "accord.assessment.check", "accord.assessment.snapshot",
    "accord.assessment.snapshot.commitments", "accord.assessment.words",
    "accord.assessment.words.sentences",
}  # fmt: skip
RUN = """
import json, sys
sys.argv = ["accord", *{words!r}]
from accord.cli.main import main
code = 0
try:
    main()
except SystemExit as stop:
    code = stop.code or 0
print(json.dumps([code, sorted(sys.modules)]), file=sys.__stdout__)
"""

IDLE = """
import json, pathlib, sys
sys.argv = ["accord", "check", "us-korea-2025"]
from accord.cli.main import main
try:
    main()
except SystemExit:
    from pydantic.plugin import _loader
    tasks = pathlib.Path("/proc/self/task")
    count = len(list(tasks.iterdir())) if tasks.is_dir() else None
    print(json.dumps([_loader._plugins, count]), file=sys.__stdout__)
"""


def imports_of(*words):
    """Return the exit code of a command, and the packages it imported."""
    exit_code, modules, errors = modules_of(*words)
    return exit_code, {name.partition(".")[0] for name in modules}, errors


def modules_of(*words):
    """Return the exit code of a command, and every module it imported."""
    code = RUN.format(words=list(words))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    exit_code, names = json.loads(done.stdout.splitlines()[-1])
    return exit_code, set(names), done.stderr


@pytest.mark.parametrize("case", ["us-korea-2025", "us-japan-2025"])
def test_check_imports_no_solver_and_no_table(case):
    code, names, _ = imports_of("check", case)
    assert code == 0
    assert names & (SLOW | PAGE) == set()


@pytest.mark.parametrize(
    ("case", "more"), [("us-korea-2025", {"holidays", "dateutil", "six"}), ("plain", set())]
)
def test_check_imports_these_packages_and_rooms_and_no_others(case, more, tmp_path):
    """The time of `check` is that of its imports: what joins them is to be thought about.

    Holidays come with a notice in business days alone.
    """
    if case == "plain":
        (tmp_path / "plain.toml").write_text(DEAL, encoding="utf-8")
        case = str(tmp_path / "plain.toml")
    code, modules, _ = modules_of("check", case)
    assert code == 0
    tops = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    assert {name for name in tops if not name.startswith("_")} - {"accord"} <= PACKAGES | more
    assert {".".join(name.split(".")[:2]) for name in modules if name.startswith("accord.")} == {
        f"accord.{room}" for room in ROOMS
    }
    inner = {name for name in modules if name.startswith("accord.assessment.")}
    assert inner <= ASSESSMENT
    assert not {"numpy.ma", "numpy.random", "numpy.polynomial", "numpy.fft"} & modules
    assert "holidays.countries" not in modules  # the calendars of two hundred countries


@pytest.mark.parametrize("name", ["check", "stress", "explain"])
def test_a_command_that_is_built_alone_is_the_one_that_is_built_with_all(name):
    code = RUN.format(words=[name, "--help"])
    alone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told = CliRunner().invoke(app, [name, "--help"]).output.split()  # lines may break elsewhere
    assert told[:3] == ["Usage:", "accord", name]
    assert alone.stdout.split()[: len(told)] == told


@pytest.mark.parametrize("words", [("check", "us-corea-2025"), ("check", "none.toml"), ("--help",)])
def test_what_needs_no_deal_reads_none(words):
    code, names, _ = imports_of(*words)
    assert code == (0 if words == ("--help",) else 2)
    assert names & LIGHT == set()


def test_a_command_looks_for_no_plugin_and_starts_no_thread():
    """A plugin is looked for in every package there is. A waiting thread of OpenBLAS is busy."""
    done = subprocess.run([sys.executable, "-c", IDLE], capture_output=True, text=True, check=True)
    looked, threads = json.loads(done.stdout.splitlines()[-1])
    assert looked is None
    assert threads in (1, None)  # where the system tells


def test_no_table_of_a_deal_file_reads_its_own_code_when_it_is_made():
    """What fields mean is read from the code when it is asked for: see `describe_fields`."""
    kinds: list[type[BaseModel]] = [Part, *all_tables(DealFile)]
    assert [kind for kind in kinds if kind.model_config.get("use_attribute_docstrings")] == []
    assert len(kinds) > 20


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("assess", "us-korea-2025", "--package", "nope", "--table", "payoff"),
            "Did you mean payoffs",
        ),
        (("assess", "us-korea-2025", "--format", "csv"), "--table"),
        (("brief", "us-korea-2025", "--output", "page.odt"), "page.html"),
        (("brief", "us-korea-2025", "--language", "zz"), "Choose one of en"),
        (("bargain", "us-korea-2025", "--package", "nope", "--format", "cvs"), "Did you mean csv"),
        (("prices", "us-korea-2025", "--terms", "nope"), "--terms"),
        (("finance", "us-korea-2025", "--package", "nope"), "--package"),
        (("external", "us-korea-2025", "--package", "nope"), "--package"),
        (("compare", "us-korea-2025", "--timeline", "nope"), "--timeline"),
        (("explain", "us-korea-2025", "welfare", "KOR"), "--table welfare"),
        (("explain", "us-korea-2025", "payoff", "KRO"), "REGION"),
        (("war", "--parties", "USA,NOPE"), "--parties"),
        (("assess", "us-korea-2025", "--world", "none.npz"), "none.npz"),
    ],
)
def test_a_refusal_imports_no_solver(words, told):
    code, names, errors = imports_of(*words)
    assert code == 2
    assert told in errors
    assert names & SLOW == set()


def test_everything_wrong_is_told_at_once():
    _, _, errors = imports_of("assess", "us-korea-2025", "--package", "nope", "--table", "payoff")
    assert errors.startswith("accord: 2 problems in the command:")


def test_the_names_of_the_options_are_those_of_the_rooms_below():
    assert set(choices.ASSESSMENT_TABLES) == set(TABLES)
    assert set(choices.VERDICT_TABLES) == set(VERDICT_TABLES)
    assert explain.FIGURES == choices.FIGURES
    assert choices.TIMELINES == TIMELINES
    assert get_args(Over) == choices.OVER
    assert get_args(Objective) == choices.OBJECTIVES


def test_the_first_pages_of_a_server_wait_for_no_solver_and_no_table():
    """Engines are loaded by the thread that solves: a start takes what the pages need."""
    code = (
        "import json, sys, tempfile, pathlib\n"
        "from starlette.testclient import TestClient\n"
        "from accord.web.app import create_app\n"
        "from accord.web.settings import ServerSettings\n"
        "folder = pathlib.Path(tempfile.mkdtemp()) / 'library'\n"
        "app = create_app(ServerSettings(library=folder, warm=False))\n"
        "client = TestClient(app, base_url='http://localhost')\n"
        "pages = ('/', '/briefings/us-korea-2025', '/workbench', '/api/v1/cases')\n"
        "told = [client.get(page).status_code for page in pages]\n"
        "print(json.dumps([told, sorted({name.partition('.')[0] for name in sys.modules})]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    told, names = json.loads(done.stdout.splitlines()[-1])
    assert told == [200] * 4
    assert set(names) & (SLOW | {"docx", "openpyxl", "typst", "vl_convert"}) == set()
