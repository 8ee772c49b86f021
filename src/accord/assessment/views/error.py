"""What merging costs: the gains of the parties in the whole world and in the merged one."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite, nan

import numpy as np

from accord.assessment.settings import AssessSettings
from accord.assessment.views.rule import View, build_view, viewed_world
from accord.core.arguments import public
from accord.core.errors import SolveError
from accord.data.records import Adjustment
from accord.data.store import embedded_worlds, load_world
from accord.data.world import World
from accord.deal.deal import NO_DEAL, Deal
from accord.deal.load import check_deal
from accord.deal.products import expand_regions
from accord.lowering.trade import build_trade_model, lower_package
from accord.trade.solver import solve_trade

MERGED = "yearly gain from tariffs, merged against whole"
"""Adjustments of this kind: `region` is a party and `sector` the name of a package."""


@public
def measure_view(deal: Deal, view: View, settings: AssessSettings | None = None) -> World:
    """Return the merged world, with what merging does to every party's gain in its adjustments.

    The gain is the equivalent variation of a package's tariffs on the assessment date, bn USD a
    year, with the elasticities of the settings. It is solved in the whole world and in the merged
    one, and left out where either has no equilibrium.
    """
    settings = AssessSettings() if settings is None else settings
    whole, merged = (_gains(deal, world, settings) for world in (view.full, view.world))
    pairs = {key: (before, merged.get(key, nan)) for key, before in whole.items()}
    rows = tuple(
        Adjustment(MERGED, party, package, short(before), short(after), "bn USD")
        for (party, package), (before, after) in pairs.items()
        if isfinite(before) and isfinite(after)
    )
    kept = tuple(row for row in view.world.adjustments if row.what != MERGED)
    return replace(view.world, adjustments=(*kept, *rows))


def find_merging(
    deal: Deal, world: World, settings: AssessSettings | None = None
) -> tuple[Adjustment, ...]:
    """Return what merging did to every party's gain under every package; nothing if no view.

    It is measured where that was not done before and the world is a view of an embedded one.
    """
    rows, name = merging_rows(world), viewed_world(world)
    if rows or name not in embedded_worlds():
        return rows
    whole = load_world(str(name))
    view = build_view(check_deal(deal, whole), whole)
    return merging_rows(measure_view(deal, view, settings)) if view.world == world else ()


def merging_rows(world: World) -> tuple[Adjustment, ...]:
    """Return what merging did to every party's gain under every package, if it was measured."""
    return tuple(row for row in world.adjustments if row.what == MERGED)


def against_no_deal(rows: Sequence[Adjustment]) -> tuple[Adjustment, ...]:
    """Return the rows of every package less those of no deal, bn USD a year."""
    nothing = {row.region: row for row in rows if row.sector == NO_DEAL}
    rows = [row for row in rows if row.region in nothing]
    return tuple(
        replace(
            row,
            before=row.before - nothing[row.region].before,
            after=row.after - nothing[row.region].after,
        )
        for row in rows
        if row.sector != NO_DEAL
    )


def short(value: float) -> float:
    """Return a number with six digits."""
    return float(f"{value:.6g}")


def _gains(deal: Deal, world: World, settings: AssessSettings) -> dict[tuple[str, str], float]:
    """Return the yearly gain of every party from the tariffs of every package, bn USD."""
    settings = settings.for_world(world, deal.triggers)
    model = build_trade_model(world, str(settings.elasticities))
    if settings.closure == "balanced":
        try:
            model = model.balance(settings.trade)
        except SolveError:
            return {}
    gains: dict[tuple[str, str], float] = {}
    for package in deal.package_names:
        shock = lower_package(deal, package, world, (), triggered=settings.triggered)
        solution = solve_trade(model, shock, config=settings.trade, throw=False)
        gain = np.asarray(solution.value.welfare * solution.model.income)
        for party in deal.parties:
            places = [world.region_index(name) for name in expand_regions([party], world.regions)]
            gains[party, package] = float(gain[places].sum())
    return gains
