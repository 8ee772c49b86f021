"""The balance report of tariff lines: what they cover, and what is missing on either side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from accord.lowering.lines.cells import NO_LINE, LineSchedule
from accord.lowering.lines.places import NO_SECTOR
from accord.lowering.lines.rates import RatedCells

EXAMPLES = 3


@dataclass(frozen=True)
class ReportRow:
    """One thing that compiling found: lines or rows of imports, their value (bn USD), examples."""

    importer: str
    what: str
    count: int
    value: float
    share: float
    """Of all imports of the importer in the file."""
    most: str
    """Where it is largest."""


def report_rows(
    importer: str,
    rated: RatedCells,
    schedule: LineSchedule,
    *,
    written: Sequence[str],
    own: frozenset[int],
    left_out: Sequence[tuple[str, float]],
    earlier: tuple[int, float],
    idle_lines: int,
) -> tuple[ReportRow, ...]:
    """Return the rows of one importer.

    Args:
        importer: As the lines name it.
        rated: Its imports by line, with rates.
        schedule: Its lines in force.
        written: Codes of the rows of the file of imports.
        own: Positions of its own regions, whose goods pay nothing.
        left_out: Codes of chapters without goods, and their value, bn USD.
        earlier: Rows of both files in codes of an earlier edition, and the value of the imports.
        idle_lines: Lines of the file that are not in force on the day.
    """
    goods, matched = rated.goods, rated.matched
    bought = ~goods.idle
    foreign = ~np.isin(goods.region, list(own))
    known, placed = ~np.isnan(rated.rate), goods.sector != NO_SECTOR
    settled = known & placed & foreign & (goods.region != NO_LINE)
    total = float(goods.value.sum()) + sum(value for _, value in left_out)

    def row(what: str, cells: np.ndarray) -> ReportRow:
        held = np.flatnonzero(cells & bought)
        codes = _add_up((written[goods.row[at]], float(goods.value[at])) for at in held.tolist())
        count, value = np.unique(goods.row[held]).size, float(goods.value[held].sum())
        return _row(importer, what, (count, value, total), codes)

    excluded = _add_up(left_out)
    sides = (matched.preference, matched.measure)
    used = {*matched.line[bought].tolist()}.union(
        *(lines[bought[cells]].tolist() for cells, lines in sides)
    )
    excluded_value = sum(excluded.values())
    unused = sorted({line for line, _ in schedule.codes} - used)
    idle = {schedule.rows.hs[line]: 0.0 for line in unused}

    def plain(
        what: str, count: int, value: float = 0.0, codes: Mapping[str, float] | None = None
    ) -> ReportRow:
        return _row(importer, what, (count, value, total), codes or {})

    rows = [
        row("imports in the file", bought),
        row("covered: a line, a sector, a rate", settled),
        row("imports without a line", (matched.line == NO_LINE) & ~known),
        row("imports whose code has no sector", ~placed),
        row("goods of the importer's own, left out", ~foreign),
        plain("chapters without a sector, left out", len(left_out), excluded_value, excluded),
        row("imports of a union, shared by its members as in the world", goods.divided),
        row("imports that several lines hold, cut by shares of lines", matched.coarser),
        row("preferences and measures finer than imports, by shares of lines", matched.finer),
        plain("rows in codes that HS 2022 does not have", *earlier),
        plain("lines without imports", len(unused), 0.0, idle),
        plain("lines not in force on the day", idle_lines),
        row("specific duties and quotas by the unit value of other exporters", rated.borrowed),
        row("specific duties without a quantity in their unit, left out", rated.lacking),
        row("quotas without a quantity in their unit, left out", rated.unmeasured),
        row("preferences claimed", rated.preferred),
        row("measures on top", rated.measured),
    ]  # fmt: skip
    return tuple(entry for entry in rows if entry.count)


def left_row(importer: str, rows: Sequence[tuple[str, float]]) -> ReportRow:
    """Return the row on an importer that the lines do not have, from its codes and values."""
    codes = _add_up(rows)
    value = sum(codes.values())
    return _row(
        importer, "imports of an importer without lines, left out", (len(rows), value, value), codes
    )


def _add_up(amounts: Iterable[tuple[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for code, value in amounts:
        total[code] = total.get(code, 0.0) + value
    return total


def _row(
    importer: str, what: str, sums: tuple[int, float, float], codes: Mapping[str, float]
) -> ReportRow:
    count, value, total = sums
    largest = sorted(codes, key=lambda code: -codes[code])[:EXAMPLES]
    share = value / total if total > 0 else 0.0
    return ReportRow(importer, what, count, value, share, ", ".join(largest))


def report_text(rows: Iterable[ReportRow]) -> str:
    """Return the report as plain lines, bn USD."""
    return "\n".join(
        f"{row.importer}: {row.what}: {row.count:,}"
        + (f", {row.value:,.4g} bn USD, {100 * row.share:.3g} %" if row.value else "")
        + (f" ({row.most})" if row.most else "")
        for row in rows
    )
