"""What tariffs, money and new capacity do to welfare in each year, as trade slowly answers."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from jaxtyping import Float

from accord.assessment.valuation.cash_flows import Amounts
from accord.assessment.valuation.equations import gradual
from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.quantities import AmountsMoved
from accord.assessment.valuation.uncertainty import Inputs
from accord.assessment.valuation.welfare.surface import (
    Columns,
    GainSource,
    TradeResponse,
    Weights,
)
from accord.core.errors import SolveError
from accord.lowering.tariff_path import TariffPath, Timeline


class MoneyError(SolveError):
    """No equilibrium was found with the money of a package, where there is one without it."""


Gains = Float[np.ndarray, "draw year region"]


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
    responses = [
        _responses(package, nothing, source, moved, inputs=inputs, timeline=timeline,
                   columns=columns)
        for source in economy.sources
    ]  # fmt: skip
    alone, money, whole = ((kind[0], kind[-1]) for kind in zip(*responses, strict=True))
    stand = inputs.lasting(moved[1].shape[1])[:, :, None]
    tariffs = gradual(alone[0] * stand, alone[-1] * stand, inputs.sourcing)
    if economy.slow is not None:
        speed = np.full(len(inputs), economy.slow.sourcing.speed)
        solve = partial(economy.slow.gains, weights=inputs.weights, columns=columns)
        sides = [_mix(side, timeline, inputs, solve) for side in (package, nothing)]
        tariffs = tariffs + stand * (sides[0] - sides[1] - gradual(*alone, speed))
    drawn = [_collected(package, nothing, source, moved[1], inputs=inputs, timeline=timeline,
                        columns=columns) for source in economy.sources]  # fmt: skip
    tariffs = tariffs + gradual(drawn[0] * stand, drawn[-1] * stand, inputs.sourcing)
    return tariffs, gradual(*money, inputs.sourcing), gradual(*whole, inputs.sourcing)


def _collected(
    package: PackageInputs,
    nothing: PackageInputs,
    source: GainSource,
    growth: Float[np.ndarray, "draw year"],
    *,
    inputs: Inputs,
    timeline: Timeline,
    columns: Columns,
) -> Gains:
    """Return what tariffs add where another share of duties is collected than in the middle."""
    total = np.zeros((*growth.shape, len(columns)))
    for side, sign in ((package, 1.0), (nothing, -1.0)):
        if side.ends is None:
            continue
        shares = side.ends.weights(inputs.take_up)
        if not shares.any():
            continue
        still = np.zeros((*growth.shape, len(side.quantities.names)))
        low, middle, high = (
            _mix(
                end, timeline, inputs,
                partial(
                    _of_path, source, end, weights=inputs.weights, moved=still, columns=columns
                ),
            )
            for end in (side.ends.low, side, side.ends.high)
        )  # fmt: skip
        for share, end in zip(shares, (low, high), strict=True):
            total += sign * share[:, None, None] * (end - middle)
    return total


def _of_path(
    source: GainSource,
    side: PackageInputs,
    path: TariffPath,
    *,
    weights: Weights,
    moved: AmountsMoved,
    columns: Columns,
) -> Gains:
    """Return gains from the tariffs of a path, and from what is moved under them."""
    return source.gains(side.quantities, path, weights, moved, columns=columns)


def _responses(
    package: PackageInputs,
    nothing: PackageInputs,
    source: GainSource,
    moved: tuple[Sequence[Amounts], Float[np.ndarray, "draw year"]],
    *,
    inputs: Inputs,
    timeline: Timeline,
    columns: Columns,
) -> tuple[Gains, Gains, Gains]:
    """Return the same at one speed of trade, of tariffs that last."""
    amounts, growth = moved
    still, idle = (
        np.zeros((*growth.shape, len(side.quantities.names))) for side in (package, nothing)
    )
    money, grown = (
        _spread(package.quantities.gather(amounts, capacity=capacity), still) / growth[:, :, None]
        for capacity in (False, True)
    )

    def gains(side: PackageInputs, amounts_moved: AmountsMoved) -> Gains:
        of_path = partial(
            _of_path, source, side, weights=inputs.weights, moved=amounts_moved, columns=columns
        )
        return _mix(side, timeline, inputs, of_path)

    alone = gains(package, still)
    before = gains(nothing, idle)
    builds = "capacity" in {name for name, _ in package.quantities.names}
    try:
        paid = gains(package, money)
        whole = gains(package, grown) if builds else paid
    except SolveError as error:
        raise MoneyError(error.status, error.detail) from error
    return alone - before, paid - alone, whole - paid


def _mix(
    side: PackageInputs, timeline: Timeline, inputs: Inputs, solve: Callable[[TariffPath], Gains]
) -> Gains:
    """Return gains under the tariffs in the file, or under those that are set anew."""
    kept = solve(side.paths[timeline])
    if timeline != "dated" or not side.may_be_rebuilt or not inputs.rebuilt.any():
        return kept
    share = inputs.rebuilt[:, None, None]
    return np.asarray((1 - share) * kept + share * solve(side.rebuilt))


def _spread(amounts_moved: np.ndarray, still: np.ndarray) -> np.ndarray:
    return np.asarray(np.broadcast_to(amounts_moved, still.shape)) if amounts_moved.size else still
