"""Reading a table of one's own into a world: the format, the mapping, the rules, the checks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from accord.core.arguments import public
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.industries import ALL_REGION_NAMES, INDUSTRY_NAMES
from accord.data.labels import SECTOR_NAMES
from accord.data.readers.adb import read_adb
from accord.data.readers.caliendo_parro import read_caliendo_parro
from accord.data.readers.exiobase import read_exiobase
from accord.data.readers.figaro import read_figaro
from accord.data.readers.gtap import read_gtap
from accord.data.readers.icio import read_icio
from accord.data.readers.long import read_long
from accord.data.readers.objects import read_object
from accord.data.readers.table.bridge import bridge_elasticities
from accord.data.readers.table.mapping import MapFile, merge_table, read_mapping
from accord.data.readers.table.rates import read_tariffs
from accord.data.readers.table.settle import Rules, Settled, read_rules, settle
from accord.data.readers.table.table import LabelledTable
from accord.data.readers.table.units import USD_PER_EUR, check_size, read_unit, year_in
from accord.data.readers.wiod import read_wiod_2013, read_wiod_2016
from accord.data.store import load_world
from accord.data.world import World

FORMATS: dict[str, Callable[[tuple[Path, ...]], LabelledTable]] = {
    "long": read_long,
    "icio": read_icio,
    "wiod2013": read_wiod_2013,
    "wiod2016": read_wiod_2016,
    "figaro": read_figaro,
    "adb": read_adb,
    "exiobase": read_exiobase,
    "gtap": read_gtap,
    "caliendo_parro": read_caliendo_parro,
}
OBJECT = "zyx"
ONE_BILLION = 1e-3  # of a million
NOTES = (
    "flows are at the prices of the table: taxes on final products are left out",
    "no tariffs were given: all are zero",
)


@public
def read_world(
    format: str,  # noqa: A002
    files: Any,
    mapping: Path | str | Mapping[str, object] | None = None,
    *,
    tariffs: Path | str | None = None,
    unit: str | None = None,
    rate: float | None = None,
    year: int | None = None,
    rules: Mapping[str, str] | None = None,
) -> World:
    """Return a world made of a table of one's own, bn USD a year, with accounts that hold.

    What was moved to make them hold is in `adjustments` and printed by `balance_report`.

    Args:
        format: long, icio, wiod2013, wiod2016, figaro, adb, exiobase, gtap, caliendo_parro, or zyx
            for an object with Z and Y, such as an IOSystem of pymrio.
        files: Path of the file or folder; for zyx the object.
        mapping: A TOML or CSV file (or a table) that merges regions and sectors and may give
            elasticities; without one the labels of the file are kept.
        tariffs: CSV file importer, exporter, sector, rate (fractions), in the labels of the world.
        unit: Unit of the figures where the file does not say, such as "mn USD" or "bn EUR".
        rate: Dollars for a unit of the currency; for euros that of the year, if left out.
        year: Year of the table; that in the name of the file if left out.
        rules: What to do where there is a choice. `{"inventories": "remove"}` takes changes in
            inventories out and lets output meet the other final uses, where the default "cut" sets
            final sales to zero that they make negative. `{"discrepancy": "drop"}` leaves out the
            difference of output and sales, which "domestic" counts with domestic final use.

    Raises:
        InputError: The table, the mapping or an argument is wrong; each problem names the line or
            cell and says what to write.
    """
    chosen = read_rules(rules)
    table = _read_table(format, files, unit, year)
    plan = read_mapping(mapping)
    merged = merge_table(table, plan)
    table = merged.table
    problems: list[Problem] = []
    scale = _find_scale(table, rate, problems)
    flows = table.sold_to_industries + table.sold_to_final.sum(axis=0)
    rates = np.zeros_like(flows) if table.tariff is None else table.tariff
    if tariffs is not None:
        rates = read_tariffs(Path(tariffs), table.regions, table.sectors, rates)
    value = (flows.sum() - table.bought.sum()) * scale
    told = f"{table.millions:g} million {table.currency}"
    problems += check_size(float(value), told)
    if problems:
        raise InputError(problems, "the table")
    theta = bridge_elasticities(table, merged.members, plan, load_world())
    settled = settle(table, rates, chosen, scale)
    sets = dict(theta.sets)
    default = next(iter(sets))
    notes = NOTES if tariffs is None and table.tariff is None else NOTES[:1]
    return World.from_arrays(
        table.regions,
        table.sectors,
        **_arrays(settled),
        elasticity=sets[default],
        elasticities=sets,
        scale_elasticity=theta.scale,
        name=plan.name or f"{table.source.id}-{table.year}",
        base_year=table.year,
        price_year=table.year,
        region_names=_names(table.regions, ALL_REGION_NAMES, plan.region_names),
        sector_names=_names(table.sectors, {**SECTOR_NAMES, **INDUSTRY_NAMES}, plan.sector_names),
        services=theta.services,
        sources=(replace(table.source, date=table.source.date or str(table.year)),),
        adjustments=settled.moved,
        notes=(*notes, *theta.notes, *_tell_rules(chosen, plan)),
    )


def _read_table(kind: str, files: Any, unit: str | None, year: int | None) -> LabelledTable:
    """Return the table in the unit and of the year that the caller or the file says."""
    problems: list[Problem] = []
    if kind == OBJECT:
        table, told = read_object(files), 0
    else:
        paths = _read_paths(kind, files)
        table, told = FORMATS[kind](paths), year_in(paths[0].name)
    if unit is not None:
        currency, millions = read_unit(unit, "unit", problems)
        table = replace(table, currency=currency, millions=millions)
    years = [given for given in (year, table.year, told) if given]
    if not years:
        problems.append(Problem("year", "no file name holds it", "Give it, such as --year 2022"))
    if problems:
        raise InputError(problems, "the table")
    return replace(table, year=int(years[0]))


def _read_paths(kind: str, files: Any) -> tuple[Path, ...]:
    known = (*FORMATS, OBJECT)
    problems = []
    if kind not in FORMATS:
        problems.append(Problem("format", f'"{kind}" is not known', propose(str(kind), known)))
    given = files if isinstance(files, Sequence) and not isinstance(files, str) else [files]
    paths = tuple(Path(path) for path in given if isinstance(path, (str, Path)))
    if len(paths) != 1 or len(given) != 1:
        problems.append(Problem("files", f"{len(given)} were given", "Give one file or folder"))
    problems += [
        Problem(str(path), "there is no such file or folder", "Check the path")
        for path in paths
        if not path.exists()
    ]
    if problems:
        raise InputError(problems, "the call")
    return paths


def _find_scale(table: LabelledTable, rate: float | None, problems: list[Problem]) -> float:
    """Return bn USD a unit of the table."""
    if rate is not None and not rate > 0:
        problems.append(Problem("rate", f"{rate} is no exchange rate", "Give dollars for a unit"))
        rate = 1.0
    if rate is None:
        rate = 1.0 if table.currency == "USD" else USD_PER_EUR.get(table.year)
    if rate is None:
        remedy = "Give dollars for a euro, such as --rate 1.08"
        problems.append(Problem("rate", f"that of the euro in {table.year} is not known", remedy))
        rate = 1.0
    return table.millions * ONE_BILLION * rate


def _arrays(settled: Settled) -> dict[str, Float[np.ndarray, "..."]]:
    return {
        "flows": settled.flows,
        "tariff": settled.tariff,
        "value_added_share": settled.value_added_share,
        "input_share": settled.input_share,
    }


def _names(
    labels: Sequence[str], known: Mapping[str, str], own: Mapping[str, str]
) -> dict[str, str]:
    return {label: own.get(label, known.get(label, label)) for label in labels}


def _tell_rules(rules: Rules, plan: MapFile) -> tuple[str, ...]:
    told = [f"rules: inventories {rules.inventories}, discrepancy {rules.discrepancy}"]
    if plan.regions or plan.sectors:
        told.append(f"regions and sectors merged by {plan.path}")
    return tuple(told)
