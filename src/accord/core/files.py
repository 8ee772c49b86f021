"""Writing files so that a failure leaves the old file intact."""

import os
import tempfile
from pathlib import Path

from accord.core.errors import OutputError


def write_atomically(path: Path | str, data: bytes) -> Path:
    """Return the path after writing `data` there under a temporary name, then renaming.

    Raises:
        OutputError: The folder is missing, read-only or full; the old file is intact.
    """
    target = Path(path)
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        temporary.replace(target)
    except OSError as error:
        raise OutputError(target, error.strerror or str(error)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return target
