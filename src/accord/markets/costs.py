"""What duties, parts and building at home do to the cost of a unit, and which limits there are."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from accord.core.arrays import Bool, Float
from accord.markets.calibration import MarketModel, as_columns, by_draw
from accord.markets.equations import ByProduct
from accord.markets.plan import Duties, MarketPlan


class DutyLines(NamedTuple):
    """Duty on a unit, money.

    Attributes:
        product: On a unit that is imported; zero for products built at home.
        parts: On the imported parts of a unit built at home.
        before_offset: The same before the maker is spared some of it.
    """

    product: ByProduct
    parts: ByProduct
    before_offset: ByProduct


@dataclass(frozen=True, eq=False)
class CostLines:
    """What a unit costs by where it is built. Rows are products, columns draws.

    Attributes:
        is_home: One for products built at home, zero for others.
        value: Value at the border or gate, money.
        taxed: Part of it that pays the duty on products.
        parts_share: Imported parts over the value at the gate: product, origin, draw.
        old: Duty before, by line.
        new: Duty after, by line.
        direct: Cost where it is built today, money a unit.
        moved: Cost of the first unit that is built at home instead.
        spread: By how much more the last costs.
        reach: Largest share that can have moved.
        beyond: What a unit beyond the quota of its origin pays more, where a rate is set for it.
    """

    is_home: ByProduct
    value: ByProduct
    taxed: ByProduct
    parts_share: Float[np.ndarray, "product origin #draw"]
    old: DutyLines
    new: DutyLines
    direct: ByProduct
    moved: ByProduct
    spread: ByProduct
    reach: ByProduct
    beyond: ByProduct

    @property
    def saving(self) -> ByProduct:
        """What the first unit moved saves before plants are full."""
        return np.asarray(self.direct - self.moved)


@dataclass(frozen=True, eq=False)
class Limits:
    """Plants and quotas that may bind.

    A limit counts units built where products are today, and units that moved into a plant. Scarcity
    is money a unit, and at a tariff-rate quota the share of the way from the rate within to that
    beyond.

    Attributes:
        names: Maker and country of a plant, or the origin of a quota.
        most: Most units a year; at a tariff-rate quota, units that pay the rate within.
        is_quota: Whether a limit is a quota.
        cap: Highest scarcity: one at a tariff-rate quota, without end elsewhere.
        here: One where a limit counts a product as it is: limit by product, sparse.
        rated: The same of tariff-rate quotas.
        arriving: One where a limit counts what moves home.
        here_back: The first with products as rows.
        rated_back: The second with products as rows.
        arriving_back: The third with products as rows.
    """

    names: tuple[str, ...]
    most: Float[np.ndarray, " limit"]
    is_quota: Bool[np.ndarray, " limit"]
    cap: Float[np.ndarray, " limit"]
    here: csr_array
    rated: csr_array
    arriving: csr_array
    here_back: csr_array
    rated_back: csr_array
    arriving_back: csr_array


def cost_lines(plan: MarketPlan, model: MarketModel) -> CostLines:
    """Return what units cost under the duties after."""
    tree = model.tree
    is_home = np.array([name == plan.home for name in plan.country], dtype=float)[tree.order, None]
    value = as_columns(plan.costs.customs_share, tree) * model.price
    taxed = (1 - as_columns(plan.costs.exempt_share, tree)) * value * (1 - is_home)
    parts_share = _parts_share(plan, model)
    old, new = (
        _duty_lines(plan, duties, model, taxed=taxed, parts_value=value[:, None] * parts_share)
        for duties in (plan.before, plan.after)
    )
    rise = (new.product - old.product) * (1 - is_home) + (new.parts - old.parts) * is_home
    direct = model.cost + rise
    beyond = _beyond(plan, model) * taxed
    relocation = plan.horizon.relocation
    if relocation is None:
        none = np.zeros_like(direct)
        return CostLines(is_home, value, taxed, parts_share, old, new,
                         direct, direct, none + 1.0, none, beyond)  # fmt: skip
    # Nobody had moved under the old duties, so moving cost at least what it would have saved.
    stay = np.maximum(by_draw(relocation.premium) * value, old.product - old.parts)
    moved = model.cost - old.product + new.parts + stay
    years = by_draw(relocation.years) - by_draw(relocation.delay)
    reach = np.clip(by_draw(relocation.pace) * years, 0.0, 1.0) * (1 - is_home)
    owners = _makers_at_home(plan)
    can_move = np.array([name in owners for name in plan.maker], dtype=float)[tree.order, None]
    spread = np.broadcast_to(by_draw(relocation.spread) * value, direct.shape)
    return CostLines(is_home, value, taxed, parts_share, old, new, direct, moved, spread,
                     np.broadcast_to(reach * can_move, direct.shape), beyond)  # fmt: skip


def find_limits(plan: MarketPlan, model: MarketModel) -> Limits:
    """Return the plants and quotas of the plan that are finite."""
    plants = [plant for plant, units in (plan.plants or {}).items() if np.isfinite(units)]
    quotas = [place for place, units in plan.after.quota.items() if np.isfinite(units)]
    of_plant = {plant: at for at, plant in enumerate(plants)}
    of_quota = {place: len(plants) + at for at, place in enumerate(quotas)}
    here: list[tuple[int, int]] = []
    rated: list[tuple[int, int]] = []
    arriving: list[tuple[int, int]] = []
    for row, at in enumerate(model.tree.order.tolist()):
        maker, place = plan.maker[at], plan.country[at]
        if (maker, place) in of_plant:
            here.append((of_plant[maker, place], row))
        if place in of_quota:
            counted = rated if place in plan.after.over_quota else here
            counted.append((of_quota[place], row))
        home = of_plant.get((maker, plan.home))
        if place != plan.home and home is not None:
            arriving.append((home, row))
    shape = (len(plants) + len(quotas), len(plan.maker))
    most = [(plan.plants or {})[plant] for plant in plants]
    return Limits(
        names=(*(f"{maker} {place}" for maker, place in plants), *quotas),
        most=np.array([*most, *(plan.after.quota[place] for place in quotas)], dtype=float),
        is_quota=np.arange(shape[0]) >= len(plants),
        cap=np.array(
            [
                *(np.inf for _ in plants),
                *(1.0 if place in plan.after.over_quota else np.inf for place in quotas),
            ],
            dtype=float,
        ),
        here=_ones(here, shape),
        rated=_ones(rated, shape),
        arriving=_ones(arriving, shape),
        here_back=_ones([(row, limit) for limit, row in here], shape[::-1]),
        rated_back=_ones([(row, limit) for limit, row in rated], shape[::-1]),
        arriving_back=_ones([(row, limit) for limit, row in arriving], shape[::-1]),
    )


def _beyond(plan: MarketPlan, model: MarketModel) -> ByProduct:
    """Return by how much the rate beyond a quota exceeds that within, by product and draw."""
    duties, origin = plan.after, np.array(plan.country, dtype=object)[model.tree.order, None]
    gap = np.zeros((len(origin), 1))
    for place, height in duties.over_quota.items():
        more = by_draw(height) - by_draw(duties.product.get(place, 0.0))
        gap = gap + (origin == place) * more
    return gap


def _ones(places: list[tuple[int, int]], shape: tuple[int, int]) -> csr_array:
    rows, columns = np.array(places, dtype=int).reshape(-1, 2).T
    return csr_array((np.ones(len(places)), (rows, columns)), shape=shape)


def _makers_at_home(plan: MarketPlan) -> set[str]:
    """Return the makers with a plant at home, or a product built there if plants are not given."""
    if plan.plants is not None:
        return {maker for (maker, place), units in plan.plants.items()
                if place == plan.home and units > 0}  # fmt: skip
    return {m for m, place in zip(plan.maker, plan.country, strict=True) if place == plan.home}


def _parts_share(plan: MarketPlan, model: MarketModel) -> Float[np.ndarray, "product origin #draw"]:
    given = plan.costs.parts_share
    if given is None:
        return np.zeros((len(plan.maker), len(plan.countries), 1))
    array = np.asarray(given, dtype=np.float64)
    array = array[None] if array.ndim == 2 else array
    return np.ascontiguousarray(np.moveaxis(array, 0, -1)[model.tree.order])


def _duty_lines(
    plan: MarketPlan,
    duties: Duties,
    model: MarketModel,
    *,
    taxed: ByProduct,
    parts_value: Float[np.ndarray, "product origin #draw"],
) -> DutyLines:
    draws = max([1, *(by_draw(rate).size for rate in duties.product.values())])
    rate = np.zeros((len(plan.maker), draws))
    for place, height in duties.product.items():
        rate[[name == place for name in plan.country]] = by_draw(height)
    places = plan.countries
    full = np.zeros((len(plan.maker), 1))
    for place, height in duties.parts.items():
        full = full + parts_value[:, places.index(place)] * by_draw(height)
    spared = by_draw(duties.offset) * model.price
    return DutyLines(rate[model.tree.order] * taxed, np.maximum(full - spared, 0.0), full)
