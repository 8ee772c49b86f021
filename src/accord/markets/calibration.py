"""From what is observed to what is not: price coefficient, markups and marginal costs."""

from dataclasses import dataclass

import numpy as np

from accord.markets.equations import (
    ByProduct,
    Columns,
    Nesting,
    Shares,
    markups_at_shares,
    steepness,
)
from accord.markets.plan import MarketPlan
from accord.markets.tree import Tree, add_up, plant_tree

BISECTIONS = 60


@dataclass(frozen=True, eq=False)
class MarketModel:
    """A calibrated market. Rows are products in the order of the tree, columns draws.

    Attributes:
        tree: The nests.
        base: Shares as observed.
        nesting: Price coefficient and correlations.
        price: Prices as observed, money.
        cost: Marginal costs that make them best for their makers, money.
        units: Units sold.
    """

    tree: Tree
    base: Shares
    nesting: Nesting
    price: ByProduct
    cost: ByProduct
    units: ByProduct


def as_columns(value: object, tree: Tree) -> ByProduct:
    """Return a number, or one a product (draws first), by product and draw."""
    array = np.atleast_2d(np.asarray(value, dtype=np.float64))
    if array.shape[1] == 1:
        return np.broadcast_to(array.T, (len(tree.order), len(array)))
    return np.ascontiguousarray(array[:, tree.order].T)


def by_draw(value: object) -> Columns:
    """Return a number, or one a draw, by draw."""
    return np.atleast_1d(np.asarray(value, dtype=np.float64))


def calibrate(plan: MarketPlan) -> MarketModel:
    """Return the market whose equilibrium the observed prices and shares are."""
    tree = plant_tree(*plan.nests)
    base = observed_shares(plan.share[tree.order, None], tree)
    within, across = _correlations(plan, base, tree)
    price = plan.price[tree.order, None]
    share = plan.share[tree.order, None]
    weight = share / share.sum()
    unit = Nesting(np.ones(1), within, across)
    demand = plan.demand
    if demand.own_elasticity is not None:
        steep = (weight * price * steepness(base, unit, tree)).sum(axis=0)
        alpha = -by_draw(demand.own_elasticity) / steep
    else:
        markup = markups_at_shares(base, unit, tree)[tree.cell]
        alpha = (weight * markup / price).sum(axis=0) / by_draw(demand.mean_markup)
    nesting = Nesting(*np.broadcast_arrays(alpha, within, across))
    cost = price - markups_at_shares(base, nesting, tree)[tree.cell]
    return MarketModel(tree, base, nesting, price, cost, plan.size * share)


def observed_shares(share: ByProduct, tree: Tree) -> Shares:
    """Return the shares in nests of products with these shares of the potential market."""
    cell = add_up(share, tree.cell_start)
    group = add_up(cell, tree.group_start)
    segment = add_up(group, tree.segment_start)
    return Shares(
        product=share / group[tree.group_of_product],
        cell=cell / group[tree.group],
        group=group / segment[tree.segment],
        segment=segment,
        outside=1.0 - segment.sum(axis=0),
    )


def mean_diversion(base: Shares, nesting: Nesting, tree: Tree) -> Columns:
    """Return the mean share of lost buyers that buy nothing, weighted by units."""
    group = tree.group_of_product
    weight = base.product * (base.group * base.segment[tree.segment])[group]
    diversion = base.outside * nesting.alpha / steepness(base, nesting, tree)
    return np.asarray((weight * diversion).sum(axis=0) / weight.sum(axis=0))


def _correlations(plan: MarketPlan, base: Shares, tree: Tree) -> tuple[Columns, Columns]:
    """Return one less the correlations within a group and within a segment."""
    demand = plan.demand
    if demand.segment_correlation is None:
        across = _meet_diversion(by_draw(demand.outside_diversion), base, tree)
    else:
        across = 1.0 - by_draw(demand.segment_correlation)
    if plan.group is None or demand.group_correlation is None:
        return across, across
    within = np.minimum(1.0 - by_draw(demand.group_correlation), across)
    return np.asarray(within), across


def _meet_diversion(wanted: Columns, base: Shares, tree: Tree) -> Columns:
    """Return one less the correlation at which diversion to buying nothing is as wanted.

    The more alike products of a segment are, the fewer of its lost buyers buy nothing.
    """
    low, high = np.zeros_like(wanted), np.ones_like(wanted)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        nesting = Nesting(np.ones_like(middle), middle, middle)
        is_short = mean_diversion(base, nesting, tree) < wanted
        low, high = np.where(is_short, middle, low), np.where(is_short, high, middle)
    return np.asarray((low + high) / 2)
