"""The desk: a thread that works out exact figures, and estimates of moved terms until then."""

import logging
import queue
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.assessment.names import find_unknown
from accord.assessment.settings import AssessSettings
from accord.core.arrays import Float
from accord.core.errors import AccordError, InputError
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.terms.entries import TermEntry
from accord.deal.terms.terms import current_terms, terms_of
from accord.web.desk.estimates import Estimate, TermCurve, estimate, places_of
from accord.web.desk.recent import Components, PricedDeal, Recent
from accord.web.drafts.draft import Draft
from accord.web.memory import give_back

if TYPE_CHECKING:
    from accord.assessment.bargain.concession_prices import ConcessionPrices
    from accord.assessment.facade import Assessment
    from accord.web.desk.pricing import Pricing

LOG = logging.getLogger("accord.web.desk")
PATIENCE = 10.0  # seconds after which a question that nobody asks again is dropped
IDLE = 10.0  # seconds without a question after which memory is given back
EXACT, CURVE = 0, 1  # what comes first


@dataclass(frozen=True, eq=False)
class Figures:
    """Central figures of a package.

    Attributes:
        priced: The deal.
        package: Name of the package.
        components: What adds up to the payoff, by component and region, bn USD of present value.
        error: About how far an estimate is off, by region; None where figures are exact.
    """

    priced: PricedDeal
    package: str
    components: Components
    error: np.ndarray | None = None

    def payoff(self, region: str) -> float:
        """Return the payoff of a region over no deal, bn USD of present value."""
        return float(self.components[:, self._at(region)].sum())

    def parts(self, region: str) -> list[float]:
        """Return what adds up to the payoff of a region, in the order of `COMPONENTS`."""
        return [float(value) for value in self.components[:, self._at(region)]]

    def error_of(self, region: str) -> float | None:
        """Return about how far an estimate is off for a region, bn USD; None for exact figures."""
        return None if self.error is None else float(self.error[self._at(region)])

    def _at(self, region: str) -> int:
        return self.priced.regions.index(region)


@dataclass(eq=False)
class Anchor:
    """A package of a draft, and what its terms do, as far as it is known.

    Attributes:
        priced: The deal.
        package: Name of the package.
        entries: Its terms.
        now: Their values.
        curves: What each does; filled while the page is open.
    """

    priced: PricedDeal
    package: str
    entries: tuple[TermEntry, ...]
    now: dict[str, float]
    curves: dict[str, TermCurve] = field(default_factory=dict)


@dataclass(order=True)
class _Task:
    first: tuple[int, float]
    number: int
    key: Any = field(compare=False)
    work: Any = field(compare=False)


class Desk:
    """Figures of drafts: what is known at once, and a thread that works out the rest."""

    def __init__(self, settings: AssessSettings, *, curves: bool = True) -> None:
        """Start nothing yet: the thread begins with the first question.

        Args:
            settings: As for an assessment.
            curves: Whether to work out what terms do while a page is open.
        """
        self.settings = settings
        self.with_curves = curves
        self._lock = threading.RLock()  # one solve at a time
        self._opening = threading.RLock()  # one deal read at a time
        self._deals: Recent[PricedDeal] = Recent(64)
        self._known: Recent[Components] = Recent(2000)
        self._failed: Recent[AccordError] = Recent(200)
        self._anchors: Recent[Anchor] = Recent(24)
        self._assessed: Recent[Assessment] = Recent(1)
        self._wrong: Recent[bool] = Recent(200)
        self._asked: dict[Any, float] = {}
        self._tasks: queue.PriorityQueue[_Task] = queue.PriorityQueue()
        self._numbers = count()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    @cached_property
    def _pricing(self) -> "Pricing":
        from accord.web.desk.pricing import Pricing

        return Pricing(self.settings, self._load)

    def _load(self) -> World:
        from accord.data.store import load_world

        return load_world()

    def whole_world(self) -> World:
        """Return the default world."""
        return self._load()

    @contextmanager
    def assessed(self, draft: Draft) -> "Iterator[Assessment]":
        """Yield the assessment of a draft without draws; nobody else solves meanwhile.

        Raises:
            InputError: Anything in it is wrong.
            SolveError: An equilibrium was not found.
        """
        from accord.assessment.assess import assess

        priced = self.open(draft)
        settings = replace(self.settings, draws=0)
        with self._lock:
            yield self._assessed.make(
                draft.key, lambda: assess(priced.deal, world=priced.world, settings=settings)
            )

    def price_terms(self, priced: PricedDeal, package: str) -> "ConcessionPrices":
        """Return what one step of each term of a package is worth to each party.

        Raises:
            InputError: The package has no terms, or there is no such package.
        """
        from accord.assessment.bargain.concession_prices import price_terms
        from accord.assessment.bargain.movable_package import make_movable

        if package not in priced.offers:
            raise InputError(find_unknown("package", package, priced.offers), "the request")

        def payoff(deal: Deal, name: str) -> Float[np.ndarray, " region"]:
            with self._lock:
                return np.asarray(self._pricing.components(priced, deal, name).sum(axis=0))

        return price_terms(make_movable(priced.deal, package, payoff, priced.world))

    def warm(self, draft: Draft) -> None:
        """Load world, engines and the figures of a draft in the background."""
        self._put(EXACT, ("warm", draft.key), lambda: self._warm(draft))

    def _warm(self, draft: Draft) -> None:
        priced = self.open(draft)
        self.anchor(priced, priced.deal.focus)
        for name in priced.offers:
            self.work_out(priced, name)

    def open(self, draft: Draft) -> PricedDeal:
        """Return a draft as a deal in its world.

        Raises:
            InputError: Anything in it is wrong; all problems at once.
        """
        known = self._deals.get(draft.key)
        if known is None:
            with self._opening:
                known = self._deals.make(draft.key, lambda: self._pricing.open(draft))
        return known

    def known(self, priced: PricedDeal, package: str) -> Figures | None:
        """Return the exact figures of a package if they were worked out before.

        Raises:
            AccordError: They were looked for, and there are none.
        """
        key = _key(priced.draft, package)
        failed = self._failed.get(key)
        if failed is not None:
            raise failed
        components = self._known.get(key)
        return None if components is None else Figures(priced, package, components)

    def known_of(self, draft: Draft, package: str) -> Figures | None:
        """Return exact figures of a package of a draft that is open; None if they are not known."""
        priced = self._deals.get(draft.key)
        components = self._known.get(_key(draft, package))
        if priced is None or components is None:
            return None
        return Figures(priced, package, components)

    def anchor_of(self, draft: Draft, package: str) -> Anchor | None:
        """Return a package with its terms if its page is open."""
        return self._anchors.get((draft.key, package))

    def ask(self, priced: PricedDeal, package: str) -> Figures | None:
        """Return exact figures if they are known; otherwise have them worked out."""
        figures = self.known(priced, package)
        if figures is None:
            key = _key(priced.draft, package)
            new = key not in self._asked
            self._asked[key] = time.monotonic()
            if new:
                self._put(EXACT, key, lambda: self.work_out(priced, package))
        return figures

    def ask_later(self, draft: Draft, package: str) -> bool:
        """Return whether a package of a draft has exact figures, or none for good.

        Nothing is read or solved here: what is not known is left to the thread.
        """
        key = _key(draft, package)
        if self._wrong.get(draft.key) or self._failed.get(key) is not None:
            return True
        if self._deals.get(draft.key) is not None and self._known.get(key) is not None:
            return True
        new = key not in self._asked
        self._asked[key] = time.monotonic()
        if new:
            self._put(EXACT, key, lambda: self._open_and_work(draft, package))
        return False

    def _open_and_work(self, draft: Draft, package: str) -> None:
        try:
            priced = self.open(draft)
        except AccordError:
            self._wrong.put(draft.key, True)
            raise
        self.work_out(priced, package)

    def work_out(self, priced: PricedDeal, package: str, deal: Deal | None = None) -> Figures:
        """Return exact figures of a package, worked out now if they are not known.

        Raises:
            AccordError: There are none.
        """
        key = _key(priced.draft, package)
        with self._lock:
            figures = self.known(priced, package)
            if figures is not None:
                return figures
            try:
                solved = self._pricing.components(priced, deal or priced.deal, package)
            except AccordError as error:
                self._failed.put(key, error)
                raise
            self._known.put(key, solved)
            return Figures(priced, package, solved)

    def anchor(self, priced: PricedDeal, package: str) -> Anchor:
        """Return a package with its terms; what they do is worked out in the background."""
        key = (priced.draft.key, package)
        known = self._anchors.get(key)
        if known is not None:
            return known
        entries = terms_of(priced.deal, package)
        anchor = Anchor(priced, package, entries, current_terms(priced.deal, package))
        self._anchors.put(key, anchor)
        if self.with_curves:
            for entry in entries:
                if entry.low < entry.high:
                    self._plan_curve(anchor, entry)
        return anchor

    def estimate(self, anchor: Anchor, moved: Mapping[str, float]) -> Estimate | None:
        """Return estimated figures at moved terms; None where too little is known yet."""
        base = self.known(anchor.priced, anchor.package)
        if base is None:
            return None
        return estimate(base.components, anchor.now, anchor.curves, moved)

    def _plan_curve(self, anchor: Anchor, entry: TermEntry) -> None:
        """Have what a term does worked out, a value at a time, so that others need not wait."""
        now = anchor.now[entry.name]
        places = places_of(entry, now)
        solved: list[Components] = []

        def solve_next() -> None:
            if not self._anchors.keeps(_key(anchor.priced.draft, anchor.package), anchor):
                return  # its page was left for others
            value = places[len(solved)]
            if value == now:
                solved.append(self.work_out(anchor.priced, anchor.package).components)
            else:
                deal = anchor.priced.deal.vary({entry.name: value}, package=anchor.package)
                with self._lock:
                    solved.append(self._pricing.components(anchor.priced, deal, anchor.package))
            if len(solved) < len(places):
                self._put(CURVE, (anchor, entry.name), solve_next)
            else:
                anchor.curves[entry.name] = TermCurve(np.array(places), np.stack(solved))

        self._put(CURVE, (anchor, entry.name), solve_next)

    def _put(self, rank: int, key: Any, work: Any) -> None:
        number = next(self._numbers)
        # Of exact figures the newest question comes first; curves come in their order.
        turn = -float(number) if rank == EXACT else float(number)
        self._tasks.put(_Task((rank, turn), number, key, work))
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="desk", daemon=True)
                self._thread.start()

    def _rest(self) -> None:
        """Give memory back while nobody asks."""
        with self._lock:
            self._pricing.rest()
            self._assessed = Recent(1)
        give_back()

    def _run(self) -> None:
        while True:
            try:
                task = self._tasks.get(timeout=IDLE)
            except queue.Empty:
                self._rest()
                task = self._tasks.get()
            asked = self._asked.pop(task.key, None) if task.first[0] == EXACT else None
            if asked is not None and time.monotonic() - asked > PATIENCE:
                continue
            try:
                task.work()
            except AccordError as error:
                LOG.info("no figures: %s", error)
            except Exception:
                LOG.exception("a fault at the desk")


def _key(draft: Draft, package: str) -> tuple[tuple[str, str], str]:
    return draft.key, package
