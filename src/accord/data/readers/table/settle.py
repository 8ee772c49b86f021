"""From a table as its file has it to accounts that hold: each thing moved follows a named rule."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.readers.table.table import BySector, Cube, LabelledTable
from accord.data.records import Adjustment

Inventories = Literal["cut", "remove"]
Discrepancy = Literal["domestic", "drop"]

UNIT = "bn USD"
LEAST_VALUE_ADDED = 0.01  # of output
STOCKS = frozenset(
    {"invnt", "inv", "p5m", "p52", "p53", "f5", "c42", "inven", "changes in inventories",
     "changes in valuables", "changes in inventories and valuables", "inventories", "stocks"}
)  # fmt: skip
REEXPORTS = frozenset({"re-exports", "reexports", "re-export", "reexport"})

REMOVED = "inventories removed: output is what meets the other final uses"
DISCREPANCY = {
    "domestic": "discrepancy of output and sales counted with domestic final use",
    "drop": "discrepancy of output and sales dropped: output is the sum of sales",
}
NEGATIVE = "negative final sales set to zero, changes in inventories included"
RE_EXPORTED = "re-exports dropped: they are neither made nor used where they pass"
DUTY = "duty on inputs taken from taxes and value added"
TAXES = "taxes, margins and purchases abroad of industries counted with value added"
CAPPED = "inputs cut to 99 % of output"
IDLE = "inputs of industries without output dropped"
SHORT = "domestic sales raised to what industries buy"
MOST_ROUNDS = 500
TOLERANCE = 1e-13


@dataclass(frozen=True)
class Rules:
    """What to do where there is a choice.

    Attributes:
        inventories: "cut" counts changes in inventories with final use and sets what is negative
            in sum to zero; "remove" takes them out and lets output meet what is left.
        discrepancy: "domestic" counts output less sales with domestic final use; "drop" takes the
            sum of sales for output.
    """

    inventories: Inventories = "cut"
    discrepancy: Discrepancy = "domestic"


CHOICES: dict[str, tuple[str, ...]] = {
    "inventories": get_args(Inventories),
    "discrepancy": get_args(Discrepancy),
}


def read_rules(given: Mapping[str, str] | None) -> Rules:
    """Return the rules chosen, the default one where none is given.

    Raises:
        InputError: There is no such rule or choice; all told at once.
    """
    chosen = dict(given or {})
    problems = [
        Problem(f"rules.{name}", "is no rule", propose(name, tuple(CHOICES)))
        for name in chosen
        if name not in CHOICES
    ]
    problems += [
        Problem(f"rules.{name}", f'"{value}" is no choice', propose(value, CHOICES[name]))
        for name, value in chosen.items()
        if name in CHOICES and value not in CHOICES[name]
    ]
    if problems:
        raise InputError(problems, "the rules")
    return Rules(**chosen)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class Settled:
    """Accounts of a world, bn USD, and what was moved to reach them."""

    flows: Cube
    tariff: Cube
    value_added_share: BySector
    input_share: Float[np.ndarray, "region input sector"]
    moved: tuple[Adjustment, ...]


def settle(table: LabelledTable, tariff: Cube, rules: Rules, scale: float) -> Settled:
    """Return accounts that hold to rounding, in bn USD, and everything that was moved.

    Args:
        table: The table, in the unit of its file.
        tariff: Duty as a fraction of each flow.
        rules: What to do where there is a choice.
        scale: bn USD a unit of the file.
    """
    sold, bought = table.sold_to_industries * scale, table.bought * scale
    final, moved = _gather_final(table, rules, scale)
    cuts = [
        Adjustment(cut.what, cut.region, cut.sector, cut.before * scale, cut.after * scale, UNIT)
        for cut in table.cuts
    ]
    moved = [*cuts, *moved]
    if rules.inventories == "remove" and _stocks(table).any():
        sold, bought, rows = _remove_stocks(table, (sold, final, bought), scale)
        moved += rows
    elif table.output is not None:
        rest = table.output * scale - sold.sum(axis=0) - final.sum(axis=0)
        rest[np.abs(rest) < 1e-9 * np.maximum(table.output * scale, 1e-12)] = 0.0
        kept = rules.discrepancy == "domestic"
        sales = table.output * scale - rest
        ends = (sales, sales + rest) if kept else (sales + rest, sales)
        moved += _rows(table, DISCREPANCY[rules.discrepancy], *ends, only=rest != 0.0)
        if kept:
            domestic = np.arange(len(table.regions))
            final[domestic, domestic] += rest
    lost = np.minimum(final, 0.0)
    moved += _rows(table, NEGATIVE, lost.sum(axis=0), 0.0 * lost.sum(axis=0))
    flows = sold + np.maximum(final, 0.0)
    paid = np.divide((sold * tariff).sum(axis=1), sold.sum(axis=1),
                     out=np.zeros(sold.shape[::2]), where=sold.sum(axis=1) > 0)  # fmt: skip
    duty = (bought * paid[:, :, None]).sum(axis=1)
    moved += _rows(table, DUTY, 0.0 * duty, duty)
    if table.taxes is not None:
        moved += _rows(table, TAXES, 0.0 * table.taxes, table.taxes * scale)
    flows, beta, gamma, rows = _divide(table, flows, tariff, bought * (1.0 + paid[:, :, None]))
    moved += [*rows, *_totals(table, flows, beta, scale)]
    return Settled(flows, tariff, beta, gamma, tuple(moved))


def _stocks(table: LabelledTable) -> np.ndarray:
    return np.array([use.casefold() in STOCKS for use in table.uses], dtype=bool)


def _gather_final(
    table: LabelledTable, rules: Rules, scale: float
) -> tuple[Cube, list[Adjustment]]:
    """Return final sales without those that a rule leaves out, bn USD, and what was left out."""
    passing = np.array([use.casefold() in REEXPORTS for use in table.uses], dtype=bool)
    out = table.sold_to_final[passing].sum(axis=0).sum(axis=0) * scale
    moved = _rows(table, RE_EXPORTED, out, 0.0 * out)
    kept = ~passing
    if rules.inventories == "remove":
        stocks = table.sold_to_final[_stocks(table)].sum(axis=0).sum(axis=0) * scale
        moved += _rows(table, REMOVED, stocks, 0.0 * stocks)
        kept &= ~_stocks(table)
    return table.sold_to_final[kept].sum(axis=0) * scale, moved


def _remove_stocks(
    table: LabelledTable, old: tuple[Cube, Cube, np.ndarray], scale: float
) -> tuple[Cube, np.ndarray, list[Adjustment]]:
    """Return sales to industries and purchases at the output that meets the other final uses.

    Cost shares stay, and so does what part of an input comes from where.
    """
    sold, final, bought = old
    total = (table.sold_to_industries + table.sold_to_final.sum(axis=0)).sum(axis=0) * scale
    output = table.output * scale if table.output is not None else total
    cost = np.divide(bought, output[:, None, :], out=np.zeros_like(bought),
                     where=output[:, None, :] > 0)  # fmt: skip
    wanted = sold.sum(axis=1)
    origin = np.divide(sold, wanted[:, None, :], out=np.zeros_like(sold),
                       where=wanted[:, None, :] > 0)  # fmt: skip
    fixed = np.maximum(final, 0.0).sum(axis=0)
    new = output
    for _ in range(MOST_ROUNDS):
        need = np.einsum("nkj,nj->nk", cost, new)
        last, new = new, fixed + np.einsum("nik,nk->ik", origin, need)
        if np.abs(new - last).max() <= TOLERANCE * np.abs(new).max():
            break
    new_bought = cost * new[:, None, :]
    new_sold = origin * new_bought.sum(axis=2)[:, None, :]
    return new_sold, new_bought, _rows(table, "output of the rule on inventories", output, new)


def _divide(
    table: LabelledTable, flows: Cube, tariff: Cube, bought: np.ndarray
) -> tuple[Cube, BySector, np.ndarray, list[Adjustment]]:
    """Return flows, value-added shares and input shares, and what was moved to make them add up."""
    sales = flows.sum(axis=0)
    cost = bought.sum(axis=1)
    idle = np.where(sales > 0, 0.0, cost)
    moved = _rows(table, IDLE, idle, 0.0 * idle)
    most = (1.0 - LEAST_VALUE_ADDED) * sales
    allowed = np.minimum(cost, most)
    over = (sales > 0) & (cost > most)
    moved += _rows(table, CAPPED, np.where(over, cost, 0.0), np.where(over, allowed, 0.0))
    share = np.divide(allowed, cost, out=np.zeros_like(cost), where=cost > 0)
    gamma = np.divide(bought * share[:, None, :], sales[:, None, :], out=np.zeros_like(bought),
                      where=sales[:, None, :] > 0)  # fmt: skip
    beta = 1.0 - gamma.sum(axis=1)
    before = np.einsum("nnj->nj", flows).copy()
    flows = _cover_inputs(flows, tariff, gamma)
    moved += _rows(table, SHORT, before, np.einsum("nnj->nj", flows), only=flows.sum(0) != sales)
    return flows, beta, gamma, moved


def _cover_inputs(flows: Cube, tariff: Cube, gamma: np.ndarray) -> Cube:
    """Return flows in which no region's industries buy more of a good than the region does.

    What is short is made at home, which takes inputs in turn; the series converges.
    """
    flows = flows.copy()
    at_home = np.arange(flows.shape[0])
    for _ in range(MOST_ROUNDS):
        spending = (flows * (1.0 + tariff)).sum(axis=1)
        need = np.einsum("nkj,nj->nk", gamma, flows.sum(axis=0))
        short = need - spending
        short[short <= 1e-10 * np.maximum(spending, need)] = 0.0
        if not short.any():
            break
        flows[at_home, at_home] += short / (1.0 + tariff[at_home, at_home])
    return flows


def _rows(
    table: LabelledTable,
    what: str,
    before: BySector,
    after: BySector,
    *,
    only: np.ndarray | None = None,
) -> list[Adjustment]:
    """Return a row for each region and sector that a rule touched, bn USD."""
    touched = before != after
    if only is not None:
        touched = touched & only
    return [
        Adjustment(what, table.regions[n], table.sectors[j],
                   float(before[n, j]), float(after[n, j]), UNIT)
        for n, j in np.argwhere(touched).tolist()
    ]  # fmt: skip


def _totals(
    table: LabelledTable, flows: Cube, beta: BySector, scale: float
) -> Iterator[Adjustment]:
    """Yield each total of the file beside that of the world, bn USD."""
    sales = flows.sum(axis=0)
    abroad = flows.sum() - np.einsum("nnj->", flows)
    sold = table.sold_to_industries + table.sold_to_final.sum(axis=0)
    output = sold.sum() if table.output is None else table.output.sum()
    pairs = [
        ("total: output", output * scale, sales.sum()),
        ("total: exports", (sold.sum() - np.einsum("nnj->", sold)) * scale, abroad),
        ("total: inputs of industries", table.bought.sum() * scale, ((1 - beta) * sales).sum()),
        ("total: final use", table.sold_to_final.sum() * scale,
         sales.sum() - ((1 - beta) * sales).sum()),
    ]  # fmt: skip
    if table.value_added is not None:
        taxes = 0.0 if table.taxes is None else table.taxes.sum()
        given = (table.value_added.sum() + taxes) * scale
        pairs.append(("total: value added, taxes and margins", given, (beta * sales).sum()))
    for name, before, after in pairs:
        yield Adjustment(name, "", "", float(before), float(after), UNIT)
