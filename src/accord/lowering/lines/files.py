"""The two files: tariff lines with their rates, and imports by exporter and HS code."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.rates import check_rate_units
from accord.core.words import propose
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.records import Records, read_records
from accord.deal.clauses.tariff import BASES, Rule
from accord.lowering.lines.codes import clean_code, explain_shape

LINES, TRADE = "the tariff lines", "the imports"
LINE_TEXTS = ("importer", "exporter", "specific_unit", "combine", "basis", "rule", "unless_basis",
              "quota_in", "from", "until")  # fmt: skip
LINE_NUMBERS = ("rate", "specific", "use", "in_quota_rate", "quota", "content_share")
TRADE_TEXTS = ("importer", "quantity_unit")
TRADE_NUMBERS = ("quantity", "duty")
EVERYBODY = ("", "*", "all")
COMBINE = ("sum", "higher", "lower")
RULES: tuple[str, ...] = get_args(Rule)
CHOICES = {"combine": COMBINE, "basis": BASES, "rule": RULES, "quota_in": ("value", "quantity")}
SHARES = ("use", "content_share")
ANY_MEASURE = ". A measure such as an anti-dumping duty is other"
AD_VALOREM = "Write a fraction of customs value; money a unit stands in specific and specific_unit"
AMOUNT = "Write the number alone, in the currency of the files"
REMEDIES = {"rate": AD_VALOREM, "in_quota_rate": AD_VALOREM, "specific": AMOUNT, "quota": AMOUNT}

Column = Float[np.ndarray, " line"]


@dataclass(frozen=True, eq=False)
class TariffRows:
    """Tariff lines as a file has them: texts "" and numbers NaN where cells are empty.

    `rate` and `in_quota_rate` are fractions of customs value, `specific` is money a unit, `use` the
    share of trade that claims a preference, `quota` customs value or quantity a year.
    """

    records: Records
    hs: tuple[str, ...]
    start: tuple[date | None, ...]
    end: tuple[date | None, ...]

    def __len__(self) -> int:
        """Number of lines."""
        return len(self.hs)

    def text(self, name: str) -> list[str]:
        """Return a column of texts; empty ones where the file has no such column."""
        return self.records.texts.get(name, [""] * len(self))

    def number(self, name: str, otherwise: float = np.nan) -> Column:
        """Return a column of numbers, with a value where cells are empty."""
        values = self.records.numbers.get(name, np.full(len(self), np.nan))
        return np.where(np.isnan(values), otherwise, values)

    def holds_on(self, row: int, day: date) -> bool:
        """Return whether a line is in force on a day."""
        start, end = self.start[row], self.end[row]
        return (start is None or start <= day) and (end is None or day <= end)

    def basis(self, row: int) -> str:
        """Return the legal basis of a line: MFN for everybody, FTA for some, if it names none."""
        given = self.text("basis")[row]
        return given or ("MFN" if self.text("exporter")[row] in EVERYBODY else "FTA")


@dataclass(frozen=True, eq=False)
class TradeRows:
    """Imports as a file has them; quantities and duties are NaN where cells are empty."""

    records: Records
    hs: tuple[str, ...]
    value: Column
    quantity: Column
    duty: Column

    def text(self, name: str) -> list[str]:
        """Return a column of texts; empty ones where the file has no such column."""
        return self.records.texts.get(name, [""] * len(self.hs))


def read_lines(path: Path) -> TariffRows:
    """Return the tariff lines of a CSV or Parquet file.

    Raises:
        InputError: Columns are missing or cells are wrong; all told at once, with their lines.
    """
    blank = (*LINE_TEXTS, *LINE_NUMBERS)
    records = read_records(path, ("hs",), number="rate", optional=LINE_TEXTS, remedies=REMEDIES,
                           more_numbers=LINE_NUMBERS, may_be_empty=blank)  # fmt: skip
    problems: list[Problem] = []
    hs = _read_codes(records, problems)
    start, end = (_read_days(records, name, problems) for name in ("from", "until"))
    rows = TariffRows(records, hs, start, end)
    problems += _check_choices(rows)
    problems += _check_amounts(rows)
    problems += _check_repeats(rows)
    for name in ("rate", "in_quota_rate"):
        held = records.numbers.get(name, np.zeros(0))
        problems += check_rate_units(f"{path.name}, column {name}", held[~np.isnan(held)])
    if problems:
        raise InputError(shorten(problems, path.name), LINES)
    return rows


def read_trade(path: Path) -> TradeRows:
    """Return the imports of a CSV or Parquet file.

    Raises:
        InputError: Columns are missing or cells are wrong; all told at once, with their lines.
    """
    records = read_records(
        path, ("exporter", "hs", "value"), optional=TRADE_TEXTS, more_numbers=TRADE_NUMBERS,
        may_be_empty=(*TRADE_TEXTS, *TRADE_NUMBERS),
    )  # fmt: skip
    problems: list[Problem] = []
    hs = _read_codes(records, problems)
    empty = np.full(len(hs), np.nan)
    columns = {name: records.numbers.get(name, empty) for name in ("value", *TRADE_NUMBERS)}
    for name, values in columns.items():
        problems += [
            Problem(
                records.where(line), f"{name} {values[line]:g} is below zero", "Write 0 or more"
            )
            for line in np.flatnonzero(values < 0).tolist()
        ]
    names = [name for name in ("importer", "exporter", "hs") if name in records.texts]
    problems += records.check_repeats(names)
    if problems:
        raise InputError(shorten(problems, path.name), TRADE)
    return TradeRows(records, hs, **columns)


def _read_codes(records: Records, problems: list[Problem]) -> tuple[str, ...]:
    codes = tuple(clean_code(text) for text in records.texts["hs"])
    told = {code: explain_shape(code) for code in set(codes)}
    problems += [
        Problem(records.where(line), *wrong)
        for line, code in enumerate(codes)
        if (wrong := told[code]) is not None
    ]
    return codes


def _read_days(records: Records, name: str, problems: list[Problem]) -> tuple[date | None, ...]:
    known: dict[str, date | None] = {"": None}
    days = []
    for line, text in enumerate(records.texts.get(name, [""] * len(records.lines))):
        if text not in known:
            try:
                known[text] = date.fromisoformat(text[:10])
            except ValueError:
                known[text] = None
                problems.append(Problem(records.where(line), f'{name} "{text}" is no date',
                                        "Write it as 2026-11-24"))  # fmt: skip
        days.append(known[text])
    return tuple(days)


def _check_choices(rows: TariffRows) -> Iterator[Problem]:
    """Yield words that a column does not know."""
    for name, choices in CHOICES.items():
        for line, text in enumerate(rows.text(name)):
            if text and text not in choices:
                remedy = propose(text, choices)
                remedy += ANY_MEASURE if name == "basis" else ""
                yield Problem(rows.records.where(line), f'{name} "{text}" is not known', remedy)
    for line, text in enumerate(rows.text("unless_basis")):
        for word in text.split():
            if word not in BASES:
                yield Problem(rows.records.where(line), f'unless_basis "{word}" is not known',
                              propose(word, BASES))  # fmt: skip


def _check_amounts(rows: TariffRows) -> Iterator[Problem]:
    """Yield lines without a rate, shares beyond one, and amounts that lack a unit or a rate."""
    where = rows.records.where
    columns = {name: rows.number(name) for name in LINE_NUMBERS}
    unit, counted = rows.text("specific_unit"), rows.text("quota_in")
    for line in range(len(rows)):
        cell = {name: float(values[line]) for name, values in columns.items()}
        if np.isnan(cell["rate"]) and np.isnan(cell["specific"]):
            remedy = "Give rate (a fraction; 0 for free), specific (money a unit), or both"
            yield Problem(where(line), "has no rate", remedy)
        if not np.isnan(cell["specific"]) and not unit[line]:
            remedy = "Name the unit in specific_unit, such as kg"
            yield Problem(where(line), "has a specific duty without a unit", remedy)
        if np.isnan(cell["quota"]) != np.isnan(cell["in_quota_rate"]):
            remedy = "A quota needs both: quota, the amount a year, and in_quota_rate"
            yield Problem(where(line), "has half of a quota", remedy)
        if counted[line] == "quantity" and not unit[line] and not np.isnan(cell["quota"]):
            remedy = "Name the unit of the quota in specific_unit, such as t"
            yield Problem(where(line), "has a quota by quantity without a unit", remedy)
        yield from (
            Problem(where(line), f"{name} {value:g} is below zero", "Write 0 or more")
            for name, value in cell.items() if value < 0
        )  # fmt: skip
        yield from (
            Problem(where(line), f"{name} {cell[name]:g} is more than all", "Shares are up to 1")
            for name in SHARES if cell[name] > 1
        )  # fmt: skip
        start, end = rows.start[line], rows.end[line]
        if start is not None and end is not None and end < start:
            yield Problem(where(line), f"ends on {end}, before it begins", "Exchange the two days")


def _check_repeats(rows: TariffRows) -> Iterator[Problem]:
    """Yield ordinary rates and preferences given twice for one code, exporter and day."""
    earlier: dict[tuple[str, ...], list[int]] = {}
    importer, exporter = rows.text("importer"), rows.text("exporter")
    for line in range(len(rows)):
        basis = rows.basis(line)
        if basis not in {"MFN", "FTA"}:
            continue
        whom = "all" if exporter[line] in EVERYBODY else exporter[line]
        lines = earlier.setdefault((importer[line], rows.hs[line], whom, basis), [])
        same = next((other for other in lines if _overlap(rows, line, other)), None)
        if same is not None:
            message = f"repeats line {rows.records.lines[same]}: {rows.hs[line]}, {whom}, {basis}"
            remedy = "Give each code one rate on a day, or dates that do not overlap"
            yield Problem(rows.records.where(line), message, remedy)
        lines.append(line)


def _overlap(rows: TariffRows, line: int, other: int) -> bool:
    first = max(rows.start[line] or date.min, rows.start[other] or date.min)
    return first <= min(rows.end[line] or date.max, rows.end[other] or date.max)
