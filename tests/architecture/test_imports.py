"""Each room imports only the rooms below it, and a light command imports nothing heavy."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.repository import PACKAGE, ROOT

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"

HEAVY = {"altair", "jax", "jinja2", "pandas", "pyarrow", "pydantic", "rich", "xarray"}

# One forbidden import for each contract of pyproject.toml.
LEAKS = {
    "Each room imports only the rooms below it": ("core", "import accord.cli"),
    "The engines take arrays": ("finance", "import accord.data"),
    "Only the engines and core": ("deal", "import jax"),
    "Only briefing, web and cli know": ("data", "import rich"),
    "Core rests on": ("core", "import pandas"),
}


def check_contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--config", ROOT / "pyproject.toml", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_contracts_hold():
    done = check_contracts(ROOT / "src")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_can_be_broken(tmp_path):
    ignore = shutil.ignore_patterns("*.npz", "*.parquet", "__pycache__")
    shutil.copytree(PACKAGE, tmp_path / "accord", ignore=ignore)
    for number, (room, statement) in enumerate(LEAKS.values()):
        (tmp_path / "accord" / room / f"leak_{number}.py").write_text(
            f'"""Leak."""\n\n{statement}\n'
        )
    done = check_contracts(tmp_path)
    verdicts = re.findall(r"(?m)^(.+) (KEPT|BROKEN)\b", done.stdout)
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(verdicts) == len(LEAKS)
    for name in LEAKS:
        assert any(v == "BROKEN" and contract.startswith(name) for contract, v in verdicts), name


def imported_by(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has imported after running `code`."""
    report = (
        "import json, sys\nprint(json.dumps(sorted({n.partition('.')[0] for n in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


RUN = """
import sys
sys.argv = ["accord", {arguments}]
from accord.cli.main import main
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""


@pytest.mark.parametrize(
    "code",
    [
        "import accord",
        "import accord; accord.InputError; accord.__version__; dir(accord)",
        RUN.format(arguments='"--help"'),
    ],
    ids=["import accord", "light public names", "accord --help"],
)
def test_light_commands_import_nothing_heavy(code):
    assert imported_by(code) & HEAVY == set()


def test_the_look_at_modules_can_fail():
    assert "pandas" in imported_by("import pandas")
