"""What each coalition of parties can secure for itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from accord.core.arrays import Float, frozen
from accord.core.errors import InputError, Problem
from accord.core.words import propose

MOST_PARTIES = 12  # 4,096 coalitions, each a row of a linear program

Worth = Float[np.ndarray, " coalition"]


@dataclass(frozen=True, eq=False)
class CoalitionGame:
    """What each coalition of parties can secure for itself, in a unit that can be transferred.

    Attributes:
        parties: Labels.
        worth: Worth of each coalition; party `i` is in coalition `s` if bit `i` of `s` is set, so
            that `worth[0]` is nobody's, zero, and the last one everybody's.
    """

    parties: tuple[str, ...]
    worth: Worth

    def __post_init__(self) -> None:
        """Check sizes and numbers.

        Raises:
            InputError: With everything wrong.
        """
        count, problems = len(self.parties), []
        if not 2 <= count <= MOST_PARTIES:
            message = f"{count} parties are outside 2 to {MOST_PARTIES}"
            problems.append(Problem("parties", message, "Let groups of parties act as one"))
        elif self.worth.shape != (2**count,):
            message = f"has shape {self.worth.shape}, not ({2**count},)"
            problems.append(Problem("worth", message, "One number for every set of parties"))
        elif not np.isfinite(self.worth).all():
            problems.append(Problem("worth", "is not finite everywhere", "Fill what is missing"))
        elif self.worth[0] != 0:
            problems.append(Problem("worth", "of nobody is not zero", "Subtract it from all"))
        problems += [
            Problem("parties", f'"{name}" is given twice', "Rename one")
            for name in sorted({party for party in self.parties if self.parties.count(party) > 1})
        ]
        if problems:
            raise InputError(problems, "the coalition game")

    @classmethod
    def from_mapping(cls, parties: Sequence[str], worth: Mapping[Any, float]) -> "CoalitionGame":
        """Return the game of a table from coalitions to their worth.

        Args:
            parties: Labels.
            worth: Worth by coalition: a label, or a tuple or a frozenset of labels. All but nobody
                must be there.

        Raises:
            InputError: With everything wrong.
        """
        names, problems = tuple(parties), list[Problem]()
        table: dict[int, float] = {0: 0.0}
        for key, value in worth.items():
            members = (key,) if isinstance(key, str) else tuple(key)
            strangers = [member for member in members if member not in names]
            for stranger in strangers:
                remedy = propose(str(stranger), names)
                problems.append(Problem(f"worth.{stranger}", "is not a party here", remedy))
            if not strangers:
                table[sum(1 << names.index(member) for member in set(members))] = float(value)
        missing = [s for s in range(2 ** len(names)) if s not in table]
        if missing and not problems:
            first = " and ".join(name for at, name in enumerate(names) if missing[0] >> at & 1)
            message = f"missing for {len(missing)} coalitions, the first of them {first}"
            problems.append(Problem("worth", message, "Give the worth of every set of parties"))
        if problems:
            raise InputError(problems, "the coalition game")
        return cls(names, frozen(np.array([table[s] for s in range(2 ** len(names))])))

    @classmethod
    def from_function(
        cls, parties: Sequence[str], worth: Callable[[frozenset[str]], float]
    ) -> "CoalitionGame":
        """Return the game of a function from coalitions to their worth."""
        names = tuple(parties)
        sets = [
            frozenset(name for at, name in enumerate(names) if s >> at & 1)
            for s in range(2 ** len(names))
        ]
        return cls(
            names, frozen(np.array([worth(coalition) if coalition else 0.0 for coalition in sets]))
        )
