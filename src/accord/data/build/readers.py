"""One reader for each raw source: from a path to plain arrays, with units stated."""

import csv
import io
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import get_args

import numpy as np

from accord.core.arrays import Float
from accord.core.provenance import Grade, Source
from accord.data.build.frames import read_csv_columns, read_floats, read_parquet_columns
from accord.data.labels import SECTORS
from accord.data.records import MacroFigure

WIOD_FILE = "world/wiod2014_cp_44x20.npz"
CENSUS_FILE = "us_imports_2024/us_imports_2024_hs10.parquet"
CATEGORY_FILE = "us_imports_2024/us_imports_2024_partner_gtap_category.csv"
LISTS_FOLDER = "us_tariffs_2025/tariff-lists"
MFN_FILE = "hs_crosswalks/mfn_rates_2025.csv"
GTAP_FILE = "hs_crosswalks/hs6_gtap_crosswalk.csv"
FONTAGNE_FILE = "elasticities/fontagne_gtap_2020_10_08.csv"
CP2015_FILE = "elasticities/cp2015_T_20sectors.txt"
CP2015_WIOD_FILE = "elasticities/cp2015_wiod35.csv"
ECB_FILE = "fx/eurofxref-hist.zip"
FRED_FILE = "fx/monthly.csv"

Rates = dict[str, float]


@dataclass(frozen=True, eq=False)
class Wiod:
    """The 2014 table: money in bn USD, axes importer, exporter, sector."""

    regions: tuple[str, ...]
    flows: Float[np.ndarray, "importer exporter sector"]
    final: Float[np.ndarray, "importer exporter sector"]
    tariff: Float[np.ndarray, "importer exporter sector"]
    value_added_share: Float[np.ndarray, "region sector"]
    input_share: Float[np.ndarray, "region input sector"]
    theta_ll2023: Float[np.ndarray, " sector"]
    mu_ll2023: Float[np.ndarray, " sector"]


def read_wiod_2014(path: Path) -> Wiod:
    """Return the 2014 table with shares made to add to one exactly (bn USD, fractions)."""
    with np.load(path, allow_pickle=False) as raw:
        regions = tuple(str(code) for code in raw["countries"])
        flows = raw["trade"].astype(np.float64).transpose(1, 0, 2) / 1e3
        final = raw["trade_final"].astype(np.float64).transpose(1, 0, 2) / 1e3
        tariff = raw["tariff2014"].astype(np.float64).transpose(1, 0, 2).round(7)
        beta = raw["beta"].astype(np.float64)
        inputs = raw["gamma"].astype(np.float64)
        theta, mu = raw["theta_ll2023"].astype(float), raw["mu_ll2023"].astype(float)
    beta, gamma = build_shares(beta, inputs)
    return Wiod(regions, flows, final, tariff, beta, gamma, theta, mu)


def build_shares(
    beta: Float[np.ndarray, "region sector"], inputs: Float[np.ndarray, "region input sector"]
) -> tuple[Float[np.ndarray, "region sector"], Float[np.ndarray, "region input sector"]]:
    """Return value-added and input shares adding to one; without inputs all is value added."""
    total = inputs.sum(axis=1)
    beta = np.where(total > 0, beta, 1.0)
    scale = np.divide(1.0 - beta, total, out=np.zeros_like(total), where=total > 0)
    return beta, inputs * scale[:, None, :]


@dataclass(frozen=True, eq=False)
class CensusImports:
    """US imports for consumption and duty by partner and HS10, bn USD."""

    partner: np.ndarray
    hs10: np.ndarray
    imports: Float[np.ndarray, " row"]
    duty: Float[np.ndarray, " row"]


def read_census_2024(path: Path) -> CensusImports:
    """Return US imports for consumption and duty of 2024 by partner code and HS10 (bn USD)."""
    columns = read_parquet_columns(path, ("CTY_CODE", "HS10"), ("imports", "duty"))
    keep = columns["imports"] > 0
    return CensusImports(
        partner=columns["CTY_CODE"][keep],
        hs10=columns["HS10"][keep],
        imports=columns["imports"][keep] / 1e9,
        duty=columns["duty"][keep] / 1e9,
    )


def read_census_categories(path: Path) -> Mapping[str, float]:
    """Return the precomputed imports by tariff category, bn USD, Slovakia inside the EU only.

    A classification of one's own is compared with it.
    """
    columns = read_csv_columns(path)
    values = read_floats(columns["imports_usd_2024"]) / 1e9
    once = columns["partner"] != "SLOVAKIA"
    return {
        str(name): float(values[once & (columns["category"] == name)].sum())
        for name in sorted(set(columns["category"].tolist()))
    }


def read_sector_of_gtap(path: Path) -> dict[str, int]:
    """Return the position of the sector of each GTAP code, read from the category table.

    Electricity crosses a border at customs (HS 2716, from Canada), so it is with the other energy
    goods in mining: its line would otherwise stand for all services, on which there is no duty.
    """
    columns = read_csv_columns(path)
    places = read_floats(columns["wiod20_index"])
    known = ~np.isnan(places)
    pairs = zip(columns["gtap"][known].tolist(), places[known].astype(int).tolist(), strict=True)
    sector_of_gtap = dict(pairs)
    return sector_of_gtap | {"ely": SECTORS.index("mining"), "rmk": SECTORS.index("agriculture")}


def read_imports_by_gtap(path: Path) -> dict[str, float]:
    """Return US imports of 2024 by GTAP code, bn USD, Slovakia inside the EU only."""
    columns = read_csv_columns(path)
    values = read_floats(columns["imports_usd_2024"]) / 1e9
    once = columns["partner"] != "SLOVAKIA"
    codes = sorted({code for code in columns["gtap"].tolist() if code})
    return {code: float(values[once & (columns["gtap"] == code)].sum()) for code in codes}


def read_tariff_list(path: Path) -> tuple[str, ...]:
    """Return the HS codes of one measure, digits only, of 4 to 10 digits."""
    first = next(iter(read_csv_columns(path).values()))
    return tuple(code.replace(".", "") for code in first.tolist() if code)


def read_gtap_of_hs6(path: Path) -> dict[str, str]:
    """Return the GTAP code (lower case) of each HS6."""
    columns = read_csv_columns(path)
    return {
        hs6.zfill(6): code.lower()
        for hs6, code in zip(
            columns["hs6_code"].tolist(), columns["gtap_code"].tolist(), strict=True
        )
    }


def read_mfn_rates(path: Path) -> Rates:
    """Return the most-favoured-nation rate (fraction) of each HTS8 that has an ad valorem one."""
    columns = read_csv_columns(path)
    values = read_floats(columns["mfn_rate"])
    usable = np.isin(columns["rate_type"], ("free", "ad_valorem")) & ~np.isnan(values)
    return dict(zip(columns["hs8"][usable].tolist(), values[usable].tolist(), strict=True))


def read_fontagne(path: Path) -> Rates:
    """Return the trade elasticity by GTAP code, positive: minus the published epsilon.

    The authors define epsilon as one plus the coefficient on log(1 + tariff) of imports before
    duty, that is `1 - sigma`; minus epsilon is the elasticity of the model. Codes without an
    estimate are left out.
    """
    columns = read_csv_columns(path)
    values = -read_floats(columns["epsilon_GTAP"])
    known = ~np.isnan(values)
    return dict(zip(columns["gtap_sector"][known].tolist(), values[known].tolist(), strict=True))


def read_cp2015(path: Path) -> Float[np.ndarray, " tradable"]:
    """Return the 20 tradable-sector elasticities of Caliendo and Parro (2015)."""
    return np.array([float(text) for text in path.read_text().split()])


def read_ecb_rates(path: Path, year: int) -> Rates:
    """Return the average of the year, local currency per USD, by currency code."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["Date"].startswith(str(year))]
    sums: dict[str, list[float]] = {}
    for row in rows:
        dollar = float(row["USD"])
        sums.setdefault("EUR", []).append(1.0 / dollar)
        for code, value in row.items():
            if code and code not in ("Date", "USD") and value not in ("N/A", "", None):
                sums.setdefault(code, []).append(float(value) / dollar)
    full = len(rows)
    return {code: sum(seen) / full for code, seen in sums.items() if len(seen) == full and full}


def read_fred_rates(path: Path, year: int) -> Rates:
    """Return the average of the year, local currency per USD, by country name."""
    columns = read_csv_columns(path)
    values = read_floats(columns["Exchange rate"])
    here = np.char.startswith(columns["Date"], str(year)) & ~np.isnan(values)
    names = sorted(set(columns["Country"][here].tolist()))
    return {name: float(values[here & (columns["Country"] == name)].mean()) for name in names}


def read_ecb_months(path: Path) -> dict[str, Rates]:
    """Return the last rate of every month ("2026-10"), local currency per USD, by currency code."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    rates: dict[str, Rates] = {}
    for row in csv.DictReader(io.StringIO(text)):  # the latest day comes first
        dollar, month = float(row["USD"]), row["Date"][:7]
        for code, value in {**row, "EUR": "1"}.items():
            if code and code not in ("Date", "USD") and value not in ("N/A", "", None):
                rates.setdefault(code, {}).setdefault(month, float(value) / dollar)
    return rates


def read_fred_months(path: Path) -> dict[str, Rates]:
    """Return the average rate of every month from 1999 on, local currency per USD, by country."""
    columns = read_csv_columns(path)
    values = read_floats(columns["Exchange rate"])
    rates: dict[str, Rates] = {}
    for country, date, value in zip(columns["Country"], columns["Date"], values, strict=True):
        if not np.isnan(value) and date >= "1999":
            rates.setdefault(str(country), {})[str(date)[:7]] = float(value)
    return rates


def read_figures() -> tuple[MacroFigure, ...]:
    """Return the GDP and trade figures kept with the project, bn USD, each with its grade."""
    text = read_bundled("gdp.csv")
    return tuple(
        MacroFigure(
            region=row["region"],
            variable=f"{row['variable']}_{row['year']}",
            value=float(row["value"]),
            unit="bn USD",
            date=row["year"],
            source=row["source"],
            grade=read_grade(row["grade"]),
        )
        for row in csv.DictReader(io.StringIO(text))
    )


def read_sources() -> tuple[Source, ...]:
    """Return the sources of the embedded world."""
    rows = tomllib.loads(read_bundled("sources.toml"))["source"]
    return tuple(Source(**{**row, "grade": read_grade(row["grade"])}) for row in rows)


def read_grade(text: str) -> Grade:
    """Return a trust grade, refusing anything that is not one."""
    for grade in get_args(Grade):
        if grade == text:
            return grade  # type: ignore[no-any-return]
    raise ValueError(f"{text!r} is not a grade")


def read_bundled(name: str) -> str:
    """Return the text of a file of figures kept with the project."""
    return (resources.files("accord.data.build") / "figures" / name).read_text(encoding="utf-8")
