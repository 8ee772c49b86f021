"""A plain long table, CSV or Parquet: importer, exporter, sector, value, and use and tariff if any.

`use` is the sector that buys, or a final use: final, inventories, re-exports, or any other word.
Without it all trade is final, so that no industry buys inputs. `tariff` is a fraction; `unit` may
name the unit of a line and is then the same in all of them.
"""

from pathlib import Path

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.core.rates import check_rate_units
from accord.data.readers.table.grid import SUBJECT, shorten
from accord.data.readers.table.records import Records, read_records
from accord.data.readers.table.settle import REEXPORTS, STOCKS
from accord.data.readers.table.table import LabelledTable, condense
from accord.data.readers.table.units import read_unit

NEEDED = ("importer", "exporter", "sector", "value")
FINAL = "final"
SOURCE = Source(id="own-table", title="A table of the user's own", licence="the user's", grade="U")
FINAL_WORDS = frozenset({FINAL, "final use", "final demand", "consumption", "households",
                         "government", "investment", *STOCKS, *REEXPORTS})  # fmt: skip


def read_long(files: tuple[Path, ...]) -> LabelledTable:
    """Return the table of a long file; flows are of the unit it names, else millions of dollars.

    Raises:
        InputError: Columns are missing, cells are wrong, or lines contradict each other.
    """
    records = read_records(files[0], NEEDED, optional=("use", "unit"), more_numbers=("tariff",))
    texts, value = records.texts, records.numbers["value"]
    regions = tuple(dict.fromkeys([*texts["exporter"], *texts["importer"]]))
    sectors = tuple(dict.fromkeys(texts["sector"]))
    currency, millions = "USD", 1.0
    problems = _check_home(records, regions)
    problems += records.check_repeats(
        [name for name in ("importer", "exporter", "sector", "use") if name in texts]
    )
    if "unit" in texts:
        currency, millions = _one_unit(records, problems)
    use = texts.get("use", [FINAL] * value.size)
    uses = tuple(dict.fromkeys(name for name in use if name not in sectors))
    problems += [
        Problem(records.where(use.index(name)), f'use "{name}" is no sector and no final use',
                f"Write a sector of the file, or one of {', '.join(sorted(FINAL_WORDS)[:6])}")
        for name in uses if name.casefold() not in FINAL_WORDS
    ]  # fmt: skip
    tariff = _read_tariff(records, regions, sectors, problems)
    if problems:
        raise InputError(shorten(problems, files[0].name), SUBJECT)
    at = {name: place for place, name in enumerate(regions)}
    place = {name: spot for spot, name in enumerate(sectors)}
    importer = np.array([at[name] for name in texts["importer"]])
    exporter = np.array([at[name] for name in texts["exporter"]])
    sector = np.array([place[name] for name in texts["sector"]])
    count = len(sectors)
    is_final = np.array([name not in place for name in use])
    final = np.zeros((max(len(uses), 1), len(regions), len(regions), count))
    ends = np.array([uses.index(name) if name not in place else 0 for name in use])
    where = (ends[is_final], importer[is_final], exporter[is_final], sector[is_final])
    np.add.at(final, where, value[is_final])
    size = len(regions) * count
    inputs = np.zeros((size, size)) if not is_final.all() else np.zeros((0, 0))
    if not is_final.all():
        user = np.array([place.get(name, 0) for name in use])
        cells = (exporter * count + sector, importer * count + user)
        np.add.at(inputs, tuple(cell[~is_final] for cell in cells), value[~is_final])
    condensed = condense(inputs, np.arange(inputs.shape[0]), regions, sectors)
    return LabelledTable(
        regions=regions, sectors=sectors, sold_to_industries=condensed.sold,
        sold_to_final=final, uses=uses or (FINAL,), bought=condensed.bought,
        cuts=condensed.cuts, tariff=tariff, currency=currency, millions=millions, source=SOURCE,
    )  # fmt: skip


def _check_home(records: Records, regions: tuple[str, ...]) -> list[Problem]:
    """Return regions that buy nothing from themselves, or only buy, or only sell."""
    pairs = set(zip(records.texts["importer"], records.texts["exporter"], strict=True))
    sellers, buyers = {pair[1] for pair in pairs}, {pair[0] for pair in pairs}
    problems = [
        Problem(records.path.name, f"{name} {'only buys' if name in buyers else 'only sells'}",
                "Check the spelling at both sides, and give what it sells and buys")
        for name in regions
        if name not in sellers or name not in buyers
    ]  # fmt: skip
    problems += [
        Problem(records.path.name, f"{name} has no domestic sales",
                f"Add lines with importer {name} and exporter {name}: output less exports")
        for name in regions
        if (name, name) not in pairs and name in sellers and name in buyers
    ]  # fmt: skip
    return problems


def _one_unit(records: Records, problems: list[Problem]) -> tuple[str, float]:
    units = list(dict.fromkeys(records.texts["unit"]))
    if len(units) > 1:
        line = records.texts["unit"].index(units[1])
        problems.append(Problem(records.where(line), f'unit "{units[1]}" after "{units[0]}"',
                                "Give all lines in the same unit"))  # fmt: skip
    return read_unit(units[0], f"{records.path.name}, column unit", problems)


def _read_tariff(
    records: Records, regions: tuple[str, ...], sectors: tuple[str, ...], problems: list[Problem]
) -> np.ndarray | None:
    """Return the duty of each flow, the same in all lines of it; None without such a column."""
    if "tariff" not in records.numbers:
        return None
    rates = records.numbers["tariff"]
    problems += check_rate_units(f"{records.path.name}, column tariff", rates)
    tariff = np.full((len(regions), len(regions), len(sectors)), np.nan)
    texts = records.texts
    for line, rate in enumerate(rates.tolist()):
        cell = (regions.index(texts["importer"][line]), regions.index(texts["exporter"][line]),
                sectors.index(texts["sector"][line]))  # fmt: skip
        if rate != tariff[cell] and not np.isnan(tariff[cell]):
            problems.append(Problem(records.where(line), f"tariff {rate:g} after {tariff[cell]:g}",
                                    "Give each flow one tariff in all its lines"))  # fmt: skip
        tariff[cell] = rate
    return np.asarray(np.nan_to_num(tariff))
