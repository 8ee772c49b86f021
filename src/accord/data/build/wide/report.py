"""What was given, what was estimated and by how much it moved: rows and a grade for every block."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.data.build.us_lines import IMPORTER
from accord.data.build.wide.final_demand import HUBS, FinalDemand, UsImports
from accord.data.build.wide.move import Moved, MoveTarget
from accord.data.build.wide.table import Icio
from accord.data.build.wide.technology import WorldOf2022
from accord.data.records import Adjustment

Cube = Float[np.ndarray, "importer exporter industry"]
MONEY = "bn USD"
MOVERS = 40
SMALL = 1.0
LEAST_EXCESS = 0.5
"""bn USD: cells where the table has more US imports than the Census, listed from this size on."""
QUANTILES = (0.5, 0.9, 0.99)


@dataclass(frozen=True, eq=False)
class Steps:
    """What the steps of the build were given and gave, in their order."""

    icio: Icio
    imports: UsImports
    estimate: FinalDemand
    structure: WorldOf2022
    aim: MoveTarget
    moved: Moved


def build_rows(
    steps: Steps,
    regions: Sequence[str],
    gdp: Float[np.ndarray, " region"],
    published: tuple[Float[np.ndarray, " region"], Float[np.ndarray, " region"]],
) -> tuple[Adjustment, ...]:
    """Return what moved: totals against published ones, excesses, final sales, largest moves.

    Args:
        steps: The build.
        regions: The 81 regions.
        gdp: GDP of 2024, bn USD.
        published: Published exports and imports of 2024, bn USD; NaN where there are none.
    """
    estimate, industries = steps.estimate, steps.icio.industries
    rows = _total_rows(steps, regions, gdp, published)
    rows += _excess_rows(steps.icio, estimate, steps.imports)
    free = np.where(steps.aim.fixed, 0.0, steps.aim.prior)
    for what, after, before in (
        ("final sales of 2022 against their prior", estimate.final, _prior_of(estimate)),
        ("flow of 2024 against its prior", steps.moved.flows, free),
    ):
        rows += _move_rows(what, (before, after), regions, industries)
    return tuple(
        Adjustment(row.what, row.region, row.sector, short(row.before), short(row.after), row.unit)
        for row in rows
    )


def short(value: float) -> float:
    """Return a number with six digits."""
    return float(f"{value:.6g}")


def describe_blocks(steps: Steps) -> list[str]:
    """Return a line a block: its grade, whether it was given or estimated, by how much it moved."""
    icio, estimate, structure, aim, moved = (
        steps.icio, steps.estimate, steps.structure, steps.aim, steps.moved,
    )  # fmt: skip
    sales = structure.flows.sum()
    whole = np.abs(_logs(estimate.final, _prior_of(estimate)))
    later = np.abs(_logs(moved.flows, np.where(aim.fixed, 0.0, aim.prior)))
    ends = np.abs(_logs(moved.final, aim.final))
    lines = f"""\
intermediates of 2022 by origin and by user: given (A), {icio.trade.sum() / sales:.0%} of sales
output of 2022: given (A), every row met to {estimate.nearest.residual:.0e}
final sales of 2022 by destination: estimated (D), {icio.rest.sum() / sales:.0%} of sales; \
{_moves(whole)}
US imports of 2022 by partner and industry: the Census of 2024, scaled (D); {estimate.held} cells \
held, {len(estimate.exceeded)} left where the table has more intermediates or too few sales
rest of the world: what remains (D), {structure.flows[:, -1].sum() / sales:.1%} of output
value added and taxes on inputs: output less inputs (D); inputs cut to 98 % of output in \
{len(structure.capped)} industries
flows of 2024: nearest to those of 2022 grown with GDP (D); {_moves(later)}
final demand of 2024: the same (D); {_moves(ends)}
US goods imports and duty of 2024: the Census, line by line (A)
tariffs of others: 2014 by wider sector, with agreements of 2024 (D); of 37 economies, those of \
the rest of the world of 2014 (U)"""
    return [f"block {line}" for line in lines.splitlines()]


def _moves(logs: np.ndarray) -> str:
    middle, most, _ = np.expm1(np.quantile(logs, QUANTILES))
    return (
        f"those above 1 bn end within {middle:.0%} (half) and {most:.0%} (nine tenths) of the prior"
    )


def _logs(after: np.ndarray, before: np.ndarray) -> np.ndarray:
    large = (before > SMALL) & (after > 0)
    return np.asarray(np.log(after[large] / before[large]))


def _prior_of(estimate: FinalDemand) -> np.ndarray:
    return np.where(estimate.final > 0, estimate.prior.final, 0.0)


def _total_rows(
    steps: Steps,
    regions: Sequence[str],
    gdp: np.ndarray,
    published: tuple[np.ndarray, np.ndarray],
) -> list[Adjustment]:
    abroad = steps.moved.flows.copy()
    own = np.arange(len(regions))
    abroad[own, own] = 0.0
    added = (steps.structure.beta * steps.moved.flows.sum(axis=0)).sum(axis=1)
    pairs = (
        ("GDP against value added", gdp, added),
        ("published exports", published[0], abroad.sum(axis=(0, 2))),
        ("published imports", published[1], abroad.sum(axis=(1, 2))),
    )
    rows = []
    for what, before, after in pairs:
        for region, first, last in zip(regions, before, after, strict=True):
            if np.isnan(first):
                continue
            transit = what != pairs[0][0] and region in HUBS
            name = f"{what}, goods in transit among them" if transit else what
            rows.append(Adjustment(name, region, "", float(first), float(last), MONEY))
    return rows


def _excess_rows(icio: Icio, estimate: FinalDemand, imports: UsImports) -> list[Adjustment]:
    """Return the cells where the table has more intermediates than the Census counts imports."""
    usa = icio.economies.index(IMPORTER)
    counted = {icio.economies[s]: row for s, row in zip(imports.single.tolist(), imports.by_single,
                                                      strict=True)}  # fmt: skip
    counted["EU"] = imports.by_bloc
    rows = []
    for name, industry in estimate.exceeded:
        sellers = imports.bloc if name == "EU" else [icio.economies.index(name)]
        j = icio.industries.index(industry)
        middle, seen = float(icio.trade[usa, sellers, j].sum()), float(counted[name][j])
        if middle - seen > LEAST_EXCESS:
            rows.append(
                Adjustment("US intermediates of the table over all imports of the Census",
                           f"USA<{name}", industry, middle, seen, MONEY)
            )  # fmt: skip
    return rows


def _move_rows(
    what: str, pair: tuple[Cube, Cube], regions: Sequence[str], industries: Sequence[str]
) -> list[Adjustment]:
    """Return the largest relative moves among flows of some size, from before to after."""
    before, after = pair
    large = (before > SMALL) & (after > 0)
    ratio = np.where(large, after / np.where(large, before, 1.0), 1.0)
    distance = np.abs(np.log(np.maximum(ratio, 1e-12))).round(9)
    order = np.argsort(-distance, axis=None, kind="stable")[:MOVERS]
    return [
        Adjustment(
            what, f"{regions[n]}<{regions[i]}", industries[j],
            float(before[n, i, j]), float(after[n, i, j]), MONEY,
        )
        for n, i, j in zip(*np.unravel_index(order, after.shape), strict=True)
    ]  # fmt: skip
