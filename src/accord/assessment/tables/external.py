"""The tables of the currency: floors, paths of reserves and of the dollar, public debt.

Money is bn USD; chances, rates and shares are fractions; a depreciation is the rise of the price of
the dollar.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from accord.assessment.valuation.currency_risk import yearly_chances
from accord.external.balance import METRICS
from accord.external.equations import adequacy
from accord.external.plan import FALL, MONTHS, SLIDE
from accord.external.solution import QUANTILES

if TYPE_CHECKING:
    from accord.assessment.snapshot.external import PartyExternal
    from accord.assessment.snapshot.safe_amounts import SafeAmount

SHOWN = {0.05: "low", 0.5: "median", 0.95: "high"}
STOP_COLUMNS = ("at_low_chance", "at_central_chance", "at_high_chance")


def build_floors(external: "Sequence[PartyExternal]") -> pd.DataFrame:
    """Return how often each floor is crossed, by package, party and floor."""
    rows = []
    for solved in external:
        for breach in solved.solution.value.breaches:
            falls = breach.metric in (FALL, SLIDE)
            level = float(np.expm1(breach.level)) if falls else breach.level
            chance = breach.by_year
            rows.append(
                {
                    "package": solved.package, "party": solved.party, "metric": breach.metric,
                    "level": level, "start": breach.start,
                    "chance_1": float(chance[0]), "chance_5": float(chance[4]),
                    "chance_10": float(chance[9]), "shortfall": breach.shortfall,
                    "in_stop": breach.in_stop,
                }
            )  # fmt: skip
    columns = ["package", "party", "metric", "level", "start", "chance_1", "chance_5", "chance_10",
               "shortfall", "in_stop"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def build_adequacy(external: "Sequence[PartyExternal]") -> pd.DataFrame:
    """Return the metrics of reserves of each party at the start."""
    sheets = {solved.party: solved.plan.sheet for solved in external}
    rows = [
        {"party": party, "metric": metric, "value": adequacy(metric, sheet, sheet.reserves)}
        for party, sheet in sheets.items()
        for metric in METRICS
    ]
    return pd.DataFrame(rows, columns=["party", "metric", "value"])


def build_causes(external: "Sequence[PartyExternal]") -> pd.DataFrame:
    """Return what had moved reserves by the first crossing of a floor, means, bn USD."""
    rows = [
        {"package": solved.package, "party": solved.party, "metric": breach.metric, "cause": cause,
         "change": change}
        for solved in external
        for breach in solved.solution.value.breaches
        for cause, change in breach.causes.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["package", "party", "metric", "cause", "change"])


def build_capacity(amounts: "Sequence[SafeAmount]") -> pd.DataFrame:
    """Return the safe yearly amount for every way of paying, bn USD.

    The last three columns are the amount at a low, central and high chance of a sudden stop, at the
    usual limit alone.
    """
    rows = []
    for amount in amounts:
        capacity = amount.capacity
        worst = max(
            (capacity.chances[key] - capacity.idle[key] for key in capacity.chances), default=0.0
        )
        several = amount.at_chances or (np.nan,) * len(STOP_COLUMNS)
        rows.append(
            {
                "party": amount.party, "paid": amount.structure.name, "limit": capacity.limit,
                "amount": np.inf if capacity.unlimited else capacity.amount,
                "binding": capacity.binding.partition(" ")[0], "added_chance": worst,
                "debt_addition": capacity.debt_addition,
                **dict(zip(STOP_COLUMNS, several, strict=True)),
            }
        )  # fmt: skip
    columns = ["party", "paid", "limit", "amount", "binding", "added_chance", "debt_addition"]
    return pd.DataFrame(rows, columns=[*columns, *STOP_COLUMNS])


def build_crashes(external: "Sequence[PartyExternal]") -> pd.DataFrame:
    """Return the chance of a crash in each year given none before, by package and party."""
    rows = []
    for solved in external:
        for breach in solved.solution.value.breaches:
            if breach.metric == FALL:
                rows += [
                    {"package": solved.package, "party": solved.party, "year": year, "chance": q}
                    for year, q in enumerate(yearly_chances(breach.by_year), start=1)
                ]
    return pd.DataFrame(rows, columns=["package", "party", "year", "chance"])


def build_reserves(external: "Sequence[PartyExternal]") -> pd.DataFrame:
    """Return reserves at the end of each year, median and 90 % interval."""
    return _paths(external, lambda solved: solved.solution.value.reserves)


def build_dollar(external: "Sequence[PartyExternal]") -> pd.DataFrame:
    """Return the rise of the dollar since the start at the end of each year, and its interval."""
    return _paths(external, lambda solved: np.expm1(solved.solution.value.rate))


def build_public_debt(external: "Sequence[PartyExternal]") -> pd.DataFrame:
    """Return public debt and financing needs by year, shares of GDP."""
    frames = []
    for solved in external:
        path = solved.solution.value.debt
        low, median, high = np.quantile(path.debt, (0.05, 0.5, 0.95), axis=0)
        frames.append(
            pd.DataFrame(
                {
                    "package": solved.package, "party": solved.party,
                    "year": np.arange(1, low.size + 1), "low": low, "median": median, "high": high,
                    "financing_need": np.median(path.financing_need, axis=0),
                }
            )
        )  # fmt: skip
    columns = ["package", "party", "year", "low", "median", "high", "financing_need"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _paths(
    external: "Sequence[PartyExternal]", read: "Callable[[PartyExternal], np.ndarray]"
) -> pd.DataFrame:
    frames = []
    for solved in external:
        ends = read(solved)[:, MONTHS - 1 :: MONTHS]
        values = {name: ends[QUANTILES.index(level)] for level, name in SHOWN.items()}
        head = {"package": solved.package, "party": solved.party}
        frames.append(pd.DataFrame({**head, "year": np.arange(1, ends.shape[1] + 1), **values}))
    columns = ["package", "party", "year", *SHOWN.values()]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


EXTERNAL_TABLES: dict[str, Callable[["Sequence[PartyExternal]"], pd.DataFrame]] = {
    "adequacy": build_adequacy,
    "floors": build_floors,
    "causes": build_causes,
    "crashes": build_crashes,
    "reserves": build_reserves,
    "dollar": build_dollar,
    "public_debt": build_public_debt,
}
