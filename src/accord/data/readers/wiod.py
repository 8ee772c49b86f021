"""World Input-Output Database, releases of 2013 and 2016: one workbook a year, million dollars.

Four rows of labels stand above the numbers and four columns left of them: code, name, region and
number (`c1`; beside the rows of 2016 `r1`). All are found by what they hold, not by where they are.
Below stand taxes, purchases abroad, value added, transport margins and output, for the region `TOT`
or for none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.core.provenance import Source
from accord.data.readers.table.assemble import Labels, Pair, assemble
from accord.data.readers.table.codes import OF_WIOD
from accord.data.readers.table.grid import cut_grid, read_sheet, stop
from accord.data.readers.table.table import LabelledTable, Scheme

DEEPEST = 30  # rows or columns in which the labels are looked for
NUMBER = re.compile(r"[cr](\d+)")
OUTPUT, ADDED = ("r69", "go", "output"), ("r64", "va", "value added")
TAXES = ("r99", "r61", "r62", "r63", "r65", "txsp", "exp_adj", "purr", "purnr", "intttm",
         "taxes less subsidies", "international transport margin", "direct purchases", "cif",
         "purchases on the domestic")  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """What tells one wide table from another: numbers of industries and final uses, labels.

    Where industries go `by_code`, their numbers do not count, nor do those of the rows below them:
    `r69` is output in 2013, and something else in 2016.
    """

    industries: int
    finals: tuple[str, ...]
    scheme: Scheme
    by_code: bool
    regions: Mapping[str, str]
    source: Source


WIOD_2013 = Layout(
    35, ("c37", "c38", "c39", "c41", "c42"), "isic3", False, OF_WIOD,
    Source(id="wiod-2013", title="World Input-Output Database, 2013 release", date="2013-11",
           url="https://www.rug.nl/ggdc/valuechain/wiod/", licence="CC BY 4.0", grade="A"),
)  # fmt: skip
WIOD_2016 = Layout(
    56, ("CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN"), "isic4", True, OF_WIOD,
    Source(id="wiod-2016", title="World Input-Output Database, 2016 release", date="2016-11",
           url="https://www.rug.nl/ggdc/valuechain/wiod/", licence="CC BY 4.0", grade="A"),
)  # fmt: skip


def read_wiod_2013(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of a workbook of the 2013 release (million USD); sectors are c1 to c35.

    Raises:
        InputError: The file cannot be read, or is not such a table; all problems at once.
    """
    return read_wide(files[0], WIOD_2013)


def read_wiod_2016(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of a workbook of the 2016 release (million USD); sectors are ISIC codes.

    Raises:
        InputError: The file cannot be read, or is not such a table; all problems at once.
    """
    return read_wide(files[0], WIOD_2016)


def read_wide(path: Path, layout: Layout) -> LabelledTable:
    """Return the table of a workbook with labels above and left of the numbers (million USD).

    Raises:
        InputError: The labels are not there, or the table is wrong.
    """
    cells = read_sheet(path)
    head, side = _texts(cells[:DEEPEST]), _texts(cells[:, :DEEPEST].T)
    row, column = _find_line(path, head, "row"), _find_line(path, side, "column")
    left = next(at for at, text in enumerate(head[row]) if NUMBER.fullmatch(text))
    top = next(at for at, text in enumerate(side[column]) if NUMBER.fullmatch(text))
    above, beside = head[:top, left:], side[:left, top:]
    by_row = _find_regions(path, above, row, "row")
    by_column = _find_regions(path, beside, column, "column")
    users, finals = _columns(above, (row, by_row), layout)
    sellers = _sellers(beside, (column, by_column), layout)
    numbers = {column} if layout.by_code else set()
    return assemble(
        cut_grid(path, cells, top, left),
        Labels(
            sellers=sellers,
            users=users,
            finals=finals,
            extra=[
                "" if pair is not None else _kind(np.delete(beside[:, at], list(numbers)))
                for at, pair in enumerate(sellers)
            ],
        ),
        source=layout.source,
        scheme=layout.scheme,
        millions=_read_unit(cells),
    )


def _texts(cells: np.ndarray) -> np.ndarray:
    return np.array([[_text(cell) for cell in row] for row in cells], dtype=object)


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _find_line(path: Path, text: np.ndarray, side: str) -> int:
    """Return the row (or column) of the numbers of industries: c1, c2, ... or r1, r2, ..."""
    lines = [
        at
        for at, line in enumerate(text)
        if {"c1", "c2"} <= set(line.tolist()) or {"r1", "r2"} <= set(line.tolist())
    ]
    if lines:
        return max(lines, key=lambda at: int((text[at] != "").sum()))
    remedy = "Give the workbook as it is published, its rows and columns of labels included"
    raise stop(path, f"has no {side} with the numbers c1, c2, ... of industries", remedy)


def _find_regions(path: Path, labels: np.ndarray, numbers: int, side: str) -> int:
    """Return the row (or column) of regions: industries 1 and 2 have the same, each 1 another."""
    starts = np.flatnonzero([text in {"c1", "r1"} for text in labels[numbers]])
    pairs = starts[starts + 1 < labels.shape[1]]
    for at in range(labels.shape[0]):
        names = labels[at][starts]
        is_same = (labels[at][pairs + 1] == labels[at][pairs]).all()
        if at != numbers and all(names) and is_same and len(set(names)) == len(names):
            return at
    remedy = "Each industry and final use has the code of its region beside its number"
    raise stop(path, f"has no {side} with the regions of industries", remedy)


Lines = tuple[int, int]
"""Which of the lines of labels has the numbers of industries, and which the regions."""


def _columns(
    above: np.ndarray, lines: Lines, layout: Layout
) -> tuple[list[Pair | None], list[Pair | None]]:
    """Return region and industry, and region and final use, of every column that has them."""
    users: list[Pair | None] = []
    finals: list[Pair | None] = []
    for at, number in enumerate(above[lines[0]]):
        region, name = _region(above, at, lines, layout), _name(above, at, lines, layout)
        end = _final_use(name, number, layout)
        finals.append(None if region is None or end is None else (region, end))
        is_user = region is not None and end is None and _is_industry(number, layout)
        users.append((str(region), name) if is_user else None)
    return users, finals


def _sellers(beside: np.ndarray, lines: Lines, layout: Layout) -> list[Pair | None]:
    """Return region and industry of every row that has them."""
    pairs: list[Pair | None] = []
    for at, number in enumerate(beside[lines[0]]):
        region = _region(beside, at, lines, layout)
        is_one = region is not None and _is_industry(number, layout)
        pairs.append((str(region), _name(beside, at, lines, layout)) if is_one else None)
    return pairs


def _region(labels: np.ndarray, at: int, lines: Lines, layout: Layout) -> str | None:
    """Return the region of a row or column; None where it is a total."""
    region = str(labels[lines[1], at])
    return None if region.upper() in {"", "TOT"} else layout.regions.get(region, region)


def _is_industry(number: str, layout: Layout) -> bool:
    match = NUMBER.fullmatch(number)
    return match is not None and 1 <= int(match[1]) <= layout.industries


def _final_use(name: str, number: str, layout: Layout) -> str | None:
    """Return the final use that a column is, by its code or number; None for another column."""
    known = {final.casefold(): final for final in layout.finals}
    if layout.by_code:
        known |= {f"c{at}": final for at, final in enumerate(layout.finals, layout.industries + 1)}
    return known.get(name.casefold(), known.get(number.casefold()))


def _name(labels: np.ndarray, at: int, lines: Lines, layout: Layout) -> str:
    """Return the number of a row or column; by code the shortest of its other labels."""
    if not layout.by_code:
        return str(labels[lines[0], at])
    others = [labels[line, at] for line in range(labels.shape[0]) if line not in lines]
    return str(min(filter(None, others), key=len, default=labels[lines[0], at]))


def _kind(labels: np.ndarray) -> str:
    """Return what a row below the industries is, by its number or its name."""
    texts = [str(label).casefold() for label in labels if label]
    for kind, names in (("output", OUTPUT), ("value added", ADDED), ("taxes", TAXES)):
        if any(text == name or (len(name) > 6 and text.startswith(name))
               for text in texts for name in names):  # fmt: skip
            return kind
        if kind != "taxes" and any(text.startswith(f"{kind} at basic") for text in texts):
            return kind
    return ""


def _read_unit(cells: np.ndarray) -> float:
    """Return how many millions of dollars a unit is, as the head of the workbook says."""
    told = " ".join(str(cell) for cell in cells[:DEEPEST, :4].ravel() if cell is not None)
    if re.search(r"billions? of|bn", told):
        return 1e3
    return 1e-3 if re.search(r"thousands? of", told) else 1.0
