"""The folder of a sweep: results by hash, written once, and the tidy table made of them.

`_done/` holds results in files that carry the digest of the scenarios in them. A file is written
under a temporary name and renamed, so a process that is killed leaves whole files only. Many small
files become few larger ones. The table, `part-*.parquet`, is put together at the end, in the order
of the plan. Until it is whole, the table that was there before stays.
"""

import hashlib
import json
import os
import shutil
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from accord.assessment.sweep.rows import COLUMNS, UNFINISHED, make_table
from accord.core.errors import OutputError
from accord.core.files import hold, remove_abandoned, write_atomically

if TYPE_CHECKING:
    import pyarrow as pa

DONE_FOLDER, HEAD, NEXT, LOCK = "_done", "_sweep.json", "_next", "_lock"
PART = "part-{number:05d}.parquet"
PARTS = "part-*.parquet"
OPEN = 8  # files of results that are held in memory while the table is put together
ROWS_A_PART = 50_000
ROWS_A_FILE = 50_000  # of results: a file with fewer is a small one
MOST_SMALL = 64  # files
IN_USE = "another sweep is writing there: wait for its end"


@dataclass(frozen=True)
class RowsAt:
    """Where the rows of a scenario are: the file, the first row, and how many."""

    file: str
    first: int
    count: int


class SweepFolder:
    """Results of scenarios by hash, in a folder.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        """Open a folder, or make it.

        Raises:
            OutputError: It cannot be made, a file has its name, or it holds something else.
        """
        self.path = path
        _make_folder(path)
        try:
            remove_abandoned(self._done)
            remove_abandoned(path)
        except OSError as error:
            raise OutputError(path, error.strerror or str(error)) from error
        self._places: dict[bytes, RowsAt] = {}
        self._small: dict[str, int] = {}
        for file in sorted(self._done.glob("*.parquet")):
            self._learn(file.name, _read_hashes(file))

    @property
    def _done(self) -> Path:
        return self.path / DONE_FOLDER

    def __contains__(self, digest: str) -> bool:
        """Whether a scenario is finished."""
        return bytes.fromhex(digest) in self._places

    def _learn(self, file: str, hashes: Sequence[str]) -> None:
        if 0 < len(hashes) < ROWS_A_FILE:
            self._small[file] = len(hashes)
        first, last, count = 0, None, 0
        for at, digest in enumerate([*hashes, ""]):
            if digest == last:
                count += 1
                continue
            if last is not None:
                self._places[bytes.fromhex(last)] = RowsAt(file, first, count)
            first, last, count = at, digest, 1

    def write(self, table: "pa.Table") -> None:
        """Keep the rows of scenarios; those that were left open are no results, and go.

        Raises:
            OutputError: They cannot be written; what was there before is intact.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        is_open = pc.is_in(table["status"], value_set=pa.array(UNFINISHED))
        table = table.filter(pc.invert(is_open))
        if not table.num_rows:
            return
        self._keep(table)
        if len(self._small) > MOST_SMALL:
            self._merge()

    def _keep(self, table: "pa.Table") -> str:
        """Return the name of the file that the rows are in now."""
        hashes = table["hash"].to_pylist()
        digest = hashlib.sha256("".join(dict.fromkeys(hashes)).encode()).hexdigest()[:32]
        name = f"{digest}.parquet"
        write_parquet(self._done / name, table)
        self._learn(name, hashes)
        return name

    def _merge(self) -> None:
        """Make few files of many small ones; each stays until the new one is there."""
        waiting: list[str] = []
        for file in [*self._small, ""]:
            if file:
                waiting.append(file)
            if len(waiting) > 1 and (
                not file or sum(self._small[name] for name in waiting) >= ROWS_A_FILE
            ):
                self._merge_files(waiting)
                waiting = []

    def _merge_files(self, files: Sequence[str]) -> None:
        import pyarrow as pa

        merged = self._keep(pa.concat_tables(map(self._rows_of, files)))
        for file in files:
            if file != merged:
                del self._small[file]
                (self._done / file).unlink(missing_ok=True)

    def _rows_of(self, file: str) -> "pa.Table":
        """Return the rows of a file, without those that a later file has as well."""
        import pyarrow.parquet as pq

        table = pq.read_table(self._done / file)
        places = (self._places[bytes.fromhex(digest)] for digest in table["hash"].to_pylist())
        return table.filter([place.file == file for place in places])

    def rows(self, hashes: Iterable[str]) -> Iterator["pa.Table"]:
        """Yield the rows of each scenario in turn; few files are in memory at a time."""
        import pyarrow.parquet as pq

        held: OrderedDict[str, pa.Table] = OrderedDict()
        for digest in hashes:
            place = self._places[bytes.fromhex(digest)]
            if place.file not in held:
                held[place.file] = pq.read_table(self._done / place.file)
                if len(held) > OPEN:
                    held.popitem(last=False)
            held.move_to_end(place.file)
            yield held[place.file].slice(place.first, place.count)

    def write_table(self, tables: Iterable["pa.Table"], head: Mapping[str, Any]) -> None:
        """Write the tidy table, and what the sweep is for a reader of the folder.

        They take the place of those of an earlier plan once they are whole.

        Raises:
            OutputError: They cannot be written; those from before are intact.
        """
        text = json.dumps(head, indent=1, ensure_ascii=False, default=str)
        folder = self.path / NEXT
        try:
            shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed
            folder.mkdir()
            names = [*_write_parts(folder, tables), HEAD]
            write_atomically(folder / HEAD, text.encode())
            (self.path / HEAD).unlink(missing_ok=True)
            for path in self.path.glob(PARTS):
                path.unlink(missing_ok=True)
            for name in names:
                (folder / name).replace(self.path / name)
        except OSError as error:
            raise OutputError(self.path, error.strerror or str(error)) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_folder(path: Path) -> Iterator[SweepFolder]:
    """Open a folder, or make it, and keep other sweeps out of it as long as the context lasts.

    Raises:
        OutputError: It cannot be made or written, it holds something else, or another sweep is at
            work there.
    """
    _make_folder(path)
    with hold(path / LOCK) as is_ours:
        if not is_ours:
            raise OutputError(path, IN_USE)
        yield SweepFolder(path)


def _make_folder(path: Path) -> None:
    try:
        if path.is_dir() and any(path.iterdir()) and not (path / DONE_FOLDER).is_dir():
            raise OutputError(path, "the folder holds something else than a sweep")
        (path / DONE_FOLDER).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(path, error.strerror or str(error)) from error


def _write_parts(folder: Path, tables: Iterable["pa.Table"]) -> list[str]:
    """Return the names of the files of a table after writing them."""
    import pyarrow as pa

    names: list[str] = []
    waiting: list[pa.Table] = []

    def write(table: "pa.Table") -> None:
        names.append(PART.format(number=len(names)))
        write_parquet(folder / names[-1], table)
        waiting.clear()

    for table in tables:
        waiting.append(table)
        if sum(part.num_rows for part in waiting) >= ROWS_A_PART:
            write(pa.concat_tables(waiting))
    if waiting or not names:
        write(pa.concat_tables(waiting) if waiting else make_table([]))
    return names


def write_parquet(path: Path, table: "pa.Table") -> None:
    """Write a table to a file under a temporary name, then rename it.

    Raises:
        OutputError: It cannot be written; an older file is intact.
    """
    import pyarrow.parquet as pq

    def fill(stream: IO[bytes]) -> None:
        pq.write_table(table, stream)

    write_atomically(path, fill)


def _read_hashes(file: Path) -> list[str]:
    """Return the hash of each row of a file; none where it is no file of results: they are redone.

    Such a file is moved aside by its writer being killed on a system that loses renames.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if tuple(pq.read_schema(file).names) != COLUMNS:
            return []
        return [str(digest) for digest in pq.read_table(file, columns=["hash"])["hash"].to_pylist()]
    except (OSError, pa.ArrowException):
        os.unlink(file)  # noqa: PTH108  (damaged by a full disk or a crash of the machine)
        return []
