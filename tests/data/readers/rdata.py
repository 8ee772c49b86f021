"""Lists in files of R (`.RData`, version 2, packed with bzip2), by name."""

import bz2
import struct
from pathlib import Path
from typing import Any

import numpy as np

MAGIC = b"RDX2\nX\n"
NIL, PAIRS, TEXT, SYMBOL, REFERENCE = 254, 2, 9, 1, 255
WHOLE, REAL, TEXTS, LISTED = 13, 14, 16, 19
MISSING = -(2**31)


class _Stream:
    """What is left of a file; symbols are numbered as they appear."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at, self.symbols = content, 0, list[str]()

    def take(self, count: int) -> bytes:
        self.at += count
        return self.content[self.at - count : self.at]

    def number(self) -> int:
        (number,) = struct.unpack(">i", self.take(4))
        return int(number)

    def item(self) -> Any:
        """Return the next item: (values, attributes) of vectors, pairs of names and items."""
        flags = self.number()
        kind, has_attributes, has_tag = flags & 255, bool(flags & 512), bool(flags & 1024)
        if kind == NIL:
            return None
        if kind == REFERENCE:
            return self.symbols[(flags >> 8) - 1]
        if kind == SYMBOL:
            self.symbols.append(self.item())
            return self.symbols[-1]
        if kind == TEXT:
            length = self.number()
            return None if length < 0 else self.take(length).decode("utf-8")
        if kind == PAIRS:
            assert not has_attributes
            name = self.item() if has_tag else None
            value = self.item()
            return [(name, value), *(self.item() or [])]
        length = self.number()
        if kind == WHOLE:
            values: Any = np.frombuffer(self.take(4 * length), ">i4")
        elif kind == REAL:
            values = np.frombuffer(self.take(8 * length), ">f8")
        else:
            assert kind in {TEXTS, LISTED}, kind
            values = [self.item() for _ in range(length)]
        return values, dict(self.item()) if has_attributes else {}


def read_rdata(path: Path) -> dict[str, list[Any] | np.ndarray]:
    """Return the columns of the one list in a file: texts, or numbers with NaN for none."""
    content = bz2.decompress(path.read_bytes())
    assert content.startswith(MAGIC)
    stream = _Stream(content)
    stream.take(len(MAGIC) + 12)  # the version of the format and of its writer
    ((_, (columns, attributes)),) = stream.item()
    return {name: _column(column) for name, column in
            zip(attributes["names"][0], columns, strict=True)}  # fmt: skip


def _column(column: Any) -> list[Any] | np.ndarray:
    values, attributes = column
    if "levels" in attributes:
        levels = attributes["levels"][0]
        return [levels[at - 1] if at > 0 else None for at in values.tolist()]
    if isinstance(values, list):
        return values
    numbers = values.astype(np.float64)
    return np.asarray(np.where(numbers == MISSING, np.nan, numbers))
