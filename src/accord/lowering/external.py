"""From clauses and the figures of the world to the plans of the external engine."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.provenance import Grade
from accord.data.records import MacroFigure
from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.fx_adjustment import FxAdjustmentClause
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.swap_line import SwapLineClause
from accord.deal.deal import Deal
from accord.deal.external_entries import SHEET, ExternalEntry
from accord.external.balance import ARA_WEIGHTS, BalanceSheet
from accord.external.equations import ara_norm
from accord.external.plan import (
    DEBT,
    FALL,
    FLOORS,
    MONTHS,
    SLIDE,
    ExternalPlan,
    Financing,
    Floor,
    FlowPrice,
    PaceAdjustment,
    RateProcess,
    SwapLine,
)
from accord.lowering.finance import BILLION, PairFinance, lower_rate
from accord.lowering.sudden_stops import lower_stop

Monthly: TypeAlias = Float[np.ndarray, " month"]

YEARS = 10
RETURNS = (
    "paid_to_payer", "interest", "principal", "guarantee_recovered", "guarantee_fee",
    "incentive_paid", "ships_resold", "refund_fee", "credit_served", "credit_recovered",
)  # fmt: skip
PAID = ("equity_called", "loans_drawn", "guarantee_called", "refunds_paid", "credit_drawn",
        "incentive_returned")  # fmt: skip
BORROWING_OF_GDP = 0.007
UNLIMITED = 1e6  # bn USD: a swap line without a limit
PROXY = "other_investment_liabilities"
MONTH_DAYS = 365.25 / MONTHS
REMEDY = "add it to an [[external]] table of this party in the deal file"


def payers_of(deal: Deal) -> tuple[str, ...]:
    """Return the parties that invest under any package, in order of appearance."""
    payers = [
        clause.payer
        for name in deal.package_names
        for clause in deal.clauses(name)
        if isinstance(clause, InvestmentClause)
    ]
    return tuple(dict.fromkeys(payers))


def known_payers(deal: Deal, world: World) -> tuple[str, ...]:
    """Return the parties that pay and whose balance sheet is complete."""
    return tuple(party for party in payers_of(deal) if not find_missing(deal, party, world))


def uncounted_clauses(deal: Deal, name: str, world: World) -> tuple[ClauseBase, ...]:
    """Return the clauses of a package that no figure counts.

    Those are clauses on the currency of a party that pays nothing or whose balance sheet is not
    known, and kinds that no engine takes.
    """
    payers = known_payers(deal, world)
    return tuple(clause for clause in deal.package(name).clause if not clause.is_counted(payers))


def find_missing(deal: Deal, party: str, world: World) -> list[Problem]:
    """Return what the balance sheet of a party lacks, each with its remedy."""
    figures = sheet_figures(deal, party, world)
    return [
        Problem(
            f"{party}.{name}", f"{world.name} has no {name.replace('_', ' ')} of {party}", REMEDY
        )
        for name in (*SHEET, "volatility")
        if name not in figures
    ]


def sheet_figures(deal: Deal, party: str, world: World) -> dict[str, MacroFigure]:
    """Return the figures behind a balance sheet: the deal's own, then the world's.

    Where there is no short-term debt, other investment liabilities (loans, deposits, trade credit)
    stand in for it, an upper bound. Other liabilities are all liabilities but direct investment and
    short-term debt.
    """
    figures = {figure.variable: figure for figure in world.macro if figure.region == party}
    entry = deal.external_of(party)
    own = entry.source_ids[0] if entry.source_ids else ""
    grade: Grade = next((source.grade for source in deal.sources if source.id == own), "U")
    for name in (*SHEET, "public_debt", "primary_balance", "volatility"):
        value = getattr(entry, name)
        if value is not None:
            scale = BILLION if name in SHEET else 1.0
            figures[name] = MacroFigure(party, name, value / scale, "", "", own, grade)
    if "fx_volatility" in figures:
        figures.setdefault("volatility", figures["fx_volatility"])
    if "short_term_debt" not in figures and PROXY in figures:
        proxy = figures[PROXY]
        figures["short_term_debt"] = MacroFigure(
            party, "short_term_debt", proxy.value, proxy.unit, proxy.date, proxy.source, "D"
        )
    parts = ("external_liabilities", "fdi_liabilities", "short_term_debt")
    if "other_liabilities" not in figures and all(name in figures for name in parts):
        whole, direct, short = (figures[name] for name in parts)
        other = max(whole.value - direct.value - short.value, 0.0)
        figures["other_liabilities"] = MacroFigure(
            party, "other_liabilities", other, "bn USD", whole.date, whole.source, "D"
        )
    return figures


def build_sheet(deal: Deal, party: str, world: World) -> BalanceSheet:
    """Return the balance sheet of a party.

    Raises:
        InputError: Figures are missing; all of them, with the way to supply them.
    """
    problems = find_missing(deal, party, world)
    if problems:
        raise InputError(problems, f"the balance sheet of {party}")
    figures = sheet_figures(deal, party, world)
    extra = {
        name: figures[name].value for name in ("public_debt", "primary_balance") if name in figures
    }
    return BalanceSheet(**{name: figures[name].value for name in SHEET}, **extra)


def lower_external(
    deal: Deal, name: str, party: str, world: World, *, money: Sequence[PairFinance]
) -> ExternalPlan:
    """Return the plan of a party under a package.

    Args:
        deal: The deal.
        name: Name of the package.
        party: The party that pays.
        world: Where figures are looked up.
        money: The solved money of the package.

    Raises:
        InputError: The party's balance sheet is not complete.
    """
    sheet = build_sheet(deal, party, world)
    entry = deal.external_of(party)
    figures = sheet_figures(deal, party, world)
    floors = lower_floors(entry)
    public, private = monthly_payments(party, money)
    return ExternalPlan(
        sheet=sheet,
        payments=public,
        private=private,
        process=lower_process(figures),
        price=FlowPrice(np.log1p(entry.flow_price) / (0.01 * sheet.gdp)),
        financing=lower_financing(deal, entry, sheet),
        stop=lower_stop(deal, party),
        swap=lower_swap(deal, name, party, defended=defended_level(floors, sheet)),
        adjustment=lower_adjustment(deal, name, party),
        floors=floors,
        public_share=entry.public_share,
    )


def lower_floors(entry: ExternalEntry) -> tuple[Floor, ...]:
    """Return the lines to watch: the deal's own, or the usual ones.

    A slow slide and public debt are watched in any case, at the usual level where the deal names
    none.
    """
    if not entry.floors:
        return FLOORS
    usual = {floor.metric: floor for floor in FLOORS if floor.metric in (SLIDE, DEBT)}
    floors = [floor for name, floor in usual.items() if name not in entry.floors]
    for name, level in entry.floors.items():
        if name in (FALL, SLIDE):
            floors.append(Floor(name, float(np.log1p(level))))
        else:
            floors.append(Floor(name, level / BILLION if name == "reserves" else level))
    return tuple(floors)


def defended_level(floors: Sequence[Floor], sheet: BalanceSheet) -> float:
    """Return the highest level of reserves at which a floor lies, bn USD."""
    levels = []
    for floor in floors:
        unit = {
            "reserves": 1.0, "guidotti": sheet.short_term_debt, "money": sheet.broad_money,
            "import_months": sheet.imports / MONTHS,
            **{regime: ara_norm(sheet, regime) for regime in ARA_WEIGHTS},
        }.get(floor.metric, 0.0)  # fmt: skip
        levels.append(floor.level * unit)
    return max(levels, default=0.0)


def lower_process(figures: Mapping[str, MacroFigure]) -> RateProcess:
    """Return how a currency moves, as estimated; what was not estimated as usual."""
    usual = RateProcess(figures["volatility"].value)
    given = {
        name: figures[f"fx_{name}"].value
        for name in ("arch", "garch", "tail", "pull")
        if f"fx_{name}" in figures
    }
    return RateProcess(usual.volatility, **given)


def lower_financing(deal: Deal, entry: ExternalEntry, sheet: BalanceSheet) -> Financing:
    """Return where the dollars come from."""
    terms = lower_rate(entry.borrowing_rate)
    level = deal.projects.rates[terms.reference].level if terms.reference else 0.0
    cap = BORROWING_OF_GDP * sheet.gdp
    return Financing(
        order=entry.order,
        income=(entry.income.low, entry.income.mode, entry.income.high),
        borrowing_cap=cap if entry.borrowing_cap is None else entry.borrowing_cap / BILLION,
        borrowing_rate=level + terms.spread,
        spot_cap=None if entry.spot_cap is None else entry.spot_cap / BILLION,
    )


def lower_swap(deal: Deal, name: str, party: str, *, defended: float) -> SwapLine | None:
    """Return the swap line a party may draw on under a package."""
    for clause in deal.clauses(name):
        if isinstance(clause, SwapLineClause) and clause.user == party:
            amount = UNLIMITED if clause.amount is None else clause.amount / BILLION
            first = 0 if clause.from_ is None else _month(deal, clause.from_)
            last = MONTHS * YEARS if clause.until is None else _month(deal, clause.until) + 1
            rate = 0.04 if clause.rate is None else clause.rate
            return SwapLine(amount, rate, first, last, defended)
    return None


def lower_adjustment(deal: Deal, name: str, party: str) -> PaceAdjustment | None:
    """Return the say a party has in the pace of calls under a package."""
    for clause in deal.clauses(name):
        if isinstance(clause, FxAdjustmentClause) and clause.party in (None, party):
            return PaceAdjustment(1.0 if clause.right else clause.granted, clause.disorderly)
    return None


def monthly_payments(party: str, finances: Sequence[PairFinance]) -> tuple[Monthly, Monthly]:
    """Return the dollars a party has to find each month, mean of paths, less what comes back.

    Those of the public purse come first (negative where dollars come in), those of private payers
    second: what these get back beyond what they pay stays abroad. Receipts are shared out by what
    each has paid so far.
    """
    public, private = np.zeros(YEARS * MONTHS), np.zeros(YEARS * MONTHS)
    for finance in finances:
        if finance.pair.payer != party:
            continue
        value = finance.solution.value
        paid = sum((value.by_quarter[name] for name in PAID), np.zeros(1))
        back = sum((value.by_quarter[name] for name in RETURNS), np.zeros(1))
        own = np.zeros_like(paid)
        for facility, clause in zip(
            finance.pair.plan.facilities, finance.pair.clauses, strict=True
        ):
            if clause.is_private:
                own = own + value.paid[facility.name]
        whole = np.cumsum(paid)
        share = np.divide(np.cumsum(own), whole, out=np.zeros_like(whole), where=whole > 0)
        for months, net in (
            (public, paid - own - (1 - share) * back),
            (private, np.maximum(own - share * back, 0.0)),
        ):
            monthly = np.repeat(net, 3) / 3
            months[: monthly.size] += monthly[: months.size]
    return public, private


def has_public_payer(deal: Deal, party: str) -> bool:
    """Return whether any of what a party pays under any package is public money."""
    return any(
        not part.is_private
        for name in deal.package_names
        for clause in deal.clauses(name)
        if isinstance(clause, InvestmentClause) and clause.payer == party
        for part in clause.parts
    )


def _month(deal: Deal, day: dt.date) -> int:
    start = dt.date(deal.window[0], 1, 1)
    return max(int((day - start).days // MONTH_DAYS), 0)
