"""Money that public bodies of the host give as a project is built, and ask back if it stops.

It stops if an approval that an investment names is withdrawn.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from accord.core.errors import Problem
from accord.deal.checks.text.as_written import Place, as_number, tables_of, texts_of
from accord.deal.clauses.base import CheckContext, ClauseBase, Component, Engine, Regions, Wording
from accord.deal.fields import Day, Money, Number, Part, Region, Share, Spread

ROUNDING = 1e-9


class MilestoneEntry(Part):
    """A part of an incentive that is paid once so much has been built."""

    built: Share
    """Share of the building that has to be paid for before; 0 for money paid in advance."""
    share: Share
    """Share of the amount that is paid then."""
    title: str = ""
    """What has to be reached, in words."""


class ApprovalEntry(Part):
    """An approval without which an investment is abandoned, such as that of a town."""

    refusal: Share | Spread
    """Chance that it is refused or withdrawn: a number, or a range of which the mean counts."""
    decided: Day
    """Day on which that happens: from then on nothing is called or earned."""
    given_by: str = ""
    """Whose approval it is."""
    salvage: Share = 0.0
    """Share of what was spent by then that is got back."""


class IncentiveClause(ClauseBase):
    """Money of public bodies of the host for what is built there."""

    phrase: ClassVar[str] = "an incentive of the host"
    touches: ClassVar[frozenset[Engine]] = frozenset({"trade", "finance", "external"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "profit": "what the host pays the projects, and what comes back of it",
    }
    between: ClassVar[tuple[str, str] | None] = ("giver", "recipient")

    kind: Literal["incentive"]
    """Always "incentive"."""
    giver: Region
    """Region whose public bodies pay: the host of an investment of the same package."""
    given_by: str = ""
    """Which of them, such as a state or a town; the region bears it in the figures."""
    recipient: Region
    """Region whose firms receive it: the payer of that investment."""
    amount: Money
    """All that is paid if everything is built, in the currency of the file."""
    milestones: tuple[MilestoneEntry, ...] = Field(min_length=1)
    """The parts of the amount, by what has to be built before; what they leave is never paid."""
    from_: Day | None = Field(default=None, alias="from")
    """First day of a payment; from the start if left out."""
    years: Number = Field(default=0.0, ge=0)
    """Years over which each part is spread, as taxes forgone are; 0 for all at once."""
    claw_back: Share = 0.0
    """Share of what was paid that is asked back if the investment is abandoned (`approval`)."""
    recovered: Share | Spread = 1.0
    """Share of that which comes back: a number, or a range of which the mean counts."""
    delay: Number = Field(default=0.0, ge=0)
    """Years from the abandonment until it comes back."""

    def wording(self) -> Wording:
        """Return the title of an incentive: who gives, and to whom."""
        return Wording(
            "incentive of {giver} for {recipient}",
            {
                "giver": self.given_by or Regions((self.giver,)),
                "recipient": Regions((self.recipient,)),
            },
        )

    @classmethod
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:  # noqa: ARG003
        """Yield parts that come to more than the amount, and terms of a claw-back without one."""
        path, written = place.path, place.as_written
        shares = [as_number(part.get("share")) for part in tables_of(written.get("milestones"))]
        whole = sum(share for share in shares if share is not None)
        if whole > 1 + ROUNDING:
            message = f"the shares of the parts sum to {whole:g}, and at most 1 can be paid"
            yield Problem(f"{path}.milestones", message, "give each its share of `amount`")
        for name in ("recovered", "delay"):
            if name in written and not written.get("claw_back"):
                message = "has no effect without a `claw_back`"
                yield Problem(f"{path}.{name}", message, "add one, or delete it")

    @classmethod
    def check_table(cls, places: Sequence[Place]) -> Iterator[Problem]:
        """Yield incentives for an investment that their table does not have."""
        pairs = {
            tuple(texts_of([place.as_written.get("payer"), place.as_written.get("host")]))
            for place in places
            if place.as_written.get("kind") == "investment"
        }
        for place in places:
            written = place.as_written
            if written.get("kind") != "incentive":
                continue
            pair = tuple(texts_of([written.get("recipient"), written.get("giver")]))
            if len(pair) == 2 and pair not in pairs:
                message = f"no investment here is of {pair[0]} in {pair[1]}"
                remedy = "name the payer and the host of an investment of the same package"
                yield Problem(f"{place.path}.recipient", message, remedy)
