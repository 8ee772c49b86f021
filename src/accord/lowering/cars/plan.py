"""From the figures of the car market and duties to the plan of the markets engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from accord.core.arrays import Float
from accord.lowering.cars.market import CarMarket, CarQuota
from accord.lowering.cars.rates import CarRates
from accord.markets.plan import (
    DemandMoments,
    Duties,
    Horizon,
    MarketPlan,
    ProductCosts,
    Relocation,
)

Run = Literal["short", "long"]
MOST_OF_PARTS = 0.6  # of a car's value at the gate: even makers from afar buy and assemble here
MOST_OF_PRICE = 0.95  # the customs value is below the price: somebody brings the car and sells it
YEARS = {"short": 1.0, "long": 3.0}

Unknowns = Mapping[str, Float[np.ndarray, " draw"] | float]


@dataclass(frozen=True)
class CarDuties:
    """Duties before and after, the share of the price up to which parts are spared, and quotas."""

    before: CarRates
    after: CarRates
    offset: float
    quotas: Mapping[str, CarQuota] = field(default_factory=dict)


def central_unknowns(market: CarMarket) -> dict[str, float]:
    """Return the most likely value of everything that is unknown."""
    return {name: ends[1] for name, ends in market.ranges.items()}


def draw_unknowns(
    market: CarMarket, draws: int, seed: int
) -> dict[str, Float[np.ndarray, " draw"]]:
    """Return draws of everything that is unknown, triangular over its range."""
    names = sorted(market.ranges)
    streams = np.random.SeedSequence(seed).spawn(len(names))
    return {
        name: np.random.default_rng(stream).triangular(*market.ranges[name], draws)
        for name, stream in zip(names, streams, strict=True)
    }


def lower_cars(market: CarMarket, duties: CarDuties, unknowns: Unknowns, run: Run) -> MarketPlan:
    """Return the plan of a market under duties, in the first year or after three years.

    Args:
        market: The figures.
        duties: Duties before and after.
        unknowns: Everything that is unknown: a number each, or one a draw.
        run: "short" has plants as they are, prices that go part of the way and stocks; "long" has
            prices all the way and production that moves.
    """
    shares = np.array(_customs_share(market))
    scale = np.atleast_1d(np.asarray(unknowns["customs_value"], dtype=float))
    customs = np.minimum(scale[:, None] * shares, MOST_OF_PRICE)
    drawn = np.ndim(unknowns["customs_value"]) > 0
    parts = np.atleast_1d(np.asarray(unknowns["parts_value"], dtype=float))[:, None, None]
    parts = parts * _parts_share(market)
    whole = parts.sum(axis=-1, keepdims=True)
    parts = parts * np.minimum(1.0, MOST_OF_PARTS / np.maximum(whole, MOST_OF_PARTS))
    horizon = Horizon(
        passthrough=np.reshape(unknowns["passthrough"], (-1, 1)) if drawn
        else unknowns["passthrough"],
        stock=unknowns["stock"],
        dealer_share=unknowns["dealer_share"],
    )  # fmt: skip
    if run == "long":
        moving = {name: unknowns[name] for name in ("premium", "spread", "pace", "delay")}
        horizon = Horizon(relocation=Relocation(**moving, years=YEARS["long"]))
    return MarketPlan(
        maker=market.maker,
        segment=market.segment,
        country=market.country,
        share=market.units / market.potential,
        price=market.price,
        size=market.potential,
        home=market.home,
        demand=DemandMoments(
            own_elasticity=unknowns["own_elasticity"],
            segment_correlation=unknowns["segment_correlation"],
        ),
        costs=ProductCosts(
            customs_share=customs if drawn else customs[0],
            parts_share=parts if drawn else parts[0],
        ),
        before=Duties(product=duties.before.cars, parts=duties.before.parts),
        after=Duties(
            product=duties.after.cars,
            parts=duties.after.parts,
            offset=duties.offset,
            quota={place: quota.units for place, quota in duties.quotas.items()},
            over_quota={place: quota.beyond for place, quota in duties.quotas.items()},
        ),
        plants=_plants(market),
        horizon=horizon,
    )


def _customs_share(market: CarMarket) -> list[float]:
    """Return value at the border, or at the gate, over the price of each product."""
    sold: dict[str, float] = {}
    rows = list(zip(market.country, market.units.tolist(), market.price.tolist(), strict=True))
    for place, units, price in rows:
        sold[place] = sold.get(place, 0.0) + units * price
    share = {place: value / sold[place] for place, value in market.customs.items()}
    share[market.home] = market.home_value_share
    return [share.get(place, market.other_customs_share) for place in market.country]


def _parts_share(market: CarMarket) -> Float[np.ndarray, "product country"]:
    """Return imported parts over the value at the gate, were a product built at home.

    Parts of a country whose makers build at home go to these makers, others to all alike.
    """
    places = market.countries
    value = market.home_value_share * market.units * market.price
    at_home = np.array(market.country) == market.home
    share = np.zeros((len(market.maker), len(places)))
    for place, imports in market.parts.items():
        owners = market.homes.get(place, market.makers)
        users = np.isin(np.array(market.maker), owners)
        share[users, places.index(place)] = imports / value[users & at_home].sum()
    return share


def _plants(market: CarMarket) -> dict[tuple[str, str], float]:
    """Return capacity by maker and country, mn a year; plants abroad have room."""
    plants = dict.fromkeys(zip(market.maker, market.country, strict=True), float("inf"))
    for maker in market.makers:
        if (maker, market.home) in plants:
            made = market.units_of(maker=maker, country=market.home) / market.use
            plants[maker, market.home] = max(made, market.published.get(maker, 0.0))
    return plants
