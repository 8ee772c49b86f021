"""HS codes of two files: brought to the edition of 2022, and matched line by line."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from accord.core.errors import InputError, Problem
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.records import read_records
from accord.deal.goods.codes import HS6, HS_CODE, explain_code, known_codes, successors_of

NOT_GOODS = ("98", "99", "77")
"""Chapters of national schedules, and one that the HS keeps free: no sector has their goods."""
Successors = Mapping[str, tuple[str, ...]]


def clean_code(text: str) -> str:
    """Return the digits of a code that may be written with dots or blanks.

    >>> clean_code("8703.23.10")
    '87032310'
    """
    return re.sub(r"[. ]", "", text)


def explain_shape(code: str) -> tuple[str, str] | None:
    """Return message and remedy for what has not the form of an HS code; None for what has."""
    if HS_CODE.match(code):
        return None
    if code.isdigit() and len(code) in {1, 3, 5, 7, 9}:
        return f'"{code}" is no HS code', f'A leading zero was lost: write "0{code}", as text'
    return f'"{code}" is no HS code', "Write 2, 4, 6, 8 or 10 digits as text"


def read_concordance(path: Path | None) -> Successors:
    """Return what a file of the user's own says of codes: old, new, a line a pair.

    Raises:
        InputError: Columns are missing, or codes are none; all told at once.
    """
    if path is None:
        return {}
    records = read_records(path, ("old", "new"), number="")
    told: dict[str, list[str]] = {}
    problems = []
    for line, (old, new) in enumerate(zip(records.texts["old"], records.texts["new"], strict=True)):
        for code in (clean_code(old), clean_code(new)):
            wrong = explain_shape(code)
            if wrong is not None:
                problems.append(Problem(records.where(line), *wrong))
        told.setdefault(clean_code(old), []).append(clean_code(new))
    if problems:
        raise InputError(shorten(problems, path.name), "the concordance")
    return {old: tuple(dict.fromkeys(news)) for old, news in told.items()}


def find_now(code: str, own: Successors) -> tuple[str, ...] | None:
    """Return the codes of HS 2022 that hold the goods of a code: itself, or its successors.

    Its own digits beyond six are kept where the code is of 2022. () for chapters that hold no
    goods, None for a code that no edition has.
    """
    if code[:2] in NOT_GOODS:
        return ()
    for length in range(len(code), 1, -2):
        if code[:length] in own:
            return own[code[:length]]
    if code[:HS6] in known_codes():
        return (code,)
    return successors_of(code) or None


def heading_of(code: str) -> tuple[str, ...] | None:
    """Return the heading of a code that no edition has, if that is known: goods not told apart."""
    return (code[:4],) if code[:4] in known_codes() else None


def explain_unknown(code: str) -> tuple[str, str]:
    """Return message and remedy for a code that no edition has."""
    message, remedy = explain_code(code) or (f'"{code}" is not known', "")
    return message, f"{remedy}. Give codes of another edition with --concordance FILE (old,new)"


@dataclass
class CodeIndex:
    """Rows by code, to be found by a code of the same, of more or of fewer digits."""

    exact: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    finer: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def build(cls, codes: Iterable[tuple[int, str]]) -> "CodeIndex":
        """Return the index of rows with their codes."""
        index = cls()
        for row, code in codes:
            index.exact[code].append(row)
            for length in range(2, len(code), 2):
                index.finer[code[:length]].append(row)
        return index

    def match(self, code: str) -> Sequence[int]:
        """Return the rows of the code itself, else of finer codes in it, else of the nearest above.

        A code that is coarser than the rows thus has several of them.
        """
        if code in self.exact:
            return self.exact[code]
        if code in self.finer:
            return self.finer[code]
        above = (code[:length] for length in range(len(code) - 2, 1, -2))
        return next((self.exact[short] for short in above if short in self.exact), ())
