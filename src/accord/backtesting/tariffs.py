"""The tariffs of an episode on the cells of a world, as the mean over a period."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from accord.backtesting.episode import Episode
from accord.core.arrays import Bool, Float
from accord.data.world import World
from accord.deal.clauses.base import ClauseBase
from accord.deal.load import load_deal
from accord.deal.products import build_cells, expand_regions
from accord.lowering.tariff_path import turns_of
from accord.lowering.tariff_schedule import at_statute, tariff_on

Cube = Float[np.ndarray, "importer exporter sector"]
Block = Float[np.ndarray, "exporter sector"]


def is_good(world: World) -> Bool[np.ndarray, " sector"]:
    """Return which sectors are goods: services cross no customs post."""
    return np.isin(world.sectors, world.goods)


def period_tariff(episode: Episode, world: World, start: date, end: date) -> Cube:
    """Return all-in tariffs of every importer, the mean over the days of a period, as fractions.

    Where the episode says nothing of an exporter, the rate is that of the base year.
    """
    at = world.regions.index(episode.importer)
    pattern, imports = _pattern(episode, world), world.flows[at] * is_good(world)
    tariff = np.array(world.tariff, dtype=np.float64)
    for name in episode.added:
        members = [world.regions.index(region) for region in expand_regions([name], world.regions)]
        members = [member for member in members if member != at]
        if members:
            mean = episode.mean_added(name, start, end)
            tariff[at, members] += mean * _spread(pattern[members], imports[members], world)
    if episode.history is not None:
        members, paid = _of_history(episode.history, world, start, end)
        tariff[at, members] = paid[at, members]
    if episode.clauses:
        tariff[at] += (_mean_of(episode.clauses, world, start, end) - world.tariff)[at]
    return tariff


def _of_history(
    named: tuple[str, str], world: World, start: date, end: date
) -> tuple[list[int], Cube]:
    """Return the exporters of a history of a case, and its mean tariffs over a period."""
    case, name = named
    (history,) = (entry for entry in load_deal(case, world).histories if entry.name == name)
    mean = _mean_of(at_statute(history.clause), world, start, end)
    members = expand_regions(history.exporters, world.regions)
    return [world.regions.index(member) for member in members], mean


def _mean_of(clauses: Sequence[ClauseBase], world: World, start: date, end: date) -> Cube:
    """Return all-in tariffs under clauses, the mean over the days of a period."""
    after = end + timedelta(days=1)
    edges = [start, *sorted({day for day in turns_of(clauses) if start < day < after}), after]
    days = (after - start).days
    return np.asarray(
        sum(
            tariff_on(clauses, world, first) * ((last - first).days / days)
            for first, last in pairwise(edges)
        )
    )


def _spread(pattern: Block, imports: Block, world: World) -> Block:
    """Return a pattern over sectors scaled so that its import-weighted mean is one."""
    total = float(imports.sum())
    mean = float((pattern * imports).sum()) / total if total > 0 else 0.0
    if mean <= 0:
        return np.broadcast_to(is_good(world).astype(float), pattern.shape)
    return np.asarray(pattern / mean)


def _pattern(episode: Episode, world: World) -> Block:
    """Return what is added by exporter and sector, up to the scale of each exporter."""
    at = world.regions.index(episode.importer)
    if episode.pattern == "package" and episode.package is not None:
        case, name, day = episode.package
        clauses = at_statute(load_deal(case, world).clauses(name))
        more = tariff_on(clauses, world, day)[at] - world.tariff[at]
        return np.asarray(np.maximum(more, 0.0) * is_good(world))
    if episode.pattern == "above_mfn":
        return np.asarray(_above_mfn(episode.importer, world) * is_good(world))
    return np.broadcast_to(is_good(world).astype(float), world.tariff[at].shape)


def _above_mfn(importer: str, world: World) -> Block:
    """Return duty of the base year above most-favoured-nation rates, over imports, fractions."""
    cells = build_cells(world, importer)
    above = np.maximum(np.where(np.isnan(cells.mfn), 0.0, cells.base - cells.mfn), 0.0)
    shape = (len(world.regions), len(world.sectors))
    flat = cells.exporter * shape[1] + cells.sector
    size = shape[0] * shape[1]
    paid = np.bincount(flat, weights=cells.imports * above, minlength=size)
    weight = np.bincount(flat, weights=cells.imports, minlength=size)
    rate = np.divide(paid, weight, out=np.zeros(size), where=weight > 0)
    return np.asarray(rate.reshape(shape))
