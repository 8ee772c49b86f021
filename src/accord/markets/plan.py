"""The input of the markets engine: products, demand, costs, duties, and how far the answer goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from accord.core.arrays import Float
from accord.core.boundary.conversion import read_array
from accord.core.errors import InputError, Problem
from accord.core.notebook import Shown

Value = float | Sequence[float] | Float[np.ndarray, "..."]
"""A number, or one a draw."""


@dataclass(frozen=True, eq=False)
class DemandMoments:
    """What buyers do, in numbers that can be observed; each is a number, or one a draw.

    Give `own_elasticity` or `mean_markup`, and `segment_correlation` or `outside_diversion`.

    Attributes:
        own_elasticity: Mean own-price elasticity of products, weighted by units; negative.
        mean_markup: Mean of price less marginal cost over price, weighted by units.
        segment_correlation: How alike buyers find the products of a segment: zero is the plain
            logit, near one they are the same.
        group_correlation: The same within a group of a segment, at least that of the segment;
            None for the same.
        outside_diversion: Of the buyers that a product loses to a higher price, the share that
            buys nothing; a mean weighted by units.
    """

    own_elasticity: Value | None = None
    mean_markup: Value | None = None
    segment_correlation: Value | None = None
    group_correlation: Value | None = None
    outside_diversion: Value | None = None


@dataclass(frozen=True, eq=False)
class ProductCosts:
    """What a product is made of. A field is a number, or one a product; draws come first.

    Attributes:
        customs_share: Value at the border (at the gate, if built at home) over the price.
        exempt_share: Share of the customs value that pays no duty, such as content from home.
        parts_share: Imported parts by origin over the value at the gate, if the product is built
            at home: product by origin, in the order of `MarketPlan.countries`; None for none.
    """

    customs_share: Value = 0.7
    exempt_share: Value = 0.0
    parts_share: Float[np.ndarray, "*draw product origin"] | None = None


@dataclass(frozen=True, eq=False)
class Duties:
    """Duties by origin, fractions of the customs value; an origin that is not named pays none.

    Attributes:
        product: Rates on products.
        parts: Rates on parts of what is built at home.
        offset: Share of the price of a product built at home up to which its maker is spared the
            duty on parts.
        quota: Most units a year from an origin that pay its rate on products; none where it is not
            named.
        over_quota: Rates on units beyond the quota of an origin (a tariff-rate quota); where it is
            not named, none enter beyond the quota.
        auctioned: Share of what the right to import within a quota is worth that the Treasury
            takes, by selling rights; makers have the rest.
    """

    product: Mapping[str, Value] = field(default_factory=dict)
    parts: Mapping[str, Value] = field(default_factory=dict)
    offset: Value = 0.0
    quota: Mapping[str, float] = field(default_factory=dict)
    over_quota: Mapping[str, Value] = field(default_factory=dict)
    auctioned: Value = 0.0


@dataclass(frozen=True, eq=False)
class Relocation:
    """What it takes to build at home what is imported; each a number, or one a draw.

    Attributes:
        premium: Extra cost of the first model moved, a share of its value at the gate.
        spread: By how much more the last one costs: moving costs rise evenly in between.
        pace: Share of a product's units that can move in a year.
        delay: Years before the first can move.
        years: Years since the duties changed.
    """

    premium: Value = 0.05
    spread: Value = 0.2
    pace: Value = 0.1
    delay: Value = 1.0
    years: Value = 3.0


@dataclass(frozen=True, eq=False)
class Horizon:
    """How much of the answer has come; the defaults are the long run of given plants.

    Attributes:
        passthrough: Share of the way from the old to the new equilibrium price that showroom
            prices have gone: a number, or one a product; draws come first.
        stock: Share of the year's sales out of stocks that had paid the old duty.
        dealer_share: Of what neither buyers nor stocks bear, the share that dealers and importers
            bear; the maker bears the rest.
        relocation: What can be built at home; None while plants are fixed.
    """

    passthrough: Value = 1.0
    stock: Value = 0.0
    dealer_share: Value = 0.0
    relocation: Relocation | None = None


@dataclass(frozen=True, eq=False, repr=False)
class MarketPlan(Shown):
    """One market: its products, and the duties before and after.

    A product is a maker, a segment and an origin, the country of its plant. Prices may be in any
    money; amounts of money are then in this money times the unit of `size`.

    Attributes:
        maker: Maker of each product.
        segment: Segment of each product, the outer nest.
        country: Country of its plant, the origin of the product.
        share: Units sold over the potential market; they add to less than one.
        price: Price that buyers pay, before.
        size: Potential market, units a year: sales, and those who buy nothing.
        home: The country of the market.
        demand: What buyers do.
        costs: What products are made of.
        before: Duties under which prices and shares were observed.
        after: Duties to solve for.
        group: The inner nest of each product, such as its origin or brand; None for one level.
        plants: Most units a year of each plant, by maker and country; None for no limits.
        horizon: How much of the answer has come.
    """

    maker: Sequence[str]
    segment: Sequence[str]
    country: Sequence[str]
    share: Float[np.ndarray, " product"]
    price: Float[np.ndarray, " product"]
    size: float
    home: str
    demand: DemandMoments
    costs: ProductCosts = field(default_factory=ProductCosts)
    before: Duties = field(default_factory=Duties)
    after: Duties = field(default_factory=Duties)
    group: Sequence[str] | None = None
    plants: Mapping[tuple[str, str], float] | None = None
    horizon: Horizon = field(default_factory=Horizon)

    def __post_init__(self) -> None:
        """Take lists as arrays.

        Raises:
            InputError: Shares or prices are no numbers.
        """
        problems: list[Problem] = []
        for name in ("share", "price"):
            object.__setattr__(self, name, read_array(name, getattr(self, name), problems))
        for name in ("maker", "segment", "country", "group"):
            labels = getattr(self, name)
            if labels is not None:
                object.__setattr__(self, name, tuple(labels))
        if problems:
            raise InputError(problems, "the market plan")

    @property
    def makers(self) -> tuple[str, ...]:
        """Makers, in the order in which products name them."""
        return tuple(dict.fromkeys(self.maker))

    @property
    def countries(self) -> tuple[str, ...]:
        """Origins: those of products in order, then others that parts come from."""
        named = (*self.country, *self.before.parts, *self.after.parts)
        return tuple(dict.fromkeys(named))

    @property
    def nests(self) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...] | None]:
        """Maker, segment and group of each product; None for the last if there are no groups."""
        group = None if self.group is None else tuple(self.group)
        return tuple(self.maker), tuple(self.segment), group
