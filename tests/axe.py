"""Finding axe-core, which looks at a page for what keeps people out, and fetching it with npm."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

VERSION = "4.14.1"
SCRIPT = "package/axe.min.js"
KEPT = Path(tempfile.gettempdir()) / f"accord-axe-core-{VERSION}.js"


@cache
def read_axe() -> str | None:
    """Return the script, or None on a machine that has neither a copy of it nor npm.

    The environment variable ACCORD_AXE, where it is set, is the path of a copy.
    """
    chosen = os.environ.get("ACCORD_AXE")
    if chosen:
        return Path(chosen).read_text(encoding="utf-8")
    if not KEPT.exists() and not _fetch():
        return None
    return KEPT.read_text(encoding="utf-8")


def _fetch() -> bool:
    """Return whether npm has fetched the version, which then stays for the next run."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        words = [npm, "pack", f"axe-core@{VERSION}", "--silent", "--pack-destination", folder]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode != 0 or packed is None:
            return False
        with tarfile.open(packed) as archive:
            member = archive.extractfile(SCRIPT)
            if member is None:
                return False
            new = KEPT.with_suffix(f".{os.getpid()}")
            new.write_bytes(member.read())
            new.replace(KEPT)
    return True
