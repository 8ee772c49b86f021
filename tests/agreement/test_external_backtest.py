"""The external engine beside what the won did in 2008 and 2020, from the raw series.

Balance sheet of August 2008: reserves 243.2 bn USD (Global Economic Monitor), short-term debt
189.6 bn (Bank of Korea), other liabilities from the External Wealth of Nations, GDP 1047 bn, broad
money and trade rounded (assumptions; they set the norm of the IMF only).
"""

import csv
import gzip
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from accord.data.build import external as build
from accord.data.build import readers
from accord.external.balance import BalanceSheet
from accord.external.config import ExternalConfig
from accord.external.draws import draw_months
from accord.external.events import run_events
from accord.external.plan import ExternalPlan, FlowPrice, RateProcess, SuddenStop
from accord.external.solver import run_months
from tests.reference import reference_file

AUGUST_2008 = BalanceSheet(243.2, 189.6, 467.9, 1290.0, 430.0, 430.0, 1047.0)
PATHS = 8000
HALF_YEAR = 6


@pytest.fixture(scope="module")
def won():
    """Month-end won per dollar, by month."""
    return readers.read_ecb_months(reference_file(readers.ECB_FILE))["KRW"]


@pytest.fixture(scope="module")
def reserves():
    """Korea's reserves by month, bn USD."""
    with gzip.open(reference_file("external/gem_monthly_selected.csv.gz"), "rt") as file:
        return {
            row["month"].replace("M", "-"): float(row["value"]) / 1000
            for row in csv.DictReader(file)
            if row["country"] == "Korea, Rep." and row["series"] == "total_reserves_musd"
        }


def simulate(won, last, sheet, *, stop):
    """Half a year from what was known by a month; a stop begins at once, or never."""
    known = {month: rate for month, rate in won.items() if month <= last}
    estimate = build.estimate_process(known)
    process = RateProcess(
        estimate.volatility, estimate.arch, estimate.garch, estimate.tail, estimate.pull
    )
    plan = ExternalPlan(
        sheet=sheet,
        payments=np.zeros(12),
        process=process,
        price=FlowPrice(np.log(1.0185) / (0.01 * sheet.gdp)),
        stop=SuddenStop(rate=1.0 if stop else 0.0),
    )
    draws = draw_months(plan, PATHS, seed=8)
    draws["arrivals"] = np.ones_like(draws["arrivals"])
    draws["arrivals"][0] = 0.0 if stop else 1.0
    config = ExternalConfig(PATHS, 8)
    return run_months(plan, config, run_events(plan, config, draws))


def peak(won, start, months=HALF_YEAR):
    """The largest logarithmic rise of the dollar over some months from a month."""
    names = sorted(won)
    at = names.index(start)
    return max(np.log(won[name] / won[start]) for name in names[at : at + months + 1])


def peaks(months):
    return months.rate[:HALF_YEAR].max(axis=0)


def test_2008_is_beyond_what_the_currency_does_by_itself(won):
    rise = peak(won, "2008-08")
    assert np.expm1(rise) == pytest.approx(0.418, abs=0.001)
    assert rise > np.quantile(peaks(simulate(won, "2008-08", AUGUST_2008, stop=False)), 0.99)


def test_2008_is_within_the_99_per_cent_of_a_sudden_stop_but_not_within_its_90(won):
    months = peaks(simulate(won, "2008-08", AUGUST_2008, stop=True))
    rise = peak(won, "2008-08")
    assert np.quantile(months, 0.95) < rise < np.quantile(months, 0.995)


def test_reserves_fall_as_they_did_in_2008(won, reserves):
    fall = min(reserves[f"2008-{month}"] for month in ("10", "11", "12")) - reserves["2008-08"]
    assert fall == pytest.approx(-42.7, abs=0.1)
    months = simulate(won, "2008-08", AUGUST_2008, stop=True)
    low, median, high = np.quantile(months.reserves[HALF_YEAR - 1] - 243.2, (0.05, 0.5, 0.95))
    assert low < fall < high
    assert median == pytest.approx(fall, abs=10.0)


def test_2020_is_what_the_currency_does_by_itself(won, reserves):
    sheet = replace(AUGUST_2008, reserves=reserves["2019-12"], gdp=1651.0)
    months = peaks(simulate(won, "2019-12", sheet, stop=False))
    rise = peak(won, "2019-12")
    assert np.expm1(rise) == pytest.approx(0.071, abs=0.001)
    assert np.quantile(months, 0.5) < rise < np.quantile(months, 0.95)


def test_turbulence_is_between_the_won_of_2008_and_other_currencies():
    table = readers.read_ecb_months(reference_file(readers.ECB_FILE))

    def ratio(code):
        names = sorted(table[code])
        change = np.diff(np.log([table[code][name] for name in names]))
        rough = np.array(["2008-09" <= name <= "2009-03" for name in names[1:]])
        return float(change[rough].std() / change[~rough].std())

    others = [ratio(code) for code in ("MXN", "BRL", "PLN", "HUF", "GBP", "AUD", "NOK", "SEK",
                                       "TRY", "RUB", "CZK", "INR")]  # fmt: skip
    middle = np.sqrt(ratio("KRW") * np.median(others))
    assert SuddenStop().turbulence == pytest.approx(middle, abs=0.1)


def test_what_the_swap_lines_did():
    """The won rose 11 % on the fixing after the line of 2008 and lost it in two weeks."""
    with zipfile.ZipFile(reference_file(readers.ECB_FILE)) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    day = {
        row["Date"]: float(row["KRW"]) / float(row["USD"])
        for row in csv.DictReader(io.StringIO(text))
        if row["KRW"] not in ("N/A", "")
    }
    assert day["2008-10-30"] / day["2008-10-29"] - 1 == pytest.approx(-0.097, abs=0.001)
    assert day["2008-11-14"] / day["2008-10-29"] - 1 == pytest.approx(-0.003, abs=0.002)
    assert day["2020-03-20"] / day["2020-03-19"] - 1 == pytest.approx(-0.013, abs=0.001)
    assert day["2020-04-02"] / day["2020-03-19"] - 1 == pytest.approx(-0.027, abs=0.001)
