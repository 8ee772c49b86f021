"""A made-up input-output table of three regions and three sectors, in every layout."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook

from tests.data.readers.xlsb_files import write_xlsb

REGIONS = ("DEU", "USA", "ROW")
ISIC4 = ("A01", "C29", "G45T47")
NUMBERS = ("c1", "c15", "c20")
USES = ("HFCE", "INVNT")


@dataclass(frozen=True, eq=False)
class Sample:
    """Sales to industries and to final use, and output, million dollars."""

    inputs: np.ndarray  # exporter, sector, importer, user
    final: np.ndarray  # exporter, sector, importer, use
    output: np.ndarray  # region, sector

    @property
    def flows(self):
        """Return sales as importer × exporter × sector, million dollars."""
        return (self.inputs.sum(axis=3) + self.final.sum(axis=3)).transpose(2, 0, 1)

    @property
    def added(self):
        """Return value added, million dollars."""
        return self.output - self.inputs.sum(axis=(0, 1))

    def rows(self):
        """Return the numbers of every seller: to industries, then to final uses by region."""
        size = self.output.size
        return np.hstack([self.inputs.reshape(size, size), self.final.reshape(size, -1)])


def draw_sample(seed=1, *, inventories=3.0):
    """Return a balanced table; inventories may be negative, where the sum of final use is not."""
    random = np.random.default_rng(seed)
    inputs = random.uniform(1, 9, (3, 3, 3, 3))
    final = np.empty((3, 3, 3, 2))
    final[..., 0] = random.uniform(40, 90, (3, 3, 3))
    final[..., 1] = random.uniform(-inventories, inventories, (3, 3, 3))
    return Sample(inputs, final, inputs.sum(axis=(2, 3)) + final.sum(axis=(2, 3)))


def pairs(regions, sectors):
    """Return labels of every region and sector."""
    return [(region, sector) for region in regions for sector in sectors]


def write_icio(sample, path: Path, regions=REGIONS):
    """Return the path of a file in the layout of the OECD."""
    users = ["_".join(pair) for pair in pairs(regions, ISIC4)]
    columns = [*users, *("_".join(pair) for pair in pairs(regions, USES))]
    frame = pd.DataFrame(sample.rows(), index=users, columns=columns)
    frame["OUT"] = sample.output.ravel()
    taxes = 0.01 * sample.output.ravel()
    for name, row in (("TLS", taxes), ("VA", sample.added.ravel() - taxes),
                      ("OUT", sample.output.ravel())):  # fmt: skip
        frame.loc[name, users] = row
    frame.to_csv(path, index_label="V1")
    return path


def write_wide(sample, path: Path, *, finals, numbers=NUMBERS, regions=REGIONS):
    """Return the path of a workbook in the layout of WIOD of 2013, and of the ADB."""
    book = Workbook()
    sheet = book.active
    columns = [*pairs(regions, numbers), *pairs(regions, finals)]
    sheet.append(["Intercountry table for 2011"])
    sheet.append(["in current prices"])
    sheet.append([None] * 4 + [number for _, number in columns])
    sheet.append(["(millions of US$)", *[None] * 3, *(f"The sector {n}" for _, n in columns)])
    sheet.append([None] * 4 + [region for region, _ in columns])
    sheet.append([None] * 4 + [number for _, number in columns] + ["c60"])
    for (region, number), row, output in zip(
        pairs(regions, numbers), sample.rows().tolist(), sample.output.ravel().tolist(), strict=True
    ):
        sheet.append([number, f"The sector {number}", region, number, *row, output])
    added = (0.99 * sample.added).ravel().tolist()
    taxes = (0.01 * sample.added).ravel().tolist()
    sheet.append([None, "taxes less subsidies on products", "TOT", "r99", *taxes])
    sheet.append([None, "Value added at basic prices", "TOT", "r64", *added])
    sheet.append([None, "Output at basic prices", "TOT", "r69", *sample.output.ravel().tolist()])
    book.save(path)
    return path


INDUSTRIES_2016 = {"A01": 1, "A02": 2, "J62_J63": 40}
USES_2016 = {
    "CONS_h": ("Final consumption expenditure by households", 57),
    "CONS_g": ("Final consumption expenditure by government", 59),
    "INVEN": ("Changes in inventories and valuables", 61),
}


def wiod_2016_rows(sample):
    """Return the sheet of a year of WIOD 2016: rows r1, columns c1, and eight rows below."""
    codes, numbers = tuple(INDUSTRIES_2016), INDUSTRIES_2016
    uses = pairs(REGIONS, USES_2016)
    users = pairs(REGIONS, codes)
    # consumption is cut between households and government, three to one
    final = np.stack([0.75 * sample.final[..., 0], 0.25 * sample.final[..., 0],
                      sample.final[..., 1]], axis=-1)  # fmt: skip
    size = sample.output.size
    body = np.hstack([sample.inputs.reshape(size, size), final.reshape(size, -1)]).tolist()
    output = sample.output.ravel().tolist()
    rows: list[list[Any]] = [
        ["Intercountry Input-Output Table"],
        ["3 countries, in current prices"],
        ["(industry-by-industry)", None, None, None,
         *(code for _, code in [*users, *uses]), "GO"],
        ["(millions of US$)", None, None, None, *(f"The industry {code}" for _, code in users),
         *(USES_2016[use][0] for _, use in uses), "Total output"],
        [None] * 4 + [region for region, _ in [*users, *uses]] + ["TOT"],
        [None] * 4 + [f"c{numbers[code]}" for _, code in users]
        + [f"c{USES_2016[use][1]}" for _, use in uses] + ["c62"],
    ]  # fmt: skip
    for (region, code), cells, whole in zip(users, body, output, strict=True):
        rows.append([code, f"The industry {code}", region, f"r{numbers[code]}", *cells, whole])
    bought = sample.inputs.sum(axis=(0, 1)).ravel()
    parts = {"TXSP": 0.02, "EXP_adj": 0.001, "PURR": 0.0, "PURNR": 0.0, "VA": 0.969,
             "IntTTM": 0.01}  # fmt: skip
    below = {
        "II_fob": ("Total intermediate consumption", 65, bought),
        "TXSP": ("taxes less subsidies on products", 66, parts["TXSP"] * sample.added),
        "EXP_adj": ("Cif/ fob adjustments on exports", 67, parts["EXP_adj"] * sample.added),
        "PURR": ("Direct purchases abroad by residents", 68, parts["PURR"] * sample.added),
        "PURNR": ("Purchases on the domestic territory by non-residents ", 69,
                  parts["PURNR"] * sample.added),
        "VA": ("Value added at basic prices", 70, parts["VA"] * sample.added),
        "IntTTM": ("International Transport Margins", 71, parts["IntTTM"] * sample.added),
        "GO": ("Output at basic prices", 73, sample.output),
    }  # fmt: skip
    for code, (name, number, values) in below.items():
        rows.append([code, name, "TOT", f"r{number}", *np.ravel(values).tolist()])
    return rows


def write_wiod_2016(sample, path: Path):
    """Return the path of a workbook of WIOD 2016, binary if its name says so."""
    rows = wiod_2016_rows(sample)
    if path.suffix == ".xlsb":
        return write_xlsb(path, rows)
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def write_figaro(sample, path: Path, *, flat=False):
    """Return the path of a file in the layout of FIGARO, million euros."""
    regions, uses = ("DE", "US", "FIGW1"), ("P3_S14", "P5M")
    sectors = ("A01", "C29", "G45")
    users = ["_".join(pair) for pair in pairs(regions, sectors)]
    columns = [*users, *("_".join(pair) for pair in pairs(regions, uses))]
    frame = pd.DataFrame(sample.rows(), index=users, columns=columns)
    frame.loc["W2_D1", users] = sample.added.ravel()
    if not flat:
        frame.fillna(0.0).to_csv(path, index_label="rowLabels")
        return path
    cells: Any = frame.stack()
    cells = cells.dropna()
    long = pd.DataFrame([(*pair, value) for pair, value in zip(cells.index, cells, strict=True)])
    long.columns = pd.Index(["icioiRow", "icioiCol", "obsValue"])
    long.sample(frac=1, random_state=3).to_csv(path, index=False)
    return path


def frames(sample, sectors=ISIC4, regions=REGIONS):
    """Return Z, Y and x as frames labelled by pairs."""
    index = pd.MultiIndex.from_tuples(pairs(regions, sectors), names=["region", "sector"])
    uses = pd.MultiIndex.from_tuples(pairs(regions, ("households", "Changes in inventories")))
    size = len(index)
    rows = sample.rows()
    return {
        "Z": pd.DataFrame(rows[:, :size], index=index, columns=index),
        "Y": pd.DataFrame(rows[:, size:], index=index, columns=uses),
        "x": pd.DataFrame({"indout": sample.output.ravel()}, index=index),
    }


def write_exiobase(sample, folder: Path, *, only_shares=False):
    """Return a folder in the layout of EXIOBASE 3, million euros."""
    folder.mkdir()
    held = frames(sample, regions=("DE", "US", "WF"))
    if only_shares:
        held = {"A": held["Z"] / sample.output.ravel(), "Y": held["Y"]}
    for name, frame in held.items():
        frame.to_csv(folder / f"{name}.txt", sep="\t")
    unit = pd.DataFrame({"unit": "M.EUR"}, index=held["Y"].index)
    unit.to_csv(folder / "unit.txt", sep="\t")
    return folder


def write_long(sample, path: Path, *, use=True):
    """Return the path of a long table, million dollars, in a random order of lines."""
    lines = [
        (REGIONS[n], REGIONS[i], ISIC4[j], user, sample.inputs[i, j, n, k])
        for i, j, n, k in np.ndindex(3, 3, 3, 3)
        for user in [ISIC4[k]]
    ]
    lines += [
        (REGIONS[n], REGIONS[i], ISIC4[j], ("final", "inventories")[u], sample.final[i, j, n, u])
        for i, j, n, u in np.ndindex(3, 3, 3, 2)
    ]
    frame = pd.DataFrame(lines, columns=["importer", "exporter", "sector", "use", "value"])
    if not use:
        keys = ["importer", "exporter", "sector"]
        frame = frame.groupby(keys)["value"].sum().reset_index()
    frame = frame.sample(frac=1, random_state=5)
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    return path


def write_caliendo_parro(sample, folder: Path):
    """Return a folder in the layout of Caliendo and Parro: two goods and a service."""
    folder.mkdir()
    flows = sample.flows * 1e6  # dollars
    abroad = flows.copy()
    abroad[np.arange(3), np.arange(3)] = 0.0
    abroad[:, :, 2] = 0.0
    tariff = np.full((2, 3, 3), 10.0) * (1 - np.eye(3))
    inputs = sample.inputs.sum(axis=0).transpose(1, 0, 2)  # region, input, user
    mix = inputs / inputs.sum(axis=1, keepdims=True)
    output = abroad.sum(axis=0) + np.einsum("nnj->nj", flows)
    files = {
        "xbilat2011": abroad[:, :, :2].transpose(2, 0, 1).reshape(6, 3) / 1e3,
        "tariffs2011": tariff.reshape(6, 3),
        "IO": mix.reshape(9, 3),
        "B": np.full((3, 3), 0.6),
        "GO": output.T,
        "T": np.array([[4.0], [6.0]]),
    }
    for name, values in files.items():
        np.savetxt(folder / f"{name}.txt", values, delimiter="\t", fmt="%.17g")
    (folder / "regions.txt").write_text("\n".join(REGIONS), encoding="utf-8")
    (folder / "sectors.txt").write_text("crops\ncars\nservice_1", encoding="utf-8")
    return folder
