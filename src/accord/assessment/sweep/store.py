"""The folder of a sweep: results by hash, written once, and the tidy table made of them.

`_done/` holds results in files that carry the digest of the scenarios in them. A file is written
under a temporary name and renamed, so a process that is killed leaves whole files only. The table,
`part-*.parquet`, is put together at the end, in the order of the plan.
"""

import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from accord.assessment.sweep.rows import COLUMNS, KILLED, make_table
from accord.core.errors import OutputError
from accord.core.files import remove_abandoned, write_atomically

if TYPE_CHECKING:
    import pyarrow as pa

DONE_FOLDER, HEAD = "_done", "_sweep.json"
PART = "part-{number:05d}.parquet"
PARTS = "part-*.parquet"
OPEN = 8  # files of results that are held in memory while the table is put together
ROWS_A_PART = 50_000


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
        try:
            if path.is_dir() and any(path.iterdir()) and not self._done.is_dir():
                raise OutputError(path, "the folder holds something else than a sweep")
            self._done.mkdir(parents=True, exist_ok=True)
            remove_abandoned(self._done)
            remove_abandoned(path)
        except OSError as error:
            raise OutputError(path, error.strerror or str(error)) from error
        self._places: dict[bytes, RowsAt] = {}
        for file in sorted(self._done.glob("*.parquet")):
            self._learn(file.name, _read_hashes(file))

    @property
    def _done(self) -> Path:
        return self.path / DONE_FOLDER

    def __contains__(self, digest: str) -> bool:
        """Whether a scenario is finished."""
        return bytes.fromhex(digest) in self._places

    def _learn(self, file: str, hashes: Iterable[str]) -> None:
        first, last, count = 0, None, 0
        for at, digest in enumerate([*hashes, ""]):
            if digest == last:
                count += 1
                continue
            if last is not None:
                self._places.setdefault(bytes.fromhex(last), RowsAt(file, first, count))
            first, last, count = at, digest, 1

    def write(self, table: "pa.Table") -> None:
        """Keep the rows of scenarios; those of a killed process are not results, and go.

        Raises:
            OutputError: They cannot be written; what was there before is intact.
        """
        import pyarrow.compute as pc

        table = table.filter(pc.not_equal(table["status"], KILLED))
        if not table.num_rows:
            return
        hashes = table["hash"].to_pylist()
        name = hashlib.sha256("".join(dict.fromkeys(hashes)).encode()).hexdigest()[:32]
        write_parquet(self._done / f"{name}.parquet", table)
        self._learn(f"{name}.parquet", hashes)

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

    def write_head(self, head: Mapping[str, Any]) -> None:
        """Write what the sweep is, for a reader of the folder.

        Raises:
            OutputError: It cannot be written.
        """
        text = json.dumps(head, indent=1, ensure_ascii=False, default=str)
        write_atomically(self.path / HEAD, text.encode())

    def drop_table(self) -> None:
        """Remove the table of an earlier plan; results stay."""
        for path in self.path.glob(PARTS):
            path.unlink(missing_ok=True)

    def write_table(self, tables: Iterable["pa.Table"]) -> int:
        """Return the number of rows after writing the tidy table, part by part."""
        import pyarrow as pa

        number = rows = 0
        waiting: list[pa.Table] = []
        for table in tables:
            waiting.append(table)
            rows += table.num_rows
            if sum(part.num_rows for part in waiting) >= ROWS_A_PART:
                write_parquet(self.path / PART.format(number=number), pa.concat_tables(waiting))
                number, waiting = number + 1, []
        if waiting or not number:
            whole = pa.concat_tables(waiting) if waiting else make_table([])
            write_parquet(self.path / PART.format(number=number), whole)
        return rows


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
