"""Installers who are taken away, or stay away, for some months from a day on."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from accord.deal.clauses.base import ClauseBase, Component, Engine
from accord.deal.fields import Day, Region, Whole, Years


class RaidClause(ClauseBase):
    """Installers who are taken away, or stay away, for a while from a day on."""

    phrase: ClassVar[str] = "installers who are away"
    touches: ClassVar[frozenset[Engine]] = frozenset({"finance"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "capacity": "people missing while the projects are built, and so when they earn",
        "profit": "how late the projects earn",
    }

    kind: Literal["raid"]
    """Always "raid"."""
    host: Region
    """Region in which it happens."""
    from_: Day = Field(alias="from")
    """First day."""
    people: Whole
    """Installers who are away."""
    months: Years
    """How long they are away."""
