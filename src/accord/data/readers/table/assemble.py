"""From a grid with labels at both sides to a table: who sells what to whom, by label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.data.readers.table.grid import SUBJECT, Grid, check_same, shorten
from accord.data.readers.table.table import LabelledTable, condense

Pair = tuple[str, str]  # region and sector, or region and final use


@dataclass(frozen=True, eq=False)
class Labels:
    """What the rows and columns of a grid are.

    Attributes:
        sellers: Region and sector of the rows that sell; None for another row.
        users: Region and sector of the columns of industries; None for another column.
        finals: Region and final use of the columns of final use; None for another column.
        extra: Kind of every other row: "output", "value added", "taxes", or "".
        output_column: Column of output; None where there is none.
        parts: Regions that are parts of another one, such as CN1 of CHN.
    """

    sellers: Sequence[Pair | None]
    users: Sequence[Pair | None]
    finals: Sequence[Pair | None]
    extra: Sequence[str]
    output_column: int | None = None
    parts: Mapping[str, str] | None = None


def assemble(grid: Grid, labels: Labels, **details: Any) -> LabelledTable:
    """Return the table that a grid with known labels holds.

    Raises:
        InputError: Labels differ between the sides, or cells hold no number; all told at once.
    """
    rows = np.array([seller is not None for seller in labels.sellers], dtype=bool)
    users = np.array([user is not None for user in labels.users], dtype=bool)
    finals = np.array([final is not None for final in labels.finals], dtype=bool)
    sold = [pair for pair in labels.sellers if pair is not None]
    used = [pair for pair in labels.users if pair is not None]
    problems = _check_blocks(grid, rows, users, finals)
    if sold and used:
        problems += check_same(grid.name, list(map(_name, sold)), list(map(_name, used)))
    problems += _check_finals(grid, labels)
    problems += grid.check(rows, users | finals)
    problems += _check_totals(grid, labels, rows, users)
    if problems:
        raise InputError(problems, SUBJECT)
    parts = labels.parts or {}
    regions = tuple(dict.fromkeys(parts.get(region, region) for region, _ in sold))
    sectors = tuple(dict.fromkeys(sector for _, sector in sold))
    at_region = {region: regions.index(parts.get(region, region)) for region, _ in sold}
    at_sector = {sector: place for place, sector in enumerate(sectors)}
    place = np.array([at_region[n] * len(sectors) + at_sector[j] for n, j in sold])
    order = {pair: at for at, pair in enumerate(used)}
    take = np.flatnonzero(users)[[order[pair] for pair in sold]]
    sellers = np.flatnonzero(rows)
    inputs = condense(grid.values[np.ix_(sellers, take)], place, regions, sectors)
    ends = [pair for pair in labels.finals if pair is not None]
    uses = tuple(dict.fromkeys(use for _, use in ends))
    final = np.zeros((len(uses), len(regions), len(regions), len(sectors)))
    seller, sector = np.divmod(place, len(sectors))
    for (buyer, use), column in zip(ends, np.flatnonzero(finals), strict=True):
        to = final[uses.index(use), regions.index(parts.get(buyer, buyer))]
        np.add.at(to, (seller, sector), grid.values[sellers, column])
    layout = (take, place, (len(regions), len(sectors)))
    return LabelledTable(
        regions=regions,
        sectors=sectors,
        sold_to_industries=inputs.sold,
        sold_to_final=final,
        uses=uses,
        bought=inputs.bought,
        cuts=inputs.cuts,
        output=_printed_output(grid, labels, sellers, layout),
        value_added=_add_rows(grid, labels, "value added", layout),
        taxes=_add_rows(grid, labels, "taxes", layout),
        **details,
    )


def _name(pair: Pair) -> str:
    return "_".join(pair)


def _check_blocks(
    grid: Grid, rows: np.ndarray, users: np.ndarray, finals: np.ndarray
) -> list[Problem]:
    """Return which of the three blocks of a table is not there."""
    names = (("row of an industry", rows), ("column of an industry", users),
             ("column of final use", finals))  # fmt: skip
    return [
        Problem(grid.name, f"no {what} is known by its label",
                "Check that the format is the right one: accord data read --help lists them")
        for what, those in names
        if not those.any()
    ]  # fmt: skip


def _check_finals(grid: Grid, labels: Labels) -> list[Problem]:
    """Return regions that have final uses and no industries, or industries and no final use."""
    parts = labels.parts or {}
    sellers = {parts.get(pair[0], pair[0]) for pair in labels.sellers if pair is not None}
    buyers = {parts.get(pair[0], pair[0]) for pair in labels.finals if pair is not None}
    if not sellers or not buyers:
        return []
    told = [
        Problem(grid.name, f"{region} has columns of final use and no industries",
                "Give both sides the same label of the region")
        for region in sorted(buyers - sellers)
    ]  # fmt: skip
    told += [
        Problem(grid.name, f"{region} has industries and no column of final use",
                "Give both sides the same label of the region")
        for region in sorted(sellers - buyers)
    ]  # fmt: skip
    return shorten(told, grid.name)


def _check_totals(grid: Grid, labels: Labels, rows: np.ndarray, users: np.ndarray) -> list[Problem]:
    """Return what is no number in output, value added and taxes; a tax may be left empty."""
    kinds = np.array(labels.extra, dtype=str)
    added, taxes = kinds == "value added", kinds == "taxes"
    problems = []
    if labels.output_column is not None:
        problems = grid.check(rows, np.arange(grid.values.shape[1]) == labels.output_column)
    else:
        added |= kinds == "output"
    return [*problems, *grid.check(added, users), *grid.check(taxes, users, allow_empty=True)]


Layout = tuple[np.ndarray, np.ndarray, tuple[int, int]]
"""Columns of the industries, their places in region × sector, and the size of that."""


def _spread(values: np.ndarray, layout: Layout) -> Float[np.ndarray, "region sector"]:
    _, place, size = layout
    total = np.zeros(size[0] * size[1])
    np.add.at(total, place, values)
    return total.reshape(size)


def _add_rows(
    grid: Grid, labels: Labels, kind: str, layout: Layout
) -> Float[np.ndarray, "region sector"] | None:
    """Return the sum of the rows of a kind over the columns of industries, or None."""
    rows = np.flatnonzero([extra == kind for extra in labels.extra])
    if not rows.size:
        return None
    cells = grid.values[np.ix_(rows, layout[0])]
    return _spread(np.nansum(cells, axis=0), layout)  # checked: only taxes may be empty


def _printed_output(
    grid: Grid, labels: Labels, rows: np.ndarray, layout: Layout
) -> Float[np.ndarray, "region sector"] | None:
    """Return output from its column, else from its row, else None."""
    if labels.output_column is not None:
        return _spread(grid.values[rows, labels.output_column], layout)
    return _add_rows(grid, labels, "output", layout)
