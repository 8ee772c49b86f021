"""Compiling tariff lines: from two files and a world to tariffs by exporter and sector."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from accord.core.arguments import public
from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.mapping import MapFile, read_mapping
from accord.data.readers.table.units import read_unit
from accord.data.world import World
from accord.lowering.lines.arguments import check_arguments
from accord.lowering.lines.codes import (
    Successors,
    explain_unknown,
    find_now,
    heading_of,
    read_concordance,
)
from accord.lowering.lines.compiled import AGGREGATES, CompiledTariffs
from accord.lowering.lines.files import EVERYBODY, TariffRows, TradeRows, read_lines, read_trade
from accord.lowering.lines.importer import Compiled, ImporterInputs, compile_importer
from accord.lowering.lines.places import Partners, bridge_sectors, read_sectors
from accord.lowering.lines.report import ReportRow, left_row

ONE_BILLION = 1e-3  # of a million
Made = TypeVar("Made")


@public
def read_tariffs(  # noqa: PLR0913  (a file or a fact each)
    lines: Path | str,
    trade: Path | str,
    world: World,
    *,
    mapping: Path | str | Mapping[str, object] | None = None,
    sectors: Path | str | None = None,
    concordance: Path | str | None = None,
    importer: str | None = None,
    day: date | None = None,
    unit: str = "USD",
    rate: float | None = None,
) -> CompiledTariffs:
    """Return the tariffs of a world's regions, compiled from tariff lines and imports by HS code.

    Args:
        lines: CSV or Parquet file with a line a code: hs and rate (a fraction), and as needed
            importer, exporter, specific, specific_unit, combine, use, quota, in_quota_rate,
            quota_in, basis, rule, unless_basis, content_share, from, until.
        trade: CSV or Parquet file of imports: exporter, hs, value, and as needed importer,
            quantity, quantity_unit, duty.
        world: Whose regions and sectors the tariffs are for.
        mapping: The mapping file of `read_world`: regions that partners belong to, and labels
            of the sectors.
        sectors: File with the columns hs and sector; by the goods that each industry holds, if
            left out.
        concordance: File with the columns old and new, for codes that HS 2022 does not have.
        importer: Whose lines and imports they are, where the files do not say.
        day: Day of the rates; needed where lines have dates.
        unit: Unit of values, such as "USD" or "mn EUR". Specific duties and quotas by value are in
            its currency, single units.
        rate: Dollars for a unit of the currency.

    Raises:
        InputError: A file or an argument is wrong; all problems at once, with line and remedy.
    """
    day = day.date() if isinstance(day, datetime) else day
    problems = check_arguments(
        lines=lines, trade=trade, world=world, mapping=mapping, sectors=sectors,
        concordance=concordance, importer=importer, day=day, unit=unit, rate=rate,
    )  # fmt: skip
    wrong = {problem.path for problem in problems}

    def attempt(names: str, read: Callable[[], Made]) -> Made | None:
        return None if wrong.intersection(names.split()) else _try(problems, read)

    rows = attempt("lines", lambda: read_lines(Path(lines)))
    imports = attempt("trade", lambda: read_trade(Path(trade)))
    plan = attempt("mapping", lambda: read_mapping(mapping))
    own = attempt("concordance", lambda: read_concordance(_path(concordance)))
    bridge = attempt("world sectors mapping", lambda: bridge_sectors(world, plan or MapFile())
                     if sectors is None else read_sectors(Path(sectors), world))  # fmt: skip
    money = attempt("unit rate", lambda: _read_money(unit, rate)) or (0.0, 0.0)
    if rows is None or imports is None or plan is None or own is None or bridge is None or problems:
        raise InputError(problems, "the call" if wrong else "the tariffs")
    partners = Partners(world.regions, plan)
    ends = _find_importers(rows, imports, importer, problems)
    problems += _check_labels(rows, imports, partners, ends)
    problems += _check_unions(imports, partners, ends)
    problems += _check_day(rows, day)
    told = _Codes.build(rows, imports, own, problems)
    if problems:
        raise InputError(problems, "the tariffs")
    inputs = ImporterInputs(world, rows, imports, partners, bridge, day or date.min, *money)
    parts = [
        compile_importer(inputs, label, _pick(told.lines, ends.lines, label),
                         _pick(told.trade, ends.trade, label))
        for label in dict.fromkeys(ends.lines)
    ]  # fmt: skip
    left_out = _without_lines(imports, ends, money[0])
    return _join(world, parts, left_out, (Path(lines).name, Path(trade).name))


def _try(problems: list[Problem], read: Callable[[], Made]) -> Made | None:
    """Return what a function reads; None, with its problems added, where it cannot."""
    try:
        return read()
    except InputError as error:
        problems += error.problems
        return None


def _path(given: Path | str | None) -> Path | None:
    return None if given is None else Path(given)


def _read_money(unit: str, rate: float | None) -> tuple[float, float]:
    """Return bn USD a unit of the file's values, and dollars a unit of its currency.

    Raises:
        InputError: The unit is not known, or the rate does not go with it.
    """
    problems: list[Problem] = []
    currency, millions = read_unit(unit, "unit", problems, any_currency=True)
    if rate is None and currency != "USD":
        remedy = "Give dollars for a unit of the currency, such as --rate 1.08"
        problems.append(Problem("rate", f"that of {currency} is not known", remedy))
    if rate is not None and currency == "USD" and rate != 1:
        remedy = 'Leave it out, or name the currency of the files in unit, such as "mn EUR"'
        problems.append(Problem("rate", f"{rate:g} dollars for a dollar: unit is USD", remedy))
    if problems:
        raise InputError(problems, "the unit")
    usd_per_unit = 1.0 if rate is None else float(rate)
    return millions * ONE_BILLION * usd_per_unit, usd_per_unit


@dataclass(frozen=True)
class _Importers:
    """Label of the importer of every row of both files."""

    lines: list[str]
    trade: list[str]


def _find_importers(
    rows: TariffRows, trade: TradeRows, importer: str | None, problems: list[Problem]
) -> _Importers:
    written, bought = rows.text("importer"), trade.text("importer")
    usual = importer or next((name for name in (*written, *bought) if name), "")
    several = len({name for name in (*written, *bought) if name}) > 1
    for records, names in ((rows.records, written), (trade.records, bought)):
        missing = [line for line, name in enumerate(names) if not name]
        if missing and (not usual or (several and importer is None)):
            remedy = "Give a column importer, or --importer"
            problems.append(Problem(records.where(missing[0]), "names no importer", remedy))
    ends = _Importers(*([name or usual for name in names] for names in (written, bought)))
    without = sorted(set(ends.lines) - set(ends.trade))
    problems += [
        Problem(trade.records.path.name, f"has no imports of {name}, which charges the lines",
                "Add its imports, or leave its lines out")
        for name in without if name
    ]  # fmt: skip
    return ends


def _check_labels(
    rows: TariffRows, trade: TradeRows, partners: Partners, ends: _Importers
) -> list[Problem]:
    """Return importers and exporters that are no region of the world or of the mapping."""
    problems = []
    partner = trade.records.texts["exporter"]
    sides = (
        (rows.records, ends.lines, ()), (trade.records, ends.trade, ()),
        (trade.records, partner, ()), (rows.records, rows.text("exporter"), partner),
    )  # fmt: skip
    for records, labels, others in sides:
        told = []
        for label in dict.fromkeys(labels):
            if records is trade.records and label in EVERYBODY:
                remedy = "Give the imports by exporter"
                where = records.where(labels.index(label))
                told.append(Problem(where, f'"{label}" is no exporter', remedy))
            elif label not in EVERYBODY:
                told += partners.check(records.where(labels.index(label)), label, others)
        problems += shorten(told, records.path.name)
    return problems


def _check_unions(trade: TradeRows, partners: Partners, ends: _Importers) -> list[Problem]:
    """Return imports of a code that stand both under a union and under a member of it."""
    labels = trade.records.texts["exporter"]
    members = {label: partners.members(label) for label in set(labels)}
    rows: dict[tuple[str, str, str], int] = {}
    for row, label in enumerate(labels):
        for region in members[label] if len(members[label]) == 1 else ():
            rows.setdefault((ends.trade[row], trade.hs[row], region), row)
    problems = []
    for row, label in enumerate(labels):
        keys = ((ends.trade[row], trade.hs[row], region) for region in members[label])
        same = next((rows[key] for key in keys if key in rows), None)
        if len(members[label]) > 1 and same is not None:
            message = f"{label} has {labels[same]}, of which line {trade.records.lines[same]} is"
            remedy = f"Leave out {label} or its members, so that no import counts twice"
            problems.append(Problem(trade.records.where(row), message, remedy))
    return shorten(problems, trade.records.path.name)


def _check_day(rows: TariffRows, day: date | None) -> list[Problem]:
    dated = [line for line in range(len(rows)) if rows.start[line] or rows.end[line]]
    if day is not None or not dated:
        return []
    remedy = "Say of which day the rates are, such as --date 2026-01-01"
    return [Problem(rows.records.where(dated[0]), "has dates", remedy)]


@dataclass(frozen=True)
class _Codes:
    """Rows of both files with their codes of 2022: row, code, share; and what each was."""

    lines: list[tuple[int, str, float]]
    trade: list[tuple[int, str, float]]

    @classmethod
    def build(
        cls, rows: TariffRows, trade: TradeRows, own: Successors, problems: list[Problem]
    ) -> "_Codes":
        """Return the codes; those that no edition has are added to the problems.

        Imports, which hold such codes for goods not told apart, are then taken by their heading.
        """
        known: dict[str, tuple[str, ...] | None] = {}
        sides: list[list[tuple[int, str, float]]] = []
        for hs, records in ((rows.hs, rows.records), (trade.hs, trade.records)):
            pairs, told = [], []
            for row, code in enumerate(hs):
                if code not in known:
                    known[code] = find_now(code, own)
                news = known[code]
                if news is None and records is trade.records:
                    news = heading_of(code)
                if news is None:
                    told.append(Problem(records.where(row), *explain_unknown(code)))
                    continue
                pairs += [(row, new, 1.0 / len(news)) for new in news] or [(row, "", 1.0)]
            problems += shorten(told, records.path.name)
            sides.append(pairs)
        return cls(*sides)


def _pick(
    codes: list[tuple[int, str, float]], labels: list[str], label: str
) -> list[tuple[int, str, float]]:
    return [entry for entry in codes if labels[entry[0]] == label]


def _without_lines(trade: TradeRows, ends: _Importers, scale: float) -> list[ReportRow]:
    """Return what the file has of importers that charge nothing, bn USD."""
    return [
        left_row(label, [
            (trade.hs[row], trade.value[row] * scale)
            for row, name in enumerate(ends.trade) if name == label
        ])
        for label in dict.fromkeys(ends.trade)
        if label not in ends.lines
    ]  # fmt: skip


def _join(
    world: World, parts: list[Compiled], left_out: list[ReportRow], names: tuple[str, str]
) -> CompiledTariffs:
    import pandas as pd

    tariffs: dict[str, np.ndarray] = {name: np.array(world.tariff) for name in AGGREGATES}
    for part in parts:
        for name in AGGREGATES:
            for n in part.regions:
                outside = part.known.copy()
                outside[list(part.regions)] = False
                tariffs[name][n][outside] = part.rates[name][outside]
    held: list[Any] = [part.lines for part in parts if part.lines is not None]
    title = f"Tariff lines of the user's own: {names[0]}, with imports of {names[1]}"
    return CompiledTariffs(
        baseline=world,
        table=pd.concat([part.table for part in parts], ignore_index=True),
        tariffs=tariffs,
        report=(*(row for part in parts for row in part.report), *left_out),
        lines=held[0] if len(parts) == 1 and held else None,
        sources=(Source(id="own-tariffs", title=title, licence="the user's", grade="U"),),
    )
