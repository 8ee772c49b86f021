"""Visas for the people who install the projects: how many can work, and from when."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from accord.deal.clauses.base import ClauseBase, Component, Engine
from accord.deal.fields import Day, Rate, Region, Whole, Years


class VisaClause(ClauseBase):
    """Visas for the people who install the projects: how many can work, and from when."""

    phrase: ClassVar[str] = "visas"
    touches: ClassVar[frozenset[Engine]] = frozenset({"finance"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "capacity": "people who build the projects, and so when they earn",
        "profit": "how late the projects earn",
    }

    kind: Literal["visa"]
    """Always "visa"."""
    host: Region | None = None
    """Region that issues them; the host of the investments if left out."""
    payer: Region | None = None
    """Region whose people receive them; the payer of the investments if left out."""
    quota: Whole | None = None
    """Visas a year, each for one person's work for a year; none if only procedures change."""
    from_: Day | None = Field(default=None, alias="from")
    """First day of the quota; from the start if left out."""
    installer_supply: Rate | None = None
    """Installers at hand without the quota, as a fraction of the number needed at the peak of
    building as planned. Where no visa clause gives one, installers are no constraint."""
    training_years: Years | None = None
    """Years in which people trained in the host close the gap; never if left out."""
