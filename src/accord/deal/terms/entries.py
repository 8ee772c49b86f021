"""The `[terms]` table of a deal file: which figures of the packages may move, and how far."""

from typing import Annotated, Any

from pydantic import Field

from accord.deal.fields import Cited, Number, Part

MOVED = "amount"  # what a term that moves money between clauses changes


class TermEntry(Cited):
    """One figure of the packages that may move between bounds."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_\-]*$")]
    """Name used on the command line and in tables."""
    title: str
    """What moves, in words that continue a sentence: "the tariff on cars"."""
    package: str | tuple[str, ...] = ()
    """Packages in which it may move; every package that has the clause if left out."""
    where: Annotated[dict[str, Any], Field(min_length=1)]
    """The clause, by some of its fields: { kind = "tariff", products = ["vehicles_232"] }. A list
    holds at least these; one clause of a package may match."""
    field: str
    """Field of the clause that moves; a field of a table in it after a dot (`after_recovery.KOR`).
    Of shares that sum to one, the others make room in proportion."""
    low: Number
    """Lowest value."""
    high: Number
    """Highest value."""
    step: Annotated[Number, Field(gt=0)]
    """The step people talk in, in units of the field: 0.01 for a point, 1e9 for a billion."""
    unit: str
    """What a number of steps is called: "%", "bn USD", "bn USD a year"."""
    none: Number | None = None
    """Value that stands for leaving the field out, or the clause where there is an `add`."""
    add: dict[str, Any] = Field(default_factory=dict)
    """Fields of the clause that is added where a package has none that matches."""
    into: dict[str, Any] = Field(default_factory=dict)
    """The term is the share of the clause's money that is given on other terms: the fields that
    differ in the clause that holds it. Amount and yearly cap are divided."""
    against: dict[str, Any] = Field(default_factory=dict)
    """The term is the share of two clauses' money that this other clause, picked as in `where`,
    holds."""

    @property
    def packages(self) -> tuple[str, ...]:
        """Names of the packages in which it may move; empty for all."""
        return (self.package,) if isinstance(self.package, str) else self.package

    @property
    def is_division(self) -> bool:
        """Whether it moves money between clauses, and so is a share rather than a field."""
        return bool(self.into or self.against)


class TermsTable(Part):
    """What may move in a bargain."""

    note: str = ""
    """Anything a reader should know."""
    term: tuple[TermEntry, ...] = ()
    """The terms."""
