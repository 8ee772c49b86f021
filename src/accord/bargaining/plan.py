"""The input of the bargaining engine: parties, payoffs without agreement, packages or terms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol, runtime_checkable

import numpy as np

from accord.core.arrays import Float, frozen
from accord.core.errors import InputError, Problem
from accord.core.words import counted

Party = Float[np.ndarray, " party"]
Term = Float[np.ndarray, " term"]
PackageParty = Float[np.ndarray, "package party"]


@runtime_checkable
class Payoffs(Protocol):
    """What each party gets from terms. Any object with these two methods will do.

    Payoffs should be smooth in the terms: the optimality of a solution is checked with the
    gradient. A point at which they do not exist (an equilibrium that was not found) gives NaN.
    """

    def value(self, terms: Term, /) -> Party:
        """Return the payoff of each party."""

    def gradient(self, terms: Term, /) -> Float[np.ndarray, "party term"]:
        """Return the derivative of each payoff with respect to each term."""


@dataclass(frozen=True, eq=False)
class DifferencedPayoffs:
    """Payoffs of a function without a gradient, which is taken by differences.

    Differences are central and never leave the bounds; `gradient` costs two values for each term.

    Attributes:
        function: Payoff of each party at given terms.
        low: Lowest value of each term.
        high: Highest value of each term.
        step: Length of a difference over the range of a term. For a function exact to `e`, about
            the cube root of `e` is best.
    """

    function: Callable[[Any], Any]
    low: Term
    high: Term
    step: float = 1e-5

    def value(self, terms: Term, /) -> Party:
        """Return the payoff of each party."""
        return np.asarray(self.function(terms), dtype=np.float64)

    def gradient(self, terms: Term, /) -> Float[np.ndarray, "party term"]:
        """Return the derivative of each payoff with respect to each term, by differences."""
        columns = []
        for at, width in enumerate(self.step * (self.high - self.low)):
            above, below = terms.copy(), terms.copy()
            above[at] = min(terms[at] + width, self.high[at])
            below[at] = max(terms[at] - width, self.low[at])
            columns.append((self.value(above) - self.value(below)) / (above[at] - below[at]))
        return np.stack(columns, axis=1)


@dataclass(frozen=True, eq=False)
class Packages:
    """Agreements to choose from.

    Attributes:
        names: Label of each package.
        payoffs: What each party gets.
        draws: The same under each draw of what is uncertain, with common random numbers.
        disagreement_draws: What each party has without an agreement under the same draws; None
            where that is certain.
    """

    names: tuple[str, ...]
    payoffs: PackageParty
    draws: Float[np.ndarray, "draw package party"] | None = None
    disagreement_draws: Float[np.ndarray, "draw party"] | None = None


@dataclass(frozen=True, eq=False)
class Terms:
    """Terms that may move between bounds.

    Attributes:
        names: Label of each term.
        low: Lowest value of each.
        high: Highest value of each.
        payoffs: What each party gets from them.
    """

    names: tuple[str, ...]
    low: Term
    high: Term
    payoffs: Payoffs


@dataclass(frozen=True, eq=False)
class BargainingProblem:
    """Parties, their payoffs without an agreement, and either packages or terms.

    Build one with `from_packages` or `from_terms`, which take lists and check everything.

    Attributes:
        parties: Labels of the parties.
        disagreement: Payoff of each party if they do not agree.
        packages: The agreements to choose from; None if terms move.
        terms: The terms that move; None if there are packages.
    """

    parties: tuple[str, ...]
    disagreement: Party
    packages: Packages | None = None
    terms: Terms | None = None

    def __post_init__(self) -> None:
        """Check what no single field shows.

        Raises:
            InputError: With everything wrong.
        """
        problems = _check_names("parties", self.parties)
        if len(self.parties) < 2:
            problems.append(Problem("parties", "fewer than two", "Bargaining takes two or more"))
        count = len(self.parties)
        problems += _check_shape("disagreement", self.disagreement, (count,))
        if (self.packages is None) == (self.terms is None):
            remedy = "Use from_packages or from_terms"
            problems.append(Problem("problem", "needs packages or terms, not both", remedy))
        if self.packages is not None:
            problems += _check_packages(self.packages, count)
        if self.terms is not None:
            problems += _check_terms(self.terms)
        if problems:
            raise InputError(problems, "the bargaining problem")

    @classmethod
    def from_packages(
        cls,
        payoffs: Any = None,
        disagreement: Any = None,
        *,
        parties: Sequence[str] | None = None,
        names: Sequence[str] | None = None,
        draws: Any = None,
        disagreement_draws: Any = None,
    ) -> "BargainingProblem":
        """Return the problem of choosing among packages.

        Args:
            payoffs: Payoffs [package, party]; left out, the means of `draws`.
            disagreement: Payoffs without an agreement; left out, the means of
                `disagreement_draws`.
            parties: Labels; "1", "2", … by default.
            names: Labels of the packages; "1", "2", … by default.
            draws: Payoffs [draw, package, party] with common random numbers.
            disagreement_draws: Payoffs without an agreement [draw, party] under the same draws.

        Raises:
            InputError: With everything wrong.
        """
        problems: list[Problem] = []
        given = {
            "payoffs": payoffs, "disagreement": disagreement, "draws": draws,
            "disagreement_draws": disagreement_draws,
        }  # fmt: skip
        arrays = {name: _read(name, value, problems) for name, value in given.items()}
        for name, source in (("payoffs", "draws"), ("disagreement", "disagreement_draws")):
            if given[name] is not None:
                continue
            pool = arrays[source]
            if pool is not None and pool.ndim > 1 and len(pool):
                arrays[name] = frozen(pool.mean(axis=0))
            elif given[source] is None:
                problems.append(Problem(name, "is missing", f"Give it, or {source}"))
        table, point = arrays["payoffs"], arrays["disagreement"]
        if table is not None and table.ndim != 2:
            remedy = "Give one row for each package, one column for each party"
            problems.append(Problem("payoffs", f"has {table.ndim} axes, not 2", remedy))
        elif table is not None:
            problems += _check_draws(arrays, table.shape)
        if problems or table is None or point is None:
            raise InputError(problems, "the bargaining problem")
        packages = Packages(
            _label(names, len(table)), table, arrays["draws"], arrays["disagreement_draws"]
        )
        return cls(_label(parties, table.shape[1]), point, packages=packages)

    @classmethod
    def from_terms(
        cls,
        payoffs: Payoffs | Callable[[Any], Any],
        bounds: Any,
        disagreement: Any,
        *,
        parties: Sequence[str] | None = None,
        names: Sequence[str] | None = None,
    ) -> "BargainingProblem":
        """Return the problem of choosing terms within bounds.

        Args:
            payoffs: Payoffs with gradient (see `Payoffs`), or a plain function of the terms, whose
                gradient is taken by differences.
            bounds: Lowest and highest value of each term [term, 2].
            disagreement: Payoffs without an agreement.
            parties: Labels; "1", "2", … by default.
            names: Labels of the terms; "1", "2", … by default.

        Raises:
            InputError: With everything wrong.
        """
        problems: list[Problem] = []
        box = _read("bounds", bounds, problems)
        point = _read("disagreement", disagreement, problems)
        if box is not None and (box.ndim != 2 or box.shape[1] != 2):
            remedy = "Give the lowest and the highest value of each term"
            problems.append(Problem("bounds", f"has shape {box.shape}, not (terms, 2)", remedy))
        given: Any = payoffs
        if not isinstance(given, Payoffs) and not callable(given):
            remedy = "Give a function of the terms, or an object with value and gradient"
            problems.append(Problem("payoffs", "is no function", remedy))
        if problems or box is None or point is None:
            raise InputError(problems, "the bargaining problem")
        low, high = frozen(box[:, 0]), frozen(box[:, 1])
        if not isinstance(payoffs, Payoffs):
            payoffs = DifferencedPayoffs(payoffs, low, high)
        terms = Terms(_label(names, len(low)), low, high, payoffs)
        return cls(_label(parties, point.size), point, terms=terms)


def corners(count: int) -> Float[np.ndarray, "corner term"]:
    """Return the corners of the unit box."""
    return np.array(list(product((0.0, 1.0), repeat=count)))


def _label(names: Sequence[str] | None, count: int) -> tuple[str, ...]:
    return tuple(str(at + 1) for at in range(count)) if names is None else tuple(names)


def _read(name: str, value: Any, problems: list[Problem]) -> np.ndarray | None:
    """Return an array of numbers, or None after a note of why it is none."""
    if value is None:
        return None
    try:
        array = frozen(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        remedy = "Give an array, or lists of numbers of equal length"
        problems.append(Problem(name, "is no table of numbers", remedy))
        return None
    wrong = int((~np.isfinite(array)).sum())
    if wrong:
        problems.append(Problem(name, f"{counted(wrong)} not finite", "Fill or drop them"))
    return array


def _check_names(path: str, names: tuple[str, ...]) -> list[Problem]:
    twice = sorted({name for name in names if names.count(name) > 1})
    return [Problem(path, f'"{name}" is given twice', "Rename one") for name in twice]


def _check_shape(path: str, array: np.ndarray, shape: tuple[int, ...]) -> list[Problem]:
    if array.shape == shape:
        return []
    return [Problem(path, f"has shape {array.shape}, not {shape}")]


def _check_packages(packages: Packages, parties: int) -> list[Problem]:
    problems = _check_names("packages", packages.names)
    count = len(packages.payoffs)
    if not count:
        problems.append(Problem("payoffs", "no package", "Give at least one"))
    if len(packages.names) != count:
        problems.append(Problem("names", f"{len(packages.names)} names for {count} packages"))
    problems += _check_shape("payoffs", packages.payoffs, (count, parties))
    return problems


def _check_draws(arrays: dict[str, np.ndarray | None], shape: tuple[int, ...]) -> list[Problem]:
    """Return what is wrong with draws of packages of a shape, and of no agreement."""
    draws, none = arrays["draws"], arrays["disagreement_draws"]
    if draws is None and none is None:
        return []
    if draws is None:
        remedy = "Draw the packages too, with the same random numbers"
        return [Problem("disagreement_draws", "without draws of the packages", remedy)]
    problems = _check_shape("draws", draws, (*draws.shape[:1], *shape))
    if not draws.size:
        problems.append(Problem("draws", "no draw", "Give at least one, or leave draws out"))
    if none is not None:
        problems += _check_shape("disagreement_draws", none, (*draws.shape[:1], *shape[1:]))
    return problems


def _check_terms(terms: Terms) -> list[Problem]:
    problems = _check_names("terms", terms.names)
    if not len(terms.low):
        problems.append(Problem("bounds", "no term", "Give at least one"))
    if len(terms.names) != len(terms.low):
        problems.append(Problem("names", f"{len(terms.names)} names for {len(terms.low)} terms"))
    for name, low, high in zip(terms.names, terms.low, terms.high, strict=False):
        if not low < high:
            problems.append(
                Problem(f"bounds.{name}", f"{low:g} is not below {high:g}",
                        "Give the lowest value first; leave out a term that cannot move")
            )  # fmt: skip
    return problems
