"""The test command: `uv run python -m tests` runs every check, `... -m tests NAME` some of them.

`... -m tests --quick` is for the time between two edits: format, lint, import contracts, and the
tests of what solves no equilibrium. It takes less than a minute on two quiet cores.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.chromium import find_chromium, install_chromium
from tests.compiler import AS_FOR_USERS, NOT_OPTIMIZED, compiler_flags
from tests.kept import RUNNING, forget_nodes

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BESIDE_PYTHON = Path(PYTHON).parent

# A file stays on one worker, whose tests share its results. Files come in the order in which they
# were collected, the longest first (tests/conftest.py), and not those with most tests.
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
PARALLEL = ("-n", "auto", "--maxprocesses", "8", *BY_FILE, "-q")

# What each stage of tests runs, with workers of its own: what the last one holds is given back.
TESTS = {
    # What is held against published tables and against other programs.
    "tables": ("published", "agreement"),
    "engines": (
        "trade",
        "markets",
        "chains",
        "finance",
        "external",
        "lowering",
        "deal",
        "data",
        "core",
    ),
    "assessments": ("assessment", "backtesting", "bargaining", "briefing", "cases", "golden"),
    "commands": ("architecture", "browser", "cli", "library", "web"),
}

STAGES: dict[str, list[str]] = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "imports": [str(BESIDE_PYTHON / "lint-imports")],
    "types": [PYTHON, "-m", "mypy", "--num-workers", str(min(os.cpu_count() or 1, 4))],
    "docs": [
        *(PYTHON, "-m", "sphinx", "-W", "--keep-going", "-q"),
        *("-b", "html", "docs", "docs/_build/html"),
    ],
    "doctests": [PYTHON, "-m", "pytest", "--doctest-modules", "-q", "src/accord"],
    **{
        name: [PYTHON, "-m", "pytest", *PARALLEL, *(f"tests/{folder}" for folder in folders)]
        for name, folders in TESTS.items()
    },
}

# Stages that leave processors idle for a part of the time run side by side, before the others.
SIDE_BY_SIDE = ("format", "lint", "imports", "types", "docs", "doctests")

# Where programs are compiled otherwise than tests/conftest.py says. Tests of the engines have small
# worlds of many shapes.
COMPILER = {
    "doctests": AS_FOR_USERS,
    "tables": AS_FOR_USERS,
    "engines": compiler_flags(NOT_OPTIMIZED),
}

# The rooms and files whose tests compile no solver and start no command.
QUICK_TESTS = (
    *("tests/core", "tests/deal", "tests/finance/test_equations.py"),
    *("tests/finance/test_pipeline.py", "tests/bargaining/test_packages.py"),
    *("tests/bargaining/test_coalitions.py", "tests/briefing/test_facts.py"),
    *("tests/data/test_tariffs.py", "tests/cli/test_docs.py"),
    *("tests/lowering/test_tariff_schedule.py", "tests/architecture/test_files.py"),
    *("tests/architecture/test_names.py", "tests/architecture/test_pages.py"),
)
# Mutated and extreme deal files: many random examples.
NOT_QUICK = (
    "--ignore=tests/deal/test_attacks.py",
    "--ignore=tests/deal/test_nonsense.py",
    "--ignore=tests/deal/test_limits.py",
)
QUICK: dict[str, list[str]] = {
    **{name: STAGES[name] for name in ("format", "lint", "imports")},
    "quick tests": [PYTHON, "-m", "pytest", *PARALLEL, *QUICK_TESTS, *NOT_QUICK],
}


def check_browser() -> bool:
    """Return whether the tests may run: a Chromium is here, or was installed, or is optional."""
    if find_chromium() or install_chromium():
        return True
    print(
        "No Chromium, and no right to install one: the browser tests will be skipped.\n"
        "Install it (Debian: apt-get install chromium) or set ACCORD_CHROMIUM to its path.",
        flush=True,
    )
    return not os.environ.get("CI")


def run_stage(name: str) -> tuple[bool, float]:
    """Return whether a stage passed, and the seconds it took."""
    start, aside = time.monotonic(), name in SIDE_BY_SIDE
    if not aside:
        print(f"\n=== {name} ===", flush=True)
    command = {**STAGES, **QUICK}[name]
    compiler = {"XLA_FLAGS": COMPILER[name]} if name in COMPILER else {}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, RUNNING: "1", **compiler},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if aside else None,
        stderr=subprocess.STDOUT if aside else None,
        text=True,
        check=False,
    )
    if aside:  # all of it at once, so that stages do not speak into each other
        print(f"\n=== {name} ===\n{done.stdout}", end="", flush=True)
    # pytest says 5 when it found no test: no doctest is not a failure.
    passed = done.returncode == 0 or (name == "doctests" and done.returncode == 5)
    return passed, time.monotonic() - start


def run_stages(names: list[str]) -> dict[str, tuple[bool, float]]:
    """Return by stage whether it passed, and the seconds it took."""
    aside = [name for name in names if name in SIDE_BY_SIDE]
    others = [name for name in names if name not in SIDE_BY_SIDE]
    with ThreadPoolExecutor(len(SIDE_BY_SIDE)) as pool:
        results = dict(zip(aside, pool.map(run_stage, aside), strict=True))
    return results | {name: run_stage(name) for name in others}


def main(names: list[str]) -> int:
    """Return the exit code after running the named stages (all by default), each to its end.

    Args:
        names: Names of stages, none for all, or `--quick` alone.
    """
    quick = names == ["--quick"]
    unknown = [] if quick else [name for name in names if name not in STAGES]
    if unknown:
        print(f"no such stage: {', '.join(unknown)}; there are --quick, {', '.join(STAGES)}")
        return 2
    chosen = list(QUICK) if quick else names or list(STAGES)
    results: dict[str, tuple[bool, float]] = {}
    forget_nodes()
    if "commands" in chosen:
        start = time.monotonic()
        results["browser set-up"] = (check_browser(), time.monotonic() - start)
    results |= run_stages(chosen)
    print()
    for name, (passed, seconds) in results.items():
        print(f"{'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {name}")
    return 0 if all(passed for passed, _ in results.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
