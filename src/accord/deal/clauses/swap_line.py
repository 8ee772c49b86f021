"""A currency swap line between central banks."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from accord.deal.clauses.base import ClauseBase, Component, Engine
from accord.deal.fields import Day, Money, Rate, Region


class SwapLineClause(ClauseBase):
    """A currency swap line between central banks."""

    phrase: ClassVar[str] = "a currency swap line"
    touches: ClassVar[frozenset[Engine]] = frozenset({"external"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "risk": "foreign currency that can be drawn in a crisis",
    }
    between: ClassVar[tuple[str, str] | None] = ("provider", "user")

    kind: Literal["swap_line"]
    """Always "swap_line"."""
    provider: Region
    """Region that lends its currency."""
    user: Region
    """Region that may draw."""
    amount: Money | None = None
    """Size of the line; unlimited if left out."""
    rate: Rate | None = None
    """Interest on what is drawn, as a fraction."""
    from_: Day | None = Field(default=None, alias="from")
    """First day."""
    until: Day | None = None
    """Last day."""

    def is_counted(self, payers: Collection[str]) -> bool:
        """Return whether the currency of the user is solved."""
        return self.user in payers
