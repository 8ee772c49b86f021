"""A profit split: the shares of the cash flow of the projects, before and after recovery."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from accord.core.errors import Problem
from accord.deal.checks.text.as_written import Place, texts_of
from accord.deal.clauses.base import CheckContext, ClauseBase, Component, Engine
from accord.deal.clauses.investment import Instrument
from accord.deal.fields import Flag, RateText, RegionSplit, Whole

NOTHING_TO_RECOVER = {
    "guarantee": "a guarantee pays nothing in, so there is nothing to recover",
    "refund_guarantee": "a refund guarantee pays nothing in, so there is nothing to recover",
    "buyer_credit": "a credit to buyers is repaid by them, not from the projects",
}


class ProfitSplitClause(ClauseBase):
    """How the cash flow of the projects is shared."""

    phrase: ClassVar[str] = "the split of profits"
    touches: ClassVar[frozenset[Engine]] = frozenset({"trade", "finance", "external"})
    lineage: ClassVar[Mapping[Component, str]] = {
        "profit": "which part of the cash flow goes to the payer",
    }

    kind: Literal["profit_split"]
    """Always "profit_split"."""
    until_recovery: RegionSplit
    """Shares until principal and interest are recovered; they sum to one."""
    after_recovery: RegionSplit
    """Shares afterwards; they sum to one."""
    deemed_rate: RateText | None = None
    """Interest counted towards recovery: a fraction, or text such as "ust20 + 0.01"; none if left
    out."""
    floating: Flag = False
    """Whether deemed interest follows its reference, rather than each call keeping its day's."""
    counts: Literal["share", "whole"] = "share"
    """What counts towards recovery: the payer's `share` of the cash, or the `whole` cash flow."""
    covers: tuple[Instrument, ...] = ("equity",)
    """Instruments whose money is recovered through the split; others keep their own terms."""
    pooled: Flag = False
    """Whether projects share one account, so that a loss on one is met from the others."""
    review_year: Whole | None = None
    """Years after the first call at which the split may be adjusted if recovery is not in sight."""
    reviewed: RegionSplit = Field(default_factory=dict)
    """Shares from the review until recovery, if there is none by then; unchanged if left out."""
    withhold: Flag = True
    """Whether the host keeps the payer's profits while calls are missed, until they are made up."""

    @classmethod
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:
        """Yield a review beyond the horizon, guarantees covered, and parties that differ."""
        path, written = place.path, place.as_written
        review = written.get("review_year")
        if isinstance(review, int) and review > context.horizon:
            message = f"a review after {review} years lies beyond the horizon of {context.horizon}"
            remedy = "review earlier, or raise `horizon` in [assessment]"
            yield Problem(f"{path}.review_year", message, remedy)
        for name in texts_of(written.get("covers", [])):
            if name in NOTHING_TO_RECOVER:
                yield Problem(f"{path}.covers", NOTHING_TO_RECOVER[name], "leave it out")
        before, after = written.get("until_recovery"), written.get("after_recovery")
        if isinstance(before, Mapping) and isinstance(after, Mapping) and {*before} != {*after}:
            message = f"names {', '.join(after)}, not {', '.join(before)}"
            yield Problem(f"{path}.after_recovery", message, "name the same two parties in both")

    @classmethod
    def check_table(cls, places: Sequence[Place]) -> Iterator[Problem]:
        """Yield splits that no investment of their table can fall under, and a second split."""
        pairs = {
            frozenset(texts_of([place.as_written.get("payer"), place.as_written.get("host")]))
            for place in places
            if place.as_written.get("kind") == "investment"
        }
        seen: set[frozenset[str]] = set()
        for place in places:
            shares = place.as_written.get("until_recovery")
            if place.as_written.get("kind") != "profit_split" or not isinstance(shares, Mapping):
                continue
            parties = frozenset(texts_of(list(shares)))
            if parties not in pairs:
                message = f"no investment here is between {' and '.join(sorted(parties))}"
                remedy = "name the payer and the host of an investment of the same package"
                yield Problem(f"{place.path}.until_recovery", message, remedy)
            if parties in seen:
                message = "is a second split for the same two parties"
                yield Problem(place.path, message, "keep one of them")
            seen.add(parties)
