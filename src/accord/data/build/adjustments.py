"""Rows that say what rebasing moved, from 2014 or the prior to the embedded world."""

import numpy as np

from accord.core.arrays import Float
from accord.data.accounts import build_absorption, build_final_demand, build_sales
from accord.data.build.readers import Wiod
from accord.data.records import Adjustment
from accord.data.world import World

Cube = Float[np.ndarray, "importer exporter sector"]
MONEY = "bn USD"
MOVERS = 40
SMALL = 1.0


def build_adjustments(
    wiod: Wiod, prior: Cube, world: World, home: int, *, corrected: tuple[Adjustment, ...]
) -> tuple[Adjustment, ...]:
    """Return what moved: totals by region, tariffs put right, imports of `home`, final demand."""
    rows = _region_rows(wiod, world.flows, world.tariff)
    rows += corrected
    rows += _home_rows(wiod, world, home)
    rows += _final_rows(wiod, world)
    rows += _mover_rows(prior, world, home)
    return tuple(
        Adjustment(
            row.what, row.region, row.sector, _short(row.before), _short(row.after), row.unit
        )
        for row in rows
    )


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _region_rows(wiod: Wiod, flows: Cube, tariff: Cube) -> list[Adjustment]:
    rows: list[Adjustment] = []
    old, new = _totals(wiod, wiod.flows, wiod.tariff), _totals(wiod, flows, tariff)
    for what in old:
        for place, region in enumerate(wiod.regions):
            rows.append(
                Adjustment(
                    what, region, "", float(old[what][place]), float(new[what][place]), MONEY
                )
            )
    return rows


def _totals(wiod: Wiod, flows: Cube, tariff: Cube) -> dict[str, np.ndarray]:
    sales = build_sales(flows)
    own = np.array([flows[place, place].sum() for place in range(len(wiod.regions))])
    spending = build_absorption(flows, tariff)
    return {
        "value added": (wiod.value_added_share * sales).sum(axis=1),
        "imports": flows.sum(axis=(1, 2)) - own,
        "exports": flows.sum(axis=(0, 2)) - own,
        "deficit": flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
        "duty": (flows * tariff).sum(axis=(1, 2)),
        "final demand": build_final_demand(spending, wiod.input_share, sales).sum(axis=1),
    }


def _home_rows(wiod: Wiod, world: World, home: int) -> list[Adjustment]:
    flows, tariff, sectors = world.flows, world.tariff, world.sectors
    goods = [place for place, sector in enumerate(sectors) if sector != "services"]
    rows: list[Adjustment] = []
    name = wiod.regions[home]
    for place, region in enumerate(wiod.regions):
        if place == home:
            continue
        old, new = wiod.flows[home, place][goods], flows[home, place][goods]
        rows.append(
            Adjustment(f"{name} goods imports", f"{name}<{region}", "", old.sum(), new.sum(), MONEY)
        )
        paid = (
            (old * wiod.tariff[home, place][goods]).sum(),
            (new * tariff[home, place][goods]).sum(),
        )
        rates = (paid[0] / max(old.sum(), 1e-12), paid[1] / max(new.sum(), 1e-12))
        rows.append(
            Adjustment(f"{name} duty rate on goods", f"{name}<{region}", "", *rates, "fraction")
        )
    abroad = np.arange(len(wiod.regions)) != home
    for j in goods:
        old, new = wiod.flows[home, abroad, j].sum(), flows[home, abroad, j].sum()
        rows.append(Adjustment(f"{name} goods imports", name, sectors[j], old, new, MONEY))
    return rows


def _final_rows(wiod: Wiod, world: World) -> list[Adjustment]:
    shares = []
    for cube, rates in ((wiod.flows, wiod.tariff), (world.flows, world.tariff)):
        spending, sales = build_absorption(cube, rates), build_sales(cube)
        final = build_final_demand(spending, wiod.input_share, sales)
        shares.append(final.sum(axis=0) / final.sum())
    return [
        Adjustment("share of world final demand", "", sector, before, after, "fraction")
        for sector, before, after in zip(world.sectors, *shares, strict=True)
    ]


def _mover_rows(prior: Cube, world: World, home: int) -> list[Adjustment]:
    flows, regions, sectors = world.flows, world.regions, world.sectors
    free = prior > SMALL
    free[home] = False
    free[home, home] = prior[home, home] > SMALL
    ratio = np.where(free, flows / np.where(free, prior, 1.0), 1.0)
    distance = np.abs(np.log(np.maximum(ratio, 1e-12))).round(9)
    order = np.argsort(-distance, axis=None, kind="stable")[:MOVERS]
    rows = []
    for n, i, j in zip(*np.unravel_index(order, flows.shape), strict=True):
        pair = f"{regions[n]}<{regions[i]}"
        rows.append(
            Adjustment(
                "flow against its prior", pair, sectors[j], prior[n, i, j], flows[n, i, j], MONEY
            )
        )
    return rows
