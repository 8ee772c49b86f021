"""Writing files so that a failure leaves the old file intact."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from accord.core.errors import OutputError

# Written to as they are: there is nothing to keep, and no folder to put a temporary name in.
STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2, os.devnull: None}
DEAL_SUFFIX = ".toml"


def write_atomically(path: Path | str, data: bytes) -> Path:
    """Return the path after writing `data` there under a temporary name, then renaming.

    A link stays and its target is written. Standard output and the null device are written to
    directly.

    Raises:
        OutputError: The folder is missing, read-only or full, or the path is one that
            `check_writable` refuses; the old file is intact.
    """
    given = Path(path)
    if str(given) in STREAMS:
        _write_stream(given, data)
    else:
        check_writable(given)
        _replace(given, Path(os.path.realpath(given)), data)
    return given


def check_writable(path: Path | str) -> None:
    """Check, before any work, that a file may be written; nothing is touched.

    Raises:
        OutputError: The folder is missing or read-only; the path is a folder, a device or a pipe;
            or it is a deal file, which no result ever replaces.
    """
    if str(path) in STREAMS:
        return
    given = Path(path)
    try:
        reason = _refusal(given, Path(os.path.realpath(given)))
    except OSError as error:
        raise OutputError(given, error.strerror or str(error)) from error
    if reason:
        raise OutputError(given, reason)


def _refusal(given: Path, target: Path) -> str:
    """Return why nothing may be written there, or ""."""
    exists = given.exists()
    if exists and not stat.S_ISREG(given.stat().st_mode):
        return "it is not a regular file"
    if exists and target.suffix.casefold() == DEAL_SUFFIX:
        return f"it is a deal file ({DEAL_SUFFIX}), and this is not one"
    if not target.parent.exists():
        return os.strerror(errno.ENOENT)
    if not target.parent.is_dir():
        return os.strerror(errno.ENOTDIR)
    return "" if os.access(target.parent, os.W_OK | os.X_OK) else os.strerror(errno.EACCES)


def _replace(given: Path, target: Path, data: bytes) -> None:
    """Write beside the target, then rename over it."""
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_permissions(target))
        temporary.replace(target)
    except OSError as error:
        raise OutputError(given, error.strerror or str(error)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _permissions(target: Path) -> int:
    """Return the permissions of the file replaced, or those a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _write_stream(path: Path, data: bytes) -> None:
    number = STREAMS[str(path)]
    try:
        handle = os.open(os.devnull, os.O_WRONLY) if number is None else os.dup(number)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error
