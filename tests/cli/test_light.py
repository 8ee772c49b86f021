"""What needs no solving imports no solver: `check`, and every refusal of a wrong command."""

import json
import subprocess
import sys

import pytest

SLOW = {"jax", "jaxlib", "pandas", "pyarrow", "scipy", "xarray"}
RUN = """
import json, sys
sys.argv = ["accord", *{words!r}]
from accord.cli.main import main
code = 0
try:
    main()
except SystemExit as stop:
    code = stop.code or 0
names = sorted({{name.partition(".")[0] for name in sys.modules}})
print(json.dumps([code, names]), file=sys.__stdout__)
"""


def imports_of(*words):
    """Return the exit code of a command, and the packages it imported."""
    code = RUN.format(words=list(words))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    exit_code, names = json.loads(done.stdout.splitlines()[-1])
    return exit_code, set(names), done.stderr


@pytest.mark.parametrize("case", ["us-korea-2025", "us-japan-2025"])
def test_check_imports_no_solver_and_no_table(case):
    code, names, _ = imports_of("check", case)
    assert code == 0
    assert names & SLOW == set()
