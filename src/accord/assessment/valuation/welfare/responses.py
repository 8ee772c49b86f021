"""What tariffs, money and new capacity do to welfare in each year, as trade slowly answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from accord.assessment.valuation.cash_flows import Amounts
from accord.assessment.valuation.equations import gradual
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.uncertainty import Inputs
from accord.assessment.valuation.welfare.mixture import Mixture, Moves
from accord.assessment.valuation.welfare.surface import Columns, GainSource, TradeResponse
from accord.core.arrays import Float, Int
from accord.core.errors import SolveError
from accord.core.numerics.rows import distinct
from accord.lowering.tariff_path import Timeline


class MoneyError(SolveError):
    """No equilibrium was found with the money of a package, where there is one without it."""


Gains = Float[np.ndarray, "draw year region"]
Kinds = Float[np.ndarray, "kind year region"]


def yearly_gains(
    package: PackageInputs,
    nothing: PackageInputs,
    economy: TradeResponse,
    moved: tuple[Sequence[Amounts], Float[np.ndarray, "draw year"]],
    *,
    inputs: Inputs,
    timeline: Timeline,
    columns: Columns,
) -> tuple[Gains, Gains, Gains]:
    """Return what tariffs, then money and building, then capacity add, at the baseline's size.

    All bn USD a year by draw, year and region. Tariffs count while they stand, and leave a trace
    afterwards. What another share of duties collected adds is read off a parabola through the
    middle and both ends of its range, at two speeds.

    Raises:
        MoneyError: Money and building leave no equilibrium, where there is one without them.
        SolveError: No equilibrium was found at the tariffs alone.
    """
    first, kind = distinct(np.column_stack([inputs.weights, inputs.rebuilt]))
    asked = _Asked(package, nothing, timeline, columns, inputs.rows(first), kind)
    tariffs = _tariffs_alone(asked, economy, inputs)
    moves = _moves(package, *moved)
    if not moves:
        return tariffs, np.zeros_like(tariffs), np.zeros_like(tariffs)
    tariffs_by_draw = Mixture.of(package, timeline, inputs)
    try:
        added = [
            [source.added(package.quantities, tariffs_by_draw, move, columns) for move in moves]
            for source in economy.sources
        ]
    except SolveError as error:
        raise MoneyError(error.status, error.detail) from error
    paid = gradual(added[0][0], added[-1][0], inputs.sourcing)
    if len(moves) == 1:
        return tariffs, paid, np.zeros_like(paid)
    more = [whole - money for money, whole in added]
    return tariffs, paid, gradual(more[0], more[-1], inputs.sourcing)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked of tariffs alone.

    Draws with the same elasticities and the same reading of the law are of one kind: gains are
    found for each kind, and every draw takes those of its own.

    Attributes:
        package: The package.
        nothing: No deal.
        timeline: Which tariffs hold when.
        columns: Whose gains are wanted.
        kinds: One draw of each kind.
        kind: Which of them every draw is.
    """

    package: PackageInputs
    nothing: PackageInputs
    timeline: Timeline
    columns: Columns
    kinds: Inputs
    kind: Int[np.ndarray, " draw"]

    def alone(self, source: GainSource, side: PackageInputs) -> Kinds:
        """Return gains from the tariffs of a side, at one speed of trade."""
        return source.alone(side.quantities, self.mixture(side), self.columns)

    def mixture(self, side: PackageInputs) -> Mixture:
        """Return the tariffs of a side by kind of draw."""
        return Mixture.of(side, self.timeline, self.kinds)


def _tariffs_alone(asked: _Asked, economy: TradeResponse, inputs: Inputs) -> Gains:
    """Return what tariffs add while they stand, and the trace that they leave."""
    package, nothing, kind = asked.package, asked.nothing, asked.kind
    alone = [asked.alone(at, package) - asked.alone(at, nothing) for at in economy.sources]
    stand = inputs.lasting(alone[0].shape[1])[:, :, None]
    standing = []
    for source, gains in zip(economy.sources, alone, strict=True):
        by_draw = gains[kind]
        for drawn in _collected(asked, source, inputs):
            by_draw += drawn
        standing.append(by_draw * stand)
    tariffs = gradual(standing[0], standing[-1], inputs.sourcing)
    if economy.slow is not None:
        speed = np.full(len(asked.kinds), economy.slow.sourcing.speed)
        slow, slow_nothing = (
            economy.slow.gains(asked.mixture(side), asked.columns) for side in (package, nothing)
        )
        more = slow - slow_nothing - gradual(alone[0], alone[-1], speed)
        tariffs = tariffs + stand * more[kind]
    return tariffs


def _collected(asked: _Asked, source: GainSource, inputs: Inputs) -> Iterator[Gains]:
    """Yield what tariffs add where another share of duties is collected than in the middle."""
    for side, sign in ((asked.package, 1.0), (asked.nothing, -1.0)):
        shares = np.zeros(0) if side.ends is None else side.ends.weights(inputs.take_up)
        if side.ends is None or not shares.any():
            continue
        middle = asked.alone(source, side)
        for share, end in zip(shares, (side.ends.low, side.ends.high), strict=True):
            away = asked.alone(source, end) - middle
            yield (sign * share)[:, None, None] * away[asked.kind]


def _moves(
    package: PackageInputs, amounts: Sequence[Amounts], growth: Float[np.ndarray, "draw year"]
) -> list[Moves]:
    """Return money and building alone, then with what is built earning, where anything is."""
    quantities = package.quantities
    if not quantities.names:
        return []
    builds = "capacity" in {name for name, _ in quantities.names}
    shape = (*growth.shape, len(quantities.names))
    return [
        Moves(
            np.broadcast_to(quantities.gather(amounts, capacity=capacity), shape)
            / growth[:, :, None]
        )
        for capacity in ((False, True) if builds else (False,))
    ]
