"""GDP, trade totals and exchange rates of the embedded world."""

from pathlib import Path

import numpy as np

from accord.core.arrays import Float
from accord.data.build import readers
from accord.data.records import MacroFigure

YEARS = (2014, 2024)
CURRENCY_OF_REGION: dict[str, str] = {
    "AUS": "AUD",
    "BGR": "BGN",
    "BRA": "BRL",
    "CAN": "CAD",
    "CHE": "CHF",
    "CHN": "CNY",
    "CZE": "CZK",
    "DNK": "DKK",
    "GBR": "GBP",
    "HUN": "HUF",
    "IDN": "IDR",
    "IND": "INR",
    "JPN": "JPY",
    "KOR": "KRW",
    "MEX": "MXN",
    "NOR": "NOK",
    "POL": "PLN",
    "ROU": "RON",
    "RUS": "RUB",
    "SWE": "SEK",
    "TUR": "TRY",
    "TWN": "TWD",
    "HKG": "HKD",
    "ISL": "ISK",
    "ISR": "ILS",
    "MYS": "MYR",
    "NZL": "NZD",
    "PHL": "PHP",
    "SGP": "SGD",
    "THA": "THB",
    "ZAF": "ZAR",
}
LATE_EURO: dict[str, int] = {"HRV": 2023, "LTU": 2015}
NO_CURRENCY = ("USA", "ROW")
FRED_NAME: dict[str, str] = {"TWN": "Taiwan"}


def build_macro(
    raw: Path, regions: tuple[str, ...], figures: tuple[MacroFigure, ...]
) -> tuple[MacroFigure, ...]:
    """Return GDP and trade (bn USD) and exchange rates (local currency per USD, year averages)."""
    rates: list[MacroFigure] = []
    for year in YEARS:
        ecb = readers.read_ecb_rates(raw / readers.ECB_FILE, year)
        fred = readers.read_fred_rates(raw / readers.FRED_FILE, year)
        for region in regions:
            if region in NO_CURRENCY:
                continue
            code = currency_of(region, year)
            if code in ecb:
                value, source = ecb[code], "ecb-reference-rates"
            elif FRED_NAME.get(region) in fred:
                value, source = fred[FRED_NAME[region]], "fred-exchange-rates"
            else:
                continue
            rates.append(
                MacroFigure(
                    region=region,
                    variable=f"exchange_rate_{year}",
                    value=float(f"{value:.8g}"),
                    unit=f"{code} per USD",
                    date=str(year),
                    source=source,
                    grade="A" if source.startswith("ecb") else "B",
                )
            )
    return figures + tuple(rates)


def currency_of(region: str, year: int) -> str:
    """Return the currency code of a region in a year."""
    if region in LATE_EURO and year < LATE_EURO[region]:
        return {"HRV": "HRK", "LTU": "LTL"}[region]
    return CURRENCY_OF_REGION.get(region, "EUR")


def build_growth(
    regions: tuple[str, ...], figures: tuple[MacroFigure, ...]
) -> Float[np.ndarray, " region"]:
    """Return GDP of 2024 over GDP of 2014 by region, both in current USD."""
    value = {(figure.region, figure.variable): figure.value for figure in figures}
    return np.array([value[region, "gdp_2024"] / value[region, "gdp_2014"] for region in regions])


def build_deficits(
    regions: tuple[str, ...], figures: tuple[MacroFigure, ...]
) -> Float[np.ndarray, " region"]:
    """Return imports less exports of 2024 (else 2023) by region, bn USD, NaN where not known."""
    value = {(figure.region, figure.variable): figure.value for figure in figures}
    deficits = np.full(len(regions), np.nan)
    for place, region in enumerate(regions):
        for year in (2023, 2024):
            if (region, f"imports_{year}") in value:
                deficits[place] = (
                    value[region, f"imports_{year}"] - value[region, f"exports_{year}"]
                )
    return deficits
