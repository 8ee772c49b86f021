"""A promise to buy goods of a given value over some years."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from accord.core.errors import Problem
from accord.deal.checks.text.as_written import Place, texts_of
from accord.deal.clauses.base import CheckContext, ClauseBase, Component, Engine
from accord.deal.fields import Day, Money, Number, Region
from accord.deal.goods.look_up import explain_digits


class PurchaseClause(ClauseBase):
    """A promise to buy."""

    phrase: ClassVar[str] = "promised purchases"
    touches: ClassVar[frozenset[Engine]] = frozenset({"finance", "trade"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "transfer": "what is paid above the price of the next best seller",
        "terms_of_trade": "the money that changes hands",
    }
    between: ClassVar[tuple[str, str] | None] = ("buyer", "seller")

    kind: Literal["purchase"]
    """Always "purchase"."""
    buyer: Region
    """Region that buys."""
    seller: Region
    """Region that sells."""
    products: tuple[str, ...] = ()
    """What is bought, as in a tariff clause; free text is allowed."""
    amount: Money
    """Total, in the file's currency."""
    premium: Annotated[Number, Field(gt=-1)] = 0.0
    """How far the price lies above that of the next best seller, as a fraction."""
    from_: Day | None = Field(default=None, alias="from")
    """First day; the first year of the assessment if left out."""
    until: Day | None = Field(default=None, alias="to")
    """Last day; the last year over which tariffs are averaged if left out."""

    @classmethod
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:
        """Yield products of digits that are no HS code; words may be free text."""
        for product in texts_of(place.as_written.get("products", [])):
            wrong = explain_digits(product, context.world) if context.world is not None else None
            if wrong is not None:
                yield Problem(f"{place.path}.products", *wrong)
