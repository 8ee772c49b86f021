"""On which trade elasticity the value added of a sector hangs.

The sets of elasticities differ sector by sector. Each sector's elasticity takes the values of the
sets by itself, all others at the middle of the sets. What that does to a figure adds up to a
surface, whose variance by input is exact. Equilibria at a few draws of all elasticities at once say
how much of the variance the surface misses.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.assessment.exposure.hinges import Hinge, lead
from accord.assessment.snapshot.packages import Snapshot
from accord.core.arrays import Float
from accord.lowering.trade import with_elasticity
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade

ALONE = 8  # sectors whose elasticities are told apart; the others move together
CHECKS = 16  # draws of all elasticities at once
SEED = 20251114
OTHERS = "others"
PREFIX = "elasticity:"

Made = Float[np.ndarray, "party sector"]


@dataclass(frozen=True, eq=False)
class ElasticityInputs:
    """What is drawn: the elasticity of some sectors, and those of all others together.

    Attributes:
        names: An input each.
        columns: Sectors that it moves.
        values: The elasticities of each set.
        middle: The median of the sets by sector.
    """

    names: tuple[str, ...]
    columns: tuple[tuple[int, ...], ...]
    values: Float[np.ndarray, "set sector"]
    middle: Float[np.ndarray, " sector"]

    def moved(self, chosen: Mapping[int, int]) -> Float[np.ndarray, " sector"]:
        """Return elasticities at the middle, but for some inputs at those of a set."""
        elasticity = self.middle.copy()
        for at, number in chosen.items():
            columns = list(self.columns[at])
            elasticity[columns] = self.values[number, columns]
        return elasticity


def find_sector_hinges(
    snapshot: Snapshot,
    pair: tuple[str, str],
    parties: Mapping[str, Sequence[int]],
) -> dict[tuple[str, str], Hinge]:
    """Return what the change of value added hangs on, by party and sector.

    Args:
        snapshot: The packages, solved.
        pair: The package, and what it is measured against.
        parties: Positions of the regions of each party.
    """
    world = snapshot.world
    sets = snapshot.settings.sets_in_play(world)
    shocks = [snapshot.package(name).solution.shock for name in pair]
    if len(sets) < 2:
        return {}
    inputs = choose_inputs(snapshot, shocks, np.array([world.elasticities[name] for name in sets]))

    def change(elasticity: Float[np.ndarray, " sector"]) -> Made:
        made = [_value_added(snapshot, shock, elasticity, parties) for shock in shocks]
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(made[0] / made[1] - 1)

    shares, misfit = attribute_sets(inputs, change)
    return {
        (party, sector): lead(inputs.names, shares[:, row, column],
                              np.full(len(inputs.names), misfit[row, column]))
        for row, party in enumerate(parties)
        for column, sector in enumerate(world.sectors)
        if np.isfinite(shares[:, row, column]).all()
    }  # fmt: skip


def choose_inputs(
    snapshot: Snapshot, shocks: Sequence[TradeShock], values: Float[np.ndarray, "set sector"]
) -> ElasticityInputs:
    """Return the inputs: the sectors whose duties differ most apart, all others together."""
    model = snapshot.model
    after, before = (model.tariff if shock.tariff is None else shock.tariff for shock in shocks)
    weight = (np.abs(np.asarray(after) - np.asarray(before)) * model.flows).sum(axis=(0, 1))
    if not weight.any():
        weight = model.flows.sum(axis=(0, 1))
    top = sorted(np.argsort(-weight)[:ALONE].tolist())
    rest = tuple(at for at in range(len(weight)) if at not in top)
    names = [*(f"{PREFIX}{snapshot.world.sectors[at]}" for at in top), f"{PREFIX}{OTHERS}"]
    columns = [*((at,) for at in top), rest]
    count = len(columns) if rest else len(top)
    return ElasticityInputs(
        tuple(names[:count]), tuple(columns[:count]), values, np.median(values, axis=0)
    )


def attribute_sets(
    inputs: ElasticityInputs, change: Callable[[Float[np.ndarray, " sector"]], Made]
) -> tuple[Float[np.ndarray, "input party sector"], Made]:
    """Return shares of variance by input, and the share that no input accounts for by itself.

    Where a change is missing, so are its shares: all are zero.
    """
    count, sets = len(inputs.names), len(inputs.values)
    middle = change(inputs.middle)
    effects = np.array(
        [[change(inputs.moved({at: number})) - middle for number in range(sets)]
         for at in range(count)]
    )  # fmt: skip
    missed = np.zeros((CHECKS, *middle.shape))
    for draw, chosen in enumerate(_draw_sets(count, sets)):
        surface = middle + sum(effects[at, number] for at, number in chosen.items())
        missed[draw] = change(inputs.moved(chosen)) - surface
    variance = effects.var(axis=1)
    unexplained = missed.var(axis=0)
    whole = variance.sum(axis=0) + unexplained
    share = np.divide(variance, whole, out=np.zeros_like(variance), where=whole > 0)
    return share, np.divide(unexplained, whole, out=np.zeros_like(whole), where=whole > 0)


def _draw_sets(count: int, sets: int) -> Iterator[dict[int, int]]:
    """Yield the set of each input, all sets equally likely."""
    rng = np.random.default_rng(SEED)
    for _ in range(CHECKS):
        yield dict(enumerate(rng.integers(sets, size=count).tolist()))


def _value_added(
    snapshot: Snapshot,
    shock: TradeShock,
    elasticity: Float[np.ndarray, " sector"],
    parties: Mapping[str, Sequence[int]],
) -> Made:
    """Return value added at old consumer prices by party and sector, bn USD a year.

    It is missing where these elasticities, which no set has all of, leave no equilibrium.
    """
    model = with_elasticity(snapshot.model, elasticity)
    value = solve_trade(model, shock, config=snapshot.settings.trade, throw=False).value
    output = np.asarray(value.sales) / np.asarray(value.consumer_price_change)[:, None]
    made = np.asarray(model.value_added_share) * output
    return np.array([made[list(members)].sum(axis=0) for members in parties.values()])
