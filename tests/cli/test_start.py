"""Where a command begins: bytecode is kept where Python is told to write none beside sources."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accord.cli import start

FORBIDDEN = {"PYTHONDONTWRITEBYTECODE": "1"}


def run(code: str, folder: Path, **surroundings: str) -> list[str]:
    """Lines that code prints in a Python of its own, whose cache is in a folder."""
    told = {**os.environ, "ACCORD_CACHE_DIR": str(folder), **surroundings}
    done = subprocess.run(
        [sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.fixture
def anew(tmp_path: Path) -> str:
    """Code that begins as a command does, from a copy of the file without bytecode beside it."""
    copy = tmp_path / "start.py"
    copy.write_bytes(Path(start.__file__).read_bytes())
    return f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import start; start.keep_bytecode()"


def test_bytecode_goes_to_the_cache_where_it_may_not_lie_beside_the_sources(tmp_path, anew):
    cache = tmp_path / "cache"
    code = f"{anew}; import accord.core.rates, os; print(sys.pycache_prefix, sorted(os.environ))"
    first, *names = run(code, cache, **FORBIDDEN)
    assert first == str(cache / "bytecode")
    assert "PYTHONDONTWRITEBYTECODE" not in "".join(names)
    assert "PYTHONPYCACHEPREFIX" in "".join(names)
    assert [path.name.split(".")[0] for path in cache.rglob("rates*.pyc")] == ["rates"]


def test_nothing_changes_where_bytecode_is_written_or_lies_beside_the_sources(tmp_path, anew):
    cache = tmp_path / "cache"
    code = f"{anew}; print(sys.pycache_prefix, sys.dont_write_bytecode)"
    assert run(code, cache, PYTHONDONTWRITEBYTECODE="") == ["None", "False"]
    assert (tmp_path / "__pycache__").exists()
    assert run(code, cache, **FORBIDDEN) == ["None", "True"]
    assert not cache.exists()
