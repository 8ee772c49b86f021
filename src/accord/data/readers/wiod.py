"""World Input-Output Database, releases of 2013 and 2016: one workbook a year, million dollars.

Four rows of labels stand above the numbers and four columns left of them: code, name, region and
number (`c1`). All are found by what they hold, not by where they are. Below stand taxes, purchases
abroad, value added, transport margins and output, for the region `TOT` or for none.
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
OUTPUT, ADDED = ("r69", "go", "output"), ("r64", "va", "value added")
TAXES = ("r99", "r61", "r62", "r63", "r65", "txsp", "exp_adj", "purr", "purnr", "inttm", "inttm",
         "taxes less subsidies", "international transport margin", "direct purchases", "cif",
         "purchases on the domestic")  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """What tells one wide table from another: numbers of industries and final uses, labels."""

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
    56, ("c57", "c58", "c59", "c60", "c61"), "isic4", True, OF_WIOD,
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
    text = np.array([[_text(cell) for cell in row] for row in cells], dtype=object)
    row = _find_line(path, text, "row")
    column = _find_line(path, text.T, "column")
    left = int(np.flatnonzero(text[row] == "c1")[0])
    top = int(np.flatnonzero(text[:, column] == "c1")[0])
    grid = cut_grid(path, cells, top, left)
    above, beside = text[:top, left:], text[top:, :left].T
    region_row = _find_regions(path, above, row, "row")
    region_column = _find_regions(path, beside, column, "column")
    codes = {
        number: _pick_code(beside, at, column, region_column)
        for at, number in enumerate(beside[column])
    } if layout.by_code else {}  # fmt: skip
    rows = _pairs(beside[region_column], beside[column], layout, codes, ends=False)
    users = _pairs(above[region_row], above[row], layout, codes, ends=False)
    return assemble(
        grid,
        Labels(
            sellers=rows,
            users=users,
            finals=_pairs(above[region_row], above[row], layout, codes, ends=True),
            extra=[
                "" if pair is not None else _kind(beside[:, at]) for at, pair in enumerate(rows)
            ],
        ),
        source=layout.source,
        scheme=layout.scheme,
        millions=_read_unit(cells),
    )


def _text(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def _find_line(path: Path, text: np.ndarray, side: str) -> int:
    """Return the row (or column) of labels c1, c2, ..."""
    lines = [at for at, line in enumerate(text[:DEEPEST]) if {"c1", "c2"} <= set(line.tolist())]
    if lines:
        return max(lines, key=lambda at: int((text[at] != "").sum()))
    remedy = "Give the workbook as it is published, its rows and columns of labels included"
    raise stop(path, f"has no {side} with the numbers c1, c2, ... of industries", remedy)


def _find_regions(path: Path, labels: np.ndarray, numbers: int, side: str) -> int:
    """Return the row (or column) of regions: c1 and c2 have the same, each c1 another."""
    starts = np.flatnonzero(labels[numbers] == "c1")
    pairs = starts[starts + 1 < labels.shape[1]]
    for at in range(labels.shape[0]):
        names = labels[at][starts]
        is_same = (labels[at][pairs + 1] == labels[at][pairs]).all()
        if at != numbers and all(names) and is_same and len(set(names)) == len(names):
            return at
    remedy = "Each industry and final use has the code of its region beside its number"
    raise stop(path, f"has no {side} with the regions of industries", remedy)


def _pick_code(beside: np.ndarray, at: int, numbers: int, regions: int) -> str:
    """Return the shortest label beside a number: its code, not its name."""
    labels = [beside[line, at] for line in range(beside.shape[0]) if line not in {numbers, regions}]
    return str(min(filter(None, labels), key=len, default=beside[numbers, at]))


def _pairs(
    regions: np.ndarray,
    numbers: np.ndarray,
    layout: Layout,
    codes: Mapping[str, str],
    *,
    ends: bool,
) -> list[Pair | None]:
    """Return region and sector (or final use) of every row or column that has them."""
    industries = {f"c{number}" for number in range(1, layout.industries + 1)}
    wanted = set(layout.finals) if ends else industries
    pairs: list[Pair | None] = []
    for region, number in zip(regions, numbers, strict=True):
        is_one = region and region.upper() != "TOT" and number.casefold() in wanted
        name = number if ends else codes.get(number, number)
        pairs.append((layout.regions.get(region, region), name) if is_one else None)
    return pairs


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
