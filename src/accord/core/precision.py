"""Double precision and the compilation cache: the one place that configures JAX."""

import os
from pathlib import Path

import jax
import platformdirs


def cache_directory() -> Path:
    """Return the user's cache folder for compiled programs (`ACCORD_CACHE_DIR` overrides it)."""
    return Path(os.environ.get("ACCORD_CACHE_DIR") or platformdirs.user_cache_dir("accord"))


def configure() -> None:
    """Set 64-bit floats for the process, and keep compiled programs between runs.

    An unwritable cache folder is not an error: programs are then compiled again each run.
    """
    jax.config.update("jax_enable_x64", True)
    folder = cache_directory() / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    if os.access(folder, os.W_OK):
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


configure()
