"""The objectives that frontier, zone and agreements over terms maximise."""

from dataclasses import replace

import numpy as np

from accord.bargaining.over_terms.search import Extra, Goal
from accord.bargaining.plan import Party
from accord.core.arrays import Float

SMALL = 1e-4  # weight on the sum of gains where ties are to be broken towards efficiency
NONE: Extra = np.zeros(0)


def raise_sum(reward: Party, floors: Party | None = None) -> Goal:
    """Return the goal of a weighted sum of gains, with each gain at least its floor."""
    count = len(reward)
    floors = np.full(count, -np.inf) if floors is None else floors
    rows = np.isfinite(floors)
    load = np.eye(count)[rows]
    return Goal(reward, load, lambda _: NONE, NONE, np.zeros((len(load), 0)), -floors[rows])


def raise_least(
    scale: Party, base: Party | None = None, *, spare: float = 0.0, bound: Party | None = None
) -> Goal:
    """Return the goal of the largest `s` with `g >= base + s scale`.

    Args:
        scale: What counts as one for each party; a party at zero only has to keep `base`.
        base: Where gains are counted from; zero by default.
        spare: Weight on the sum of gains over `scale`.
        bound: Gains that must be reached whatever `s` is; none by default.
    """
    count = len(scale)
    base = np.zeros(count) if base is None else base
    counted = scale > 0
    safe = np.where(counted, scale, 1.0)
    reward = np.where(counted, spare / safe, 0.0)
    load, slack, shift = np.eye(count), -scale[:, None], -base
    if bound is not None:
        rows = np.isfinite(bound)
        load = np.concatenate([load, np.eye(count)[rows]])
        slack = np.concatenate([slack, np.zeros((int(rows.sum()), 1))])
        shift = np.concatenate([shift, -bound[rows]])

    def guess(gains: Party) -> Extra:
        return np.array([((gains - base) / safe)[counted].min()])

    return Goal(reward, load, guess, np.ones(1), slack, shift)


def raise_product(weights: Party, floor: Party) -> Goal:
    """Return the goal of the largest product of gains to the power of weights, no gain below 0.

    A party of weight zero only has to lose nothing.
    """
    count = len(weights)
    return Goal(
        np.zeros(count), np.eye(count), lambda _: NONE, NONE, np.zeros((count, 0)),
        np.zeros(count), log=weights, floor=floor,
    )  # fmt: skip


def lower_compensation(size: Party) -> Goal:
    """Return the goal of the smallest sum of losses, in money, that the gains of others can pay."""
    count = len(size)
    load = np.concatenate([np.eye(count), np.zeros((count, count)), size[None, :] / size.sum()])
    slack = np.concatenate([np.eye(count), np.eye(count), np.zeros((1, count))])
    return Goal(
        np.zeros(count), load, lambda gains: np.maximum(-gains, 0.0), -size / size.sum(), slack,
        np.zeros(2 * count + 1),
    )  # fmt: skip


def weigh(gains: Float[np.ndarray, "*point party"], scale: Party) -> Float[np.ndarray, "*point _"]:
    """Return gains over what counts as one, for the parties that count."""
    counted = scale > 0
    return np.asarray(gains[..., counted] / scale[counted])


def raise_least_at_sum(scale: Party, price: Party, total: float, floors: Party) -> Goal:
    """Return the goal of the largest smallest gain over `scale` where a weighted sum is reached."""
    goal = raise_least(scale, np.zeros(len(scale)))
    rows = np.isfinite(floors)
    load = np.concatenate([goal.load, price[None, :], np.eye(len(scale))[rows]])
    slack = np.concatenate([goal.slack, np.zeros((1 + rows.sum(), 1))])
    shift = np.concatenate([goal.shift, [-total], -floors[rows]])
    return replace(goal, load=load, slack=slack, shift=shift)
