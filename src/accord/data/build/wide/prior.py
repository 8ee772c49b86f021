"""Priors of final sales in 2022: the older table of 2014, grown and split to 81 regions.

The older table has 43 economies, and 37 of the new ones in its rest of the world. A flow of that
rest is split between the 37 in proportion to their intermediate trade with the partner in 2022;
what stays outside the 80 keeps its share of the group's GDP. Sectors are split to industries by
what each exporter sells: at home in proportion to final sales that do not cross a border, abroad
to those that do, told from the share of its intermediates that are exported.
"""

from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float, Int
from accord.data.build.readers import Wiod
from accord.data.build.wide.bridge import sector_of_industries
from accord.data.build.wide.table import Icio
from accord.data.labels import SECTORS

ByRegion = Float[np.ndarray, " older"]
BySector = Float[np.ndarray, "importer exporter sector"]
Older = Float[np.ndarray, "older_importer older_exporter sector"]
Places = Int[np.ndarray, " economy"]
LEAST_HOME = 0.2
"""Share of an economy's final sales that its prior leaves at home, at least."""


@dataclass(frozen=True, eq=False)
class Prior:
    """Priors for 2022, bn USD; the rest of the world is the last of the 81 regions.

    Attributes:
        final: Final sales of the 80; to the rest of the world, all that it buys.
        from_rest: What each region buys from the rest of the world, final and intermediate.
        intermediate: Share of intermediates in it.
    """

    final: Float[np.ndarray, "region exporter industry"]
    from_rest: Float[np.ndarray, "economy industry"]
    intermediate: Float[np.ndarray, "economy industry"]


def build_prior(icio: Icio, wiod: Wiod, growth: ByRegion, rest_share: float) -> Prior:
    """Return the priors of 2022 (bn USD).

    Args:
        icio: The table of 2022.
        wiod: The table of 2014.
        growth: GDP of 2022 over that of 2014, by region of the table of 2014.
        rest_share: Share of its rest of the world's GDP that none of the 80 economies is.
    """
    parent = sector_of_industries()
    merge = np.zeros((parent.size, len(SECTORS)))
    merge[np.arange(parent.size), parent] = 1.0
    abroad = icio.foreign @ merge
    old = _place_in_older(icio, wiod)
    scale = np.sqrt(growth[:, None] * growth[None, :])[:, :, None]
    final, total = wiod.final * scale, wiod.flows * scale
    ratio = _final_ratio(wiod)
    bought = _split_older(final, abroad, old, rest_share=rest_share, ratio=ratio)
    to_rest = _sales_to_rest(total, abroad, old, rest_share=rest_share, ratio=ratio)
    from_rest, middle = _bought_from_rest(
        total, final, abroad, old, rest_share=rest_share, ratio=ratio
    )
    home, away = _exporter_weights(icio, merge)
    spread = bought[:, :, parent] * away[None]
    outside = to_rest[:, parent] * away
    count = len(icio.economies)
    own = np.arange(count)
    spread[own, own] = 0.0
    sold = spread.sum(axis=0) + outside
    known = old < len(wiod.regions) - 1
    grown = bought[own, own][:, parent] * home
    left = np.maximum(icio.rest - sold, LEAST_HOME * icio.rest)
    spread[own, own] = np.where(known[:, None], grown, left)
    mix = _rest_mix(icio, merge, old == len(wiod.regions) - 1)
    return Prior(
        final=np.concatenate([spread, outside[None]]),
        from_rest=from_rest[:, parent] * mix,
        intermediate=middle[:, parent],
    )


def _place_in_older(icio: Icio, wiod: Wiod) -> Places:
    last = len(wiod.regions) - 1
    places = {region: place for place, region in enumerate(wiod.regions)}
    return np.array([places.get(economy, last) for economy in icio.economies])


def _final_ratio(wiod: Wiod) -> Float[np.ndarray, " sector"]:
    """Return final over intermediate sales in what the rest of the world sold to the others."""
    final = wiod.final[:-1, -1].sum(axis=0)
    middle = np.maximum(wiod.flows[:-1, -1].sum(axis=0) - final, 1e-3)
    return np.asarray(final / middle)


def _split_older(
    final: Older,
    abroad: BySector,
    old: Places,
    *,
    rest_share: float,
    ratio: Float[np.ndarray, " sector"],
) -> BySector:
    """Return final sales among the 80 by older sector; the diagonal is right for the 43 alone."""
    new = old == final.shape[0] - 1
    result = final[np.ix_(old, old)]
    inside = 1.0 - rest_share
    of_buyers = _shares(abroad * new[:, None, None], axis=0) * inside
    of_sellers = _shares(abroad * new[None, :, None], axis=1) * inside
    result[new] *= of_buyers[new]
    result[:, new] *= of_sellers[:, new]
    both = np.ix_(new, new)
    result[both] = abroad[both] * ratio
    return np.asarray(result)


def _sales_to_rest(
    total: Older,
    abroad: BySector,
    old: Places,
    *,
    rest_share: float,
    ratio: Float[np.ndarray, " sector"],
) -> Float[np.ndarray, "exporter sector"]:
    """Return all that each of the 80 sells to the rest of the world, by older sector."""
    new = old == total.shape[0] - 1
    result = total[-1][old] * rest_share
    odds = rest_share / (1.0 - rest_share)
    result[new] = abroad[np.ix_(new, new)].sum(axis=0) * (1.0 + ratio) * odds
    return np.asarray(result)


def _bought_from_rest(
    total: Older,
    final: Older,
    abroad: BySector,
    old: Places,
    *,
    rest_share: float,
    ratio: Float[np.ndarray, " sector"],
) -> tuple[Float[np.ndarray, "importer sector"], Float[np.ndarray, "importer sector"]]:
    """Return what each of the 80 buys from the rest, and the share of intermediates in it."""
    new = old == total.shape[0] - 1
    bought, last = total[:, -1][old] * rest_share, final[:, -1][old] * rest_share
    odds = rest_share / (1.0 - rest_share)
    between = abroad[np.ix_(new, new)].sum(axis=1) * odds
    bought[new] = between * (1.0 + ratio)
    last[new] = between * ratio
    middle = np.divide(bought - last, bought, out=np.full_like(bought, 0.5), where=bought > 0)
    return bought, np.clip(middle, 0.0, 1.0)


def _exporter_weights(
    icio: Icio, merge: np.ndarray
) -> tuple[Float[np.ndarray, "exporter industry"], Float[np.ndarray, "exporter industry"]]:
    """Return the shares of industries in a sector's final sales, at home and abroad."""
    sold = icio.trade.sum(axis=0)
    crossing = np.divide(icio.foreign.sum(axis=0), sold, out=np.zeros_like(sold), where=sold > 0)
    return (
        _within(icio.rest * (1.0 - crossing), merge),
        _within(icio.rest * crossing, merge),
    )


def _rest_mix(icio: Icio, merge: np.ndarray, new: np.ndarray) -> Float[np.ndarray, " industry"]:
    """Return the shares of industries in what the 37 economies export, within each sector."""
    return np.asarray(_within(icio.foreign[:, new].sum(axis=(0, 1))[None], merge)[0])


def _within(weight: np.ndarray, merge: np.ndarray) -> np.ndarray:
    whole = (weight @ merge) @ merge.T
    return np.asarray(np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0))


def _shares(values: np.ndarray, axis: int) -> np.ndarray:
    whole = values.sum(axis=axis, keepdims=True)
    return np.asarray(np.divide(values, whole, out=np.zeros_like(values), where=whole > 0))
