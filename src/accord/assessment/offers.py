"""A package with terms that move, as a function of a vector: what it is worth to each party."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from accord.assessment.surrogate import Emulation, SurrogateConfig
from accord.bargaining.problem import Party, Term
from accord.core.errors import InputError, Problem
from accord.core.words import suggest
from accord.data.world import World
from accord.deal.deal import Deal
from accord.deal.term_entries import TermEntry
from accord.deal.terms import apply_terms, current_terms, terms_of

Evaluate = Callable[[Mapping[str, float]], Party]
Payoff = Callable[[Deal, str], Float[np.ndarray, " region"]]
TARIFF = "tariff"


@dataclass(frozen=True, eq=False)
class Offer:
    """A package of a deal whose terms may move.

    Attributes:
        package: Its name.
        parties: Whose payoffs count, in order.
        entries: The terms that move.
        base: What they are in the package.
        evaluate: Payoff of each party over no deal at given terms, bn USD.
    """

    package: str
    parties: tuple[str, ...]
    entries: tuple[TermEntry, ...]
    base: Term
    evaluate: Evaluate

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
        return self.evaluate(dict(zip(self.names, map(float, terms), strict=True)))

    def emulate(self, config: SurrogateConfig | None = None) -> Emulation:
        """Return the start of a surrogate; tariffs and money are tried as terms that only add."""
        tariffs = [entry.where.get("kind") == TARIFF for entry in self.entries]
        groups = tuple(
            tuple(at for at, tariff in enumerate(tariffs) if tariff is kind)
            for kind in (True, False)
            if kind in tariffs
        )
        config = config or SurrogateConfig()
        return Emulation(self.at, self.names, self.bounds, self.base, groups, config)


def make_offer(
    deal: Deal,
    package: str,
    payoff: Payoff,
    world: World,
    *,
    names: Sequence[str] | None = None,
) -> Offer:
    """Return a package of a deal with its terms, or those named.

    Args:
        deal: The deal.
        package: Name of the package.
        payoff: Payoff of a package of a (changed) deal against no deal by region of the world.
        world: Says where the parties are among the regions.
        names: The terms that move; all that the package has if left out.

    Raises:
        InputError: The package has no terms, or some are not known; all at once.
    """
    known = {entry.name: entry for entry in terms_of(deal, package)}
    entries = tuple(known[name] for name in names or known if name in known)
    problems = _find_unknown(package, tuple(known), names or ())
    if problems:
        raise InputError(problems, "the terms")
    now = current_terms(deal, package)
    places = [world.regions.index(party) for party in deal.parties]

    def evaluate(values: Mapping[str, float]) -> Party:
        return np.asarray(payoff(apply_terms(deal, package, values), package)[places])

    base = np.array([now[entry.name] for entry in entries])
    return Offer(package, deal.parties, entries, base, evaluate)


def _find_unknown(package: str, known: tuple[str, ...], names: Sequence[str]) -> list[Problem]:
    if not known:
        message = "has no terms that may move"
        return [Problem(package, message, "add a [[terms.term]] to the deal file")]
    problems = []
    for name in names:
        if name not in known:
            meant = suggest(name, known)
            hint = f"did you mean {meant}?" if meant else f"known: {', '.join(known)}"
            problems.append(Problem("terms", f"{name!r} is not a term of {package}", hint))
    return problems
