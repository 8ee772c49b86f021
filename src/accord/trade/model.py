"""The calibrated world economy that every trade question starts from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float

from accord.core.arrays import frozen
from accord.core.errors import InputError, SolveError
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.trade.calibration import baseline_from_flows, baseline_from_shares, check_arrays
from accord.trade.config import TradeConfig
from accord.trade.economy import Economy
from accord.trade.rebase import rebase


@dataclass(frozen=True, eq=False)
class TradeModel(Economy, Shown):
    """A world economy in equilibrium: shares, technology, tariffs, value added, deficits.

    Money is in whatever unit the arrays came in; every rate is a fraction.

    Attributes:
        trade_share: `pi_nij`, share of exporter i in what importer n spends on sector j.
        final_share: `alpha_nj`, share of sector j in final expenditure.
        value_added_share: `beta_nj`, value added over output.
        input_share: `gamma_nkj`, input k over output of j; with `beta_nj` it sums to one.
        elasticity: `theta_j`, trade elasticity: minus the elasticity of relative imports to
            relative trade costs (not a dispersion parameter; for CES goods, substitution less 1).
        scale_elasticity: `mu_j`, used under monopolistic competition.
        tariff: `tau_nij`, fraction of the customs value.
        value_added: `VA_n`.
        deficit: `D_n`, spending above income; sums to zero.
        sales: `Y_nj`, output at customs value.
        expenditure: `X_nj`, spending at prices that include tariffs.
        regions: Labels of regions.
        sectors: Labels of sectors.
    """

    @classmethod
    def from_arrays(
        cls,
        *,
        flows: Float[np.ndarray, "importer exporter sector"],
        tariff: Float[np.ndarray, "importer exporter sector"],
        value_added_share: Float[np.ndarray, "region sector"],
        input_share: Float[np.ndarray, "region input sector"],
        elasticity: Float[np.ndarray, " sector"],
        scale_elasticity: Float[np.ndarray, " sector"] | None = None,
        labels: tuple[Sequence[str], Sequence[str]] | None = None,
    ) -> "TradeModel":
        """Return the model calibrated to flows at customs value (diagonal: domestic sales).

        Value added, deficits and final expenditure follow from the accounting identities. Input
        shares are scaled (by less than 1e-5) so that with value added they sum to one.

        Raises:
            InputError: With everything wrong: shapes, negative flows, final expenditure below
                zero, shares that do not sum to one, elasticities that are not positive.
        """
        mu = np.zeros(np.shape(elasticity)) if scale_elasticity is None else scale_elasticity
        names = _labels(labels, flows)
        given = {
            "flows": flows, "tariff": tariff, "value_added_share": value_added_share,
            "input_share": input_share, "elasticity": elasticity, "scale_elasticity": mu,
        }  # fmt: skip
        problems = check_arrays(given, names)
        if problems:
            raise InputError(problems, "the model's arrays")
        arrays = baseline_from_flows({key: np.asarray(value) for key, value in given.items()})
        if isinstance(arrays, list):
            raise InputError(arrays, "the model's arrays")
        return cls._frozen(arrays, names)

    @classmethod
    def from_shares(
        cls,
        *,
        trade_share: Float[np.ndarray, "importer exporter sector"],
        final_share: Float[np.ndarray, "region sector"],
        tariff: Float[np.ndarray, "importer exporter sector"],
        value_added_share: Float[np.ndarray, "region sector"],
        input_share: Float[np.ndarray, "region input sector"],
        elasticity: Float[np.ndarray, " sector"],
        value_added: Float[np.ndarray, " region"],
        deficit: Float[np.ndarray, " region"],
    ) -> "TradeModel":
        """Return the model of published shares, moved to the equilibrium they imply.

        Shares rounded or edited after calibration (final shares cut at zero, say) are not quite
        an equilibrium. The model returned is the equilibrium that the same parameters, value
        added and deficits lead to, so that "no change" gives exactly one.

        Raises:
            InputError: With everything wrong in the arrays.
            SolveError: If that equilibrium is not found.
        """
        names = _labels(None, trade_share)
        given = {
            "trade_share": trade_share, "final_share": final_share, "tariff": tariff,
            "value_added_share": value_added_share, "input_share": input_share,
            "elasticity": elasticity, "value_added": value_added, "deficit": deficit,
        }  # fmt: skip
        problems = check_arrays(given, names)
        if problems:
            raise InputError(problems, "the model's shares")
        arrays = baseline_from_shares({key: np.asarray(value) for key, value in given.items()})
        return rebase(cls._frozen(arrays, names), arrays["deficit"])

    @classmethod
    def _frozen(
        cls, arrays: dict[str, np.ndarray], names: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> "TradeModel":
        values = {key: frozen(value) for key, value in arrays.items()}
        return cls(**values, regions=names[0], sectors=names[1])

    def __repr__(self) -> str:
        """One line: dimensions, value added of the world, and its trade."""
        abroad = self.flows.sum() - np.einsum("nnj->", self.flows)
        sectors = f"{len(self.sectors)} sector{'s' if len(self.sectors) != 1 else ''}"
        return (
            f"TradeModel({len(self.regions)} regions × {sectors}, "
            f"value added {self.value_added.sum():,.6g}, trade {abroad:,.6g})"
        )

    @property
    def balanced(self) -> "TradeModel":
        """The same economy after every trade deficit has been closed (tariffs unchanged).

        Under perfect competition and fixed labour; `balance` does it under any configuration.
        """
        return self.balance(TradeConfig())

    def balance(self, config: TradeConfig) -> "TradeModel":
        """Return the economy after every trade deficit has been closed (tariffs unchanged).

        Args:
            config: Market structure and labour supply, which decide what closing deficits does to
                productivity and employment. Its closure is ignored.

        Raises:
            SolveError: If that economy is not found.
        """
        key = replace(config, closure="balanced")
        if key not in self._balanced:
            try:
                self._balanced[key] = rebase(self, np.zeros_like(self.deficit), key)
            except SolveError as error:
                self._balanced[key] = error.status
        found = self._balanced[key]
        if isinstance(found, Status):
            raise SolveError(found, "closing the trade deficits of the baseline")
        return found

    @cached_property
    def _balanced(self) -> dict[TradeConfig, "TradeModel | Status"]:
        return {}


def _labels(
    labels: tuple[Sequence[str], Sequence[str]] | None, cube: np.ndarray
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if labels is not None:
        return tuple(labels[0]), tuple(labels[1])
    shape = np.shape(cube)
    count = (shape[0], shape[2]) if len(shape) == 3 else (0, 0)
    regions = tuple(f"region {n + 1}" for n in range(count[0]))
    return regions, tuple(f"sector {j + 1}" for j in range(count[1]))
