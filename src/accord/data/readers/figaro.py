"""FIGARO tables of Eurostat, industry by industry or product by product: CSV, million euros.

The matrix has rows and columns `AT_A01`, final uses `AT_P3_S14`, and rows of value added `W2_D1`.
The flat file has a line a cell: icioiRow, icioiCol and obsValue.
"""

from pathlib import Path

import numpy as np

from accord.core.errors import InputError
from accord.core.provenance import Source
from accord.data.readers.table.assemble import Labels, Pair, assemble
from accord.data.readers.table.codes import OF_TWO_LETTERS
from accord.data.readers.table.grid import SUBJECT, Grid, read_text_grid
from accord.data.readers.table.records import read_records
from accord.data.readers.table.table import LabelledTable

FINAL_USES = ("P3_S13", "P3_S14", "P3_S15", "P51G", "P5M", "P52", "P53")
ADDED = ("D1", "D29X39", "B2A3G")
TAXES = ("D21X31", "OP_RES", "OP_NRES")
FLAT = ("icioirow", "icioicol", "obsvalue")
WHOLE_WORLD = "W2"
SOURCE = Source(
    id="figaro",
    title="Eurostat, FIGARO tables",
    url="https://ec.europa.eu/eurostat/web/esa-supply-use-input-tables/database",
    licence="CC BY 4.0",
    grade="A",
)


def read_figaro(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of a FIGARO file (million EUR), flat or a matrix, with ISO codes.

    Raises:
        InputError: The file cannot be read, or is not such a table; all problems at once.
    """
    grid = _read(files[0])
    columns, rows = grid.head[0], grid.stub[0]
    return assemble(
        grid,
        Labels(
            sellers=[_read_industry(label) for label in rows],
            users=[_read_industry(label) for label in columns],
            finals=[_read_final(label) for label in columns],
            extra=[_read_extra(label) for label in rows],
        ),
        source=SOURCE,
        scheme="isic4",
        currency="EUR",
    )


def _read(path: Path) -> Grid:
    first = ""
    if path.is_file() and path.suffix.casefold() == ".csv":
        with path.open("rb") as stream:
            first = stream.readline().decode("utf-8-sig", "replace").casefold()
    if not all(name in first for name in FLAT):
        return read_text_grid(path)
    records = read_records(path, FLAT, number="obsvalue")
    problems = records.check_repeats(FLAT[:2])
    if problems:
        raise InputError(problems, SUBJECT)
    rows = list(dict.fromkeys(records.texts["icioirow"]))
    columns = list(dict.fromkeys(records.texts["icioicol"]))
    at_row = {label: at for at, label in enumerate(rows)}
    at_column = {label: at for at, label in enumerate(columns)}
    values = np.zeros((len(rows), len(columns)))
    places = (
        [at_row[label] for label in records.texts["icioirow"]],
        [at_column[label] for label in records.texts["icioicol"]],
    )
    values[places] = records.numbers["obsvalue"]
    return Grid(path.name, [columns], [rows], values, {}, range(2, len(rows) + 2))


def _split(label: str) -> Pair:
    region, _, rest = label.partition("_")
    return OF_TWO_LETTERS.get(region, region), rest


def _read_industry(label: str) -> Pair | None:
    region, sector = _split(label)
    if not sector or region == WHOLE_WORLD or sector in FINAL_USES:
        return None
    return region, sector


def _read_final(label: str) -> Pair | None:
    region, use = _split(label)
    return (region, use) if use in FINAL_USES else None


def _read_extra(label: str) -> str:
    region, item = _split(label)
    if region != WHOLE_WORLD:
        return ""
    return "taxes" if item in TAXES else "value added" if item in ADDED else ""
