r"""From rates of lines to the tariff of a sector: the mean, and two aggregates without its bias.

Let $v_g$ be the customs value of good $g$ of an exporter in a sector, bought under the duty
$t^0_g$, and $\theta$ the trade elasticity of the sector. Goods are varieties of one CES nest, whose
elasticity of substitution is $1+\theta$. Spending on a variety at buyers' prices is proportional to
$b_g (1+t_g)^{-\theta}$, and its customs value to $b_g (1+t_g)^{-1-\theta}$. Hence
$b_g = v_g (1+t^0_g)^{1+\theta}$ up to a factor. Two uniform tariffs $T$ can stand for all of them:

- that of the same CES price index, $(1+T)^{-\theta} \sum b_g = \sum b_g (1+t_g)^{-\theta}$;
- that of the same import value at the price index of the sector,
  $(1+T)^{-1-\theta} \sum b_g = \sum b_g (1+t_g)^{-1-\theta}$, as in Anderson and Neary (2003),
  The Mercantilist Index of Trade Policy, International Economic Review 44.

For small tariffs the first exceeds the weighted mean by $(1+\theta)/2$ times the variance of rates,
and the second by $\theta/2$ times it.
"""

from collections.abc import Mapping

import numpy as np

from accord.core.arrays import Float, Int

Cells = Float[np.ndarray, " cell"]
Groups = Int[np.ndarray, " cell"]


def aggregate_rates(
    group: Groups, value: Cells, *, rate: Cells, bought_under: Cells, theta: Cells
) -> Mapping[str, Float[np.ndarray, " group"]]:
    """Return, by group, the mean rate, both ideal aggregates and the spread of rates.

    All are fractions, weighted by customs value; a group without value has plain means. Keys are
    mean, price_index, import_value, dispersion (standard deviation), lowest and highest.

    Args:
        group: Group of each cell, from 0 on, every group with at least one cell.
        value: Customs value of each cell, in any unit.
        rate: Rate of each cell, a fraction.
        bought_under: Rate that held when the value was bought, a fraction.
        theta: Trade elasticity of each cell, the same within a group.
    """
    count = int(group.max(initial=-1)) + 1

    def add(values: Cells) -> Float[np.ndarray, " group"]:
        return np.asarray(np.bincount(group, weights=values, minlength=count), dtype=float)

    total = add(value)
    weight = np.where(total[group] > 0, value, 1.0)
    weight = weight / add(weight)[group]
    mean = add(weight * rate)
    before = np.where(total[group] > 0, bought_under, rate)
    demand = np.log(weight, out=np.full(weight.shape, -np.inf), where=weight > 0)
    demand += (1.0 + theta) * np.log1p(before)
    elasticity = np.zeros(count)
    elasticity[group] = theta
    lowest, highest = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(lowest, group, rate)
    np.maximum.at(highest, group, rate)
    variance = add(weight * (rate - mean[group]) ** 2)
    return {
        "mean": mean,
        "price_index": _uniform(group, demand, rate, elasticity),
        "import_value": _uniform(group, demand, rate, 1.0 + elasticity),
        "dispersion": np.sqrt(variance),
        "lowest": lowest,
        "highest": highest,
    }


def _uniform(
    group: Groups, demand: Cells, rate: Cells, order: Float[np.ndarray, " group"]
) -> Float[np.ndarray, " group"]:
    """Return the uniform tariff whose sum of demand (a logarithm) times (1 + t)^-order is equal."""
    taxed = _log_sum(group, demand - order[group] * np.log1p(rate), order.size)
    return np.asarray(np.expm1((_log_sum(group, demand, order.size) - taxed) / order))


def _log_sum(group: Groups, logs: Cells, count: int) -> Float[np.ndarray, " group"]:
    """Return the logarithm of the sum of exponentials by group, without overflow."""
    most = np.full(count, -np.inf)
    np.maximum.at(most, group, logs)
    total = np.bincount(group, weights=np.exp(logs - most[group]), minlength=count)
    return np.asarray(most + np.log(total), dtype=float)
