"""OECD Inter-Country Input-Output tables: one CSV file a year, million dollars, basic prices.

Rows and columns are `AUS_A01`; final uses `AUS_HFCE` (`HFCE_AUS` in 2016); below stand taxes less
subsidies on products, value added and output. MX1, MX2, CN1, ... are parts of Mexico and China.
"""

import re
from pathlib import Path

from accord.core.provenance import Source
from accord.data.readers.table.assemble import Labels, Pair, assemble
from accord.data.readers.table.grid import read_text_grid
from accord.data.readers.table.table import LabelledTable

FINAL_USES = (
    "HFCE", "NPISH", "NPS", "GGFC", "GFCF", "INVNT", "INV", "DPABR", "DIRP", "P33", "NONRES", "FD",
)  # fmt: skip
TOTALS = {"OUT": "output", "OUTPUT": "output", "VA": "value added", "VALU": "value added"}
TAXES = re.compile(r"TLS|.*_?TAXSUB|.*_TLS")
PARTS = {
    f"{start}{digit}": whole for start, whole in (("MX", "MEX"), ("CN", "CHN"))
    for digit in range(1, 10)
}  # fmt: skip
SOURCE = Source(
    id="oecd-icio",
    title="OECD, Inter-Country Input-Output tables",
    url="https://www.oecd.org/en/data/datasets/inter-country-input-output-tables.html",
    licence="OECD terms: derived data with attribution",
    grade="A",
)


def read_icio(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of an ICIO file (million USD), parts of Mexico and China added to them.

    Raises:
        InputError: The file cannot be read, or is not such a table; all problems at once.
    """
    grid = read_text_grid(files[0])
    columns, rows = grid.head[0], grid.stub[0]
    old = any(label.partition("_")[2].startswith("C01T05") for label in rows)
    return assemble(
        grid,
        Labels(
            sellers=[_read_industry(label) for label in rows],
            users=[_read_industry(label) for label in columns],
            finals=[_read_final(label) for label in columns],
            extra=[_read_extra(label) for label in rows],
            output_column=_find_output(columns),
            parts=PARTS,
        ),
        source=SOURCE,
        scheme="isic3" if old else "isic4",
    )


def _read_industry(label: str) -> Pair | None:
    region, _, sector = label.partition("_")
    if not sector or _read_final(label) or _read_extra(label):
        return None
    return region, sector


def _read_final(label: str) -> Pair | None:
    first, _, second = label.partition("_")
    if second in FINAL_USES:
        return first, second
    return (second, first) if first in FINAL_USES and second else None


def _read_extra(label: str) -> str:
    if TAXES.fullmatch(label):
        return "taxes"
    return TOTALS.get(label, "")


def _find_output(columns: list[str]) -> int | None:
    """Return the column of output; TOTAL of 2018 is one, DISC of 2016 is a discrepancy."""
    return next((at for at, label in enumerate(columns) if label in {"OUT", "TOTAL"}), None)
