"""The external balance sheet of a country, the terms of its public debt, and the metrics in use.

Money in local currency (broad money) is counted at the exchange rate of the start: a falling
currency must not make reserves look more adequate. Liabilities are those before any run, for the
same reason: a debt that was withdrawn has not become safe.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, get_args

from accord.core.errors import Problem

Metric = Literal["ara_floating", "ara_fixed", "guidotti", "import_months", "money", "reserves"]
METRICS: tuple[Metric, ...] = get_args(Metric)

# IMF, Assessing Reserve Adequacy: Specific Proposals (2015) and Guidance Note (2016): shares of
# exports, broad money, short-term debt and other liabilities. 100 to 150 % is called adequate.
ARA_WEIGHTS: dict[str, tuple[float, float, float, float]] = {
    "ara_floating": (0.05, 0.05, 0.30, 0.15),
    "ara_fixed": (0.10, 0.10, 0.30, 0.20),
}


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


@dataclass(frozen=True)
class DebtTerms:
    """What moves public debt, yearly fractions.

    Attributes:
        growth: Real growth.
        inflation: Rise of the deflator.
        domestic_rate: Interest on debt in local currency.
        foreign_rate: Interest on debt in foreign currency.
        foreign_share: Share of the debt in foreign currency.
        maturity: Years over which debt falls due.
        growth_spread: Standard deviation of growth from year to year.
    """

    growth: float = 0.018
    inflation: float = 0.02
    domestic_rate: float = 0.03
    foreign_rate: float = 0.045
    foreign_share: float = 0.02
    maturity: float = 9.0
    growth_spread: float = 0.015
