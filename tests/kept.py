"""The cache folder of the tests, apart from the user's own.

Compiled programs stay in it between runs, because their key is the program. Solved nodes are
forgotten when a run begins, so that none comes from an older program.
"""

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = Path(os.environ.setdefault("ACCORD_CACHE_DIR", str(ROOT / ".pytest_cache" / "accord")))
RUNNING = "ACCORD_TESTS_RUNNING"  # set while the stages of a run share what they solve


def forget_nodes() -> None:
    """Forget what an older program has solved."""
    shutil.rmtree(CACHE / "nodes", ignore_errors=True)
