"""The layout of Caliendo and Parro (2015): a folder of text files without labels.

`xbilatYEAR` stacks a block of importers × exporters for each traded sector, thousand dollars;
`tariffsYEAR` the same, per cent. `IO` stacks a block of inputs × users for each region, columns
that add to one; `B` and `GO` are sectors × regions, value added over output and output in dollars;
`T` has the trade elasticity of each traded sector. The 31 regions and 40 sectors of the paper are
known; for other sizes `regions.txt` and `sectors.txt` name them, one a line.
"""

import math
import re
from pathlib import Path

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.data.readers.table.grid import SUBJECT, WHOLE, shorten
from accord.data.readers.table.table import LabelledTable
from accord.data.records import Adjustment

REGIONS = (
    "ARG", "AUS", "AUT", "BRA", "CAN", "CHL", "CHN", "DNK", "FIN", "FRA", "DEU", "GRC", "HUN",
    "IND", "IDN", "IRL", "ITA", "JPN", "KOR", "MEX", "NLD", "NZL", "NOR", "PRT", "ZAF", "ESP",
    "SWE", "TUR", "GBR", "USA", "ROW",
)  # fmt: skip
GOODS = (
    "agriculture", "mining", "food", "textiles", "wood", "paper", "petroleum", "chemicals",
    "plastics", "minerals", "basic_metals", "metal_products", "machinery", "office", "electrical",
    "communication", "medical", "auto", "other_transport", "other",
)  # fmt: skip
SECTORS = (*GOODS, *(f"service_{number}" for number in range(21, 41)))
SERVICES_ELASTICITY = 8.22  # what the authors give to every service
THOUSAND, PER_CENT = 1e3, 1e-2
RAISED = "output raised to exports, which hold re-exports"
SOURCE = Source(
    id="caliendo-parro-2015",
    title="Caliendo and Parro (2015), Estimates of the trade and welfare effects of NAFTA: inputs",
    licence="figures",
    grade="B",
)


def read_caliendo_parro(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of a folder in this layout (USD); tariffs are those of the trade's year.

    Raises:
        InputError: Files are missing or of the wrong size; all problems at once.
    """
    folder = files[0] if files[0].is_dir() else files[0].parent
    problems: list[Problem] = []
    paths = _find_files(folder, problems)
    arrays = {name: _read(path, problems) for name, path in paths.items()}
    if problems:
        raise InputError(problems, SUBJECT)
    count, regions = arrays["GO"].shape
    goods = arrays["T"].size
    labels = _read_labels(folder, (regions, count), problems)
    shapes = {
        "xbilat": (goods * regions, regions), "tariffs": (goods * regions, regions),
        "IO": (regions * count, count), "B": (count, regions),
    }  # fmt: skip
    told = f"GO has {count} sectors × {regions} regions and T {goods} traded sectors. {WHOLE}"
    for name, shape in shapes.items():
        if arrays[name].shape != shape:
            lines, width = arrays[name].shape
            message = f"has {lines} lines of {width}, not {shape[0]} of {shape[1]}"
            problems.append(Problem(paths[name].name, message, told))
    if problems:
        raise InputError(problems, SUBJECT)
    return _build(arrays, labels, goods, _year(paths["xbilat"]))


def _find_files(folder: Path, problems: list[Problem]) -> dict[str, Path]:
    paths = {name: folder / f"{name}.txt" for name in ("IO", "B", "GO", "T")}
    trade = sorted(folder.glob("xbilat*.txt"))
    paths["xbilat"] = trade[0] if trade else folder / "xbilat1993.txt"
    paths["tariffs"] = folder / paths["xbilat"].name.replace("xbilat", "tariffs")
    problems += [
        Problem(str(path), "is missing", "Give the folder with all files of the layout")
        for path in paths.values()
        if not path.is_file()
    ]
    return {name: path for name, path in paths.items() if path.is_file()}


def _read(path: Path, problems: list[Problem]) -> np.ndarray:
    lines = _read_text(path, problems).splitlines()
    rows = [(at, line.split()) for at, line in enumerate(lines, 1) if line.strip()]
    width = len(rows[0][1]) if rows else 0
    values = np.zeros((len(rows), width))
    told = []
    for place, (at, row) in enumerate(rows):
        wrong = next((cell for cell in row if not _is_number(cell)), None)
        where = f"{path.name}, line {at}"
        if wrong is not None:
            told.append(Problem(where, f'"{wrong}" is no number', "Write it with a decimal point"))
        elif len(row) != width:
            message = f"has {len(row)} numbers, line {rows[0][0]} has {width}"
            told.append(Problem(where, message, WHOLE))
        else:
            values[place] = [float(cell) for cell in row]
    problems += shorten(told, path.name)
    return values


def _read_text(path: Path, problems: list[Problem]) -> str:
    """Return the text of a file; one that holds none is added to the problems."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        problems.append(Problem(path.name, message, "Save it as plain text (UTF-8)"))
        return ""


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _read_labels(
    folder: Path, shape: tuple[int, int], problems: list[Problem]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    read = []
    for name, known, count in (("regions", REGIONS, shape[0]), ("sectors", SECTORS, shape[1])):
        path = folder / f"{name}.txt"
        labels = tuple(_read_text(path, problems).split()) if path.is_file() else known
        if len(labels) != count or len(set(labels)) != count:
            problems.append(Problem(str(path), f"{len(labels)} labels for {count} {name}",
                                    "Write one label a line, each once, no blanks"))  # fmt: skip
        read.append(labels)
    return read[0], read[1]


def _year(path: Path) -> int:
    digits = re.search(r"\d{4}", path.name)
    return int(digits[0]) if digits else 0


def _build(
    arrays: dict[str, np.ndarray],
    labels: tuple[tuple[str, ...], tuple[str, ...]],
    goods: int,
    year: int,
) -> LabelledTable:
    regions, sectors = labels
    n, s = len(regions), len(sectors)
    flows, tariff = np.zeros((n, n, s)), np.zeros((n, n, s))
    flows[:, :, :goods] = arrays["xbilat"].reshape(goods, n, n).transpose(1, 2, 0) * THOUSAND
    tariff[:, :, :goods] = arrays["tariffs"].reshape(goods, n, n).transpose(1, 2, 0) * PER_CENT
    exports, printed = flows.sum(axis=0), arrays["GO"].T
    output = np.maximum(printed, exports)
    raised = tuple(
        Adjustment(RAISED, regions[i], sectors[j], printed[i, j], output[i, j], "USD")
        for i, j in np.argwhere(exports > printed).tolist()
    )
    flows[np.arange(n), np.arange(n)] += output - exports
    columns = arrays["IO"].reshape(n, s, s)
    total = columns.sum(axis=1, keepdims=True)
    mix = np.divide(columns, total, out=np.full_like(columns, 1 / s), where=total > 0)
    bought = mix * ((1.0 - arrays["B"].T) * output)[:, None, :]
    spending = (flows * (1.0 + tariff)).sum(axis=1)
    paid = np.divide(spending, flows.sum(axis=1), out=np.ones_like(spending),
                     where=flows.sum(axis=1) > 0)  # fmt: skip
    part = np.divide(bought.sum(axis=2), spending, out=np.zeros_like(spending), where=spending > 0)
    sold = flows * np.minimum(part, 1.0)[:, None, :]
    return LabelledTable(
        regions=regions, sectors=sectors, sold_to_industries=sold,
        sold_to_final=(flows - sold)[None], uses=("final",), bought=bought / paid[:, :, None],
        output=output, value_added=arrays["B"].T * output, tariff=tariff,
        elasticity=np.concatenate([arrays["T"].ravel(), np.full(s - goods, SERVICES_ELASTICITY)]),
        cuts=raised, millions=1e-6, year=year, source=SOURCE,
    )  # fmt: skip
