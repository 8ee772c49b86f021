"""A ruling: a court voids the tariffs of one importer on one legal basis from a day on."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from accord.deal.clauses.base import ClauseBase, Component, Engine, LegalBasis, Regions, Wording
from accord.deal.clauses.tariff import Basis
from accord.deal.fields import Day, Region


class RulingClause(ClauseBase):
    """A court voids every tariff of one importer on one legal basis from a day on."""

    phrase: ClassVar[str] = "a court ruling"
    touches: ClassVar[frozenset[Engine]] = frozenset({"trade"})
    lineage: ClassVar[Mapping[Component, str]] = {"tariff": "tariffs that no longer stand"}
    sets_rates: ClassVar[bool] = True

    kind: Literal["ruling"]
    """Always "ruling"."""
    importer: Region
    """Region whose tariffs are voided."""
    basis: Basis
    """Legal basis that no longer stands."""
    from_: Day = Field(alias="from")
    """First day on which clauses of that basis no longer apply."""

    def wording(self) -> Wording:
        """Return the title of a ruling: whose tariffs are void, and from when."""
        return Wording(
            "{importer}: tariffs under {basis} are void from {day}",
            {
                "importer": Regions((self.importer,)),
                "basis": LegalBasis(self.basis),
                "day": self.from_,
            },
        )
