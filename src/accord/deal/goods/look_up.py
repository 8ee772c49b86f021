"""Where the products of a clause are looked up: sectors, HS codes and product groups."""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from accord.core.words import suggest
from accord.data.world import World
from accord.deal.goods.codes import explain_code, with_parents
from accord.deal.goods.words import words_in
from accord.deal.products import EVERYTHING, ImportCells, build_cells, did_you_mean, sectors_of

MOST_SECTORS = 3
CUT_FOR_PART = 'write rule = "cut" with the rate: part x (1 - new rate / rate today)'
"""What to write for a part of a sector, where a rate holds on all of it."""


def explain_product(name: str, world: World, importer: str) -> tuple[str, str] | None:
    """Return the message and remedy for a product that is none in the tariffs of an importer.

    Args:
        name: A product as a tariff clause names it.
        world: Where it is looked up.
        importer: The region whose imports are told apart by it.

    Returns:
        None for what the world has: a sector, "all", and for an importer with import lines an HS
        code of goods or a product group.
    """
    if name == EVERYTHING or world.sectors_named(name):
        return None
    lines = world.lines if world.lines is not None and world.lines.importer == importer else None
    if world.lines is not None and name in world.lines.groups:
        return None if lines is not None else _explain_importer(name, world, importer)
    wrong = explain_digits(name, world)
    if name.isdigit():
        return wrong or (None if lines is not None else _explain_importer(name, world, importer))
    if wrong is not None:
        return wrong
    options = (
        *world.sectors,
        *world.sector_groups,
        EVERYTHING,
        *(lines.groups if lines is not None else ()),
    )
    codes = [code for word in words_in(name.replace("_", " ")) for code in word.codes]
    if codes and lines is not None:
        remedy = f"write HS codes: {_quoted(codes)}"
    elif codes and (sectors := sectors_of(codes, world)):
        remedy = f"name the sector it belongs to: {_quoted(sectors)}"
    else:
        remedy = did_you_mean(suggest(name, options))
    return f'"{name}" is not a sector of {world.name}', remedy or f"one of: {', '.join(options)}"


def explain_digits(name: str, world: World) -> tuple[str, str] | None:
    """Return the message and remedy for digits that are no HS code; None for a code, and words."""
    if name.isdigit():
        wrong, lines = explain_code(name), world.lines
        if wrong is None or lines is None:
            return wrong
        return explain_code(name, codes_of(build_cells(world, lines.importer)))
    digits = re.sub(r"[. ]", "", name)
    if digits.isdigit():
        return f'"{name}" is written with dots or blanks', did_you_mean(f'"{digits}"')
    return None


@lru_cache(maxsize=4)
def codes_of(cells: ImportCells) -> frozenset[str]:
    """Return every HS6 code of the import lines, with its heading and its chapter."""
    codes = np.flatnonzero(np.bincount(cells.hs6[cells.hs6 >= 0]))  # unlike np.unique, no np.ma
    return with_parents(f"{code:06d}" for code in codes.tolist())


def _explain_importer(name: str, world: World, importer: str) -> tuple[str, str]:
    """Message and remedy for a code or a group in the tariffs of an importer without lines."""
    if world.lines is None:
        message = f'"{name}" cannot be told apart: {world.name} has no imports by HS code'
        return message, "use sectors of the dataset; `accord world` lists them"
    whose = world.lines.importer
    called = world.region_names.get(whose, whose)
    message = (
        f'"{name}" cannot be told apart in the imports of {importer}: HS codes and product groups '
        f"are known for {whose} only ({called})"
    )
    sectors = sectors_of([name], world)
    if not sectors:
        return message, "use sectors of the dataset; `accord world` lists them"
    cells = build_cells(world, world.lines.importer)
    chosen = cells.select_products([name])
    value, total = (
        np.bincount(cells.sector[at], cells.imports[at], minlength=len(world.sectors))
        for at in (chosen & (cells.hs6 >= 0), cells.hs6 >= 0)
    )
    places = [world.sectors.index(sector) for sector in sectors]
    largest = sorted(places, key=lambda at: -value[at])[:MOST_SECTORS]
    names = " and ".join(f'"{world.sectors[at]}"' for at in largest)
    parts = " and ".join(_percent(value[at] / total[at]) for at in largest)
    remedy = (
        f"name {names} instead: in the imports of {whose} it is {parts} of the "
        f"sector{'s'[: len(largest) > 1]}. A sector is charged as a whole, so scale the rate to "
        f"the part that is meant. A `level` cannot be scaled: {CUT_FOR_PART}"
    )
    return message, remedy


def _quoted(names: Iterable[str]) -> str:
    """Names as a deal file has them."""
    return ", ".join(f'"{name}"' for name in names)


def _percent(share: float) -> str:
    """A share in per cent, to two digits."""
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"
