"""Header array files (HAR) of GEMPACK: arrays with the labels of their sets.

A file is a row of records, each between two counts of its bytes. An array begins with a record of
four letters, its name. The next one says its type, whether zeros are left out, its long name and
its size. Types are 1C (texts), 2I and 2R (whole and real numbers in two dimensions) and RE (real
numbers with sets). Data come in parts of at most about 2,000 numbers, first index fastest.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.core.errors import InputError
from accord.data.readers.table.grid import WHOLE, read_bytes, stop

NAME, LONG_NAME, TEXT = 4, 70, 12
BLANK = 4  # bytes before the content of most records
NOT_SPARSE = "FULL"


@dataclass(frozen=True, eq=False)
class Header:
    """An array of a file: texts or numbers, with the labels of each axis that has a set."""

    name: str
    long_name: str
    values: np.ndarray
    sets: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()


def read_headers(path: Path) -> Mapping[str, Header]:
    """Return the arrays of a HAR file by the four letters of their names, in capitals.

    Raises:
        InputError: It cannot be read, is cut short, or is no such file.
    """
    records = _read_records(path)
    headers: dict[str, Header] = {}
    at = 0
    while at < len(records):
        start, name = records[at]
        try:
            header, at = _read_header(records, at)
        except InputError:
            raise
        except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
            shown = name[:NAME].decode("latin-1").strip()
            raise stop(f"{path.name}, byte {start}, array {shown}",
                       f"is not whole ({error})", WHOLE) from error  # fmt: skip
        headers[header.name] = header
    return headers


def _read_records(path: Path) -> list[tuple[int, bytes]]:
    """Return the records and where each begins; both counts of its bytes have to agree."""
    content = read_bytes(path)
    records = []
    at = 0
    while at < len(content):
        if at + 4 > len(content):
            raise stop(f"{path.name}, byte {at}", "is cut short", WHOLE)
        (size,) = struct.unpack_from("<i", content, at)
        end = at + 4 + size
        if at == 0 and size != NAME:
            remedy = "Give a header array file of GEMPACK, such as basedata.har"
            raise stop(path, "is no header array file", remedy)
        if size < 0 or end + 4 > len(content):
            raise stop(f"{path.name}, byte {at}", "is cut short", WHOLE)
        if content[end : end + 4] != content[at : at + 4]:
            raise stop(f"{path.name}, byte {at}", "holds a record whose two sizes differ", WHOLE)
        records.append((at, content[at + 4 : end]))
        at = end + 4
    return records


def _read_header(records: list[tuple[int, bytes]], at: int) -> tuple[Header, int]:
    """Return the array whose name stands in a record, and where the next one begins."""
    name = records[at][1].decode("latin-1").strip().upper()
    head = records[at + 1][1]
    kind = head[BLANK : BLANK + 2].decode("latin-1")
    storage = head[BLANK + 2 : BLANK + 6].decode("latin-1")
    long_name = head[BLANK + 6 : BLANK + 6 + LONG_NAME].decode("latin-1").strip()
    size = np.frombuffer(head[BLANK + 6 + LONG_NAME :], "<i4")[1:]
    body = at + 2
    if kind == "1C":
        texts, end = _read_texts(records, body, int(size[-1]))
        return Header(name, long_name, np.array(texts, dtype=object)), end
    sets: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    if kind == "RE":
        sets, labels, body = _read_sets(records, body)
    elif kind not in {"2I", "2R"}:
        raise ValueError(f"its type {kind} is not known")
    shape = tuple(int(length) for length in size)
    number = "<i4" if kind == "2I" else "<f4"
    if storage != NOT_SPARSE:
        values, end = _read_sparse(records, body, int(np.prod(shape)))
    elif kind == "RE":
        values, end = _read_full(records, body)
    else:
        plain, end = _read_plain(records, body, shape, number)
        return Header(name, long_name, plain), end
    whole = values.reshape(shape, order="F")
    used = whole.reshape(shape[: len(sets)] if sets else shape, order="F")
    return Header(name, long_name, used, sets, labels), end


def _left(record: bytes) -> int:
    """Return how many parts are left, this one included."""
    return int(struct.unpack_from("<i", record, BLANK)[0])


def _parts(records: list[tuple[int, bytes]], at: int, step: int = 1) -> Iterator[int]:
    """Yield the places of records, `step` apart, up to the one that says it is the last."""
    while True:
        yield at
        if _left(records[at][1]) <= step:
            return
        at += step


def _read_texts(records: list[tuple[int, bytes]], at: int, width: int) -> tuple[list[str], int]:
    texts: list[str] = []
    for place in _parts(records, at):
        record = records[place][1]
        (count,) = struct.unpack_from("<i", record, BLANK + 8)
        body = record[BLANK + 12 :]
        texts += [body[k * width : (k + 1) * width].decode("latin-1").strip()
                  for k in range(count)]  # fmt: skip
    return texts, place + 1


def _read_sets(
    records: list[tuple[int, bytes]], at: int
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], int]:
    """Return the sets of the axes with their labels; an axis without any has none."""
    record = records[at][1]
    (count,) = struct.unpack_from("<i", record, BLANK + 8)
    body = record[BLANK + 12 + TEXT + 4 :]
    names = [body[k * TEXT : (k + 1) * TEXT].decode("latin-1").strip() for k in range(count)]
    status = body[count * TEXT : count * (TEXT + 1)].decode("latin-1")
    at += 1
    known: dict[str, tuple[str, ...]] = {}
    for name, mark in zip(names, status, strict=True):
        if mark == "k" and name not in known:
            texts, at = _read_texts(records, at, TEXT)
            known[name] = tuple(texts)
    return tuple(names), tuple(known.get(name, ()) for name in names), at


def _read_plain(
    records: list[tuple[int, bytes]], at: int, shape: tuple[int, ...], number: str
) -> tuple[np.ndarray, int]:
    """Return an array of two dimensions, which comes in rectangles."""
    values = np.zeros(shape, dtype=number)
    for place in _parts(records, at):
        record = records[place][1]
        top, bottom, left, right = struct.unpack_from("<4i", record, BLANK + 12)
        part = np.frombuffer(record[BLANK + 28 :], number)
        block = part.reshape((bottom - top + 1, right - left + 1), order="F")
        values[top - 1 : bottom, left - 1 : right] = block
    return values, place + 1


def _read_full(records: list[tuple[int, bytes]], at: int) -> tuple[np.ndarray, int]:
    """Return all numbers of an array: bounds and data in turn, below a record of its size."""
    dims = np.frombuffer(records[at][1], "<i4", offset=BLANK + 8)
    values = np.zeros(dims, dtype=np.float64)
    at += 1
    while True:
        bounds = np.frombuffer(records[at][1], "<i4", offset=BLANK + 4).reshape(-1, 2)
        part = np.frombuffer(records[at + 1][1], "<f4", offset=BLANK + 4)
        where = tuple(slice(int(low) - 1, int(high)) for low, high in bounds)
        size = [int(high - low) + 1 for low, high in bounds]
        values[where] = part.reshape(size, order="F")
        if _left(records[at][1]) <= 2:
            return values.ravel(order="F"), at + 2
        at += 2


def _read_sparse(records: list[tuple[int, bytes]], at: int, size: int) -> tuple[np.ndarray, int]:
    """Return all numbers of an array of which the file holds those that are not zero."""
    (count,) = struct.unpack_from("<i", records[at][1], BLANK)
    values = np.zeros(size)
    at, read = at + 1, 0
    while read < count:
        record = records[at][1]
        (here,) = struct.unpack_from("<i", record, BLANK + 8)
        places = np.frombuffer(record, "<i4", here, BLANK + 12)
        values[places - 1] = np.frombuffer(record, "<f4", here, BLANK + 12 + 4 * here)
        at, read = at + 1, read + here
    return values, at + (count == 0)
