"""Multi-Regional Input-Output tables of the Asian Development Bank: a workbook a year, million USD.

The layout is that of the World Input-Output Database of 2013: 35 industries c1 to c35, final uses
F1 to F5, of which F5 is changes in inventories.
"""

from pathlib import Path

from accord.core.provenance import Source
from accord.data.readers.table.codes import OF_ADB
from accord.data.readers.table.table import LabelledTable
from accord.data.readers.wiod import Layout, read_wide

ADB = Layout(
    35, ("f1", "f2", "f3", "f4", "f5"), "isic3", False, OF_ADB,
    Source(id="adb-mrio", title="Asian Development Bank, Multi-Regional Input-Output tables",
           url="https://kidb.adb.org/globalization",
           licence="ADB terms: free with attribution", grade="A"),
)  # fmt: skip


def read_adb(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of an ADB workbook (million USD), with ISO codes of regions.

    Raises:
        InputError: The file cannot be read, or is not such a table; all problems at once.
    """
    return read_wide(files[0], ADB)
