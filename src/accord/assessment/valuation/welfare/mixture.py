"""What the world economy is asked: tariffs and elasticities by draw, and amounts moved."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np

from accord.assessment.valuation.package_inputs import PackageInputs
from accord.assessment.valuation.quantities import AmountsMoved
from accord.assessment.valuation.uncertainty import Inputs
from accord.core.arrays import Float, Int
from accord.core.numerics.rows import distinct
from accord.lowering.tariff_path import TariffPath, Timeline

Terms = Float[np.ndarray, "draw year term"]


@dataclass(frozen=True, eq=False)
class Mixture:
    """Tariffs and elasticities of every draw: what gains are a mixture of.

    Attributes:
        paths: Tariffs that are in play.
        shares: Weight of each of them.
        weights: Weight of each set of trade elasticities.
    """

    paths: tuple[TariffPath, ...]
    shares: Float[np.ndarray, "draw path"]
    weights: Float[np.ndarray, "draw set"]

    def __len__(self) -> int:
        """Number of draws."""
        return len(self.weights)

    @classmethod
    def of(cls, side: PackageInputs, timeline: Timeline, inputs: Inputs) -> "Mixture":
        """Return the tariffs in the file, and those that are set anew as far as they are."""
        paths: tuple[TariffPath, ...] = (side.paths[timeline],)
        shares = np.ones((len(inputs), 1))
        if timeline == "dated" and side.may_be_rebuilt and inputs.rebuilt.any():
            paths = (*paths, side.rebuilt)
            shares = np.stack([1 - inputs.rebuilt, inputs.rebuilt], axis=1)
        return cls(paths, shares, inputs.weights)

    @cached_property
    def kinds(self) -> tuple["Mixture", Int[np.ndarray, " draw"]]:
        """The mixtures that differ, and which of them each draw has."""
        first, kind = distinct(np.concatenate([self.shares, self.weights], axis=1))
        return replace(self, shares=self.shares[first], weights=self.weights[first]), kind


@runtime_checkable
class Polynomials(Protocol):
    """Anything that knows the terms of polynomials in amounts moved."""

    def terms(self, amounts_moved: AmountsMoved) -> Terms:
        """Return every term at the amounts, by draw and year."""


@dataclass(frozen=True, eq=False)
class Moves:
    """Amounts moved, bn USD; the terms of polynomials in them are worked out once."""

    amounts: AmountsMoved
    _terms: dict[Polynomials, Terms] = field(default_factory=dict)

    def terms(self, polynomials: Polynomials) -> Terms:
        """Return every term at the amounts, by draw and year."""
        if polynomials not in self._terms:
            self._terms[polynomials] = polynomials.terms(self.amounts)
        return self._terms[polynomials]
