"""Plans for the tests of the external engine: Korea at the end of 2025, and random ones."""

from typing import Any

import numpy as np

from accord.external.balance import BalanceSheet
from accord.external.plan import (
    DollarSource,
    ExternalPlan,
    Financing,
    FlowPrice,
    Intervention,
    RateProcess,
    SuddenStop,
    SwapLine,
)

KOREA = BalanceSheet(
    reserves=428.2, short_term_debt=179.0, other_liabilities=1476.7, broad_money=2835.8,
    exports=850.0, imports=758.7, gdp=1872.7, public_debt=0.498, primary_balance=-0.007,
)  # fmt: skip
WON = RateProcess(volatility=0.09, arch=0.0987, garch=0.7438, tail=6.8, pull=0.0343)
# Each order is a program of its own to compile: six of them, in which every source comes first,
# comes last, and is missing.
ORDERS: tuple[tuple[DollarSource, ...], ...] = (
    ("income", "borrowing", "spot", "reserves", "swap"),
    ("swap", "reserves", "spot", "borrowing", "income"),
    ("borrowing", "swap", "reserves", "spot"),
    ("reserves", "income", "borrowing"),
    ("spot", "income", "swap", "reserves"),
    ("spot", "borrowing"),
)
PRICE = FlowPrice(level=0.0185 / 18.7)


def korea_plan(yearly: float = 20.0, years: int = 10, **changes: Any) -> ExternalPlan:
    """Return a plan in which Korea finds so many bn USD a year."""
    payments = np.full(12 * years, yearly / 12)
    given: dict[str, Any] = {
        "sheet": KOREA, "payments": payments, "process": WON, "price": PRICE,
    }  # fmt: skip
    return ExternalPlan(**(given | changes))


def draw_external(seed: int) -> ExternalPlan:
    """Return a plan of any country, payments and rules."""
    rng = np.random.default_rng(seed)
    gdp = rng.uniform(100, 3000)
    sheet = BalanceSheet(
        reserves=gdp * rng.uniform(0.05, 0.5), short_term_debt=gdp * rng.uniform(0.02, 0.3),
        other_liabilities=gdp * rng.uniform(0.2, 1.5), broad_money=gdp * rng.uniform(0.4, 2.0),
        exports=gdp * rng.uniform(0.1, 0.8), imports=gdp * rng.uniform(0.1, 0.8), gdp=gdp,
        public_debt=rng.uniform(0.2, 1.2), primary_balance=rng.uniform(-0.03, 0.03),
    )  # fmt: skip
    order = ORDERS[rng.integers(len(ORDERS))]
    arch = rng.uniform(0.0, 0.3)
    return ExternalPlan(
        sheet=sheet,
        payments=rng.uniform(0.0, 0.03) * gdp * rng.random(60) / 12,
        process=RateProcess(rng.uniform(0.0, 0.2), arch, rng.uniform(0.0, 0.69), 5.0,
                            rng.uniform(0.0, 0.1)),
        price=FlowPrice(rng.uniform(0.0, 2.0) / gdp, rng.uniform(0.0, 0.5), rng.choice([0.0, 1.0])),
        financing=Financing(order, (0.01, 0.02, 0.04), gdp * rng.uniform(0.0, 0.02), 0.05,
                            rng.uniform(0.0, 0.3)),
        intervention=Intervention(rng.uniform(0.02, 0.15), rng.uniform(0.0, 0.5), 0.02),
        stop=SuddenStop(rate=rng.uniform(0.0, 0.5), months=int(rng.integers(1, 15)),
                        weakness=rng.uniform(0.0, 2.0)),
        swap=None if rng.random() < 0.5 else SwapLine(0.03 * gdp, trigger=sheet.short_term_debt),
    )  # fmt: skip
