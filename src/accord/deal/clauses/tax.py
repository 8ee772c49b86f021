"""A tax or subsidy on exports, production or consumption: who levies it, on what, and how much."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from accord.core.errors import Problem
from accord.data.world import World
from accord.deal.checks.text.as_written import Place, as_number, show_number, texts_of
from accord.deal.clauses.base import (
    CheckContext,
    ClauseBase,
    Component,
    Engine,
    Fraction,
    Products,
    Regions,
    Wording,
    guess_rate,
)
from accord.deal.clauses.tariff import HIGHEST_PLAIN_RATE
from accord.deal.fields import Day, Flag, Number, Region, RegionOrAll
from accord.deal.goods.look_up import explain_product
from accord.deal.products import EVERYTHING, expand_regions

TaxBase = Literal["exports", "production", "consumption"]

TAX_BASES: tuple[TaxBase, ...] = get_args(TaxBase)
EXPORTS: TaxBase = "exports"
TITLES: dict[TaxBase, tuple[str, str]] = {
    "exports": (
        "{region}: tax of {rate} on exports of {products} to {buyers}",
        "{region}: subsidy of {rate} to exports of {products} to {buyers}",
    ),
    "production": (
        "{region}: tax of {rate} on the production of {products}",
        "{region}: subsidy of {rate} to the production of {products}",
    ),
    "consumption": (
        "{region}: tax of {rate} on the consumption of {products}",
        "{region}: subsidy of {rate} to the consumption of {products}",
    ),
}


class TaxClause(ClauseBase):
    """A tax on exports, production or consumption; below zero a subsidy."""

    phrase: ClassVar[str] = "a tax or subsidy"
    touches: ClassVar[frozenset[Engine]] = frozenset({"trade"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "tariff": "taxes and subsidies beside tariffs: what they do to trade, and who is paid them",
    }
    sets_rates: ClassVar[bool] = True

    kind: Literal["tax"]
    """Always "tax"."""
    region: Region
    """Region or group that levies it: its treasury receives a tax and pays a subsidy."""
    on: TaxBase
    """`exports`: what the region sells abroad; `production`: all that it makes; `consumption`:
    final use in it, wherever the good is made. Firms pay none on inputs."""
    rate: Annotated[Number, Field(gt=-1)]
    """Rate as a fraction of the value before it, on top of what the base year had: 0.15 is a tax of
    15 %, and -0.15 a subsidy of 15 % or a tax cut by as much. Rates of several clauses on the same
    goods add up."""
    products: tuple[str, ...] = Field(default=("all",), min_length=1)
    """Sectors of the dataset, groups of them, or "all" (goods). Exports to a buyer whose imports
    are known by HS code can be named as in a tariff."""
    except_products: tuple[str, ...] = ()
    """Products left out of `products`."""
    buyers: tuple[RegionOrAll, ...] = Field(default=("all",), min_length=1)
    """Regions to which exports pay it: ids of the dataset, groups, or "all"; for `exports` only."""
    except_buyers: tuple[RegionOrAll, ...] = ()
    """Regions left out of `buyers`."""
    from_: Day | None = Field(default=None, alias="from")
    """First day in force; always in force before `until` if left out."""
    until: Day | None = None
    """Last day in force (inclusive); open-ended if left out."""
    prohibitive: Flag = False
    """Accepts a rate above 1 (100 %), which is refused otherwise as a likely slip for per cent."""

    def wording(self) -> Wording:
        """Return the title: who taxes or subsidises what, how much, and to whom it is sold."""
        return Wording(
            TITLES[self.on][self.rate < 0],
            {
                "region": Regions((self.region,)),
                "rate": Fraction(abs(self.rate)),
                "products": Products(self.products, self.except_products),
                **(
                    {"buyers": Regions(self.buyers, self.except_buyers)}
                    if self.on == EXPORTS
                    else {}
                ),
            },
        )

    @classmethod
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:
        """Yield rates like per cent, buyers without exports, and unknown products."""
        path, written = place.path, place.as_written
        rate, base = as_number(written.get("rate")), written.get("on")
        if (
            rate is not None
            and rate > HIGHEST_PLAIN_RATE
            and written.get("prohibitive") is not True
        ):
            message = f"{show_number(rate)} would be a tax of {rate * 100:g} %"
            yield Problem(f"{path}.rate", message, guess_rate(rate))
        for name in ("buyers", "except_buyers"):
            if base in TAX_BASES and base != EXPORTS and name in written:
                message = f'has no effect on = "{base}": all buyers pay the same price'
                remedy = 'delete it, or write on = "exports"'
                yield Problem(f"{path}.{name}", message, remedy)
            elif texts_of(written.get(name, [])) == [written.get("region")]:
                message = (
                    f'"{written.get("region")}" is the region itself, and sales at home pay none'
                )
                yield Problem(f"{path}.{name}", message, "name the regions that buy its exports")
        if context.world is not None:
            yield from _check_products(place, context.world)


def _check_products(place: Place, world: World) -> Iterator[Problem]:
    """Yield products that are not known, or that the data cannot tell apart for every buyer."""
    written = place.as_written
    lines = world.lines
    buyers: tuple[str, ...] = ()
    if written.get("on") == EXPORTS:
        named = texts_of(written.get("buyers", [EVERYTHING]))
        left_out = {
            *expand_regions(texts_of(written.get("except_buyers", [])), world.regions),
            *expand_regions(texts_of(written.get("region", [])), world.regions),
        }
        buyers = tuple(n for n in expand_regions(named, world.regions) if n not in left_out)
    other = next((name for name in buyers if lines is None or name != lines.importer), None)
    whose = other or (buyers or world.regions)[0]
    for name in ("products", "except_products"):
        for product in texts_of(written.get(name, [])):
            if buyers:
                wrong = explain_product(product, world, whose)
            else:
                wrong = _explain_sector(product, world)
            if wrong is not None:
                yield Problem(f"{place.path}.{name}", *wrong)


def _explain_sector(name: str, world: World) -> tuple[str, str] | None:
    """Return the message and remedy for what is no sector, for a tax that knows nothing finer."""
    if name == EVERYTHING or world.sectors_named(name):
        return None
    known = world.lines is not None and (name in world.lines.groups or name.isdigit())
    if not known:
        return explain_product(name, world, "")
    message = f'"{name}" is finer than a sector, and output and use are known by sector only'
    return message, "use sectors of the dataset; `accord world` lists them"
