"""The right to put payments off when the currency is disorderly."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Literal

from accord.deal.clauses.base import ClauseBase, Component, Engine
from accord.deal.fields import Flag, Rate, Region, Share


class FxAdjustmentClause(ClauseBase):
    """A say in the pace of calls when the currency is disorderly."""

    phrase: ClassVar[str] = "a say in the pace of payments when the currency is under stress"
    touches: ClassVar[frozenset[Engine]] = frozenset({"external"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "risk": "payments that can be put off when the currency falls",
    }

    kind: Literal["fx_adjustment"]
    """Always "fx_adjustment"."""
    party: Region | None = None
    """Region that may ask."""
    right: Flag = False
    """True: a right to a change; false: only a right to ask."""
    granted: Share = 0.5
    """Chance that a request is granted, where there is no right; an assumption if left out."""
    disorderly: Rate = 0.08
    """Logarithmic fall of the currency in three months from which payments can be put off."""

    def is_counted(self, payers: Collection[str]) -> bool:
        """Return whether the currency of the party, or of any if none is named, is solved."""
        return bool(payers) if self.party is None else self.party in payers
