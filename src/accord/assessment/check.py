"""A check of a deal file: its tariffs, taxes and commitments, and what it may not mean."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from accord.assessment.snapshot.commitments import (
    Commitment,
    find_shortfalls,
    follow_commitments,
    show_billions,
)
from accord.assessment.words.sentences import say
from accord.core.arguments import check_kind, public
from accord.core.errors import Notice
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.checks.coverage import find_idle_tariffs
from accord.deal.checks.notices import find_notices
from accord.deal.checks.void_basis import (
    find_ending_tariffs,
    find_late_tariffs,
    find_void_tariffs,
)
from accord.deal.deal import Deal
from accord.deal.load import check_deal, load_deal
from accord.lowering.tariff_doubts import find_doubtful_tariffs
from accord.lowering.tariff_effects import TariffEffect, tariff_effects
from accord.lowering.taxes.effects import TaxEffect, find_idle_taxes, tax_effects

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class DealCheck:
    """A deal without problems.

    Attributes:
        deal: The deal.
        tariffs: What each tariff clause of each package does to the tariff on what it covers.
        taxes: What each clause on a tax or subsidy does to the rate on what it covers.
        commitments: What becomes of each investment clause of each package.
        notices: Warnings: what is probably not meant, each with its path and remedy.
    """

    deal: Deal
    tariffs: tuple[TariffEffect, ...]
    taxes: tuple[TaxEffect, ...]
    commitments: tuple[Commitment, ...]
    notices: tuple[Notice, ...]

    def __repr__(self) -> str:
        """One line: the deal, and how many warnings there are."""
        count = len(self.notices)
        return f"DealCheck({self.deal.name!r}: no problem, {count} warning{'s'[: count != 1]})"

    def to_frame(self) -> "pd.DataFrame":
        """Return the commitments as a table: one row an investment clause, bn USD and days."""
        import pandas as pd

        names = [field.name for field in fields(Commitment)]
        rows = [[getattr(commitment, name) for name in names] for commitment in self.commitments]
        return pd.DataFrame(rows, columns=names)

    def summary(self) -> str:
        """Return the warnings, the tariffs, the taxes and the commitments as lines of text."""
        lines = [say("check.no_problem", title=self.deal.title)]
        lines += [say("check.warning", notice=notice) for notice in self.notices]
        for tariff in self.tariffs:
            lines.append(
                say(
                    "check.tariff", package=tariff.package, title=tariff.title,
                    before=100 * tariff.before, after=100 * tariff.after, trade=tariff.trade,
                )
            )  # fmt: skip
        for tax in self.taxes:
            lines.append(
                say(
                    "check.tax", package=tax.package, title=tax.title, region=tax.region,
                    base=tax.on, before=100 * tax.before, after=100 * tax.after, value=tax.value,
                )
            )  # fmt: skip
        for commitment in self.commitments:
            lines.append(
                say(
                    "check.commitment", package=commitment.package, title=commitment.title,
                    called=show_billions(commitment.called),
                    committed=show_billions(commitment.committed), by=_by(commitment.last_call),
                    finished=show_billions(commitment.finished), end=_by(commitment.last_finish),
                )
            )  # fmt: skip
        return "\n".join(lines)


def _by(day: dt.date | None) -> str:
    """Return the month by which something happened; nothing where it never does."""
    return "" if day is None else say("check.by", month=f"{day:%Y-%m}")


@public
def check(
    deal: Deal | str | Path, *, world: World | None = None, as_of: dt.date | str | None = None
) -> DealCheck:
    """Return what a deal sets, commits and leaves in doubt; problems are raised.

    Args:
        deal: A deal, the name of a shipped case, or the path of a deal file.
        world: Where regions and products are looked up; the embedded world if left out.
        as_of: Only what was known on this day counts, as in `load_deal`.

    Raises:
        InputError: Anything in the deal is wrong; all problems at once, with path and remedy.
    """
    check_kind(
        "deal", deal, (Deal, str, Path),
        "Give a deal, the name of a shipped case, or the path of a deal file",
    )  # fmt: skip
    world = load_world() if world is None else world
    check_kind("world", world, World, "Give ac.load_world() or an ac.World of your own")
    deal = check_deal(deal, world) if isinstance(deal, Deal) else load_deal(deal, world)
    deal = deal if as_of is None else deal.as_of(as_of)
    commitments = follow_commitments(deal)
    tariffs, taxes = tariff_effects(deal, world), tax_effects(deal, world)
    notices = (
        *find_notices(deal, world),
        *find_idle_tariffs(deal, world),
        *find_idle_taxes(taxes),
        *find_void_tariffs(deal),
        *find_ending_tariffs(deal),
        *find_late_tariffs(deal),
        *find_doubtful_tariffs(deal, world, tariffs),
        *find_shortfalls(deal, commitments),
    )
    return DealCheck(deal, tariffs, taxes, commitments, (*deal.left_out, *told_once(notices)))


def told_once(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return notices with the first of each field, and all of each clause as a whole.

    A slip in one figure shows in several ways, of which the first says what was probably meant.
    """
    fields: set[str] = set()
    kept = []
    for notice in dict.fromkeys(notices):
        is_field = not notice.path.endswith("]")
        if not is_field or notice.path not in fields:
            kept.append(notice)
        if is_field:
            fields.add(notice.path)
    return tuple(kept)
