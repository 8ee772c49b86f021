"""The tariff table of 2014, with its known mistakes corrected (fractions of customs value).

Three things are changed. Duties on services go: nobody pays customs duty on services. The labels of
Bulgaria and Brazil are exchanged, as importers and as exporters: under "Bulgaria" the table has
Brazil's duties (28 % on clothing, an ordinary duty on German cars) and under "Brazil" those of the
European Union to the last digit. And the Union is made a customs union: no duty between members,
and one duty on everybody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.data.build.readers import Wiod
from accord.data.labels import EU27, SECTORS
from accord.data.records import Adjustment

Cube = Float[np.ndarray, "importer exporter sector"]

EXCHANGED = ("BGR", "BRA")
UNION = (*EU27, "GBR")
"""Members in 2014. Trade between the United Kingdom and the others is free of duty in 2024 too."""
SAME = 1e-6
SMALLEST_CHANGE = 1e-4
GOODS = slice(0, SECTORS.index("services"))
WHAT = "duty rate on goods in the 2014 table"


@dataclass(frozen=True, eq=False)
class CorrectedTariffs:
    """Tariffs after the corrections, what each importer's mean rate became, and notes."""

    tariff: Cube
    adjustments: tuple[Adjustment, ...]
    notes: tuple[str, ...]


def correct_tariffs(wiod: Wiod) -> CorrectedTariffs:
    """Return the tariffs of 2014 with every known mistake of the table put right (fractions)."""
    tariff = wiod.tariff.copy()
    services = SECTORS.index("services")
    dropped = float((tariff[:, :, services] * wiod.flows[:, :, services]).sum())
    tariff[:, :, services] = 0.0
    notes = [f"tariffs on services in the 2014 table dropped: {dropped:.1f} bn USD of duty"]
    members = [wiod.regions.index(code) for code in UNION]
    if _are_exchanged(tariff, wiod.regions):
        tariff = _exchange(tariff, [wiod.regions.index(code) for code in EXCHANGED])
        notes.append(
            "tariffs of 2014: the table has the labels of Bulgaria and Brazil the wrong way round, "
            "as importers and as exporters; exchanged"
        )
    inside = np.ix_(members, members)
    freed = float((tariff[inside] * wiod.flows[inside]).sum())
    tariff[inside] = 0.0
    astray = find_astray(tariff, members)
    tariff = _share_external_rates(tariff, wiod.flows, members, astray)
    names = ", ".join(wiod.regions[n] for n in astray) or "none"
    notes.append(
        "tariffs of 2014: duties between members of the European Union (the United Kingdom among "
        f"them) dropped, {freed:.2f} bn USD; members whose duties on others differed from the "
        f"rest and were set to the common ones: {names}"
    )
    return CorrectedTariffs(tariff, mean_rates(wiod, WHAT, wiod.tariff, tariff), tuple(notes))


def find_astray(tariff: Cube, members: Sequence[int]) -> list[int]:
    """Return the members whose duties on non-members differ from what most members charge."""
    outside = [n for n in range(tariff.shape[0]) if n not in members]
    external = tariff[np.ix_(members, outside)]
    gap = np.abs(external - np.median(external, axis=0)).max(axis=(1, 2))
    return [member for member, far in zip(members, gap, strict=True) if far > SAME]


def _are_exchanged(tariff: Cube, regions: Sequence[str]) -> bool:
    """Whether Brazil charges and pays what a member does: its label is on another country."""
    brazil, germany = regions.index("BRA"), regions.index("DEU")
    others = [n for n in range(len(regions)) if n not in (brazil, germany)]
    alike = np.abs(tariff[brazil, others] - tariff[germany, others]).max() <= SAME
    return bool(alike and tariff[germany, brazil, GOODS].max() == 0.0)


def _exchange(tariff: Cube, pair: Sequence[int]) -> Cube:
    """Return the tariffs with two regions exchanged on both axes."""
    order = np.arange(tariff.shape[0])
    order[list(pair)] = order[list(reversed(pair))]
    return np.asarray(tariff[np.ix_(order, order)])


def _share_external_rates(
    tariff: Cube, flows: Cube, members: Sequence[int], astray: Sequence[int]
) -> Cube:
    """Return the tariffs with the members astray charging outsiders what the others do.

    That is the mean over the other members, weighted with their imports by exporter and sector.
    """
    outside = [n for n in range(tariff.shape[0]) if n not in members]
    agreed = [member for member in members if member not in astray]
    rates, weights = tariff[np.ix_(agreed, outside)], flows[np.ix_(agreed, outside)]
    total = weights.sum(axis=0)
    paid = (weights * rates).sum(axis=0)
    common = np.divide(paid, total, out=rates.mean(axis=0), where=total > 0)
    result = tariff.copy()
    result[np.ix_(astray, outside)] = common
    return result


def mean_rates(wiod: Wiod, what: str, old: Cube, new: Cube) -> tuple[Adjustment, ...]:
    """Return the import-weighted mean rate of every importer whose duties changed, a fraction."""
    imports = wiod.flows.copy()
    own = np.arange(len(wiod.regions))
    imports[own, own] = 0.0
    weight = imports[:, :, GOODS].sum(axis=(1, 2))
    before, after = (
        (imports * rates)[:, :, GOODS].sum(axis=(1, 2)) / weight for rates in (old, new)
    )
    return tuple(
        Adjustment(what, region, "", float(first), float(last), "fraction")
        for region, first, last in zip(wiod.regions, before, after, strict=True)
        if abs(last - first) > SMALLEST_CHANGE
    )
