"""Finding markups, and the worth of full plants and of quotas, block by block of draws."""

from typing import Any, NamedTuple, TypeVar

import numpy as np

from accord.core.arrays import Float
from accord.markets.calibration import MarketModel
from accord.markets.config import MarketConfig
from accord.markets.costs import CostLines, Limits
from accord.markets.equations import (
    ByCell,
    ByProduct,
    Columns,
    Nesting,
    Shares,
    choice_shares,
    market_shares,
    markup_map,
    moved_share,
    perceived_cost,
    showroom_price,
)
from accord.markets.tree import Tree

ByLimit = Float[np.ndarray, "limit #draw"]
Gaps = Float[np.ndarray, "kind #draw"]
Cut = TypeVar("Cut")
LONGER = 1.2  # by how much steps grow again after they were cut
LEAST = 1e-300
FARTHEST = 1e100  # a step of scarcity that moves nothing ends here


class Game(NamedTuple):
    """What makers know when they set prices; every array ends in draws, or in a single column.

    Attributes:
        base: Shares as observed.
        nesting: Price coefficient and correlations.
        price: Prices as observed.
        markup: Markups as observed, by cell.
        direct: Cost where a unit is built today.
        moved: Cost of the first unit that is built at home instead.
        spread: By how much more the last costs.
        reach: Largest share that can have moved.
        passthrough: Share of the way that prices go.
        beyond: What a unit beyond a tariff-rate quota pays more.
    """

    base: Shares
    nesting: Nesting
    price: ByProduct
    markup: ByCell
    direct: ByProduct
    moved: ByProduct
    spread: ByProduct
    reach: ByProduct
    passthrough: ByProduct
    beyond: ByProduct


class MarketState(NamedTuple):
    """Where the iteration ended. Rows are products, cells or limits, columns draws.

    Attributes:
        markup: Equilibrium markup over perceived cost by cell, money.
        scarcity: What one more unit of a plant or quota would save, money a unit; at a tariff-rate
            quota, as a share of what a unit beyond it pays more.
        perceived: Marginal cost with scarcity, money.
        moved: Share that is built at home instead.
        price: Prices that buyers pay.
        shares: Shares at these prices.
        equilibrium: Shares at equilibrium prices: the same in the long run.
        inclusive: Change of the inclusive value.
        gap: Largest residual of the first-order conditions, and of limits, as shares.
        steps: Steps taken, one number.
    """

    markup: ByCell
    scarcity: ByLimit
    perceived: ByProduct
    moved: ByProduct
    price: ByProduct
    shares: Shares
    equilibrium: Shares
    inclusive: Columns
    gap: Gaps
    steps: Columns


def make_game(model: MarketModel, lines: CostLines, passthrough: ByProduct) -> Game:
    """Return the game that a calibrated market and its costs are."""
    markup = (model.price - model.cost)[model.tree.cell_start]
    return Game(model.base, model.nesting, model.price, markup, lines.direct, lines.moved,
                lines.spread, lines.reach, passthrough, lines.beyond)  # fmt: skip


def play(
    game: Game, tree: Tree, limits: Limits, *, size: float, config: MarketConfig
) -> MarketState:
    """Return the equilibrium of every draw, solved in blocks that fit the processor's memory."""
    draws = max(array.shape[-1] for array in _leaves(game))
    blocks = [
        _iterate(_cut(game, slice(at, at + config.block)), tree, limits, size=size, config=config)
        for at in range(0, draws, config.block)
    ]
    return blocks[0] if len(blocks) == 1 else _join(blocks)


def _iterate(
    game: Game, tree: Tree, limits: Limits, *, size: float, config: MarketConfig
) -> MarketState:
    """Return markups and scarcity after the last step; `gap` says how near they are."""
    draws = max(array.shape[-1] for array in _leaves(game))
    markup = np.broadcast_to(game.markup, (len(game.markup), draws))
    scarcity = np.zeros((len(limits.names), draws))
    pace, last = np.ones_like(scarcity), np.zeros_like(scarcity)
    for step in range(1, config.max_steps + 1):
        moved, perceived = _make(game, limits, scarcity)
        equilibrium_price = perceived + markup[tree.cell]
        price = showroom_price(game.price, equilibrium_price, game.passthrough)
        equilibrium, inclusive = _choose(game, tree, equilibrium_price)
        shares = equilibrium
        if price is not equilibrium_price:
            shares, inclusive = _choose(game, tree, price)
        wanted = markup_map(markup, equilibrium, game.nesting, tree)
        unmet = game.nesting.alpha / game.nesting.within * np.abs(wanted - markup)
        gap = np.zeros((2, draws))
        gap[0] = unmet.max(axis=0)
        if limits.names:
            units = size * market_shares(shares, tree)
            gap[1], rise = _price_limits(game, limits, units, moved=moved, scarcity=scarcity)
            # A step that turns back has gone too far over a kink: the next ones are shorter.
            pace = np.where(rise * last < 0, pace / 2, np.minimum(1.0, LONGER * pace))
            last = rise
        if np.all(gap <= config.tolerance) or step == config.max_steps:
            break
        markup = wanted
        if limits.names:
            scarcity = np.clip(scarcity + pace * rise, 0.0, limits.cap[:, None])
    return MarketState(markup, scarcity, perceived, moved, price, shares, equilibrium, inclusive,
                       gap, np.full(draws, float(step)))  # fmt: skip


def _choose(game: Game, tree: Tree, price: ByProduct) -> tuple[Shares, Columns]:
    return choice_shares(game.base, -game.nesting.alpha * (price - game.price), game.nesting, tree)


def _make(game: Game, limits: Limits, scarcity: ByLimit) -> tuple[ByProduct, ByProduct]:
    """Return the share moved and the perceived cost of a unit, where plants and quotas cost."""
    here, home = game.direct, game.moved
    if limits.names:
        here = here + limits.here_back @ scarcity + game.beyond * (limits.rated_back @ scarcity)
        home = home + limits.arriving_back @ scarcity
    moved = moved_share(here - home, game.spread, game.reach)
    return moved, perceived_cost(here, home, game.spread, moved)


def _price_limits(
    game: Game, limits: Limits, units: ByProduct, *, moved: ByProduct, scarcity: ByLimit
) -> tuple[Columns, ByLimit]:
    """Return by how much limits are missed, and a rise of their price that brings them nearer."""
    stays = (1 - moved) * units
    used = limits.here @ stays + limits.rated @ stays + limits.arriving @ (moved * units)
    excess = used - limits.most[:, None]
    slope = units * game.passthrough * game.nesting.alpha / game.nesting.within
    shift = np.where((moved > 0) & (moved < game.reach), units / game.spread, 0.0)
    own = (1 - moved) ** 2 * slope + shift
    fall = limits.here @ own + limits.rated @ (game.beyond * own)
    fall += limits.arriving @ (moved**2 * slope + shift)
    over, under = np.maximum(excess, 0.0), np.maximum(-excess, 0.0)
    missed = np.where(scarcity < limits.cap[:, None], over, 0.0) + np.where(
        scarcity > 0, under, 0.0
    )
    rise = np.clip(excess / np.maximum(fall, LEAST), -FARTHEST, FARTHEST)
    return (missed / limits.most[:, None]).max(axis=0), rise


def _leaves(value: Any) -> list[np.ndarray]:
    if isinstance(value, tuple):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _cut(value: Cut, place: slice) -> Cut:
    """Return the columns of some draws of a tuple of arrays, tuples within it included."""
    if isinstance(value, tuple):
        return type(value)(*(_cut(item, place) for item in value))
    array: Any = value
    return array if array.shape[-1] == 1 else np.ascontiguousarray(array[..., place])  # type: ignore[return-value]


def _join(blocks: list[MarketState]) -> MarketState:
    joined: MarketState = _join_items(blocks, [len(block.inclusive) for block in blocks])
    return joined


def _join_items(items: list[Any], counts: list[int]) -> Any:
    if isinstance(items[0], tuple):
        return type(items[0])(
            *(_join_items(list(part), counts) for part in zip(*items, strict=True))
        )
    wide = [
        np.broadcast_to(item, (*item.shape[:-1], count))
        for item, count in zip(items, counts, strict=True)
    ]
    return np.concatenate(wide, axis=-1)
