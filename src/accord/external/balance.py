"""The external balance sheet of a country, and the yardsticks it is held against.

Money in local currency (broad money) is counted at the exchange rate of the start: a falling
currency must not make reserves look more adequate. Liabilities are those before any run, for the
same reason: a debt that was withdrawn has not become safe.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Float

from accord.core.errors import Problem

Metric = Literal["ara_floating", "ara_fixed", "guidotti", "import_months", "money", "reserves"]
METRICS: tuple[Metric, ...] = get_args(Metric)

# IMF, Assessing Reserve Adequacy: Specific Proposals (2015) and Guidance Note (2016): shares of
# exports, broad money, short-term debt and other liabilities. 100 to 150 % is called adequate.
ARA_WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    "ara_floating": (0.05, 0.05, 0.30, 0.15),
    "ara_fixed": (0.10, 0.10, 0.30, 0.20),
}
Amount: TypeAlias = float | Float[np.ndarray, "..."]


@dataclass(frozen=True)
class BalanceSheet:
    """What a country holds and owes abroad, bn USD, at the start.

    Attributes:
        reserves: Official reserves.
        short_term_debt: External debt that falls due within a year.
        other_liabilities: Other liabilities to foreigners: portfolio and other investment, without
            direct investment and short-term debt.
        broad_money: Broad money.
        exports: Exports of goods and services, a year.
        imports: Imports of goods and services, a year.
        gdp: Gross domestic product, a year.
        public_debt: Gross public debt, a share of GDP.
        primary_balance: Primary balance of the government, a share of GDP.
    """

    reserves: float
    short_term_debt: float
    other_liabilities: float
    broad_money: float
    exports: float
    imports: float
    gdp: float
    public_debt: float = 0.0
    primary_balance: float = 0.0

    def problems(self) -> Iterator[Problem]:
        """Yield what cannot be: negative stocks, no economy."""
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "primary_balance" and value < 0:
                yield Problem(f"sheet.{field.name}", f"{value:g} is negative", "Give bn USD")
        for name in ("gdp", "imports", "short_term_debt"):
            if getattr(self, name) == 0:
                yield Problem(f"sheet.{name}", "is zero", "Give bn USD")


def ara_norm(sheet: BalanceSheet, regime: str = "ara_floating") -> float:
    """Return the reserves that meet the IMF's metric at 100 %, bn USD."""
    exports, money, debt, other = ARA_WEIGHTS[regime]
    return (
        exports * sheet.exports
        + money * sheet.broad_money
        + debt * sheet.short_term_debt
        + other * sheet.other_liabilities
    )


def adequacy(
    metric: Metric, sheet: BalanceSheet, reserves: Amount, more_debt: Amount = 0.0
) -> Amount:
    """Return a metric of reserves; below one (or its own threshold) is thin.

    Args:
        metric: "ara_floating" and "ara_fixed" over the IMF's norm; "guidotti" over short-term debt
            (Guidotti and Greenspan ask for 1); "import_months" of imports (3 is usual); "money"
            over broad money (20 % is usual); "reserves" in bn USD.
        sheet: The balance sheet.
        reserves: Reserves, bn USD.
        more_debt: Short-term debt added since the start, bn USD.
    """
    if metric == "reserves":
        return reserves
    if metric in ARA_WEIGHTS:
        return reserves / (ara_norm(sheet, metric) + ARA_WEIGHTS[metric][2] * more_debt)
    if metric == "guidotti":
        return reserves / (sheet.short_term_debt + more_debt)
    if metric == "import_months":
        return reserves / (sheet.imports / 12.0)
    return reserves / sheet.broad_money
