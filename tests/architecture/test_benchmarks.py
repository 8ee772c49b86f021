"""The benchmarks run and print their tables; how fast they are is not tested."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.compiler import LITTLE_OPTIMIZED, NOT_OPTIMIZED, compiler_flags

ROOT = Path(__file__).parents[2]
OF_DEALS = ("verdict.py", "bargain.py")  # solve the embedded world even in quick mode

HEADINGS = {
    "trade.py": (
        "Solves, warm", "Welfare of one region", "Bytes read", "Growth with regions",
        "A start in single precision", "A textbook nested fixed point",
    ),
    "finance.py": ("35 years by quarter", "Growth with paths", "A plain Python loop"),
    "external.py": ("120 months", "Growth with paths", "One path at a time", "safe yearly amount"),
    "markets.py": ("One market, warm", "Derivatives by every rate", "Draws side by side"),
    "chains.py": ("Supply chains of the embedded world",),
    "verdict.py": ("A verdict", "Growth", "The surface against brute force"),
    "web.py": ("2 clients for 2 s", "The server"),
    "scale.py": (
        "Equilibria a second", "Growth with the world", "from deal to table", "killed by SIGKILL",
    ),
    "bargain.py": ("A frontier over terms, cold",),
    "strategy.py": (
        "Best responses, warm", "Tariff wars, checks included", "searches without derivatives",
        "an extrapolation, not a measurement",
    ),
}  # fmt: skip


pytestmark = pytest.mark.first


@pytest.mark.parametrize("script", HEADINGS)
def test_quick_mode_prints_every_table(script: str) -> None:
    flags = compiler_flags(LITTLE_OPTIMIZED if script in OF_DEALS else NOT_OPTIMIZED)
    done = subprocess.run(
        [sys.executable, f"benchmarks/{script}", "--quick"],
        cwd=ROOT,
        env={**os.environ, "XLA_FLAGS": flags},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for heading in HEADINGS[script]:
        assert heading in done.stdout
