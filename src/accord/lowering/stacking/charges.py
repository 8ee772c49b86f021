"""Which tariff clauses charge an importer's trade on a day, at which rate, and in which order."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accord.deal.clauses.base import ClauseBase
from accord.deal.clauses.ruling import RulingClause
from accord.deal.clauses.tariff import BASE_CHANGING, Rule, TariffClause
from accord.deal.products import Extent, ImportCells, IntCovered

BILLION = 1e9
RULE_ORDER: tuple[Rule, ...] = ("level", "cut", "add", "floor", "ceiling")
"""Within one basis a level is set or a share cut first, add-ons come on it, and the result is kept
in its band."""


@dataclass(frozen=True)
class AsOf:
    """The moment a schedule is read: the day, events declared, and which collection counts.

    With `at_border` the rate is the one collected on the day; otherwise the one that counts in the
    end, retroactive decisions and their refunds included.
    """

    date: date
    triggered: frozenset[str] = frozenset()
    at_border: bool = False


@dataclass(frozen=True)
class Charge:
    """A clause in force: its rate and rule of the day, the positions of the cells it covers.

    `collected` is the share of its duty that is collected on the day. On one part of trade it is
    known whether that part is in the quota and claims the preference.
    """

    clause: TariffClause
    rate: float
    rule: Rule
    at: IntCovered
    extent: Extent
    collected: float = 1.0
    in_quota: bool = False
    claims: bool = False

    @property
    def key(self) -> Hashable:
        """Everything of it that rates depend on, and nothing else."""
        clause, quota = self.clause, self.clause.quota
        room = None if quota is None else (quota.amount, quota.in_quota_rate)
        value = (clause.content_share, clause.overlap, clause.preference_share,
                 clause.preference_rate)  # fmt: skip
        law = (clause.basis, clause.unless_basis)
        return self.rate, self.rule, self.collected, self.extent, law, value, room


def tariff_clauses(clauses: Iterable[ClauseBase]) -> tuple[TariffClause, ...]:
    """Return the tariff clauses among `clauses`, in order."""
    return tuple(clause for clause in clauses if isinstance(clause, TariffClause))


def is_in_force(clause: TariffClause, clauses: Iterable[ClauseBase], day: date) -> bool:
    """Whether a tariff clause applies on a day: within its dates, its basis not voided."""
    if clause.from_ is not None and day < clause.from_:
        return False
    if clause.until is not None and day > clause.until:
        return False
    return not any(
        isinstance(ruling, RulingClause)
        and ruling.importer == clause.importer
        and ruling.basis == clause.basis
        and day >= ruling.from_
        for ruling in clauses
    )


def rate_of_the_day(clause: TariffClause, moment: AsOf) -> tuple[float, Rule]:
    """Return rate (fraction) and rule of a clause at a moment: phase-in, snap-back, retroaction."""
    rate, rule = clause.rate, clause.rule
    for step in sorted(clause.steps, key=lambda step: step.from_):
        if step.from_ <= moment.date:
            rate = step.rate
    back = clause.retroactive
    if moment.at_border and back is not None and moment.date < back.decided:
        rate, rule = back.charged_rate, back.charged_rule
    snap = clause.snap_back
    if snap is not None and snap.trigger in moment.triggered:
        rate, rule = snap.rate, snap.rule or rule
    return rate, rule


def of_the_day(clause: TariffClause, day: date) -> TariffClause:
    """Return a clause whose quota is that of a day."""
    if clause.quota is None or not clause.quota.steps:
        return clause
    return clause.model_copy(update={"quota": clause.quota.on(day)})


def collected_share(clause: TariffClause, day: date) -> float:
    """Return the share of a clause's duty that is collected on a day: none while goods are at sea.

    Goods that claim an exemption pay nothing, so cost and revenue are lower alike.
    """
    first = clause.collected_from
    return clause.collected_share if first is None or day >= first else 0.0


def charges_on(cells: ImportCells, clauses: Sequence[ClauseBase], moment: AsOf) -> list[Charge]:
    """Return what the importer charges at a moment, in an order that no file changes."""
    rulings = [clause for clause in clauses if isinstance(clause, RulingClause)]
    charges = []
    for entry in tariff_clauses(clauses):
        if entry.importer == cells.importer and is_in_force(entry, rulings, moment.date):
            clause = of_the_day(entry, moment.date)
            extent, share = cells.extent(clause), collected_share(clause, moment.date)
            rate, rule = rate_of_the_day(clause, moment)
            charges.append(Charge(clause, rate, rule, cells.within(extent), extent, share))
    return sorted(charges, key=rank)


def quota_share(cells: ImportCells, charge: Charge) -> float:
    """Return the share of imports a charge covers that its quota has room for; 0 without one."""
    quota = charge.clause.quota
    if quota is None:
        return 0.0
    imports = float(cells.imports[charge.at].sum())
    return min(1.0, quota.amount / BILLION / imports) if imports > 0 else 1.0


def rank(charge: Charge) -> tuple[int, int, float, float, float, str]:
    """Return the place of a charge among others: by what it is, not by where it stands.

    Ordinary duties come first, then the preferences that depart from them, then what is added.
    """
    clause = charge.clause
    changes = clause.basis in BASE_CHANGING
    first = BASE_CHANGING.index(clause.basis) if changes else len(BASE_CHANGING)
    claimed = -1.0 if clause.preference_share is None else clause.preference_share
    rest = (
        charge.rate,
        clause.content_share,
        claimed,
        f"{clause.quota} {clause.overlap} {charge.collected}",
    )
    return first, RULE_ORDER.index(charge.rule), *rest
