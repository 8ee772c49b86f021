"""A package with terms that move: its payoff to each party as a function of the terms."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from accord.assessment.snapshot.finance import solve_package_finance
from accord.bargaining.plan import Party, Term
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.numerics.surrogate import Emulation, Rough, SurrogateConfig
from accord.core.words import propose
from accord.data.world import World
from accord.deal.clauses.registry import CLAUSES
from accord.deal.deal import Deal
from accord.deal.terms.entries import TermEntry
from accord.deal.terms.terms import apply_terms, current_terms, terms_of
from accord.finance.config import FinanceConfig
from accord.finance.solution import HOST, PAYER
from accord.lowering.roles import party_of, region_axis

Evaluate = Callable[[Mapping[str, float]], Party]
Payoff = Callable[[Deal, str], Float[np.ndarray, " region"]]
Announce = Callable[[Iterable[Deal], str], None]
SCREEN = 0.02


@dataclass(frozen=True, eq=False)
class MovablePackage:
    """A package of a deal whose terms may move.

    Attributes:
        package: Its name.
        parties: Whose payoffs count, in order.
        entries: The terms that move.
        base: What they are in the package.
        evaluate: Payoff of each party over no deal at given terms, bn USD.
        money: Value of the money alone to each party on the mean path, bn USD: cheap, and moves
            much as the payoffs do; None if not known.
        ahead: Told which terms will be evaluated next; None if nothing can be done ahead.
    """

    package: str
    parties: tuple[str, ...]
    entries: tuple[TermEntry, ...]
    base: Term
    evaluate: Evaluate
    money: Evaluate | None = None
    ahead: Callable[[Sequence[Mapping[str, float]]], None] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the terms."""
        return tuple(entry.name for entry in self.entries)

    @property
    def bounds(self) -> Float[np.ndarray, "term 2"]:
        """Lowest and highest value of each term."""
        return np.array([[entry.low, entry.high] for entry in self.entries], dtype=np.float64)

    def at(self, terms: Term) -> Party:
        """Return the payoffs at a vector of terms, bn USD."""
        return self.evaluate(self._named(terms))

    def announce(self, places: Sequence[Term] | Float[np.ndarray, "place term"]) -> None:
        """Say which terms will be evaluated next, so that part of it can be done meanwhile."""
        if self.ahead is not None:
            self.ahead([self._named(place) for place in places])

    def _named(self, terms: Term) -> dict[str, float]:
        return dict(zip(self.names, map(float, terms), strict=True))

    def only(self, places: Sequence[int]) -> "MovablePackage":
        """Return the same package with only some terms that move; the others stay as they are."""
        entries = tuple(self.entries[at] for at in places)
        return replace(self, entries=entries, base=self.base[list(places)])

    def emulate(self, config: SurrogateConfig | None = None) -> Emulation:
        """Return the start of a surrogate; rates and money are tried as terms that only add."""
        kinds = [CLAUSES.get(str(entry.where.get("kind"))) for entry in self.entries]
        tariffs = [kind is not None and kind.sets_rates for kind in kinds]
        groups = tuple(
            tuple(at for at, tariff in enumerate(tariffs) if tariff is kind)
            for kind in (True, False)
            if kind in tariffs
        )
        config = config or SurrogateConfig()
        money, rough = self.money, None
        paid = tuple(at for at, tariff in enumerate(tariffs) if not tariff)
        if money is not None and paid:
            rough = Rough(lambda terms: money(self._named(terms)), paid)
        return Emulation(
            self.at, self.names, self.bounds, self.base, groups, rough, config, self.announce
        )  # fmt: skip


def make_movable(
    deal: Deal,
    package: str,
    payoff: Payoff,
    world: World,
    *,
    names: Sequence[str] | None = None,
    announce: Announce | None = None,
) -> MovablePackage:
    """Return a package of a deal with its terms, or those named.

    Args:
        deal: The deal.
        package: Name of the package.
        payoff: Payoff of a package of a (changed) deal against no deal by region of the world.
        world: Says where the parties are among the regions.
        names: The terms that move; all that the package has if left out.
        announce: Told which copies of the deal will be asked for next; None if nothing can be done
            ahead.

    Raises:
        InputError: The package has no terms, or some are not known; all at once.
    """
    known = {entry.name: entry for entry in terms_of(deal, package)}
    entries = tuple(known[name] for name in names or known if name in known)
    problems = _find_unknown(package, tuple(known), names or ())
    if problems:
        raise InputError(problems, "the terms")
    now = current_terms(deal, package)
    regions = region_axis(deal, world)
    places = [regions.index(party) for party in deal.parties]

    valued: dict[frozenset[tuple[str, float]], Party] = {}

    def evaluate(values: Mapping[str, float]) -> Party:
        key = _moved(values, now)
        if key not in valued:
            valued[key] = np.asarray(payoff(apply_terms(deal, package, values), package)[places])
        return valued[key]

    base = np.array([now[entry.name] for entry in entries])

    def money(values: Mapping[str, float]) -> Party:
        return _value_money(apply_terms(deal, package, values), package)

    def ahead(wanted: Sequence[Mapping[str, float]]) -> None:
        if announce is not None:
            new = [values for values in wanted if _moved(values, now) not in valued]
            announce([apply_terms(deal, package, values) for values in new], package)

    return MovablePackage(package, deal.parties, entries, base, evaluate, money, ahead)


def _moved(values: Mapping[str, float], now: Mapping[str, float]) -> frozenset[tuple[str, float]]:
    """Return the terms that are not as they are in the package, and what they are."""
    return frozenset((name, value) for name, value in values.items() if value != now[name])


def _value_money(deal: Deal, package: str) -> Party:
    """Return what the money of a package is worth to each party on the mean path, bn USD."""
    worth = dict.fromkeys(deal.parties, 0.0)
    for pair_finance in solve_package_finance(deal, [package], FinanceConfig(0)):
        for name, side in ((pair_finance.pair.payer, PAYER), (pair_finance.pair.host, HOST)):
            party = party_of(name, deal.parties)
            if party in worth:
                worth[party] += float(pair_finance.solution.value.npv[side].mean())
    return np.array([worth[party] for party in deal.parties])


def screen(
    movable: MovablePackage, share: float = SCREEN
) -> tuple[MovablePackage, tuple[TermEntry, ...]]:
    """Return a package with the terms that matter, and those that hardly do.

    A term hardly matters if neither bound moves a payoff by more than a share of what the bounds
    of all terms move it; of all that hardly matter the bounds were evaluated.

    Args:
        movable: The package and its terms.
        share: Of the range of each payoff over all bounds.
    """
    now = movable.at(movable.base)
    ends = np.tile(movable.base, (len(movable.base), 2, 1))
    for at, bounds in enumerate(movable.bounds):
        ends[at, :, at] = bounds
    movable.announce(ends.reshape(-1, len(movable.base)))
    table = np.array([[movable.at(place) - now for place in places] for places in ends])
    ranges = np.maximum(table.max(axis=(0, 1)), 0.0) - np.minimum(table.min(axis=(0, 1)), 0.0)
    size = np.where(ranges > 0, ranges, 1.0)
    matters = (np.abs(table) / size).max(axis=(1, 2)) > share
    if not matters.any():
        return movable, ()
    idle = tuple(entry for entry, kept in zip(movable.entries, matters, strict=True) if not kept)
    return movable.only([int(at) for at in np.flatnonzero(matters)]), idle


def _find_unknown(package: str, known: tuple[str, ...], names: Sequence[str]) -> list[Problem]:
    if not known:
        message = "has no terms that may move"
        return [Problem(package, message, "add a [[terms.term]] to the deal file")]
    return [
        Problem("terms", f"{name!r} is not a term of {package}", propose(name, known))
        for name in names
        if name not in known
    ]
