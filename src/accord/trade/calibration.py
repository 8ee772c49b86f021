"""From flows or shares to a consistent baseline."""

import numpy as np

from accord.core.arrays import Bool, Float, Int
from accord.core.boundary.economy import (
    Arrays,
    complete_inputs,
    costs_of,
    first_few,
    sales_of,
)
from accord.core.errors import Problem, SolveError
from accord.core.status import Status
from accord.trade import equations as eq

DEFICIT_TOLERANCE = 1e-6
ROUNDING = 1e-12
MOST_ROUNDS = 10_000
TAXES = ("export_tax", "production_tax", "consumption_tax", "labour_tax")
EXTRAS = (*TAXES, "substitution")


def find_parts(tied: Bool[np.ndarray, "importer exporter"]) -> Int[np.ndarray, " region"]:
    """Return the part of the world each region is in, by number.

    Two regions are in one part if they trade with each other, directly or through others.
    """
    near = np.asarray(tied | tied.T)
    part = np.full(len(near), -1)
    while (part < 0).any():
        inside = np.arange(len(near)) == np.argmax(part < 0)
        wider = inside | near[inside].any(axis=0)
        while (wider != inside).any():
            inside, wider = wider, wider | near[wider].any(axis=0)
        part[inside] = part.max() + 1
    return part


def check_deficits(arrays: Arrays, regions: tuple[str, ...]) -> list[Problem]:
    """Return whether deficits fail to sum to zero, or exceed what a region has to pay with.

    They sum to zero in every part of the world that does not trade with the rest.
    """
    deficit, value_added = arrays["deficit"], arrays["value_added"]
    part = find_parts(arrays["trade_share"].sum(axis=2) > 0)
    problems: list[Problem] = []
    noise = ROUNDING * value_added.sum()
    for at in range(part.max() + 1):
        some = deficit[part == at]
        if abs(some.sum()) > DEFICIT_TOLERANCE * np.abs(some).sum() + noise:
            remedy = "A deficit of one region is a surplus of others: spread the difference"
            message = f"sums to {some.sum():.6g}{name_part(part == at, regions)}, not to zero"
            problems.append(Problem("deficit", message, remedy))
    unpaid = [
        Problem(f"deficit[{regions[n]}]", f"a surplus of {-deficit[n]:.6g} exceeds value added",
                "A region cannot lend more than it earns")
        for n in np.flatnonzero(value_added + deficit <= 0)
    ]  # fmt: skip
    return problems + first_few(unpaid, "deficit", "surpluses exceed value added")


def name_part(inside: Bool[np.ndarray, " region"], regions: tuple[str, ...]) -> str:
    """Return the regions of a part in words for a message; nothing for the whole world."""
    if inside.all():
        return ""
    names = [region for region, here in zip(regions, inside, strict=True) if here]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f" over {', '.join(names[:5])}{more}, which trade with nobody else"


def baseline_from_flows(given: Arrays) -> Arrays:
    """Return the model's arrays from flows whose accounts hold."""
    flows, tariff, beta = given["flows"], given["tariff"], given["value_added_share"]
    gamma = complete_inputs(beta, given["input_share"])
    sales, paid = sales_of(given), costs_of(given)
    spent = flows * (1 + tariff)
    expenditure = spent.sum(axis=1)
    inputs = np.einsum("nkj,nj->nk", gamma, paid)
    final = np.maximum(expenditure - inputs, 0.0)
    if "consumption_tax" in given:
        final = final * (1 + given["consumption_tax"])
    share = _shares(spent, expenditure)
    deficit = flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2))
    if "fixed_cost_share" in given:  # what is earned on fixed costs of others pays for imports too
        deficit = deficit - (paid - sales).sum(axis=1)
    return {
        "trade_share": share,
        "final_share": final / final.sum(axis=1, keepdims=True),
        "value_added_share": beta,
        "input_share": gamma,
        "elasticity": given["elasticity"],
        "scale_elasticity": given["scale_elasticity"],
        "tariff": tariff,
        "value_added": (beta * paid).sum(axis=1),
        "deficit": deficit,
        "sales": sales,
        "expenditure": expenditure,
        **{name: given[name] for name in EXTRAS if name in given},
    }


def baseline_from_shares(given: Arrays) -> Arrays:
    """Return the model's arrays from shares; sales solve the accounts at the given shares.

    Raises:
        SolveError: If the accounts do not settle, because value added leaks out of the rounds of
            inputs too slowly.
    """
    tariff, beta = given["tariff"], given["value_added_share"]
    gamma = complete_inputs(beta, given["input_share"])
    alpha = given["final_share"] / given["final_share"].sum(axis=1, keepdims=True)
    pi = _shares(given["trade_share"], given["trade_share"].sum(axis=1))
    deficit = given["deficit"].copy()
    part = find_parts(pi.sum(axis=2) > 0)
    for at in range(part.max() + 1):
        deficit[part == at] -= deficit[part == at].mean()
    cash = given["value_added"] + deficit
    net = pi / (1 + tariff)
    duty = 1 - net.sum(axis=1)
    made, used = net, np.zeros_like(alpha)
    for name in ("export_tax", "production_tax"):
        made = made / (1 + given[name]) if name in given else made
    if "consumption_tax" in given:
        used = alpha * given["consumption_tax"] / (1 + given["consumption_tax"])
    taken = (duty * (alpha - used) + used).sum(axis=1)
    sales = expenditure = np.zeros_like(beta)
    for _ in range(MOST_ROUNDS):
        paid = sales
        if "substitution" in given:
            zeta = eq.fixed_cost_share(given["elasticity"], given["substitution"])
            paid = eq.bundles_paid(sales, (1 - duty) * expenditure, zeta)
        inputs = np.einsum("nkj,nj->nk", gamma, paid)
        charged = ((net - made) * expenditure[:, None, :]).sum(axis=(0, 2))
        income = (cash + charged + (duty * inputs).sum(axis=1)) / (1 - taken)
        expenditure = inputs + (alpha - used) * income[:, None]
        update = (made * expenditure[:, None, :]).sum(axis=0)
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
        "scale_elasticity": given.get("scale_elasticity", np.zeros_like(given["elasticity"])),
        "tariff": tariff,
        "value_added": given["value_added"],
        "deficit": deficit,
        "sales": sales,
        "expenditure": expenditure,
        **{name: given[name] for name in EXTRAS if name in given},
    }


def check_substitution(arrays: Arrays, sectors: tuple[str, ...]) -> list[Problem]:
    """Return what is wrong with elasticities of substitution, and what was not derived for them."""
    if "substitution" not in arrays or "elasticity" not in arrays:
        return []
    sigma, theta = arrays["substitution"], arrays["elasticity"]
    problems = [
        Problem(f"substitution[{sectors[j]}]",
                f"{sigma[j]:.6g} is above one plus the trade elasticity of {theta[j]:.6g}",
                "The trade elasticity is the shape of Pareto's distribution of productivity, and "
                "with a lower one sales of firms have no mean")
        for j in np.flatnonzero(sigma > (1 + theta) * (1 + ROUNDING)).tolist()
    ]  # fmt: skip
    remedy = "Leave out the tax, or `substitution`"
    message = "is not known where fixed costs are paid in the market (`substitution`)"
    return problems + [Problem(name, message, remedy) for name in TAXES if name in arrays]


def _shares(spent: np.ndarray, total: np.ndarray) -> Float[np.ndarray, "n i j"]:
    """Return shares of spending; where nothing is spent, everything is from home."""
    home = np.broadcast_to(np.eye(spent.shape[0])[:, :, None], spent.shape)
    spending = np.broadcast_to(total[:, None, :], spent.shape)
    return np.asarray(np.divide(spent, spending, out=home.copy(), where=spending > 0))
