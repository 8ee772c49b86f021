"""HS codes of two files: brought to the edition of 2022, matched, and cut to finer ones."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from accord.core.errors import InputError, Problem
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.records import read_records
from accord.deal.goods.codes import HS6, HS_CODE, explain_code, known_codes, successors_of

NOT_GOODS = ("98", "99", "77")
"""Chapters of national schedules, and one that the HS keeps free: no sector has their goods."""
Parts = tuple[tuple[str, float], ...]
"""Codes and their shares of a code, which add up to one."""
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
        if code not in self.exact and code in self.finer:
            return self.finer[code]
        return self.nearest(code)

    def nearest(self, code: str) -> Sequence[int]:
        """Return the rows of the code itself, else of the nearest above, if there is one."""
        above = (code[:length] for length in range(len(code), 1, -2))
        return next((self.exact[short] for short in above if short in self.exact), ())


@dataclass(frozen=True, eq=False)
class CodeCuts:
    """The codes of all lines that hold for a partner, and which of them are of ordinary rates.

    A code is cut into the codes next below it, and each of those again. A code of fewer than six
    digits is cut by the number of subheadings of the HS, one of six or more into equal parts. What
    no line below it names is a part with the code itself. At six digits or more that is one more
    part, and there is none where only codes below it have ordinary rates: a schedule is complete.
    """

    ordinary: frozenset[str]
    below: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    priced: set[str] = field(default_factory=set)
    """Codes that have codes of ordinary rates below them."""
    held: dict[str, Parts] = field(default_factory=dict)

    @classmethod
    def build(cls, ordinary: Iterable[str], others: Iterable[str]) -> "CodeCuts":
        """Return the cuts by codes of ordinary rates, and by those of other lines."""
        cuts = cls(frozenset(ordinary))
        for code in sorted(cuts.ordinary.union(others)):
            for length in range(2, len(code), 2):
                cuts.below[code[:length]].append(code)
                if code in cuts.ordinary:
                    cuts.priced.add(code[:length])
        return cuts

    def parts(self, code: str) -> Parts:
        """Return the parts of a code; the code alone, where no line is finer."""
        if code not in self.held:
            self.held[code] = tuple(self._cut(code, 1.0))
        return self.held[code]

    def _cut(self, code: str, share: float) -> Iterator[tuple[str, float]]:
        below = self.below.get(code, ())
        if not below:
            yield code, share
            return
        steps, rest = self._coarse(code, below) if len(code) < HS6 else self._fine(code, below)
        total = sum(weight for _, weight in steps) + rest
        for step, weight in steps:
            yield from self._cut(step, share * weight / total)
        if rest:
            yield code, share * rest / total

    def _coarse(self, code: str, below: Sequence[str]) -> tuple[list[tuple[str, int]], int]:
        """Return the headings or subheadings named below a code, and the size of the rest."""
        steps = [(step, max(_size(step), 1)) for step in _next(below, HS6)]
        return steps, max(_size(code) - sum(size for _, size in steps), 0)

    def _fine(self, code: str, below: Sequence[str]) -> tuple[list[tuple[str, int]], int]:
        """Return the national codes next below one, and whether there is a rest, 1 or 0."""
        steps = _next(below, len(max(below, key=len)))
        if len(steps) == 1 and not steps[0][len(code) :].strip("0"):
            return [(steps[0], 1)], 0  # a code that zeros fill up has the same goods
        above = any(code[:length] in self.ordinary for length in range(2, len(code) + 1, 2))
        return [(step, 1) for step in steps], int(above or code not in self.priced)


def _next(codes: Sequence[str], most: int) -> list[str]:
    """Return codes, of no more digits than given, without those that stand below another."""
    short = set(dict.fromkeys(code[:most] for code in codes))
    return sorted(
        code for code in short
        if not any(code[:length] in short for length in range(2, len(code), 2))
    )  # fmt: skip


def _size(code: str) -> int:
    """Return how many subheadings of the HS a code of six digits or fewer has."""
    return _sizes().get(code, 0)


@lru_cache(maxsize=1)
def _sizes() -> dict[str, int]:
    sizes: dict[str, int] = defaultdict(int)
    for code in known_codes():
        if len(code) == HS6:
            for length in (2, 4, HS6):
                sizes[code[:length]] += 1
    return sizes
