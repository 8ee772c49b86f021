"""A tariff: who charges whom, on what, how much, on what legal basis, and when."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, Literal, get_args

import numpy as np
from pydantic import Field

from accord.core.errors import Problem
from accord.data.world import World
from accord.deal.checks.text.as_written import (
    Place,
    Written,
    as_number,
    show_number,
    tables_of,
    texts_of,
)
from accord.deal.clauses.base import (
    CheckContext,
    ClauseBase,
    Component,
    Engine,
    Fraction,
    LegalBasis,
    Products,
    Regions,
    Wording,
    check_not_before,
    guess_rate,
)
from accord.deal.fields import (
    Day,
    Decided,
    Flag,
    Money,
    Part,
    Rate,
    Region,
    RegionOrAll,
    Share,
    Spread,
    Whole,
)
from accord.deal.goods.look_up import explain_product
from accord.deal.products import expand_regions

Basis = Literal["IEEPA", "232", "122", "301", "338", "MFN", "FTA", "other"]
Rule = Literal["add", "level", "cut", "floor", "ceiling"]
Overlap = Literal["nested", "independent", "disjoint"]

BASES: tuple[str, ...] = get_args(Basis)
OVERLAPS: tuple[Overlap, ...] = get_args(Overlap)
"""In the order in which shares of one value are put together: the order of the file is none."""
BASE_CHANGING: tuple[str, ...] = ("MFN", "FTA")
HIGHEST_PLAIN_RATE = 1.0
RULE_WORDS: dict[Rule, str] = {
    "add": "{rate} on {products}",
    "level": "{rate} all in on {products}",
    "cut": "{rate} of the duty cut on {products}",
    "floor": "at least {rate} on {products}",
    "ceiling": "at most {rate} on {products}",
}


class QuotaStep(Part):
    """One dated step of a quota."""

    from_: Day = Field(alias="from")
    """First day of this amount."""
    amount: Money
    """Customs value a year from that day on, in the currency of the file."""
    in_quota_rate: Rate | None = None
    """Rate inside the quota from that day on; unchanged if left out."""


class Quota(Part):
    """A tariff-rate quota: so much customs value a year pays a lower rate."""

    amount: Money
    """Customs value a year that pays the in-quota rate, in the currency of the file."""
    in_quota_rate: Rate = 0.0
    """Rate inside the quota, as a fraction, under the rule of the clause."""
    steps: tuple[QuotaStep, ...] = ()
    """Quota in steps: `amount` holds until the first step, then each step's from its day."""

    def on(self, day: date) -> "Quota":
        """Return the quota as it stands on a day: its amount and rate, without steps."""
        amount, rate = self.amount, self.in_quota_rate
        for step in sorted(self.steps, key=lambda step: step.from_):
            if step.from_ <= day:
                amount = step.amount
                rate = rate if step.in_quota_rate is None else step.in_quota_rate
        return Quota(amount=amount, in_quota_rate=rate)

    def scaled(self, share: float) -> "Quota":
        """Return the quota with a share of every amount."""
        steps = tuple(
            step.model_copy(update={"amount": step.amount * share}) for step in self.steps
        )
        return self.model_copy(update={"amount": self.amount * share, "steps": steps})


class SnapBack(Part):
    """A rate that comes (back) into force when a named event happens."""

    trigger: str
    """Name of the event; the clause's own rate applies until it is declared to have happened."""
    rate: Rate
    """Rate once triggered, as a fraction."""
    rule: Rule | None = None
    """Rule once triggered; the clause's own rule if left out."""


class Step(Part):
    """One dated step of a phase-in."""

    from_: Day = Field(alias="from")
    """First day of this rate."""
    rate: Rate
    """Rate from that day on, as a fraction."""
    known: Decided | None = None
    """Day on which the step was decided; known with the clause if left out."""


class Retroactive(Part):
    """A rate decided later than the day it counts from; the difference is refunded."""

    decided: Day
    """Day the rate was decided or published."""
    charged_rate: Rate
    """Rate collected at the border between `from` and the day before `decided`, as a fraction."""
    charged_rule: Rule = "add"
    """Rule of the rate collected meanwhile."""


class Rebuilt(Part):
    """How a rate that a court voids may be set anew."""

    from_: Day = Field(alias="from")
    """First day of the rate on the new basis; the day of the ruling where that is later."""
    basis: Basis
    """Legal basis it would then have. What the importer charges on it from the ruling on does not
    come on top."""


class TariffClause(ClauseBase):
    """A tariff: who charges whom, on what, how much, on what legal basis, and when."""

    phrase: ClassVar[str] = "a tariff"
    touches: ClassVar[frozenset[Engine]] = frozenset({"trade"})
    lineage: ClassVar[Mapping[Component, str]] = {"tariff": "the rate, and when it holds"}
    between: ClassVar[tuple[str, str] | None] = ("importer", "exporters")
    sets_rates: ClassVar[bool] = True

    kind: Literal["tariff"]
    """Always "tariff"."""
    importer: Region
    """Region or group that charges the tariff."""
    exporters: tuple[RegionOrAll, ...] = Field(min_length=1)
    """Regions whose goods pay it: ids of the dataset, groups, or "all"."""
    except_exporters: tuple[RegionOrAll, ...] = ()
    """Regions left out of `exporters`."""
    products: tuple[str, ...] = Field(default=("all",), min_length=1)
    """Sectors of the dataset, HS codes (2 to 10 digits), product groups, or "all" (goods)."""
    except_products: tuple[str, ...] = ()
    """Products left out of `products`."""
    rate: Rate
    """Rate as a fraction of customs value: 0.15 is 15 %."""
    rule: Rule
    """`add`: on top of the base; `level`: all-in rate; `cut`: this share of the base duty is taken
    off; `floor`: the higher of the base and this; `ceiling`: all-in rate of at most this."""
    basis: Basis = "other"
    """Legal basis. "MFN" and "FTA" change the base rate itself; the others add to it."""
    from_: Day | None = Field(default=None, alias="from")
    """First day in force; always in force before `until` if left out."""
    until: Day | None = None
    """Last day in force (inclusive); open-ended if left out."""
    end_known: Decided | None = None
    """Day on which `until` was decided; known with the clause if left out."""
    unless_basis: tuple[Basis, ...] = ()
    """Stacking exclusion: goods under a clause of one of these bases do not also pay this one."""
    preference_share: Share | None = None
    """Share of trade that claims its free-trade preference; sets the base of a floor or a level."""
    preference_rate: Rate = 0.0
    """Rate paid by the trade that claims the preference, as a fraction."""
    content_share: Share = 1.0
    """Share of customs value the rate applies to, such as the metal content or the trade that does
    not qualify for an exemption."""
    overlap: Overlap | None = None
    """How that share lies against the shares of the same goods that other clauses charge:
    `disjoint` parts add up, as the contents of two metals do; `independent` parts overlap by
    chance; `nested` parts lie in one another. If left out: disjoint under 232, else independent."""
    take_up: Share | Spread = 1.0
    """Share of the duty of the law that is collected once trade has settled: a number, or a range
    from which it is drawn, with its middle in the central case. Importers claim exemptions and
    preferences for the rest, and pay nothing on it. Not for a clause that changes the base rate,
    nor for a ceiling."""
    lag_months: Whole = 0
    """Months after `from` in which nothing is collected yet, because goods at sea are exempt. For a
    tariff that begins, not for one that follows another."""
    quota: Quota | None = None
    """Tariff-rate quota, weighted on the trade of the base year."""
    steps: tuple[Step, ...] = ()
    """Phase-in: `rate` applies until the first step, then each step's rate from its day."""
    snap_back: SnapBack | None = None
    """Rate that applies instead once its trigger is declared; inactive otherwise."""
    retroactive: Retroactive | None = None
    """Says that `from` lies before the decision: what was charged meanwhile and refunded."""
    rebuilt: Rebuilt | None = None
    """How the rate may be set anew if a ruling voids its basis, with the chance `rebuilding` of
    `[assessment]`; if left out it is not."""
    prohibitive: Flag = False
    """Accepts a rate above 1 (100 %), which is refused otherwise as a likely slip for per cent."""

    @property
    def overlap_in_law(self) -> Overlap:
        """How the clause's share lies against others: as written, or as its legal basis has it."""
        if self.overlap is not None:
            return self.overlap
        return "disjoint" if self.basis == "232" else "independent"

    @property
    def collected_share(self) -> float:
        """Share of the duty of the law that is collected once trade has settled."""
        given = self.take_up
        return float(given.quantile(np.array([0.5]))[0]) if isinstance(given, Spread) else given

    def collected_at(self, quantile: float) -> "TariffClause":
        """Return the clause with its share collected at a quantile of the range, where it has one.

        The quantile of the middle is one half.
        """
        if not isinstance(self.take_up, Spread):
            return self
        share = float(self.take_up.quantile(np.array([quantile]))[0])
        return self.model_copy(update={"take_up": share})

    @property
    def collected_from(self) -> date | None:
        """First day on which the duty is collected; None without a first day of the clause."""
        if self.from_ is None or not self.lag_months:
            return self.from_
        months = self.from_.year * 12 + self.from_.month - 1 + self.lag_months
        year, month = divmod(months, 12)
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(self.from_.day, last))

    def at_statute(self) -> "TariffClause":
        """Return the clause with all of the duty of the law collected from its first day."""
        if self.collected_share == 1.0 and not self.lag_months:
            return self
        return self.model_copy(update={"take_up": 1.0, "lag_months": 0})

    def wording(self) -> Wording:
        """Return the title of a tariff: who charges whom, how much, on what, on which basis."""
        law = "" if self.basis == "other" else " ({law})"
        return Wording(
            "{importer} on {exporters}: " + RULE_WORDS[self.rule] + law,
            {
                "importer": Regions((self.importer,)),
                "exporters": Regions(self.exporters, self.except_exporters),
                "rate": Fraction(self.rate),
                "products": Products(self.products, self.except_products),
                "law": LegalBasis(self.basis),
            },
        )

    @classmethod
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:
        """Yield unknown products, rates like per cent, idle fields, and days that run back."""
        yield from _check_coverage(place, context.world)
        yield from _check_sizes(place)
        yield from _check_idle(place)
        yield from _check_order(place)


def _check_coverage(place: Place, world: World | None) -> Iterator[Problem]:
    """Yield exporters and products that are not known, or not meant."""
    path, written = place.path, place.as_written
    importer = written.get("importer")
    for name in ("exporters", "except_exporters"):
        names = texts_of(written.get(name, []))
        if names == [importer]:
            message = f'"{importer}" is the importer itself'
            yield Problem(f"{path}.{name}", message, "name the regions whose goods pay the tariff")
    charging = () if world is None else expand_regions(texts_of(importer), world.regions)
    if world is not None and charging:
        for name in ("products", "except_products"):
            for product in texts_of(written.get(name, [])):
                wrong = explain_product(product, world, charging[0])
                if wrong is not None:
                    yield Problem(f"{path}.{name}", *wrong)


def _check_order(place: Place) -> Iterator[Problem]:
    """Yield a decision or a step before the first day of the clause."""
    path, written = place.path, place.as_written
    start = written.get("from")
    if "end_known" in written and "until" not in written:
        message = "says when an end was decided, and the clause names none"
        yield Problem(f"{path}.end_known", message, "add `until`, or delete it")
    retroactive = written.get("retroactive")
    if isinstance(retroactive, Mapping):
        where = f"{path}.retroactive.decided"
        yield from check_not_before(where, start, retroactive.get("decided"))
    quota = written.get("quota")
    stepped = {"steps": written, "quota.steps": quota if isinstance(quota, Mapping) else {}}
    for where, table in stepped.items():
        for number, step in enumerate(tables_of(table.get("steps")), start=1):
            yield from check_not_before(f"{path}.{where}[{number}].from", start, step.get("from"))


def _check_sizes(place: Place) -> Iterator[Problem]:
    """Yield rates that look like per cent, and fields that contradict each other."""
    path, written = place.path, place.as_written
    for where, value in _rates(written):
        if value > HIGHEST_PLAIN_RATE and written.get("prohibitive") is not True:
            message = f"{show_number(value)} would be a tariff of {value * 100:g} %"
            remedy = "a rate is a fraction of customs value: 0.15 is 15 %"
            remedy = remedy if value > 200 else guess_rate(value)
            yield Problem(f"{path}.{where}", message, remedy)
    if written.get("rule") == "cut":
        yield from _check_cut(place)
    if written.get("basis") in texts_of(written.get("unless_basis", [])):
        message = f'"{written["basis"]}" is the clause\'s own basis'
        remedy = "a clause cannot exclude itself; use `except_products` for goods of another clause"
        yield Problem(f"{path}.unless_basis", message, remedy)
    if "preference_share" in written and written.get("rule") in ("add", "cut", "ceiling"):
        message = f'has no effect under rule = "{written["rule"]}"'
        yield Problem(f"{path}.preference_share", message, "delete it, or use floor or level")


def _check_cut(place: Place) -> Iterator[Problem]:
    """Yield a cut of anything but the base duty, and one of more than all of it."""
    path, written = place.path, place.as_written
    if written.get("basis") not in BASE_CHANGING:
        message = 'rule = "cut" takes a share off the base duty, which this basis does not change'
        yield Problem(f"{path}.rule", message, 'write basis = "FTA", or "MFN" if it is for all')
    for where, value in _rates(written):
        if not 0 <= value <= 1:
            message = f"{show_number(value)} is not a share of the duty"
            yield Problem(f"{path}.{where}", message, "0.4 takes four tenths of the duty off")


def _check_idle(place: Place) -> Iterator[Problem]:
    """Fields of a tariff that its rule or its legal basis gives no meaning to."""
    path, written = place.path, place.as_written
    rules = [written.get("rule")]
    for name, key in (("snap_back", "rule"), ("retroactive", "charged_rule")):
        table = written.get(name)
        rules += [table.get(key)] if isinstance(table, Mapping) else []
    basis = written.get("basis")
    if written.get("unless_basis") and basis in BASE_CHANGING:
        message = f'has no effect on the basis "{basis}", which changes the base rate itself'
        remedy = "delete it, and leave the goods out with `except_products`"
        yield Problem(f"{path}.unless_basis", message, remedy)
    elif written.get("unless_basis") and "ceiling" in rules:
        message = 'has no effect under rule = "ceiling", which only caps'
        remedy = "delete it, and put it on the clauses that the ceiling caps"
        yield Problem(f"{path}.unless_basis", message, remedy)
    for name in ("take_up", "lag_months"):
        if name in written and (basis in BASE_CHANGING or "ceiling" in rules):
            message = "has no effect on a clause that changes the base rate, or that only caps"
            yield Problem(f"{path}.{name}", message, "delete it, and put it on what adds a duty")
    if written.get("lag_months") and "from" not in written:
        message = "counts from the first day in force, and the clause names none"
        yield Problem(f"{path}.lag_months", message, "add `from`, or delete it")
    rebuilt = written.get("rebuilt")
    if isinstance(rebuilt, Mapping) and rebuilt.get("basis") == basis:
        message = f'"{basis}" is the basis that would have fallen'
        yield Problem(f"{path}.rebuilt.basis", message, "name the law it would be set anew under")
    if "quota" in written and "ceiling" in rules:
        message = 'has no effect under rule = "ceiling", which only caps'
        remedy = "delete it, and put it on the clause that the ceiling caps, or use level or floor"
        yield Problem(f"{path}.quota", message, remedy)


def _rates(written: Written) -> Iterator[tuple[str, float]]:
    """Every rate of a tariff as written, with its place in the clause."""
    tables: list[tuple[str, Any, str]] = [
        ("rate", written, "rate"),
        ("preference_rate", written, "preference_rate"),
        ("quota.in_quota_rate", written.get("quota"), "in_quota_rate"),
        ("snap_back.rate", written.get("snap_back"), "rate"),
        ("retroactive.charged_rate", written.get("retroactive"), "charged_rate"),
    ]
    for number, step in enumerate(tables_of(written.get("steps")), start=1):
        tables.append((f"steps[{number}].rate", step, "rate"))
    quota = written.get("quota")
    stages = quota.get("steps") if isinstance(quota, Mapping) else None
    for number, step in enumerate(tables_of(stages), start=1):
        tables.append((f"quota.steps[{number}].in_quota_rate", step, "in_quota_rate"))
    for where, table, key in tables:
        value = as_number(table.get(key)) if isinstance(table, Mapping) else None
        if value is not None:
            yield where, value
