"""Double precision and the compilation cache: the only file that configures JAX."""

import errno
import logging
import os
import tempfile
import warnings
from pathlib import Path

import jax

from accord.core.errors import InputError, Problem
from accord.core.files import cache_directory

PROBE = 1 << 16  # bytes: what a folder must have room for to be used
_told: set[str] = set()
_solved_in: list[int] = []  # the process that solved first; a forked child inherits it


def configure() -> None:
    """Set 64-bit floats for the process, and keep compiled programs between runs.

    An unwritable cache folder is not an error: programs are then compiled again each run. A full
    one is told in one line.
    """
    jax.config.update("jax_enable_x64", True)
    # A disk that fills up later: JAX warns in three kilobytes for every program it compiles.
    warnings.filterwarnings("ignore", message="Error (reading|writing) persistent compilation")
    folder = cache_directory() / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            return
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(PROBE))
            probe.flush()
    except OSError as error:
        tell_full(folder, error)
        return
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)


def drop_programs() -> None:
    """Drop the compiled programs of this process: those on the disk are read when needed."""
    jax.clear_caches()


def enter_solve() -> None:
    """Note that this process solves.

    Raises:
        InputError: In a process forked from one that has solved: the threads of JAX are not there,
            and a solve would wait for them for ever.
    """
    if not _solved_in:
        _solved_in.append(os.getpid())
    if _solved_in[0] != os.getpid():
        message = "this process was forked from one that has solved, and a solve would never end"
        remedy = 'Start the workers with multiprocessing.get_context("spawn")'
        raise InputError([Problem("", message, remedy)], "the process")


def tell_full(folder: Path, error: BaseException) -> None:
    """Warn once a process that a cache folder is full; other errors are ignored."""
    cause = error if isinstance(error, OSError) else error.__cause__
    full = isinstance(cause, OSError) and cause.errno in {errno.ENOSPC, errno.EDQUOT}
    root = str(folder.parent)
    if full and root not in _told:
        _told.add(root)
        logging.getLogger("accord").warning(
            "The cache folder %s is full: nothing is kept there for the next run.", root
        )


configure()
