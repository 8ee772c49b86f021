"""From flows or shares to a consistent baseline, with everything checked first."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from accord.core.errors import Problem, SolveError
from accord.core.rates import check_rate_units
from accord.core.status import Status
from accord.core.words import counted

SUM_TOLERANCE = 1e-5
SHARE_TOLERANCE = {"trade_share": 1e-3, "final_share": 0.05}
DEFICIT_TOLERANCE = 1e-6
ROUNDING = 1e-12
DUST = 1e-9
MOST_ROUNDS = 10_000

Arrays = dict[str, np.ndarray]
Names = tuple[tuple[str, ...], tuple[str, ...]]


class _Rule(NamedTuple):
    axes: str
    low: float
    strict: bool
    remedy: str


RULES: dict[str, _Rule] = {
    "flows": _Rule("nnj", 0.0, False, "Flows are customs values; a missing flow is zero"),
    "trade_share": _Rule("nnj", 0.0, False, "Shares of spending are between zero and one"),
    "final_share": _Rule("nj", 0.0, False, "Cut negative final shares at zero before calibrating"),
    "tariff": _Rule("nnj", -1.0, True, "A tariff is a fraction: 0.15 for 15 %"),
    "value_added_share": _Rule("nj", 0.0, True, "Value added over output is positive"),
    "input_share": _Rule("nnj", -0.05, False, "Inputs over output are not negative"),
    "elasticity": _Rule("j", 0.0, True, "A trade elasticity is given as a positive number"),
    "scale_elasticity": _Rule("j", 0.0, False, "A scale elasticity is zero or positive"),
    "value_added": _Rule("n", 0.0, True, "Every region produces something"),
    "deficit": _Rule("n", -np.inf, False, ""),
}


def check_arrays(given: Arrays, names: Names) -> list[Problem]:
    """Return everything wrong with the arrays: shapes, signs, sums, labels."""
    N, J = len(names[0]), len(names[1])
    if N == 0 or J == 0:
        first = next(iter(given))
        return [Problem(first, f"has shape {np.shape(given[first])}",
                        "It needs three axes: importer, exporter, sector")]  # fmt: skip
    problems = [
        Problem(f"labels[{axis}]", "has a label twice")
        for axis, labels in enumerate(names)
        if len(set(labels)) != len(labels)
    ]
    for key, value in given.items():
        problems += _check_one(key, np.asarray(value), N, J)
    if problems:
        return problems
    total = given["value_added_share"] + given["input_share"].sum(axis=1)
    worst = np.abs(total - 1).max()
    if worst > SUM_TOLERANCE:
        n, j = np.unravel_index(int(np.abs(total - 1).argmax()), total.shape)
        problems.append(
            Problem("input_share",
                    f"with value added sums to {total[n, j]:.6g} in {names[0][n]}, {names[1][j]}",
                    "Multiply input shares by one minus the value-added share")
        )  # fmt: skip
    return problems + _check_shares(given, names) + _check_deficit(given)


def _check_shares(given: Arrays, names: Names) -> list[Problem]:
    """Return what is wrong with sums of shares over exporters (or sectors)."""
    problems: list[Problem] = []
    for key, tolerance in SHARE_TOLERANCE.items():
        if key not in given:
            continue
        total = np.asarray(given[key]).sum(axis=1)
        bought = total > 0 if key == "trade_share" else np.ones_like(total, dtype=bool)
        off = np.where(bought, np.abs(total - 1), 0.0)
        if off.max() > tolerance:
            worst = np.unravel_index(int(off.argmax()), off.shape)
            where = ", ".join(names[axis][int(at)] for axis, at in enumerate(worst))
            problems.append(
                Problem(key, f"sums to {total[worst]:.6g} in {where}",
                        "Divide by the sum: shares of a buyer add up to one")
            )  # fmt: skip
    return problems


def _check_deficit(given: Arrays) -> list[Problem]:
    """Return whether deficits fail to sum to zero, or exceed what a region has to pay with."""
    if "deficit" not in given:
        return []
    deficit, value_added = np.asarray(given["deficit"]), np.asarray(given["value_added"])
    problems: list[Problem] = []
    noise = ROUNDING * value_added.sum()
    if abs(deficit.sum()) > DEFICIT_TOLERANCE * np.abs(deficit).sum() + noise:
        problems.append(
            Problem("deficit", f"sums to {deficit.sum():.6g}, not to zero",
                    "A deficit of one region is a surplus of others: spread the difference")
        )  # fmt: skip
    problems += [
        Problem(f"deficit[{n}]", f"a surplus of {-deficit[n]:.6g} exceeds value added",
                "A region cannot lend more than it earns")
        for n in np.flatnonzero(value_added + deficit <= 0)
    ]  # fmt: skip
    return problems


def _check_one(key: str, value: np.ndarray, N: int, J: int) -> list[Problem]:
    rule = RULES[key]
    shape = tuple(J if axis == "j" else N for axis in rule.axes)
    if key == "input_share":
        shape = (N, J, J)
    if value.shape != shape:
        return [Problem(key, f"has shape {value.shape}, not {shape}",
                        "Axes are importer (or region), exporter (or input), sector")]  # fmt: skip
    if not np.all(np.isfinite(value)):
        count = int((~np.isfinite(value)).sum())
        return [Problem(key, f"{counted(count)} not finite", "Fill or drop them")]
    bad = value <= rule.low if rule.strict else value < rule.low
    if np.any(bad):
        bound = "at or below" if rule.strict else "below"
        where = tuple(int(axis[0]) for axis in np.nonzero(bad))
        message = f"{counted(int(bad.sum()))} {bound} {rule.low:g}"
        return [Problem(f"{key}{list(where)}", message, rule.remedy)]
    return check_rate_units(key, value) if key == "tariff" else []


def baseline_from_flows(given: Arrays) -> Arrays | list[Problem]:
    """Return the model's arrays from flows, or what makes the accounts impossible."""
    flows, tariff, beta = given["flows"], given["tariff"], given["value_added_share"]
    gamma = _complete_inputs(beta, given["input_share"])
    sales = flows.sum(axis=0)
    spent = flows * (1 + tariff)
    expenditure = spent.sum(axis=1)
    inputs = np.einsum("nkj,nj->nk", gamma, sales)
    final = expenditure - inputs
    dust = DUST * np.maximum(expenditure, inputs)
    problems = [
        Problem(f"flows[{n}, :, {j}]",
                f"inputs of {inputs[n, j]:.6g} exceed all spending of {expenditure[n, j]:.6g}",
                "Final expenditure would be negative: rebalance flows or input shares")
        for n, j in np.argwhere(final < -dust)
    ]  # fmt: skip
    value_added = (beta * sales).sum(axis=1)
    problems += [
        Problem(f"flows[:, {n}, :]", "the region sells nothing", "Drop or merge the region")
        for n in np.flatnonzero(value_added <= 0)
    ]
    idle = np.all(final <= dust, axis=1) & (value_added > 0)
    problems += [
        Problem(f"flows[{n}, :, :]", "inputs use up all spending: nothing is left for households",
                "Check the sales and input shares of the region")
        for n in np.flatnonzero(idle)
    ]  # fmt: skip
    if problems:
        return problems
    final = np.maximum(final, 0.0)
    share = _shares(spent, expenditure)
    return {
        "trade_share": share,
        "final_share": final / final.sum(axis=1, keepdims=True),
        "value_added_share": beta,
        "input_share": gamma,
        "elasticity": given["elasticity"],
        "scale_elasticity": given["scale_elasticity"],
        "tariff": tariff,
        "value_added": value_added,
        "deficit": flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
        "sales": sales,
        "expenditure": expenditure,
    }


def baseline_from_shares(given: Arrays) -> Arrays:
    """Return the model's arrays from shares; sales solve the accounts at the given shares.

    Raises:
        SolveError: If the accounts do not settle, because value added leaks out of the rounds of
            inputs too slowly.
    """
    tariff, beta = given["tariff"], given["value_added_share"]
    gamma = _complete_inputs(beta, given["input_share"])
    alpha = given["final_share"] / given["final_share"].sum(axis=1, keepdims=True)
    pi = _shares(given["trade_share"], given["trade_share"].sum(axis=1))
    deficit = given["deficit"] - given["deficit"].mean()
    cash = given["value_added"] + deficit
    net = pi / (1 + tariff)
    duty = 1 - net.sum(axis=1)
    sales = np.zeros_like(beta)
    expenditure = sales
    for _ in range(MOST_ROUNDS):
        inputs = np.einsum("nkj,nj->nk", gamma, sales)
        income = (cash + (duty * inputs).sum(axis=1)) / (1 - (duty * alpha).sum(axis=1))
        expenditure = inputs + alpha * income[:, None]
        update = (net * expenditure[:, None, :]).sum(axis=0)
        done = np.abs(update - sales).max() <= 1e-13 * np.abs(cash).sum()
        sales = update
        if done:
            break
    else:
        smallest = f"the smallest share of value added is {beta.min():.2g}"
        raise SolveError(Status.MAX_STEPS, f"sales of the given shares ({smallest})")
    return {
        "trade_share": pi,
        "final_share": alpha,
        "value_added_share": beta,
        "input_share": gamma,
        "elasticity": given["elasticity"],
        "scale_elasticity": np.zeros_like(given["elasticity"]),
        "tariff": tariff,
        "value_added": given["value_added"],
        "deficit": deficit,
        "sales": sales,
        "expenditure": expenditure,
    }


def _complete_inputs(beta: np.ndarray, gamma: np.ndarray) -> Float[np.ndarray, "n k j"]:
    total = gamma.sum(axis=1, keepdims=True)
    return np.asarray(
        np.divide(gamma, total, out=np.zeros_like(gamma), where=total > 0) * (1 - beta)[:, None, :]
    )


def _shares(spent: np.ndarray, total: np.ndarray) -> Float[np.ndarray, "n i j"]:
    """Return shares of spending; where nothing is spent, everything is from home."""
    home = np.broadcast_to(np.eye(spent.shape[0])[:, :, None], spent.shape)
    spending = np.broadcast_to(total[:, None, :], spent.shape)
    return np.asarray(np.divide(spent, spending, out=home.copy(), where=spending > 0))
