"""The arrays of a world economy, checked in one place: shapes, signs, sums, accounts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.core.boundary.conversion import check_order, read_array
from accord.core.errors import Problem
from accord.core.rates import check_per_cent, check_rate_units
from accord.core.words import counted

SUM_TOLERANCE = 1e-5  # shares as a file prints them add up to one within this
SHARE_TOLERANCE = {"trade_share": 1e-3, "final_share": 0.05}
DUST = 1e-9  # of spending: an account that is short by less is exact
MOST_SHOWN = 5
RATES = ("tariff", "export_tax", "production_tax", "consumption_tax")  # of any height

Arrays = dict[str, np.ndarray]
Axis = Sequence[str]


class Rule(NamedTuple):
    """What an array must be: its axes, its lower bound, and the remedy where it is not.

    Axes are `i` importer or region, `e` exporter, `k` input, `j` sector.
    """

    axes: str
    low: float
    strict: bool
    remedy: str


RULES: dict[str, Rule] = {
    "flows": Rule("iej", 0.0, False, "Flows are customs values; a missing flow is zero"),
    "trade_share": Rule("iej", 0.0, False, "Shares of spending are between zero and one"),
    "final_share": Rule("ij", 0.0, False, "Cut negative final shares at zero before calibrating"),
    "tariff": Rule("iej", -1.0, True, "A tariff is a fraction: 0.15 for 15 %"),
    "value_added_share": Rule("ij", 0.0, True, "Value added over output is positive"),
    "input_share": Rule("ikj", -0.05, False, "Inputs over output are not negative"),
    "elasticity": Rule("j", 0.0, True, "A trade elasticity is given as a positive number"),
    "scale_elasticity": Rule("j", 0.0, False, "A scale elasticity is zero or positive"),
    "substitution": Rule("j", 1.0, True, "An elasticity of substitution is above one"),
    "value_added": Rule("i", 0.0, True, "Every region produces something"),
    "deficit": Rule("i", -np.inf, False, ""),
    "export_tax": Rule("iej", -1.0, True, "A tax is a fraction: 0.15 for 15 %, below 0 a subsidy"),
    "production_tax": Rule("ij", -1.0, True, "A tax is a fraction; below zero it is a subsidy"),
    "consumption_tax": Rule("ij", -1.0, True, "A tax is a fraction; below zero it is a subsidy"),
    "labour_tax": Rule("i", -np.inf, False, ""),
}
AXES = {"i": "importer (or region)", "e": "exporter", "k": "input", "j": "sector"}


def read_economy(
    given: Mapping[str, object], regions: Axis, sectors: Axis, problems: list[Problem]
) -> Arrays:
    """Return the arrays as float64; everything wrong with them is added to `problems`.

    A key is a name of `RULES`, or one with a suffix after a point, which follows the same rule.
    """
    arrays: Arrays = {}
    for key, value in given.items():
        check_order(key, value, regions if RULES[_kind(key)].axes[0] == "i" else sectors, problems)
        array = read_array(key, value, problems)
        if array is not None and _check_one(key, array, (regions, sectors), problems):
            arrays[key] = array
    if {"value_added_share", "input_share"} <= set(arrays):
        problems += _check_costs(arrays, regions, sectors)
    for key in SHARE_TOLERANCE:
        if key in arrays:
            problems += _check_shares(key, arrays[key], regions, sectors)
    return arrays


def complete_inputs(
    beta: Float[np.ndarray, "region sector"], gamma: Float[np.ndarray, "region input sector"]
) -> Float[np.ndarray, "region input sector"]:
    """Return input shares scaled so that with value added they add to one."""
    total = gamma.sum(axis=1, keepdims=True)
    return np.asarray(
        np.divide(gamma, total, out=np.zeros_like(gamma), where=total > 0) * (1 - beta)[:, None, :]
    )


def check_flows(
    arrays: Arrays, regions: Axis, sectors: Axis, *, clipped: bool | None = None
) -> list[Problem]:
    """Return what makes the accounts of flows impossible.

    Inputs above all spending, a region that sells nothing, none left for its households.

    Args:
        arrays: The arrays of `RULES`, with flows.
        regions: Names of regions.
        sectors: Names of sectors.
        clipped: Whether negative final demand is cut at zero, and no problem; None where the
            caller has no such choice.
    """
    remedy = "Final expenditure would be negative: rebalance flows or input shares"
    remedy = remedy if clipped is None else f'{remedy}, or write clip="zero"'
    flows, beta = arrays["flows"], arrays["value_added_share"]
    gamma = complete_inputs(beta, arrays["input_share"])
    paid = costs_of(arrays)
    expenditure = (flows * (1 + arrays["tariff"])).sum(axis=1)
    inputs = np.einsum("nkj,nj->nk", gamma, paid)
    final = expenditure - inputs
    dust = DUST * np.maximum(expenditure, inputs)
    problems = [
        Problem(f"flows[{regions[n]},:,{sectors[j]}]",
                f"inputs of {inputs[n, j]:.6g} exceed all spending of {expenditure[n, j]:.6g}",
                remedy)
        for n, j in np.argwhere((final < -dust) & (not clipped)).tolist()
    ]  # fmt: skip
    value_added = (beta * paid).sum(axis=1)
    problems += [
        Problem(f"flows[:,{regions[n]},:]", "the region sells nothing", "Drop or merge the region")
        for n in np.flatnonzero(value_added <= 0).tolist()
    ]
    idle = np.all(final <= dust, axis=1) & (value_added > 0)
    problems += [
        Problem(f"flows[{regions[n]},:,:]",
                "inputs use up all spending: nothing is left for households",
                "Merge the region with the one whose households it serves (some input-output "
                "tables split off the exporting firms of a country)")
        for n in np.flatnonzero(idle).tolist()
    ]  # fmt: skip
    return first_few(problems, "flows", "accounts do not hold")


def sales_of(arrays: Arrays) -> Float[np.ndarray, "region sector"]:
    """Return what makers get for the flows: their customs value less taxes on making and export."""
    flows = arrays["flows"]
    for name in ("export_tax", "production_tax"):
        if name in arrays:
            flows = flows / (1 + arrays[name])
    return np.asarray(flows.sum(axis=0))


def costs_of(arrays: Arrays) -> Float[np.ndarray, "region sector"]:
    """Return what is paid for labour and inputs: sales, unless makers have costs where they sell.

    The share `fixed_cost_share` of sales is then paid where the buyer is.
    """
    if "fixed_cost_share" not in arrays:
        return sales_of(arrays)
    share, flows = arrays["fixed_cost_share"], arrays["flows"]
    return np.asarray((1 - share) * flows.sum(axis=0) + share * flows.sum(axis=1))


def _kind(key: str) -> str:
    """Return the rule that a key follows: `elasticities.<name>` follows `elasticity`."""
    return "elasticity" if key.startswith("elasticities.") else key


def _check_one(
    key: str, array: np.ndarray, names: tuple[Axis, Axis], problems: list[Problem]
) -> bool:
    """Add what is wrong with one array to `problems`; return whether it has the right shape."""
    rule = RULES[_kind(key)]
    axes = [names[1] if axis in "kj" else names[0] for axis in rule.axes]
    shape = tuple(len(axis) for axis in axes)
    if array.shape != shape:
        meant = ", ".join(AXES[axis] for axis in rule.axes)
        message = f"has shape {array.shape}, not {shape}"
        problems.append(Problem(key, message, f"Axes are {meant}: one entry a label"))
        return False
    missing = ~np.isfinite(array)
    if missing.any():
        problems.append(
            Problem(_at(key, missing, axes), f"{counted(int(missing.sum()))} not finite",
                    "Replace NaN and infinity; an absent flow is 0")
        )  # fmt: skip
    low = (array <= rule.low) if rule.strict else (array < rule.low)
    if low.any():
        bound = "at or below" if rule.strict else "below"
        message = f"{counted(int(low.sum()))} {bound} {rule.low:g}"
        problems.append(Problem(_at(key, low, axes), message, rule.remedy))
    if key in RATES:
        rates = array[np.isfinite(array)]
        problems += check_rate_units(key, rates) or check_per_cent(key, rates)
    if key == "export_tax":
        problems += find_taxed_at_home(key, array)
    if key == "labour_tax" and (array >= 1).any():
        remedy = "A tax is a fraction of wages, below 1: 0.3 for 30 %"
        problems.append(Problem(_at(key, array >= 1, axes), "leaves nothing of wages", remedy))
    return True


def find_taxed_at_home(path: str, rates: np.ndarray) -> list[Problem]:
    """Return a problem where a tax on exports falls on what is sold at home."""
    if not np.einsum("nnj->nj", rates).any():
        return []
    remedy = "Leave the diagonal at zero: what is sold at home as well bears a production tax"
    return [Problem(path, "taxes what regions sell to themselves", remedy)]


def _check_costs(arrays: Arrays, regions: Axis, sectors: Axis) -> list[Problem]:
    """Return a problem for each sector whose value added and inputs do not add to its cost."""
    total = arrays["value_added_share"] + arrays["input_share"].sum(axis=1)
    problems = [
        Problem(f"value_added_share[{regions[n]},{sectors[j]}]",
                f"with its inputs adds to {total[n, j]:.6g}, not to 1 (off by "
                f"{total[n, j] - 1:.1e})",
                "Divide the inputs by their sum and multiply by one minus the value-added share")
        for n, j in np.argwhere(np.abs(total - 1.0) > SUM_TOLERANCE).tolist()
    ]  # fmt: skip
    return first_few(problems, "value_added_share", "sectors do not add to 1")


def _check_shares(key: str, array: np.ndarray, regions: Axis, sectors: Axis) -> list[Problem]:
    """Return what is wrong with sums of shares over exporters (or sectors)."""
    total = array.sum(axis=1)
    bought = total > 0 if key == "trade_share" else np.ones_like(total, dtype=bool)
    off = np.where(bought & np.isfinite(total), np.abs(total - 1), 0.0) > SHARE_TOLERANCE[key]
    problems = [
        Problem(f"{key}[{','.join((regions, sectors)[axis][at] for axis, at in enumerate(place))}]",
                f"sums to {total[tuple(place)]:.6g}",
                "Divide by the sum: shares of a buyer add up to one")
        for place in np.argwhere(off).tolist()
    ]  # fmt: skip
    return first_few(problems, key, "sums are not 1")


def _at(key: str, wrong: np.ndarray, axes: Sequence[Axis]) -> str:
    """Return the path of the first wrong entry, by names."""
    place = np.unravel_index(int(wrong.argmax()), wrong.shape)
    return f"{key}[{','.join(axis[int(at)] for axis, at in zip(axes, place, strict=True))}]"


def first_few(problems: list[Problem], path: str, what: str) -> list[Problem]:
    """Return the first few problems, and how many more there are."""
    more = len(problems) - MOST_SHOWN
    if more <= 0:
        return problems
    return [*problems[:MOST_SHOWN], Problem(path, f"{more} more {what}", problems[0].remedy)]
