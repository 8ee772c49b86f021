"""What of a background applies in a world that lacks some of its regions or products.

A background is not the user's own text. In a world with merged regions or sectors, a measure holds
for those of its regions and products that are there, and is left out where none is. What was left
out is told, clause by clause. Names that no world knows stay, and are told as slips.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accord.cases.shipped import background_names
from accord.core.errors import Notice
from accord.data.industries import ALL_REGION_NAMES, INDUSTRIES
from accord.data.labels import BLOCS, REGION_NAMES, SECTORS
from accord.data.world import World
from accord.deal.checks.text.as_written import Written, texts_of
from accord.deal.clauses.registry import clause_keys
from accord.deal.fields import Mark
from accord.deal.goods.look_up import explain_product
from accord.deal.includes.background import Included
from accord.deal.products import EVERYTHING, expand_regions
from accord.deal.regions import REGION_GROUPS

REST = "ROW"
LISTS = ("exporters", "products")
EXCEPTIONS = {"exporters": "except_exporters", "products": "except_products"}
GROUPS = {**REGION_GROUPS, **{name: names for name, names in BLOCS.items() if name != REST}}
REGIONS = {*REGION_NAMES, *ALL_REGION_NAMES, *REGION_GROUPS}
PRODUCTS = {*SECTORS, *INDUSTRIES}
"""Names of regions and sectors in one of the embedded worlds or the other."""


@dataclass(frozen=True)
class HeldClause:
    """A clause of a background as it holds in a world.

    Attributes:
        clause: The clause; None where nothing of it holds.
        missing: Names of what it covers that the world does not have.
        excepted: Names of what it leaves out that the world does not have.
    """

    clause: Written | None
    missing: tuple[str, ...] = ()
    excepted: tuple[str, ...] = ()


def fit_clause(clause: Written, world: World, *, shipped: bool) -> HeldClause:
    """Return a clause of a background without what a world does not have.

    Args:
        clause: The clause as written.
        world: Where its regions and products are looked up.
        shipped: Whether the background comes with Accord, so that nothing in it is a slip.
    """
    changed: dict[str, Any] = dict(clause)
    missing: dict[bool, list[str]] = {True: [], False: []}
    kind = clause.get("kind")
    lists = [key for pair in EXCEPTIONS.items() for key in pair]
    for mark in (Mark.REGION, Mark.REGION_OR_ALL):
        for key in clause_keys(kind, mark):
            absent = _absent_regions(texts_of(clause.get(key)), world, shipped=shipped)
            if absent and key not in lists:
                return HeldClause(None)
    importer = str(clause.get("importer"))
    for key in lists:
        names = texts_of(clause.get(key))
        if not names or not isinstance(clause.get(key), list):
            continue
        if key.endswith("exporters"):
            kept, absent = _fit_regions(names, world, shipped=shipped)
        else:
            absent = _absent_products(names, world, importer, shipped=shipped)
            kept = [name for name in names if name not in absent]
        missing[key in EXCEPTIONS] += absent
        changed[key] = kept
        if not kept and key in EXCEPTIONS:
            return HeldClause(None)
    if any(missing.values()) and _covers_nothing(changed, world):
        return HeldClause(None)
    return HeldClause(changed, tuple(missing[True]), tuple(missing[False]))


def _covers_nothing(clause: Written, world: World) -> bool:
    """Return whether exceptions take away all that is left of the exporters of a clause."""
    if "exporters" not in clause:
        return False
    names, left_out = (texts_of(clause.get(key)) for key in ("exporters", "except_exporters"))
    if any(name != EVERYTHING and not expand_regions([name], world.regions) for name in names):
        return False  # a slip, told by the check
    importer = expand_regions(texts_of(clause.get("importer")), world.regions)
    kept = set(expand_regions(names, world.regions)) - set(importer)
    return not kept - set(expand_regions(left_out, world.regions))


def _fit_regions(
    names: Sequence[str], world: World, *, shipped: bool
) -> tuple[list[str], list[str]]:
    """Return the regions that are there, merged ones for all of their members, and the others."""
    absent = _absent_regions(names, world, shipped=shipped)
    kept = [name for name in names if name not in absent]
    for merged, members in GROUPS.items():
        if merged in world.regions and set(members) <= set(absent):
            kept.append(merged)
            absent = [name for name in absent if name not in members]
    return list(dict.fromkeys(kept)), absent


def _absent_regions(names: Iterable[str], world: World, *, shipped: bool) -> list[str]:
    return [
        name
        for name in names
        if name != EVERYTHING
        and not expand_regions([name], world.regions)
        and (shipped or name in REGIONS)
    ]


def _absent_products(
    names: Iterable[str], world: World, importer: str, *, shipped: bool
) -> list[str]:
    return [
        name
        for name in names
        if (shipped or name in PRODUCTS) and explain_product(name, world, importer) is not None
    ]


def tell_fit(included: Included, fitted: Sequence[HeldClause], world: World) -> list[Notice]:
    """Return what a world leaves out of a background: whole clauses, and parts of others."""
    pairs = list(zip(included.ids, fitted, strict=True))
    gone = [name for name, fit in pairs if fit.clause is None]
    parts = [
        f"{name} {_tell_part(fit)}"
        for name, fit in pairs
        if fit.clause is not None and (fit.missing or fit.excepted)
    ]
    notices = []
    if gone:
        message = f"{world.name} has no region or product of {_count(gone)} of {included.given_as}"
        told = f"left out: {', '.join(gone)}"
        notices.append(Notice("include", message, told))
    if parts:
        message = f"{world.name} has only some of what {_count(parts)} of {included.given_as} name"
        told = f"these hold as far as they can: {'; '.join(parts)}"
        notices.append(Notice("include", message, told))
    return notices


def _tell_part(fit: HeldClause) -> str:
    """Return what a clause that holds in part does not cover, and whom it no longer leaves out."""
    told = [f"without {', '.join(fit.missing)}"] if fit.missing else []
    told += [f"with no exception for {', '.join(fit.excepted)}"] if fit.excepted else []
    return " and ".join(told)


def _count(names: Sequence[str]) -> str:
    return "1 clause" if len(names) == 1 else f"{len(names)} clauses"


def is_shipped(included: Included) -> bool:
    """Return whether a background comes with Accord."""
    return included.given_as in background_names()


def without(as_written: Any, gone: frozenset[str]) -> Any:
    """Return a parsed file whose clauses replace nothing that was left out."""
    if isinstance(as_written, list):
        return [without(value, gone) for value in as_written]
    if not isinstance(as_written, Mapping):
        return as_written
    return {
        key: [name for name in texts_of(value) if name not in gone]
        if key == "replaces" and gone.intersection(texts_of(value))
        else without(value, gone)
        for key, value in as_written.items()
    }
