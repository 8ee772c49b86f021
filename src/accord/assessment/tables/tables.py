"""The tables of an assessment: long, tidy, one unit a column.

`against` is "no_deal" or "baseline" (the world before any change). A `change` is a fraction:
new over old, less one. Money is bn USD a year. Figures of a package that did not solve, or that is
compared with one that did not, are NaN; the table `solves` has its status.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from accord.assessment.result import Assessed
from accord.assessment.snapshot.external import PartyExternal
from accord.assessment.snapshot.packages import PackageResult, Snapshot
from accord.assessment.tables.external import EXTERNAL_TABLES, build_capacity
from accord.assessment.tables.finance import FINANCE_TABLES
from accord.assessment.tables.verdict import VERDICT_TABLES
from accord.assessment.valuation.verdict import Verdict
from accord.deal.deal import NO_DEAL
from accord.deal.products import expand_regions
from accord.lowering.finance import PairFinance
from accord.lowering.roles import find_groups
from accord.trade.solution import TradeOutcome, TradeSolution

AGAINST = (NO_DEAL, "baseline")


def build_welfare(snapshot: Snapshot) -> pd.DataFrame:
    """Return equivalent variation by package and region, its two parts, and ranges.

    Groups that are parties, pay or host follow the regions, with the sums of their members.
    """
    rows = []
    groups = find_groups(snapshot.deal, snapshot.world)
    regions = [*snapshot.model.regions, *groups]

    def whole(values: np.ndarray) -> np.ndarray:
        return _with_sums(values, snapshot.model.regions, groups)

    income = snapshot.packages[0].solution.model.income
    for result, against, other in _pairs(snapshot):
        gains = whole(result.gains - (other.gains if other else 0.0))
        tariffs = whole(result.tariff_gains - (other.tariff_gains if other else 0.0))
        gain = whole(result.gain - (other.gain if other else 0.0))
        tariff = whole(result.tariff_gain - (other.tariff_gain if other else 0.0))
        old = whole(income + (other.gain if other else 0.0))
        rows.append(
            pd.DataFrame(
                {
                    "package": result.name, "against": against, "region": regions,
                    "change": gain / old, "ev": gain, "tariff_part": tariff,
                    "transfer_part": gain - tariff,
                    "low": gains.min(axis=0), "high": gains.max(axis=0),
                    "tariff_low": tariffs.min(axis=0), "tariff_high": tariffs.max(axis=0),
                }
            )
        )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def _with_sums(
    values: np.ndarray, regions: Sequence[str], groups: Mapping[str, Iterable[str]]
) -> np.ndarray:
    """Return values by region, the last axis, followed by the sums over members of groups."""
    sums = [
        values[..., [regions.index(member) for member in members]].sum(axis=-1, keepdims=True)
        for members in groups.values()
    ]
    return np.concatenate([values, *sums], axis=-1)


def build_wages(snapshot: Snapshot) -> pd.DataFrame:
    """Return the change of the real wage by package and region."""
    return _ratios(snapshot, lambda value: value.real_wage_change)


def build_prices(snapshot: Snapshot) -> pd.DataFrame:
    """Return the change of consumer prices by package and region.

    Prices are measured against world value added, which is held constant.
    """
    return _ratios(snapshot, lambda value: value.consumer_price_change)


def build_terms_of_trade(snapshot: Snapshot) -> pd.DataFrame:
    """Return export prices over import prices at the border (Törnqvist), by package and region."""
    rows = []
    flows = {name: snapshot.flows(name) for name in ("baseline", *snapshot.names)}
    for result, against, other in _pairs(snapshot):
        new, old = result.outcome, other.outcome if other else None
        log_gate = np.log(new.gate_price_change / (old.gate_price_change if old else 1.0))
        ends = (flows[result.name], flows[against])
        exported = np.mean([_weights(cube.sum(axis=0) - _own(cube), 1) for cube in ends], axis=0)
        imported = np.mean([_weights(_foreign(cube), (1, 2)) for cube in ends], axis=0)
        change = (exported * log_gate).sum(axis=1) - (imported * log_gate[None]).sum(axis=(1, 2))
        rows.append(_by_region(snapshot, result.name, against, change=np.expm1(change)))
    return pd.concat(rows, ignore_index=True)


def _own(cube: np.ndarray) -> np.ndarray:
    return np.asarray(np.einsum("nnj->nj", cube))


def _foreign(cube: np.ndarray) -> np.ndarray:
    away = 1 - np.eye(cube.shape[0])
    return np.asarray(cube * away[:, :, None])


def _weights(values: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    total = values.sum(axis=axis, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.zeros_like(values), where=total > 0))


def build_exports(snapshot: Snapshot) -> pd.DataFrame:
    """Return exports at customs value where a party buys or sells, by partner and sector."""
    model = snapshot.model
    named = expand_regions(snapshot.deal.parties, model.regions)
    parties = [model.regions.index(region) for region in named]
    near = np.zeros((len(model.regions),) * 2, dtype=bool)
    near[parties, :] = near[:, parties] = True
    np.fill_diagonal(near, val=False)
    importer, exporter = np.nonzero(near)
    sectors = len(model.sectors)
    rows = []
    for result, against, _ in _pairs(snapshot):
        new = snapshot.flows(result.name)[importer, exporter]
        old = snapshot.flows(against)[importer, exporter]
        rows.append(
            pd.DataFrame(
                {
                    "package": pd.Categorical([result.name] * new.size, snapshot.names),
                    "against": pd.Categorical([against] * new.size, AGAINST),
                    "exporter": _labels(np.repeat(exporter, sectors), model.regions),
                    "importer": _labels(np.repeat(importer, sectors), model.regions),
                    "sector": _labels(np.tile(np.arange(sectors), len(importer)), model.sectors),
                    "value": new.ravel(),
                    "change_value": (new - old).ravel(),
                    "change": _growth(new, old).ravel(),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def build_revenue(snapshot: Snapshot) -> pd.DataFrame:
    """Return revenue by package and region: of tariffs, and of other taxes less subsidies."""
    model = snapshot.model
    rows = []
    for result, against, other in _pairs(snapshot):
        new, old = result.outcome, other.outcome if other else model
        rows.append(
            _by_region(
                snapshot, result.name, against,
                value=new.tariff_revenue, change_value=new.tariff_revenue - old.tariff_revenue,
                taxes=new.tax_revenue, change_taxes=new.tax_revenue - old.tax_revenue,
            )
        )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def build_output(snapshot: Snapshot) -> pd.DataFrame:
    """Return output at customs value by package, region and sector.

    The change is that of the quantity: sales deflated by the price at the gate.
    """
    base = snapshot.model.sales

    def columns(value: TradeOutcome, old: TradeOutcome | None) -> dict[str, np.ndarray]:
        before = old.sales / old.gate_price_change if old else base
        return {
            "value": value.sales,
            "change": _growth(value.sales / value.gate_price_change, before),
        }

    return _by_sector(snapshot, columns)


def build_employment(snapshot: Snapshot) -> pd.DataFrame:
    """Return the change of employment by package, region and sector."""

    def columns(value: TradeOutcome, old: TradeOutcome | None) -> dict[str, np.ndarray]:
        before = old.employment_change if old else np.ones_like(value.employment_change)
        return {"change": _growth(value.employment_change, before)}

    return _by_sector(snapshot, columns)


def build_tariffs(snapshot: Snapshot) -> pd.DataFrame:
    """Return the tariffs of the parties by package, exporter and sector, and those of the base."""
    model = snapshot.model
    named = expand_regions(snapshot.deal.parties, model.regions)
    parties = [model.regions.index(region) for region in named]
    shape = len(model.regions), len(model.sectors)
    importer, exporter, sector = (
        axis.ravel() for axis in np.meshgrid(parties, *map(np.arange, shape), indexing="ij")
    )
    rows = []
    for result in snapshot.packages:
        rate = result.outcome.tariff[importer, exporter, sector]
        rows.append(
            pd.DataFrame(
                {
                    "package": result.name,
                    "importer": _labels(importer, model.regions),
                    "exporter": _labels(exporter, model.regions),
                    "sector": _labels(sector, model.sectors),
                    "rate": rate,
                    "base_rate": model.tariff[importer, exporter, sector],
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def build_transfers(snapshot: Snapshot) -> pd.DataFrame:
    """Return yearly transfers by package: gross, what they displace, and net."""
    rows = [
        {"package": result.name, "payer": transfer.payer, "host": transfer.host,
         "gross": transfer.gross, "displaced": transfer.displaced, "net": transfer.net}
        for result in snapshot.packages
        for transfer in result.transfers
    ]  # fmt: skip
    columns = ["package", "payer", "host", "gross", "displaced", "net"]
    return pd.DataFrame(rows, columns=columns)


def build_solves(snapshot: Snapshot) -> pd.DataFrame:
    """Return how each package solved: status, steps, and the largest residual of any equation."""
    return pd.DataFrame(
        [
            {
                "package": result.name,
                "status": result.status.name.lower(),
                "method": result.solution.stats.method,
                "steps": result.solution.stats.steps,
                "residual": _largest_residual(result.solution),
            }
            for result in snapshot.packages
        ]
    )


def _largest_residual(solution: TradeSolution) -> float:
    """Return the largest residual of any equation; that of the iteration where it failed."""
    if not solution.status.ok:
        return solution.residual
    return float(np.max([*solution.residuals.values()]))


def _pairs(
    snapshot: Snapshot,
) -> Iterator[tuple[PackageResult, str, PackageResult | None]]:
    no_deal = snapshot.package(NO_DEAL)
    for result in snapshot.packages:
        for against in AGAINST:
            if result.name != against:
                yield result, against, no_deal if against == NO_DEAL else None


def _labels(codes: np.ndarray, names: tuple[str, ...]) -> "pd.Categorical[str]":
    return pd.Categorical.from_codes(codes, pd.Index(names))


def _growth(new: np.ndarray, old: np.ndarray) -> np.ndarray:
    some = (old != 0) | np.isnan(new)
    return np.asarray(np.divide(new, old, out=np.ones_like(new), where=some) - 1)


def _by_region(
    snapshot: Snapshot, package: str, against: str, **columns: np.ndarray
) -> pd.DataFrame:
    head = {"package": package, "against": against, "region": list(snapshot.model.regions)}
    return pd.DataFrame({**head, **columns})


def _ratios(snapshot: Snapshot, read: Callable[[TradeOutcome], np.ndarray]) -> pd.DataFrame:
    rows = []
    for result, against, other in _pairs(snapshot):
        old = read(other.outcome) if other else 1.0
        change = read(result.outcome) / old - 1
        rows.append(_by_region(snapshot, result.name, against, change=change))
    return pd.concat(rows, ignore_index=True)


def _by_sector(
    snapshot: Snapshot,
    columns: Callable[[TradeOutcome, TradeOutcome | None], dict[str, np.ndarray]],
) -> pd.DataFrame:
    model = snapshot.model
    regions, sectors = len(model.regions), len(model.sectors)
    region = _labels(np.repeat(np.arange(regions), sectors), model.regions)
    sector = _labels(np.tile(np.arange(sectors), regions), model.sectors)
    rows = []
    for result, against, other in _pairs(snapshot):
        values = columns(result.outcome, other.outcome if other else None)
        head = {"package": result.name, "against": against, "region": region, "sector": sector}
        rows.append(pd.DataFrame({**head, **{key: value.ravel() for key, value in values.items()}}))
    return pd.concat(rows, ignore_index=True)


TableBuilder = Callable[[Assessed], pd.DataFrame]


def _of_snapshot(build: Callable[[Snapshot], pd.DataFrame]) -> TableBuilder:
    return lambda assessment: build(assessment.snapshot)


def _of_finance(build: Callable[[Sequence[PairFinance]], pd.DataFrame]) -> TableBuilder:
    return lambda assessment: build(
        [pair for package in assessment.snapshot.packages for pair in package.finance]
    )


def _of_external(build: Callable[[Sequence[PartyExternal]], pd.DataFrame]) -> TableBuilder:
    return lambda assessment: build(
        [party for package in assessment.snapshot.packages for party in package.external]
    )


def _of_verdict(build: Callable[[Verdict], pd.DataFrame]) -> TableBuilder:
    return lambda assessment: build(assessment.verdict)


SNAPSHOT_TABLES: dict[str, Callable[[Snapshot], pd.DataFrame]] = {
    "welfare": build_welfare,
    "wages": build_wages,
    "exports": build_exports,
    "revenue": build_revenue,
    "prices": build_prices,
    "output": build_output,
    "employment": build_employment,
    "terms_of_trade": build_terms_of_trade,
    "tariffs": build_tariffs,
    "transfers": build_transfers,
}
TABLES: dict[str, TableBuilder] = {
    **{name: _of_snapshot(build) for name, build in SNAPSHOT_TABLES.items()},
    **{name: _of_finance(build) for name, build in FINANCE_TABLES.items()},
    **{name: _of_external(build) for name, build in EXTERNAL_TABLES.items()},
    "capacity": lambda assessment: build_capacity(assessment.safe_amounts),
    "solves": _of_snapshot(build_solves),
    **{name: _of_verdict(build) for name, build in VERDICT_TABLES.items()},
}
