"""The input of the external engine: a balance sheet, payments, and how the dollars are found."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import Problem
from accord.core.words import propose
from accord.external.balance import METRICS, BalanceSheet, DebtTerms

DollarSource = Literal["income", "borrowing", "spot", "reserves", "swap"]
SOURCES: tuple[DollarSource, ...] = get_args(DollarSource)
FALL = "fall"  # the lines on the currency itself: a crash, and a slow slide
SLIDE = "slide"
DEBT = "debt"  # the line on public debt
LINES = (*METRICS, FALL, SLIDE, DEBT)
MONTHS = 12


@dataclass(frozen=True)
class Financing:
    """Where the dollars come from, in order; what one cannot give the next must.

    Attributes:
        order: Sources: "income" on reserves, "borrowing" abroad by public banks, "spot" purchases,
            "reserves", "swap".
        income: Yearly income on reserves that can be used: low, most likely and high, fractions of
            reserves (a triangular distribution).
        borrowing_cap: Most that public banks can borrow abroad in a year, bn USD.
        borrowing_rate: Yearly interest on it.
        borrowing_short: Share of it that falls due within a year.
        spot_cap: Most that can be bought in the market in a year, bn USD; None for no limit.
    """

    order: tuple[DollarSource, ...] = ("income", "borrowing", "spot", "reserves", "swap")
    income: tuple[float, float, float] = (0.016, 0.022, 0.048)
    borrowing_cap: float = 25.0
    borrowing_rate: float = 0.05
    borrowing_short: float = 0.1
    spot_cap: float | None = None


@dataclass(frozen=True)
class RateProcess:
    """How the currency moves by itself, in months (see `docs/theory/currency.md`).

    Attributes:
        volatility: Standard deviation of the logarithmic change over a year.
        arch: Weight of the last squared shock in the variance.
        garch: Weight of the last variance.
        tail: Degrees of freedom of the Student t shocks.
        pull: Share of the gap to the level of the start that closes in a month.
    """

    volatility: float
    arch: float = 0.1
    garch: float = 0.75
    tail: float = 7.0
    pull: float = 0.02


@dataclass(frozen=True)
class FlowPrice:
    """What a net purchase of dollars does to their price.

    Attributes:
        level: Logarithmic rise for each bn USD bought, at ordinary volatility.
        spread: Standard deviation of the logarithm of `level` (uncertainty of the calibration).
        power: How it rises with the variance of the currency (Gabaix and Maggiori 2015:
            intermediaries bear less risk when there is more of it).
    """

    level: float
    spread: float = 0.3
    power: float = 1.0


@dataclass(frozen=True)
class Intervention:
    """The central bank leans against the currency's fall in a sudden stop.

    Attributes:
        threshold: Logarithmic fall since the start from which it sells dollars.
        share: Share of the fall beyond that it tries to undo in a month.
        cap: Most it sells in a month, a share of reserves at the start.
    """

    threshold: float = 0.10
    share: float = 0.25
    cap: float = 0.02


@dataclass(frozen=True)
class SuddenStop:
    """A rare event in which foreigners withdraw; it comes by chance, and weakness makes it worse.

    Attributes:
        rate: Chance that one begins in a year, a mean where it is drawn.
        shape: Shape of the gamma distribution from which each path draws its chance: events counted
            plus one half (Jeffreys' prior); None where the chance is known.
        months: How long it lasts.
        early: Share of it in the first quarter of the event.
        debt: Share of short-term debt that is not rolled over, in all.
        portfolio: Share of other liabilities that leave, in all.
        spread: Standard deviation of the logarithm of its size.
        weakness: How much worse it gets for each unit by which reserves and swap line fall short of
            the floating norm of the IMF.
        turbulence: By how much it multiplies the volatility of the currency.
        recovery: Months over which withdrawn debt comes back afterwards.
    """

    rate: float = 0.057
    shape: float | None = None
    months: int = 12
    early: float = 0.6
    debt: float = 0.34
    portfolio: float = 0.034
    spread: float = 0.4
    weakness: float = 1.0
    turbulence: float = 2.5
    recovery: float = 24.0


@dataclass(frozen=True)
class SwapLine:
    """A line with another central bank.

    Attributes:
        amount: Size, bn USD.
        rate: Yearly interest on what is drawn.
        first: First month.
        last: Month after the last.
        trigger: Reserves that it defends, bn USD: it is drawn when they would fall below.
        repayment: Months over which it is repaid once reserves allow.
    """

    amount: float
    rate: float = 0.04
    first: int = 0
    last: int = 10_000
    trigger: float = 0.0
    repayment: float = 12.0


@dataclass(frozen=True)
class PaceAdjustment:
    """A say in the pace of calls when the currency is disorderly.

    Attributes:
        chance: Chance that a request is granted; one is a right.
        threshold: Logarithmic fall in three months from which payments are put off.
    """

    chance: float
    threshold: float = 0.08


@dataclass(frozen=True)
class GuaranteeTerms:
    """What guaranteeing debt costs. What is guaranteed stays guaranteed to the end of the plan.

    Attributes:
        default: Share of what is guaranteed that is called in an ordinary year.
        stressed: The same in a year of a sudden stop at home, a time of crisis abroad as well.
        spread: Standard deviation of the logarithm of both over the paths.
        capital: Share of what is newly guaranteed that the state sets aside; it adds to public
            debt.
    """

    default: float = 0.0069
    stressed: float = 0.056
    spread: float = 0.5
    capital: float = 0.08


@dataclass(frozen=True)
class Floor:
    """A line that must not be crossed.

    Attributes:
        metric: A metric of reserves; "fall", the logarithmic fall of the currency in a year;
            "slide", its fall since the start on average over a year; or "debt", public debt as a
            share of GDP.
        level: Below it (above it for the last three) the floor is breached.
    """

    metric: str
    level: float

    @property
    def name(self) -> str:
        """Name in tables."""
        return f"{self.metric} {self.level:g}"


# Short-term debt covered once (Greenspan 1999); a fall of a quarter in a year is a currency crash
# (Frankel and Rose 1996, Journal of International Economics 41), and here, if it lasts, a slide;
# 85 % of GDP asks for scrutiny of an advanced economy's debt (IMF, guidance note of May 2013).
FLOORS = (
    Floor("guidotti", 1.0), Floor("ara_floating", 0.75), Floor(FALL, float(np.log(1.25))),
    Floor(SLIDE, float(np.log(1.25))), Floor(DEBT, 0.85),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class ExternalPlan:
    """Everything the engine needs; months count from the start.

    Attributes:
        sheet: The balance sheet at the start.
        payments: Dollars to be found each month, bn USD (negative where they come in).
        process: How the currency moves by itself.
        price: What purchases of dollars do to it.
        financing: Where the dollars come from.
        intervention: How the central bank leans.
        stop: The sudden stop.
        swap: The swap line, if there is one.
        adjustment: The say in the pace, if there is one.
        floors: The lines watched.
        debt: What moves public debt.
        public_share: Share of the payments that adds to public debt; what is borrowed adds to it
            in any case.
        private: Dollars that private payers buy in the market each month, bn USD, beside
            `payments`: they have no claim on reserves or public borrowing.
        guaranteed: Debt newly guaranteed each month, bn USD.
        guarantees: What guaranteeing costs.
    """

    sheet: BalanceSheet
    payments: Float[np.ndarray, " month"]
    process: RateProcess
    price: FlowPrice
    financing: Financing = Financing()
    intervention: Intervention = Intervention()
    stop: SuddenStop = SuddenStop()
    swap: SwapLine | None = None
    adjustment: PaceAdjustment | None = None
    floors: tuple[Floor, ...] = FLOORS
    debt: DebtTerms = field(default_factory=DebtTerms)
    public_share: float = 0.0
    private: Float[np.ndarray, " month"] | None = None
    guaranteed: Float[np.ndarray, " month"] | None = None
    guarantees: GuaranteeTerms = GuaranteeTerms()

    @property
    def months(self) -> int:
        """Length of the plan in months."""
        return int(self.payments.shape[0])

    def problems(self) -> list[Problem]:
        """Return everything wrong with the plan."""
        problems = [*self.sheet.problems(), *_check_financing(self.financing)]
        if self.months % MONTHS or not self.months:
            problems.append(
                Problem("payments", f"cover {self.months} months", "Give whole years of months")
            )
        if not np.all(np.isfinite(self.payments)):
            problems.append(Problem("payments", "are not all finite", "Give bn USD a month"))
        for name in ("private", "guaranteed"):
            amounts = getattr(self, name)
            if amounts is not None and (amounts.shape != self.payments.shape or amounts.min() < 0):
                problems.append(
                    Problem(name, "is not an amount for each month", "Give bn USD, none below zero")
                )
        problems += _check_shares(self)
        for at, floor in enumerate(self.floors):
            if floor.metric not in LINES:
                remedy = propose(floor.metric, LINES)
                problems.append(Problem(f"floors[{at}]", f'"{floor.metric}" is no metric', remedy))
        if self.swap is not None and self.swap.amount < 0:
            problems.append(
                Problem("swap.amount", f"{self.swap.amount:g} is negative", "Give bn USD")
            )
        return problems


def _check_financing(financing: Financing) -> Iterator[Problem]:
    for name in financing.order:
        if name not in SOURCES:
            remedy = propose(name, SOURCES)
            yield Problem("financing.order", f'"{name}" is no source of dollars', remedy)
    if len(set(financing.order)) != len(financing.order):
        yield Problem("financing.order", "names a source twice", "Name each once")
    low, mode, high = financing.income
    if not 0 <= low <= mode <= high <= 1:
        yield Problem("financing.income", "is not low, mode, high in rising order", "Reorder them")
    if financing.borrowing_cap < 0:
        yield Problem("financing.borrowing_cap", "is negative", "Give bn USD a year")


def _check_shares(plan: ExternalPlan) -> Iterator[Problem]:
    process = plan.process
    if process.volatility < 0:
        yield Problem("process.volatility", f"{process.volatility:g} is negative")
    if process.arch < 0 or process.garch < 0 or process.arch + process.garch >= 1:
        yield Problem("process.arch", "arch and garch do not sum to less than one")
    if process.tail <= 2:
        yield Problem("process.tail", "needs more than 2 degrees of freedom for a variance")
    if plan.price.level < 0:
        yield Problem("price.level", "is negative", "Buying dollars makes them dearer")
    if not 0 <= plan.stop.rate <= 1:
        yield Problem("stop.rate", f"{plan.stop.rate:g} is outside 0 to 1", "It is a yearly chance")
    if plan.stop.shape is not None and plan.stop.shape <= 0:
        yield Problem("stop.shape", "is not positive", "Give events plus one half, or None")
    terms = plan.guarantees
    if not 0 <= terms.default <= terms.stressed <= 1 or not 0 <= terms.capital <= 1:
        yield Problem("guarantees", "are not shares, or fewer are called under stress")
    if plan.stop.months < 1:
        yield Problem("stop.months", "is below one month")
    if plan.adjustment is not None and not 0 <= plan.adjustment.chance <= 1:
        yield Problem("adjustment.chance", "is outside 0 to 1")
