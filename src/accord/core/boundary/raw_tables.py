"""Tables as statistical offices and authors publish them, made into what an economy must be."""

from collections.abc import Mapping, Sequence

import numpy as np

from accord.core.arrays import Float
from accord.core.boundary.conversion import read_array
from accord.core.boundary.economy import (
    SUM_TOLERANCE,
    Arrays,
    check_flows,
    complete_inputs,
    sales_of,
)
from accord.core.errors import Problem

EXCHANGED = Problem(
    "flows",
    "the accounts hold if its first two axes are exchanged",
    "Axes are importer, exporter, sector: write numpy.swapaxes(flows, 0, 1)",
)


def fill_idle(given: Mapping[str, object], sold: str) -> dict[str, object]:
    """Return arrays in which sectors without output have costs: value added alone.

    Tables leave such sectors at zero, or at a quotient of zeros. Their costs decide nothing, since
    they sell nothing, but an economy needs some. Everything else stays as it was given.

    Args:
        given: Arrays by name.
        sold: Name of the cube of flows or shares, which says who sells what.
    """
    names = (sold, "value_added_share", "input_share")
    cube, beta, gamma = (read_array(name, given[name], []) for name in names)
    if cube is None or beta is None or gamma is None or cube.ndim != 3 or beta.ndim != 2:
        return dict(given)
    regions, sectors = cube.shape[0], cube.shape[2]
    shapes = ((regions, regions, sectors), (regions, sectors), (regions, sectors, sectors))
    if (cube.shape, beta.shape, gamma.shape) != shapes:
        return dict(given)
    off = np.abs(beta + gamma.sum(axis=1) - 1) > SUM_TOLERANCE
    wrong = (off | ~(beta > 0) | ~np.isfinite(beta + gamma.sum(axis=1))) & (cube.sum(axis=0) == 0)
    if not wrong.any():
        return dict(given)
    return {
        **given,
        "value_added_share": np.where(wrong, 1.0, beta),
        "input_share": np.where(wrong[:, None, :], 0.0, gamma),
    }


def net_of_tariff(arrays: Arrays) -> Arrays:
    """Return arrays whose flows are at customs value, from flows that include the duty."""
    return {**arrays, "flows": arrays["flows"] / (1 + arrays["tariff"])}


def find_exchanged_axes(
    arrays: Arrays, regions: Sequence[str], sectors: Sequence[str]
) -> list[Problem]:
    """Return that flows are exporter by importer, where accounts that fail hold that way round."""
    flipped = np.swapaxes(arrays["flows"], 0, 1)
    for tariff in (arrays["tariff"], np.swapaxes(arrays["tariff"], 0, 1)):
        if not check_flows({**arrays, "flows": flipped, "tariff": tariff}, regions, sectors):
            return [EXCHANGED]
    return []


def negative_demand(arrays: Arrays) -> Float[np.ndarray, "region sector"]:
    """Return by how much inputs exceed all spending, in money; zero where they do not."""
    gamma = complete_inputs(arrays["value_added_share"], arrays["input_share"])
    inputs = np.einsum("nkj,nj->nk", gamma, sales_of(arrays))
    spent = (arrays["flows"] * (1 + arrays["tariff"])).sum(axis=1)
    return np.asarray(np.maximum(inputs - spent, 0.0))


def cut_to_shares(arrays: Arrays) -> Arrays:
    """Return shares, value added and deficits from flows, negative final demand cut at zero."""
    flows, beta, tariff = arrays["flows"], arrays["value_added_share"], arrays["tariff"]
    gamma = complete_inputs(beta, arrays["input_share"])
    sales, spent = sales_of(arrays), flows * (1 + tariff)
    total = spent.sum(axis=1)
    final = np.maximum(total - np.einsum("nkj,nj->nk", gamma, sales), 0.0)
    share = np.divide(spent, total[:, None], out=np.zeros_like(spent), where=total[:, None] > 0)
    if "consumption_tax" in arrays:
        final = final * (1 + arrays["consumption_tax"])
    return {
        **{name: array for name, array in arrays.items() if name != "flows"},
        "trade_share": share,
        "final_share": final / final.sum(axis=1, keepdims=True),
        "value_added": (beta * sales).sum(axis=1),
        "deficit": flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
    }
