"""Where the command begins, before anything else is imported."""

import importlib.util
import os
import sys
from pathlib import Path

from accord.core.files import cache_directory


def main() -> None:
    """Run the command line."""
    keep_bytecode()
    from accord.cli.main import main as run

    run()


def keep_bytecode() -> None:
    """Keep what Python compiles in Accord's cache folder, where it may not lie beside the sources.

    Images for containers often set PYTHONDONTWRITEBYTECODE, and every command would then compile
    its thousand files anew, which adds three seconds to a briefing and doubles a check. Commands
    that this one starts are told as well. Nothing changes where bytecode lies beside this file.
    """
    beside = Path(importlib.util.cache_from_source(__file__))
    if not sys.dont_write_bytecode or beside.exists():
        return
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(cache_directory() / "bytecode")
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # absent where `python -B` says it
