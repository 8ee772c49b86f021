"""Finding the browser that `tests/browser` drives, and installing Debian's where it is missing."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str | None:
    """Return the path of a Chromium on this machine, or None.

    The environment variable ACCORD_CHROMIUM, where it is set, comes first.
    """
    chosen = os.environ.get("ACCORD_CHROMIUM")
    if chosen:
        return chosen
    return next(filter(None, map(shutil.which, NAMES)), None)


def install_chromium() -> str | None:
    """Return the path of a Chromium after installing Debian's package, or None where we may not."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not is_root or shutil.which("apt-get") is None:
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run(step, env=quiet, stdin=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            return None
    return find_chromium()
