"""The benchmark runs and prints its tables; how fast it is, is not tested."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_quick_mode_prints_every_table() -> None:
    done = subprocess.run(
        [sys.executable, "benchmarks/trade.py", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for heading in ("Solves, warm", "Welfare of one region", "Bytes read", "Growth with regions",
                    "A textbook nested fixed point"):  # fmt: skip
        assert heading in done.stdout
