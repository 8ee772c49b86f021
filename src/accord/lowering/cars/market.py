"""The embedded figures of the car market: makers, plants, segments, ranges and sources."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from accord.core.arrays import Float
from accord.core.provenance import Source

NAME = "us-cars-2024"
Range = tuple[float, float, float]


class CarQuota(NamedTuple):
    """A tariff-rate quota on cars of one country.

    Attributes:
        units: Cars a year that pay the rate within, mn.
        within: That rate, a fraction of the customs value.
        beyond: The rate on any more.
    """

    units: float
    within: float
    beyond: float


@dataclass(frozen=True, eq=False)
class CarMarket:
    """A market for new cars in one year. Units are mn a year, prices thousand USD, money bn USD.

    Attributes:
        title: What it is.
        home: The country of the market.
        year: Year of the figures.
        potential: All who might buy, mn a year.
        maker: Maker of each product.
        country: Country of its plant.
        segment: Its segment.
        units: Units sold.
        price: Mean price.
        ranges: What is unknown: low, most likely and high by name.
        customs: Customs value of imports by country.
        parts: Imports of parts by country.
        other_customs_share: Customs value over the price where imports are not told apart.
        home_value_share: Value at the gate over the price of what is built at home.
        use: Share of the capacity of plants at home that was used.
        published: Capacity at home by maker where it is published, mn a year.
        homes: Makers that bring parts from a country.
        regions: Names of a world for countries of the market that it calls otherwise.
        offset: Share of the price up to which duty on parts is spared.
        quotas: Tariff-rate quotas by country; they hold where the law has the rate within.
        notes: What to know of the figures.
        sources: Where they were read.
    """

    title: str
    home: str
    year: int
    potential: float
    maker: tuple[str, ...]
    country: tuple[str, ...]
    segment: tuple[str, ...]
    units: Float[np.ndarray, " product"]
    price: Float[np.ndarray, " product"]
    ranges: Mapping[str, Range]
    customs: Mapping[str, float]
    parts: Mapping[str, float]
    other_customs_share: float
    home_value_share: float
    use: float
    published: Mapping[str, float]
    homes: Mapping[str, tuple[str, ...]]
    regions: Mapping[str, str]
    offset: float
    quotas: Mapping[str, CarQuota]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries that cars come from, in order of first mention."""
        return tuple(dict.fromkeys(self.country))

    @property
    def makers(self) -> tuple[str, ...]:
        """Makers, in order of first mention."""
        return tuple(dict.fromkeys(self.maker))

    def units_of(self, *, maker: str | None = None, country: str | None = None) -> float:
        """Return units sold by a maker, from a country, or both, mn a year."""
        chosen = np.ones(len(self.maker), dtype=bool)
        if maker is not None:
            chosen &= np.array(self.maker) == maker
        if country is not None:
            chosen &= np.array(self.country) == country
        return float(self.units[chosen].sum())


@cache
def load_car_market() -> CarMarket:
    """Return the embedded market: new light vehicles in the United States in 2024."""
    folder = resources.files("accord.data") / "embedded"
    with (folder / f"{NAME}.toml").open("rb") as file:
        told = tomllib.load(file)
    rows = list(csv.DictReader((folder / f"{NAME}.csv").read_text("utf-8").splitlines()))
    return CarMarket(
        title=told["title"],
        home=told["home"],
        year=told["year"],
        potential=told["potential"],
        maker=tuple(row["maker"] for row in rows),
        country=tuple(row["country"] for row in rows),
        segment=tuple(row["segment"] for row in rows),
        units=np.array([float(row["units"]) for row in rows]) / 1000,
        price=np.array([float(row["price"]) for row in rows]),
        ranges={name: tuple(ends) for name, ends in told["ranges"].items()},
        customs=told["values"]["customs"],
        parts=told["values"]["parts"],
        other_customs_share=told["values"]["other_customs_share"],
        home_value_share=told["values"]["home_value_share"],
        use=told["plants"]["use"],
        published={name: n / 1000 for name, n in told["plants"]["published"].items()},
        homes={place: tuple(names) for place, names in told["homes"].items()},
        regions=told["regions"],
        offset=told["offset"]["share"],
        quotas={place: CarQuota(**terms) for place, terms in told["quota"].items()},
        notes=tuple(told["notes"]),
        sources=tuple(Source(**source) for source in told["source"]),
    )
