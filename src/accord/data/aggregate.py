"""Merging regions and sectors without changing any total."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from accord.core.arrays import Float, Int
from accord.core.errors import InputError, Problem
from accord.data.content import WorldContent
from accord.data.lines.lines import TariffLines
from accord.data.records import MacroFigure
from accord.data.validate import check_known

SomeWorld = TypeVar("SomeWorld", bound=WorldContent)


@dataclass(frozen=True)
class Grouping:
    """New labels of one axis, and the new position of each old label."""

    labels: tuple[str, ...]
    position: Int[np.ndarray, " old"]

    def sums(self) -> Float[np.ndarray, "new old"]:
        """Return the matrix of zeros and ones that adds old entries into new ones."""
        matrix = np.zeros((len(self.labels), self.position.size))
        matrix[self.position, np.arange(self.position.size)] = 1.0
        return matrix


def check_groups(
    kind: str, old: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> list[Problem]:
    """Return the problems of a request to merge labels: unknown, repeated, empty, taken."""
    problems: list[Problem] = []
    used: set[str] = set()
    for new, members in groups.items():
        path = f"{kind}.{new}"
        if isinstance(members, str):
            problems.append(Problem(path, "is a string", f'Give a list: ["{members}"]'))
            continue
        if not members:
            problems.append(Problem(path, "has no members", "Name at least one"))
        problems += check_known(path, members, old)
        twice = [member for member in members if member in used]
        if twice or len(set(members)) < len(members):
            problems.append(Problem(path, "a member is used twice", "Each belongs to one group"))
        used |= set(members)
    for new in groups:
        if new in old and new not in used:
            problems.append(
                Problem(f"{kind}.{new}", "is already an identifier", "Choose another name")
            )
    return problems


def build_grouping(old: Sequence[str], groups: Mapping[str, Sequence[str]]) -> Grouping:
    """Return the new axis: each group stands where its first member stood."""
    target = {member: new for new, members in groups.items() for member in members}
    labels = tuple(dict.fromkeys(target.get(label, label) for label in old))
    position = np.array([labels.index(target.get(label, label)) for label in old])
    return Grouping(labels, position)


def aggregate_world(
    world: SomeWorld,
    regions: Mapping[str, Sequence[str]],
    sectors: Mapping[str, Sequence[str]],
    name: str | None,
) -> SomeWorld:
    """Return the world on merged axes, bn USD; see `World.aggregate`.

    Raises:
        InputError: The request names an unknown label, or one label twice.
    """
    problems = check_groups("regions", world.regions, regions)
    problems += check_groups("sectors", world.sectors, sectors)
    if problems:
        raise InputError(problems, "the groups to merge")
    by_region = build_grouping(world.regions, regions)
    by_sector = build_grouping(world.sectors, sectors)
    flows = _sum_flows(world.flows, by_region, by_sector)
    duty = _sum_flows(world.flows * world.tariff, by_region, by_sector)
    cells = _sum_flows(np.ones_like(world.flows), by_region, by_sector)
    unweighted = _sum_flows(world.tariff, by_region, by_sector) / cells
    tariff = np.divide(duty, flows, out=unweighted, where=flows > 0)
    beta, gamma = _merge_shares(world, by_region, by_sector)
    weights = world.sales.sum(axis=0)
    return replace(
        world,
        name=name or f"{world.name} aggregated",
        regions=by_region.labels,
        sectors=by_sector.labels,
        region_names={key: world.region_names.get(key, key) for key in by_region.labels},
        sector_names=_merge_names(world, by_sector),
        flows=flows,
        tariff=tariff,
        value_added_share=beta,
        input_share=gamma,
        elasticity=_average(world.elasticity, weights, by_sector),
        elasticities={
            key: _average(values, weights, by_sector) for key, values in world.elasticities.items()
        },
        scale_elasticity=_average(world.scale_elasticity, weights, by_sector),
        macro=_merge_macro(world, by_region),
        lines=_merge_lines(world, by_region, by_sector),
        services=_merge_services(world, by_sector),
        sector_groups=_merge_groups(world, by_sector),
    )


def _merge_services(world: WorldContent, by_sector: Grouping) -> tuple[str, ...]:
    """Return the merged sectors that hold services alone."""
    goods = {
        by_sector.labels[place]
        for sector, place in zip(world.sectors, by_sector.position, strict=True)
        if sector in world.goods
    }
    return tuple(label for label in by_sector.labels if label not in goods)


def _merge_groups(world: WorldContent, by_sector: Grouping) -> dict[str, tuple[str, ...]]:
    """Return the groups of sectors by their new labels; one that is a sector now goes."""
    target = dict(zip(world.sectors, by_sector.position.tolist(), strict=True))
    merged = {
        name: tuple(dict.fromkeys(by_sector.labels[target[member]] for member in members))
        for name, members in world.sector_groups.items()
    }
    return {name: members for name, members in merged.items() if name not in by_sector.labels}


def _merge_names(world: WorldContent, by_sector: Grouping) -> dict[str, str]:
    """Return the names of the new sectors, and of the groups that are still apart."""
    apart = [name for name in world.sector_groups if name not in by_sector.labels]
    keys = [*by_sector.labels, *(name for name in apart if name in world.sector_names)]
    return {key: world.sector_names.get(key, key) for key in keys}


def _sum_flows(
    cube: Float[np.ndarray, "importer exporter sector"], regions: Grouping, sectors: Grouping
) -> Float[np.ndarray, "new_importer new_exporter new_sector"]:
    join, merge = regions.sums(), sectors.sums()
    merged: Float[np.ndarray, "new_importer new_exporter new_sector"] = np.einsum(
        "an,nij,bi,sj->abs", join, cube, join, merge, optimize=True
    )
    return merged


def _merge_shares(
    world: WorldContent, regions: Grouping, sectors: Grouping
) -> tuple[Float[np.ndarray, "region sector"], Float[np.ndarray, "region input sector"]]:
    join, merge = regions.sums(), sectors.sums()
    sales = join @ world.sales @ merge.T
    added = join @ (world.value_added_share * world.sales) @ merge.T
    bought = world.input_share * world.sales[:, None, :]
    inputs = np.einsum("an,nkj,lk,sj->als", join, bought, merge, merge, optimize=True)
    beta = np.divide(added, sales, out=np.ones_like(sales), where=sales > 0)
    gamma = np.divide(
        inputs, sales[:, None, :], out=np.zeros_like(inputs), where=sales[:, None, :] > 0
    )
    total = beta + gamma.sum(axis=1)
    return beta / total, gamma / total[:, None, :]


def _average(
    values: Float[np.ndarray, " sector"], weights: Float[np.ndarray, " sector"], sectors: Grouping
) -> Float[np.ndarray, " new_sector"]:
    merge = sectors.sums()
    floor = np.maximum(weights, 1e-300)
    average: Float[np.ndarray, " new_sector"] = (merge @ (values * floor)) / (merge @ floor)
    alone = merge.sum(axis=1) == 1
    average[alone] = values[merge[alone].argmax(axis=1)]
    return average


def _merge_macro(world: WorldContent, regions: Grouping) -> tuple[MacroFigure, ...]:
    counts = np.bincount(regions.position)
    kept = [
        figure
        for figure in world.macro
        if figure.region in regions.labels and counts[regions.labels.index(figure.region)] == 1
    ]
    for place in np.flatnonzero(counts > 1):
        members = {world.regions[old] for old in np.flatnonzero(regions.position == place)}
        by_variable: dict[str, list[MacroFigure]] = {}
        for figure in world.macro:
            if figure.region in members and figure.unit == "bn USD":
                by_variable.setdefault(figure.variable, []).append(figure)
        for variable, figures in by_variable.items():
            if len(figures) < len(members):
                continue
            worst = max(figure.grade for figure in figures)
            kept.append(
                MacroFigure(
                    region=regions.labels[place],
                    variable=variable,
                    value=sum(figure.value for figure in figures),
                    unit="bn USD",
                    date=figures[0].date,
                    source=figures[0].source,
                    grade=worst,
                )
            )
    return tuple(kept)


def _merge_lines(world: WorldContent, regions: Grouping, sectors: Grouping) -> TariffLines | None:
    lines = world.lines
    if lines is None:
        return None
    home = regions.position[world.region_index(lines.importer)]
    if (regions.position == home).sum() > 1:
        return None
    return lines.relabel(regions.labels[home], regions.position, sectors.position)
