"""Checks of arrays and labels before they become a world: every problem at once."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from accord.core.errors import Problem
from accord.core.rates import check_rate_units
from accord.core.words import counted, suggest

SHARE_TOLERANCE = 1e-9

Shapes = Mapping[str, tuple[int, ...]]


def check_labels(path: str, labels: Sequence[str]) -> list[Problem]:
    """Return the problems of a list of identifiers: none given, empty ones, duplicates."""
    problems = []
    if not labels:
        problems.append(Problem(path, "no identifiers", "Give at least one"))
    twice = sorted(label for label, count in Counter(labels).items() if count > 1)
    if twice:
        problems.append(
            Problem(path, f"given more than once: {', '.join(twice)}", "Make identifiers unique")
        )
    if any(not label for label in labels):
        problems.append(Problem(path, "an identifier is empty", "Name every one"))
    return problems


def check_numbers(path: str, array: np.ndarray, shape: tuple[int, ...]) -> list[Problem]:
    """Return the problems of one array: its shape, values that are not finite, negatives."""
    if array.shape != shape:
        return [
            Problem(
                path,
                f"has shape {array.shape}, expected {shape}",
                "Axes are (importer, exporter, sector) for flows and tariffs, "
                "(region, sector) for shares, (region, input, sector) for inputs",
            )
        ]
    problems = []
    wrong = np.argwhere(~np.isfinite(array))
    if wrong.size:
        place = _place(wrong[0])
        problems.append(
            Problem(
                f"{path}{place}",
                f"{counted(len(wrong))} not finite",
                "Replace NaN and infinity; an absent flow is 0",
            )
        )
    negative = np.argwhere(np.nan_to_num(array) < 0)
    if negative.size:
        place = _place(negative[0])
        problems.append(
            Problem(
                f"{path}{place}",
                f"{counted(len(negative))} negative",
                "Flows, tariffs, shares and elasticities are at least 0",
            )
        )
    return problems


def check_shares(
    beta: np.ndarray, gamma: np.ndarray, regions: Sequence[str], sectors: Sequence[str]
) -> list[Problem]:
    """Return a problem for each sector whose value-added and input shares do not add to one."""
    total = beta + gamma.sum(axis=1)
    wrong = np.argwhere(np.abs(total - 1.0) > SHARE_TOLERANCE)
    problems = [
        Problem(
            f"value_added_share[{regions[n]},{sectors[j]}]",
            f"with its inputs adds to {total[n, j]:.6g} instead of 1",
            "Divide the inputs by their sum and multiply by one less the value-added share",
        )
        for n, j in wrong[:5].tolist()
    ]
    if len(wrong) > 5:
        problems.append(
            Problem("value_added_share", f"{len(wrong) - 5} more sectors do not add to 1")
        )
    return problems


def check_elasticities(path: str, values: np.ndarray, sectors: Sequence[str]) -> list[Problem]:
    """Return a problem for each trade elasticity that is not a positive number."""
    if values.shape != (len(sectors),):
        return [
            Problem(path, f"has shape {values.shape}, expected ({len(sectors)},)", "One a sector")
        ]
    return [
        Problem(
            f"{path}[{sectors[j]}]",
            f"is {values[j]:g}",
            "A trade elasticity is positive: give minus the response of trade to its cost",
        )
        for j in np.flatnonzero(~(values > 0) | ~np.isfinite(values)).tolist()
    ]


def check_known(path: str, names: Sequence[str], options: Sequence[str]) -> list[Problem]:
    """Return a problem for each name that is not an option, with the likely meaning."""
    problems = []
    for name in names:
        if name not in options:
            near = suggest(name, options)
            remedy = f"Did you mean {near}?" if near else f"Known: {', '.join(options)}"
            problems.append(Problem(path, f'unknown identifier "{name}"', remedy))
    return problems


def check_world_arrays(
    arrays: Mapping[str, np.ndarray], regions: Sequence[str], sectors: Sequence[str]
) -> list[Problem]:
    """Return every problem of the arrays that make up a world."""
    n, s = len(regions), len(sectors)
    shapes: Shapes = {
        "flows": (n, n, s),
        "tariff": (n, n, s),
        "value_added_share": (n, s),
        "input_share": (n, s, s),
        "scale_elasticity": (s,),
    }
    problems = check_labels("regions", regions) + check_labels("sectors", sectors)
    for path, shape in shapes.items():
        problems += check_numbers(path, arrays[path], shape)
    problems += check_rate_units("tariff", arrays["tariff"])
    beta, gamma = arrays["value_added_share"], arrays["input_share"]
    if beta.shape == shapes["value_added_share"] and gamma.shape == shapes["input_share"]:
        problems += check_shares(beta, gamma, regions, sectors)
    return problems


def _place(index: np.ndarray) -> str:
    return "[" + ",".join(str(int(position)) for position in index) + "]"
