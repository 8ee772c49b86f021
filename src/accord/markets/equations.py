"""The equations of the markets engine; docs/markets.md has them with their sources.

Rows are products, cells, groups or segments as `Tree` orders them, and columns are draws.
"""

from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.markets.tree import Tree, add_up

Columns = Float[np.ndarray, "#draw"]
ByProduct = Float[np.ndarray, "product #draw"]
ByCell = Float[np.ndarray, "cell #draw"]
ByGroup = Float[np.ndarray, "group #draw"]
BySegment = Float[np.ndarray, "segment #draw"]


class Nesting(NamedTuple):
    """Price coefficient, and how unlike products of a group and of a segment are, by draw.

    Attributes:
        alpha: Fall of utility for a unit of money.
        within: One less the correlation within a group.
        across: One less the correlation within a segment.
    """

    alpha: Columns
    within: Columns
    across: Columns


class Shares(NamedTuple):
    """Shares at one set of prices.

    Attributes:
        product: Of a product in its group.
        cell: Of a cell in its group.
        group: Of a group in its segment.
        segment: Of a segment in the potential market.
        outside: Of those who buy nothing.
    """

    product: ByProduct
    cell: ByCell
    group: ByGroup
    segment: BySegment
    outside: Columns


def choice_shares(
    base: Shares, change: ByProduct, nesting: Nesting, tree: Tree
) -> tuple[Shares, Columns]:
    """Return shares after utilities change, and the change of the inclusive value (equation 1)."""
    weight = base.product * np.exp(change / nesting.within)
    in_cell = add_up(weight, tree.cell_start)
    in_group = add_up(in_cell, tree.group_start)
    group = base.group * in_group ** (nesting.within / nesting.across)
    in_segment = add_up(group, tree.segment_start)
    segment = base.segment * in_segment**nesting.across
    total = base.outside + segment.sum(axis=0)
    spread = in_group[tree.group]
    shares = Shares(
        product=weight / spread[tree.cell],
        cell=in_cell / spread,
        group=group / in_segment[tree.segment],
        segment=segment / total,
        outside=base.outside / total,
    )
    return shares, np.log(total)


def market_shares(shares: Shares, tree: Tree) -> ByProduct:
    """Return the share of each product in the potential market."""
    of_group = shares.group * shares.segment[tree.segment]
    return np.asarray(shares.product * of_group[tree.group_of_product])


def markup_map(markup: ByCell, shares: Shares, nesting: Nesting, tree: Tree) -> ByCell:
    """Return zeta, the markups that first-order conditions ask for (equation 3).

    The fixed point is the equilibrium of Bertrand's game (Morrow and Skerlos 2011).
    """
    alpha, within, across = nesting
    in_segment = shares.cell * shares.group[tree.group]
    own = (1 / within - 1 / across) * markup * shares.cell
    lost = markup * in_segment
    whole = tree.owner @ (lost * shares.segment[tree.segment_of_cell])
    if tree.beside is not None:
        lost = tree.beside @ lost
    beside = (1 / across - 1) * lost
    return np.asarray(within * (1 / alpha + own + beside + whole[tree.maker]))


def markups_at_shares(shares: Shares, nesting: Nesting, tree: Tree) -> ByCell:
    """Return the markups that solve the first-order conditions at given shares (equation 4)."""
    alpha, within, across = nesting
    slope = 1 / (1 / within - (1 / within - 1 / across) * shares.cell)
    in_segment = slope * shares.cell * shares.group[tree.group]
    if tree.beside is not None:
        in_segment = tree.beside @ in_segment
    rise = 1 / (1 - (1 / across - 1) * in_segment)
    of_cell = slope * shares.cell * shares.group[tree.group] * rise
    whole = tree.owner @ (of_cell * shares.segment[tree.segment_of_cell])
    return np.asarray(slope * rise / alpha / (1 - whole)[tree.maker])


def steepness(shares: Shares, nesting: Nesting, tree: Tree) -> ByProduct:
    """Return the fall of the logarithm of a product's units for a unit of money on its price.

    Times the price it is the own-price elasticity, and the share of those who buy nothing over
    it, times `alpha`, is diversion to the outside good (equation 2).
    """
    alpha, within, across = nesting
    group = tree.group_of_product
    in_segment = shares.product * shares.group[group]
    share = in_segment * shares.segment[tree.segment[group]]
    kept = (1 / within - 1 / across) * shares.product + (1 / across - 1) * in_segment + share
    return np.asarray(alpha * (1 / within - kept))


def respond(change: ByProduct, shares: Shares, nesting: Nesting, tree: Tree) -> ByProduct:
    """Return the change of the logarithm of units for a small change of utilities."""
    _, within, across = nesting
    cell = add_up(shares.product * change, tree.cell_start)
    group = add_up(cell, tree.group_start)
    segment = add_up(shares.group * group, tree.segment_start)
    whole = (shares.segment * segment).sum(axis=0)
    of_segment = segment * (1 - 1 / across) - whole
    of_group = group * (1 / across - 1 / within) + of_segment[tree.segment]
    return np.asarray(change / within + of_group[tree.group_of_product])


def moved_share(saving: ByProduct, spread: ByProduct, reach: ByProduct) -> ByProduct:
    """Return the share of a product that its maker builds at home instead (equation 6).

    Args:
        saving: What the first unit moved saves, money a unit.
        spread: By how much more the last unit costs to move, money a unit.
        reach: Largest share that can have moved by now.
    """
    return np.asarray(np.clip(saving / spread, 0.0, reach))


def perceived_cost(
    direct: ByProduct, first: ByProduct, spread: ByProduct, moved: ByProduct
) -> ByProduct:
    """Return the mean cost of a unit of which a share is built at home instead (equation 5).

    Args:
        direct: Cost where it is built today, money a unit.
        first: Cost of the first unit moved.
        spread: By how much more the last unit costs to move.
        moved: Share that is moved.
    """
    return np.asarray(direct - moved * (direct - first) + spread * moved**2 / 2)


def showroom_price(old: ByProduct, equilibrium: ByProduct, passthrough: ByProduct) -> ByProduct:
    """Return prices that have gone part of the way to the equilibrium (equation 7)."""
    if np.all(passthrough == 1.0):
        return equilibrium
    return np.asarray(old + passthrough * (equilibrium - old))


def surplus_change(inclusive: Columns, alpha: Columns, size: float) -> Columns:
    """Return the change of consumer surplus from that of the inclusive value (equation 8)."""
    return np.asarray(size * inclusive / alpha)
