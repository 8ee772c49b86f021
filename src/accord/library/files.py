"""The files of a library, each under the digest of its content."""

import contextlib
import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.core.files import TEMPORARY, remove_abandoned, write_atomically
from accord.library.content import ENDINGS
from accord.library.errors import LibraryError, told

DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StoredFile:
    """A file of a briefing.

    Attributes:
        format: Such as "pdf".
        sha256: Digest of its content.
        size: Bytes.
    """

    format: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """Name of the file: nothing that a reader sends is part of it."""
        if not DIGEST.fullmatch(self.sha256) or self.format not in ENDINGS:
            raise ValueError(f"no file of a library: {self.sha256!r}, {self.format!r}")
        return f"{self.sha256}{ENDINGS[self.format]}"


@dataclass(frozen=True)
class FileStore:
    """A folder of files that never change."""

    folder: Path

    def prepare(self) -> None:
        """Make the folder where there is none.

        Raises:
            LibraryError: It cannot be made.
        """
        with told(self.folder.parent):
            self.folder.mkdir(exist_ok=True)

    def write(self, files: Mapping[str, bytes]) -> tuple[StoredFile, ...]:
        """Return what was written, whole and on the disk; the caller writes the rows after it.

        Raises:
            LibraryError: The disk is full, or the folder is read-only.
        """
        written = []
        with told(self.folder.parent):
            for form, content in files.items():
                stored = StoredFile(form, hashlib.sha256(content).hexdigest(), len(content))
                path = self.folder / stored.name
                if not path.is_file() or path.stat().st_size != len(content):
                    write_atomically(path, content)
                written.append(stored)
        return tuple(written)

    def read(self, stored: StoredFile) -> bytes:
        """Return the content of a file.

        Raises:
            LibraryError: It is not there, or is not the one that was written.
        """
        with told(self.folder.parent):
            path = self.folder / stored.name
            content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != stored.sha256:
            reason = f"the file {stored.name[:12]}… is missing or damaged"
            remedy = "restore the library from a backup, or publish the briefing again"
            raise LibraryError(self.folder.parent, reason, remedy)
        return content

    def remove_others(self, kept: Collection[str]) -> int:
        """Return how many files were removed: those of other names, and what a kill left half."""
        removed = 0
        with told(self.folder.parent):
            remove_abandoned(self.folder)
            for path in self.folder.iterdir():
                if path.name not in kept and not path.name.startswith(TEMPORARY):
                    with contextlib.suppress(OSError):
                        path.unlink()
                        removed += 1
        return removed
