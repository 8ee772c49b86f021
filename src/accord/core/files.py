"""Where files go, and writing them so that a failure leaves the old file intact."""

import contextlib
import errno
import os
import re
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from accord.core.errors import OutputError

if sys.platform != "win32":
    import fcntl

# Written to as they are: there is nothing to keep, and no folder to put a temporary name in.
STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2, os.devnull: None}
DEAL_SUFFIX = ".toml"
# Of a file that is being written: hidden, and as short for a long name as for a short one.
TEMPORARY, TEMPORARY_SUFFIX = ".accord-", ".part"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that an archive can hold
Filling = Callable[[IO[bytes]], None]
LONGEST_NAME = 255  # bytes: the limit of every common file system
# Windows opens a device instead of a file of these names, whatever their ending.
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
FORBIDDEN_ON_WINDOWS = re.compile(r'[<>:"|?*\x00-\x1f]|[. ]$')


def cache_directory() -> Path:
    """Return the user's folder of what is kept between runs (`ACCORD_CACHE_DIR` overrides it)."""
    given = os.environ.get("ACCORD_CACHE_DIR")
    if given:
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_cache_dir("accord"))


def write_atomically(path: Path | str, data: bytes | Filling) -> Path:
    """Return the path after writing `data` there under a temporary name, then renaming.

    A link stays and its target is written. Standard output and the null device are written to
    directly. What is too large to be held is written by a function that is given the open file.

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
        target = Path(os.path.realpath(given))
        reason = refuse_name(given.name) or refuse_name(target.name) or _refusal(given, target)
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


def refuse_name(name: str) -> str:
    """Return why no file may have this name, or "" where every common system allows it."""
    size = len(os.fsencode(name))
    if size > LONGEST_NAME:
        return f"its name is {size} bytes long, and no more than {LONGEST_NAME} are allowed"
    if DEVICES.fullmatch(name):
        return f"{name.partition('.')[0]} is the name of a device on Windows, not of a file"
    if sys.platform == "win32" and FORBIDDEN_ON_WINDOWS.search(name):
        return 'Windows allows none of < > : " | ? * in a name, and no dot or blank at its end'
    return ""


def _fill(stream: IO[bytes], data: bytes | Filling) -> None:
    if isinstance(data, bytes):
        stream.write(data)
    else:
        data(stream)


def _replace(given: Path, target: Path, data: bytes | Filling) -> None:
    """Write beside the target, then rename over it; first remove what a killed process left."""
    temporary: Path | None = None
    try:
        remove_abandoned(target.parent)
        handle, temporary = _open_temporary(target.parent)
        with os.fdopen(handle, "wb") as stream:
            _fill(stream, data)
            stream.flush()
            os.fsync(stream.fileno())
            if sys.platform != "win32":  # under its lock: nobody takes it for abandoned
                temporary.chmod(_permissions(target))
                temporary.replace(target)
        if sys.platform == "win32":
            temporary.replace(target)
    except OSError as error:
        raise OutputError(given, error.strerror or str(error)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _open_temporary(folder: Path) -> tuple[int, Path]:
    """Return a new file in the folder, open and locked."""
    while True:
        handle, name = tempfile.mkstemp(TEMPORARY_SUFFIX, TEMPORARY, folder)
        _lock(handle)
        if os.fstat(handle).st_nlink:  # else removed by another writer before it was locked
            return handle, Path(name)
        os.close(handle)


def remove_abandoned(folder: Path) -> None:
    """Remove the temporary files that no process is writing: it locks its own while it does."""
    with os.scandir(folder) as entries:
        names = [
            entry.path
            for entry in entries
            if entry.name.startswith(TEMPORARY) and entry.name.endswith(TEMPORARY_SUFFIX)
        ]
    for name in names:
        with contextlib.suppress(OSError):
            if sys.platform == "win32":  # an open file cannot be removed there
                Path(name).unlink()
                continue
            handle = os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if _lock(handle):
                    Path(name).unlink()
            finally:
                os.close(handle)


@contextlib.contextmanager
def hold(path: Path) -> Iterator[bool]:
    """Hold a file, which is made, as long as the context lasts: whether no other process does.

    The system lets go of it when the process ends, killed or not. Where a disk knows no locks,
    everybody may go on.

    Raises:
        OutputError: The file cannot be made.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error
    try:
        yield _is_free(handle)
    finally:
        os.close(handle)


def _is_free(handle: int) -> bool:
    """Return whether no other process has locked a file; it is ours then, if locks are known."""
    if sys.platform != "win32":
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
    return True


def _lock(handle: int) -> bool:
    """Return whether the file is now ours alone; the lock ends with the process or its handle."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _permissions(target: Path) -> int:
    """Return the permissions of the file replaced, or those a new file gets."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _write_stream(path: Path, data: bytes | Filling) -> None:
    number = STREAMS[str(path)]
    try:
        handle = os.open(os.devnull, os.O_WRONLY) if number is None else os.dup(number)
        with os.fdopen(handle, "wb") as stream:
            _fill(stream, data)
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error


def without_clock(content: bytes) -> bytes:
    """Return the content of an office file in which no part tells when it was saved.

    Every part carries one fixed date, and the moment of saving is replaced by that of making.
    """
    import io
    import zipfile

    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = old.read(part)
            if part.filename == "docProps/core.xml":
                data = _as_made(data)
            new.writestr(entry, data)
    return buffer.getvalue()


def _as_made(data: bytes) -> bytes:
    made = re.search(rb"<dcterms:created[^>]*>([^<]*)<", data)
    stamp = made[1] if made else b""
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
