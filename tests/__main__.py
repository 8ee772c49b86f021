"""The test command: `uv run python -m tests` runs every check, `... -m tests NAME` some of them."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.chromium import find_chromium, install_chromium

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BESIDE_PYTHON = Path(PYTHON).parent

STAGES: dict[str, list[str]] = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "imports": [str(BESIDE_PYTHON / "lint-imports")],
    "types": [PYTHON, "-m", "mypy"],
    "docs": [
        *(PYTHON, "-m", "sphinx", "-W", "--keep-going", "-q"),
        *("-b", "html", "docs", "docs/_build/html"),
    ],
    "doctests": [PYTHON, "-m", "pytest", "--doctest-modules", "-q", "src/accord"],
    "tests": [PYTHON, "-m", "pytest", "-n", "auto", "--maxprocesses", "8", "-q"],
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
    print(f"\n=== {name} ===", flush=True)
    start = time.monotonic()
    done = subprocess.run(STAGES[name], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    # pytest says 5 when it found no test: no doctest is not a failure.
    passed = done.returncode == 0 or (name == "doctests" and done.returncode == 5)
    return passed, time.monotonic() - start


def main(names: list[str]) -> int:
    """Return the exit code after running the named stages (all by default), each to its end."""
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        print(f"no such stage: {', '.join(unknown)}; there are {', '.join(STAGES)}")
        return 2
    chosen = names or list(STAGES)
    results: dict[str, tuple[bool, float]] = {}
    if "tests" in chosen:
        start = time.monotonic()
        results["browser set-up"] = (check_browser(), time.monotonic() - start)
    results |= {name: run_stage(name) for name in chosen}
    print()
    for name, (passed, seconds) in results.items():
        print(f"{'passed' if passed else 'FAILED'}  {seconds:6.1f} s  {name}")
    return 0 if all(passed for passed, _ in results.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
