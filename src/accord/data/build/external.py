"""External balance sheets and exchange rates: stocks at their dates, and how a currency moves.

Stocks come from the figures kept with the project (dates of 2024 and 2025) and, for what these
lack, from the External Wealth of Nations of 2023. How a currency moves is estimated on month-end
rates of the daily series with the `arch` package: a GARCH(1,1) with Student t errors, and a pull
towards the average of the last five years.
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accord.core.arrays import Float
from accord.core.provenance import Grade
from accord.data.build import readers
from accord.data.build.frames import read_excel_columns
from accord.data.build.macro import CURRENCY_OF_REGION, FRED_NAME
from accord.data.records import MacroFigure

EWN_FILE = "external/EWN-database-January-2025.xlsx"
EWN_YEAR = 2023
EWN_SOURCE = "external-wealth-of-nations"
FX_SOURCE = "ecb-daily-estimates"
MILLION = 1e3  # in a billion
PULL_YEARS = 5
LEFT_OUT = ("2008-09", "2009-03")  # first and last month of the crisis, which has events of its own
FEWEST_MONTHS = 120

IFS_CODE: dict[str, int] = {
    "AUS": 193, "BGR": 918, "BRA": 223, "CAN": 156, "CHE": 146, "CHN": 924, "CZE": 935, "DNK": 128,
    "GBR": 112, "HUN": 944, "IDN": 536, "IND": 534, "JPN": 158, "KOR": 542, "MEX": 273, "NOR": 142,
    "POL": 964, "ROU": 968, "RUS": 922, "SWE": 144, "TUR": 186, "TWN": 528, "USA": 111,
}  # fmt: skip
EWN_COLUMNS: dict[str, str] = {
    "external_assets": "Total assets excl. gold",
    "external_liabilities": "Total liabilities",
    "fdi_liabilities": "FDI liabilities",
    "other_investment_liabilities": "Other investment liabilities",
}


@dataclass(frozen=True)
class EstimatedProcess:
    """How a currency moves from month to month: what is estimated, with the months used.

    Attributes:
        volatility: Standard deviation of the logarithmic change over a year.
        arch: Weight of the last squared change in the variance.
        garch: Weight of the last variance.
        tail: Degrees of freedom of the Student t errors.
        pull: Share of the gap to the five-year average that closes in a month.
        pull_error: Its standard error.
        months: Number of months.
    """

    volatility: float
    arch: float
    garch: float
    tail: float
    pull: float
    pull_error: float
    months: int


def build_external(raw: Path) -> tuple[MacroFigure, ...]:
    """Return balance sheets and processes of exchange rates, as figures by region."""
    given = read_external_figures()
    have = {(figure.region, figure.variable) for figure in given}
    wealth = [
        figure for figure in _read_wealth(raw) if (figure.region, figure.variable) not in have
    ]
    return (*given, *wealth, *_build_rates(raw))


def read_external_figures() -> tuple[MacroFigure, ...]:
    """Return the balance-sheet figures kept with the project, each with date, source and grade."""
    text = readers.read_bundled("external.csv")
    return tuple(
        MacroFigure(
            region=row["region"], variable=row["variable"], value=float(row["value"]),
            unit=row["unit"], date=row["date"], source=row["source"],
            grade=readers.read_grade(row["grade"]),
        )
        for row in csv.DictReader(io.StringIO(text))
    )  # fmt: skip


def _read_wealth(raw: Path) -> list[MacroFigure]:
    columns = read_excel_columns(
        raw / EWN_FILE, "Dataset", ("IFS_Code", "Year", *EWN_COLUMNS.values())
    )
    figures = []
    for region, code in IFS_CODE.items():
        row = (columns["IFS_Code"] == code) & (columns["Year"] == EWN_YEAR)
        for variable, column in EWN_COLUMNS.items():
            value = float(columns[column][row][0]) / MILLION
            figures.append(
                MacroFigure(region, variable, float(f"{value:.6g}"), "bn USD",
                            f"{EWN_YEAR}-12-31", EWN_SOURCE, "A")
            )  # fmt: skip
    return figures


def _build_rates(raw: Path) -> list[MacroFigure]:
    figures: list[MacroFigure] = []
    daily = readers.read_ecb_months(raw / readers.ECB_FILE)
    monthly = readers.read_fred_months(raw / readers.FRED_FILE)
    for region in IFS_CODE:
        if region in FRED_NAME:
            months = monthly[FRED_NAME[region]]
        else:
            months = daily.get(CURRENCY_OF_REGION.get(region, ""), {})
        if len(months) < FEWEST_MONTHS:
            continue
        process = estimate_process(months)
        last = max(months)
        rows = {
            "fx_volatility": (process.volatility, "a year, of log changes"),
            "fx_arch": (process.arch, "1"), "fx_garch": (process.garch, "1"),
            "fx_tail": (process.tail, "degrees of freedom"),
            "fx_pull": (process.pull, "a month"),
            "fx_pull_error": (process.pull_error, "a month"),
            "fx_months": (float(process.months), "months"),
        }  # fmt: skip
        grade: Grade = "D"
        figures += [
            MacroFigure(region, name, float(f"{value:.5g}"), unit, last, FX_SOURCE, grade)
            for name, (value, unit) in rows.items()
        ]
    return figures


def estimate_process(months: dict[str, float]) -> EstimatedProcess:
    """Return the process of a currency from its month-end rates, keyed "2026-10".

    Months of the crisis of 2008 are left out: sudden stops are events of their own in the engine,
    and would be counted twice.
    """
    from arch import arch_model

    names = sorted(months)
    level = np.log([months[name] for name in names])
    change = np.diff(level)
    kept = np.array([not LEFT_OUT[0] <= name <= LEFT_OUT[1] for name in names[1:]])
    used = 100.0 * change[kept]
    fit = arch_model(used, mean="Zero", vol="GARCH", p=1, q=1, dist="t").fit(disp="off")
    alpha, beta = (max(float(fit.params[key]), 0.0) for key in ("alpha[1]", "beta[1]"))
    tail = max(float(fit.params["nu"]), 2.5)
    if alpha + beta > MOST_PERSISTENT:
        alpha, beta = (part * MOST_PERSISTENT / (alpha + beta) for part in (alpha, beta))
    pull, error = _estimate_pull(level, change, kept)
    volatility = float(np.std(used, ddof=1)) / 100.0 * np.sqrt(12.0)
    return EstimatedProcess(float(volatility), alpha, beta, tail, pull, error, int(kept.sum()))


MOST_PERSISTENT = 0.98


def _estimate_pull(
    level: Float[np.ndarray, " month"],
    change: Float[np.ndarray, " change"],
    kept: np.ndarray,
) -> tuple[float, float]:
    """Return the share of the gap to the five-year average closed in a month, and its error."""
    window = 12 * PULL_YEARS
    mean = np.array([level[at - window : at].mean() for at in range(window, level.size)])
    gap = (level[window - 1 : -1] - mean)[: change.size - window + 1]
    moved, use = change[window - 1 :], kept[window - 1 :]
    gap, moved = gap[use], moved[use]
    pull = -float(gap @ moved / (gap @ gap))
    left = moved + pull * gap
    error = float(np.sqrt(left @ left / (gap.size - 1) / (gap @ gap)))
    return float(np.clip(pull, 0.0, 1.0)), error
