"""The tables of a study of supply chains, long and tidy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from accord.assessment.chains.figures import ChainsFigures
from accord.assessment.chains.package import ChainsPackage, split_change
from accord.assessment.snapshot.packages import BASELINE
from accord.data.labels import EU27
from accord.deal.deal import NO_DEAL

if TYPE_CHECKING:
    import pandas as pd

ChainsTable = Literal["aims", "matrix", "sectors", "exports", "dependence", "sources"]
CHAINS_TABLES: tuple[ChainsTable, ...] = get_args(ChainsTable)
UNION = "EU"
LEAST_OUTPUT = 1e-9  # bn USD: a sector with less is idle
Row = dict[str, Any]


def build_table(study: ChainsFigures, table: ChainsTable) -> "pd.DataFrame":
    """Return one table, a row a package and what it is about."""
    import pandas as pd

    if table == "sources":
        kept = ("id", "title", "date", "url", "licence", "grade")
        return pd.DataFrame(
            [{name: getattr(source, name) for name in kept} for source in study.sources]
        )
    make = {
        "aims": _aims, "matrix": _matrix, "sectors": _sectors, "exports": _exports,
        "dependence": _dependence,
    }[table]  # fmt: skip
    return pd.DataFrame(
        [{"package": item.name, **row} for item in study.packages for row in make(study, item)]
    )


def _aims(study: ChainsFigures, item: ChainsPackage) -> Iterator[Row]:
    """Yield dependence on the supplier, manufacturing and jobs of each party, beside no deal."""
    measures = ("direct", "look_through") if study.supplier is not None else ()
    for party in study.parties:
        for measure in measures:
            if party != study.supplier:
                values = [study.dependence(name, party, measure)
                          for name in (BASELINE, NO_DEAL, item.name)]  # fmt: skip
                yield {"region": party, "aim": measure, "unit": "1", "grade": "",
                       **_compare(study, *values)}  # fmt: skip
        made = [study.made(name, party) for name in (BASELINE, NO_DEAL, item.name)]
        yield {"region": party, "aim": "value_added", "unit": "bn USD", "grade": "",
               **_compare(study, *made)}  # fmt: skip
        jobs = [study.jobs(name, party) for name in (BASELINE, NO_DEAL, item.name)]
        yield {"region": party, "aim": "jobs", "unit": "thousand",
               "grade": _grade(study, party),
               **_compare(study, *jobs)}  # fmt: skip


def _grade(study: ChainsFigures, party: str, sector: str | None = None) -> str:
    """Return how far persons of a party can be trusted, by the least known of its regions."""
    regions = [study.world.regions[at] for at in study.parties[party]]
    grades = [study.employment.grade(name, sector) for name in regions]
    return "" if "" in grades else max(grades)


def _compare(
    study: ChainsFigures, before: np.ndarray, without: np.ndarray, value: np.ndarray
) -> Row:
    """Return a figure in the baseline, with no deal and with a package, and its change."""
    change, low, high = study.average(value - without)
    base = study.average(without)[0]
    return {
        "baseline": study.average(before)[0], "no_deal": base, "value": study.average(value)[0],
        "change": change, "low": low, "high": high,
        "relative": change / base if base else float("nan"),
    }  # fmt: skip


def _matrix(study: ChainsFigures, item: ChainsPackage) -> Iterator[Row]:
    """Yield what each region sells each other more than with no deal, and why."""
    without, regions = study.package(NO_DEAL), study.world.regions
    old, new = (each.imports.sum(axis=3) for each in (without, item))
    created, diverted = (part.sum(axis=3) for part in split_change(without, item))
    for at, exporter in enumerate(regions):
        for to, importer in enumerate(regions):
            if at == to:
                continue
            change, low, high = study.average(new[:, to, at] - old[:, to, at])
            before = study.average(old[:, to, at])[0]
            yield {
                "exporter": exporter, "importer": importer,
                "baseline": float(study.baseline.trade[0, to, at].sum()), "no_deal": before,
                "change": change, "low": low, "high": high,
                "relative": change / before if before > LEAST_OUTPUT else float("nan"),
                "created": study.average(created[:, to, at])[0],
                "diverted": study.average(diverted[:, to, at])[0],
            }  # fmt: skip


def summarise_matrix(study: ChainsFigures, package: str, count: int) -> list[Row]:
    """Return the change of trade between parties and the regions that a package touches most.

    Parties are whole, and so is the European Union outside of them. Rows are as in "matrix".
    """
    without, item = study.package(NO_DEAL), study.package(package)
    created, diverted = split_change(without, item)
    change = (item.imports - without.imports).sum(axis=3)
    size = np.abs(change).mean(axis=0)
    touched = size.sum(axis=0) + size.sum(axis=1)
    groups = _group_regions(study)
    others = [name for name in groups if name not in study.parties]
    others.sort(key=lambda name: -touched[list(groups[name])].sum())
    shown = [*study.parties, *others][: max(count, len(study.parties))]
    rows: list[Row] = []
    for exporter in shown:
        for importer in shown:
            if exporter == importer:
                continue
            at = np.ix_(range(len(change)), groups[importer], groups[exporter])
            parts = [part.sum(axis=3)[at].sum(axis=(1, 2)) for part in (created, diverted)]
            moved, low, high = study.average(change[at].sum(axis=(1, 2)))
            rows.append({
                "exporter": exporter, "importer": importer, "change": moved, "low": low,
                "high": high, "created": study.average(parts[0])[0],
                "diverted": study.average(parts[1])[0],
            })  # fmt: skip
    return rows


def _group_regions(study: ChainsFigures) -> dict[str, tuple[int, ...]]:
    """Return parties and other regions with their positions, members of the Union as one."""
    regions = study.world.regions
    groups = dict(study.parties)
    inside = {at for members in groups.values() for at in members}
    union = tuple(at for at, name in enumerate(regions) if name in EU27 and at not in inside)
    if len(union) > 1:
        groups[UNION] = union
        inside |= set(union)
    groups |= {name: (at,) for at, name in enumerate(regions) if at not in inside}
    return groups


def _sectors(study: ChainsFigures, item: ChainsPackage) -> Iterator[Row]:
    """Yield output, value added, jobs and concentration by party and sector."""
    without, world = study.package(NO_DEAL), study.world
    for party, members in study.parties.items():
        at = list(members)
        for j, sector in enumerate(world.sectors):
            made = [each.value_added[:, at, j].sum(axis=1) for each in (without, item)]
            base = study.average(made[0])[0]
            if base < LEAST_OUTPUT:
                continue
            work = [
                (each.employment[:, at, j] * study.persons[at, j]).sum(axis=1)
                for each in (without, item)
            ]
            change, low, high = study.average(made[1] / made[0] - 1)
            persons, fewest, most = study.average(work[1] - work[0])
            whole = study.average(work[0])[0]
            weight = study.baseline.value_added[0, at, j]
            weight = weight / weight.sum()
            yield {
                "region": party, "sector": sector,
                "is_manufacturing": j in study.manufacturing,
                "value_added": base, "change": change, "low": low, "high": high,
                "persons": whole, "persons_change": persons,
                "persons_low": fewest, "persons_high": most,
                "persons_relative": persons / whole if whole > 0 else float("nan"),
                "grade": _grade(study, party, sector),
                "concentration": study.average(without.concentration[:, at, j] @ weight)[0],
                "concentration_change": study.average(
                    (item.concentration - without.concentration)[:, at, j] @ weight
                )[0],
                "upstreamness": study.average(item.upstreamness[:, at, j] @ weight)[0],
            }  # fmt: skip


def _exports(study: ChainsFigures, item: ChainsPackage) -> Iterator[Row]:
    """Yield gross exports of each party and the domestic value added in them, by partner."""
    without, regions = study.package(NO_DEAL), study.world.regions
    for party, members in study.parties.items():
        for to, importer in enumerate(regions):
            if to in members:
                continue
            here = list(members)
            sold, kept = (
                [getattr(each, name)[:, here, to].sum(axis=1) for each in (without, item)]
                for name in ("gross", "domestic")
            )
            change, low, high = study.average(kept[1] - kept[0])
            yield {
                "exporter": party, "importer": importer, "gross": study.average(sold[1])[0],
                "gross_change": study.average(sold[1] - sold[0])[0],
                "domestic": study.average(kept[1])[0],
                "domestic_change": change, "low": low, "high": high,
            }  # fmt: skip


def _dependence(study: ChainsFigures, item: ChainsPackage) -> Iterator[Row]:
    """Yield the exposure of each party's manufacturing to every other region."""
    for party, members in study.parties.items():
        where = np.ix_(range(item.output.shape[0]), members, study.manufacturing)
        output = item.output[where]
        weight = output / output.sum(axis=(1, 2), keepdims=True)
        for at, supplier in enumerate(study.world.regions):
            if at in members:
                continue
            figures = {
                measure: (getattr(item, measure)[:, at][where] * weight).sum(axis=(1, 2))
                for measure in ("direct", "look_through")
            }
            value, low, high = study.average(figures["look_through"])
            yield {
                "region": party, "supplier": supplier,
                "direct": study.average(figures["direct"])[0],
                "look_through": value, "low": low, "high": high,
            }  # fmt: skip
