"""The tables of the verdict: payoffs, their components, their years, and what decides them.

Money is bn USD of the price year. Payoffs are present values over the horizon against no deal;
yearly figures are not discounted. Chances and shares are fractions.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np
import pandas as pd

from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.sensitivity import Driver, Swing, Threshold
from accord.assessment.valuation.uncertainty import TITLES
from accord.assessment.valuation.verdict import Verdict
from accord.lowering.tariff_path import TIMELINES


def build_payoffs(verdict: Verdict) -> pd.DataFrame:
    """Return the payoff of every package to every region, its interval and the chance of a gain."""
    frames = []
    for timeline in TIMELINES:
        for package in verdict.packages[1:]:
            low, median, high = verdict.interval(package, timeline)
            frames.append(
                pd.DataFrame(
                    {
                        "package": package, "timeline": timeline, "region": list(verdict.regions),
                        "payoff": verdict.payoff(package, timeline), "low": low, "median": median,
                        "high": high, "gain_chance": verdict.chance(package, timeline),
                    }
                )
            )  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def build_components(verdict: Verdict) -> pd.DataFrame:
    """Return the components of every central payoff; they add up to it."""
    frames = []
    for timeline in TIMELINES:
        for at, package in enumerate(verdict.packages[1:], start=1):
            values = verdict.central[timeline][at]
            frames += [
                pd.DataFrame(
                    {
                        "package": package, "timeline": timeline, "region": list(verdict.regions),
                        "component": component, "value": values[row],
                    }
                )
                for row, component in enumerate(COMPONENTS)
            ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def build_years(verdict: Verdict) -> pd.DataFrame:
    """Return the components of every central payoff by year, not discounted, for the parties."""
    frames = []
    years = list(verdict.years)
    for timeline in TIMELINES:
        for at, package in enumerate(verdict.packages[1:], start=1):
            for party in verdict.parties:
                region = verdict.regions.index(party)
                values = verdict.yearly[timeline][at, :, :, region]
                frames += [
                    pd.DataFrame(
                        {
                            "package": package, "timeline": timeline, "party": party, "year": years,
                            "component": component, "value": values[row],
                            "discount_factor": verdict.factors[:, region],
                        }
                    )
                    for row, component in enumerate(COMPONENTS)
                ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def build_chances(verdict: Verdict) -> pd.DataFrame:
    """Return the chance that every party gains, by package and timeline."""
    rows = [
        {
            "package": package,
            "timeline": timeline,
            "all_gain": verdict.chance_all(package, timeline),
        }
        for timeline in TIMELINES
        for package in verdict.packages[1:]
    ]
    return pd.DataFrame(rows, columns=["package", "timeline", "all_gain"])


def build_draws(verdict: Verdict) -> pd.DataFrame:
    """Return the payoff of every package to every party by draw; no row without draws."""
    frames = [
        pd.DataFrame(
            {
                "package": package, "timeline": timeline, "party": party,
                "draw": np.arange(verdict.count),
                "payoff": verdict.draws(package, timeline)[:, verdict.regions.index(party)],
            }
        )
        for timeline in TIMELINES
        for package in verdict.packages[1:]
        for party in verdict.parties
    ]  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def build_drivers(verdict: Verdict) -> pd.DataFrame:
    """Return the share of the variance of each payoff that each unknown accounts for."""
    return _records(verdict.sensitivity.drivers, Driver)


def build_swings(verdict: Verdict) -> pd.DataFrame:
    """Return payoffs at a low and a high value of each unknown, all else central."""
    return _records(verdict.sensitivity.swings, Swing)


def build_thresholds(verdict: Verdict) -> pd.DataFrame:
    """Return the value of each unknown at which a gain changes sign, all else central."""
    return _records(verdict.sensitivity.thresholds, Threshold)


def build_parameters(verdict: Verdict) -> pd.DataFrame:
    """Return what is uncertain: the distributions and where they come from."""
    rows = [
        {
            "parameter": parameter.name, "title": TITLES[parameter.name], "low": parameter.low,
            "central": parameter.central, "high": parameter.high, "unit": parameter.unit,
            "shape": parameter.shape, "source": parameter.source, "grade": parameter.grade,
        }
        for parameter in verdict.parameters
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _records(rows: Sequence[Any], kind: type[Any]) -> pd.DataFrame:
    columns = [item.name for item in fields(kind)]
    frame = pd.DataFrame([asdict(row) for row in rows], columns=columns)
    numbers = [item.name for item in fields(kind) if item.type in (float, "float")]
    return frame.astype(dict.fromkeys(numbers, np.float64))


VERDICT_TABLES: dict[str, Callable[[Verdict], pd.DataFrame]] = {
    "payoffs": build_payoffs,
    "payoff_components": build_components,
    "payoff_years": build_years,
    "chances": build_chances,
    "draws": build_draws,
    "drivers": build_drivers,
    "swings": build_swings,
    "thresholds": build_thresholds,
    "parameters": build_parameters,
}
