"""The calibrated world economy that every trade question starts from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from accord.core.arrays import frozen
from accord.core.boundary.conversion import read_array, read_labels
from accord.core.boundary.economy import DUST, check_flows, read_economy
from accord.core.boundary.raw_tables import (
    cut_to_shares,
    fill_idle,
    find_exchanged_axes,
    negative_demand,
    net_of_tariff,
)
from accord.core.errors import InputError, Problem, SolveError
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.trade import equations as eq
from accord.trade.calibration import (
    EXTRAS,
    baseline_from_flows,
    baseline_from_shares,
    check_deficits,
    check_substitution,
)
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
        value_added_share: `beta_nj`, value added over output, profits included.
        input_share: `gamma_nkj`, input k over output of j; with `beta_nj` it sums to one.
        elasticity: `theta_j`, trade elasticity: minus the elasticity of relative imports to
            relative trade costs (not a dispersion parameter; for CES goods, substitution less 1).
        scale_elasticity: `mu_j`, used under monopolistic competition; the markup over cost where
            the number of firms is fixed.
        tariff: `tau_nij`, fraction of the customs value.
        value_added: `VA_n`.
        deficit: `D_n`, spending above income; sums to zero.
        sales: `Y_nj`, output at what makers get: customs values, where they pay no tax.
        expenditure: `X_nj`, spending at prices that include tariffs, taxes on final use apart.
        regions: Labels of regions.
        sectors: Labels of sectors.
        export_tax: `epsilon_nij`, by the exporter, fraction of the value before it; None for none.
        production_tax: `phi_nj`, fraction of what the maker gets; None for none.
        consumption_tax: `chi_nj`, on final use, fraction of what firms pay; None for none.
        labour_tax: `nu_n`, fraction of wages; None for none.
        substitution: `sigma_j`, elasticity of substitution, where firms pay fixed costs in each
            market they sell in (Melitz 2003); None for no such costs.
        clipped: Negative final demand that was cut at zero, in money, by region and sector; empty
            where nothing was.
    """

    clipped: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @classmethod
    def from_arrays(  # noqa: PLR0913  (one array a parameter, as published)
        cls,
        *,
        flows: Any,
        tariff: Any,
        value_added_share: Any,
        input_share: Any,
        elasticity: Any,
        scale_elasticity: Any = None,
        export_tax: Any = None,
        production_tax: Any = None,
        consumption_tax: Any = None,
        labour_tax: Any = None,
        substitution: Any = None,
        labels: Any = None,
        clip: str | None = None,
        flows_include_tariff: bool = False,
    ) -> "TradeModel":
        """Return the model calibrated to flows at customs value (diagonal: domestic sales).

        Value added, deficits and final expenditure follow from the accounting identities. Input
        shares are scaled (by less than 1e-5) so that with value added they sum to one. The costs of
        sectors without output may be left at zero.

        Args:
            flows: Customs values `[importer, exporter, sector]`.
            tariff: Duty as a fraction of the customs value, same axes.
            value_added_share: `[region, sector]`; with the inputs it adds to 1.
            input_share: `[region, input, sector]`, cost share of each input.
            elasticity: Trade elasticity `[sector]`, positive.
            scale_elasticity: Scale elasticity `[sector]`; zeros if left out.
            export_tax: Tax on exports, by the exporter, as a fraction of the value before it, axes
                of the flows; below zero a subsidy. None, as for the next three, for no such tax.
            production_tax: Tax as a fraction of what the maker gets `[region, sector]`.
            consumption_tax: Tax on final use as a fraction of what firms pay `[region, sector]`.
            labour_tax: Tax as a fraction of wages `[region]`.
            substitution: Elasticity of substitution `[sector]`, where firms pay fixed costs in each
                market they sell in; scale elasticities are then one over trade elasticities if left
                out. None for no such costs.
            labels: Names of regions and of sectors: two lists.
            clip: `"zero"` to cut final demand below zero, which `clipped` then reports. The model
                is moved to the equilibrium that the shares of the rest imply, as `from_shares`
                does. None to refuse such arrays.
            flows_include_tariff: Whether flows are what buyers paid, duty included.

        Raises:
            InputError: With everything wrong: shapes, negative flows, final expenditure below
                zero, shares that do not sum to one, elasticities that are not positive.
            SolveError: If demand is cut, and that equilibrium is not found.
        """
        problems: list[Problem] = []
        names = _read_names(labels, flows, problems)
        given = {
            "flows": flows, "tariff": tariff, "value_added_share": value_added_share,
            "input_share": input_share, "elasticity": elasticity,
            "scale_elasticity": _scale(scale_elasticity, elasticity, substitution, names),
            **_given(export_tax, production_tax, consumption_tax, labour_tax, substitution),
        }  # fmt: skip
        if clip not in (None, "zero"):
            problems.append(Problem("clip", f"{clip!r} is not known", 'Write "zero", or nothing'))
        if clip is not None and substitution is not None:
            remedy = "Cut negative demand before, or leave out `substitution`"
            problems.append(Problem("clip", "does not know costs paid in the market", remedy))
        arrays = read_economy(fill_idle(given, "flows"), *names, problems)
        problems += check_substitution(arrays, names[1])
        if not problems and "substitution" in arrays:
            sigma, theta = arrays["substitution"], arrays["elasticity"]
            arrays["fixed_cost_share"] = eq.fixed_cost_share(theta, sigma)
        if not problems and flows_include_tariff:
            arrays = net_of_tariff(arrays)
        if not problems:
            problems = check_flows(
                arrays, *names, clipped=clip == "zero" if substitution is None else None
            )
            problems = (find_exchanged_axes(arrays, *names) if problems else []) + problems
        if problems:
            raise InputError(problems, "the model's arrays")
        short = negative_demand(arrays)
        cut = np.argwhere(short > DUST * arrays["flows"].sum()).tolist() if clip else []
        if not cut:
            return cls._frozen(baseline_from_flows(arrays), names)
        model = cls._of_shares(cut_to_shares(arrays), names)
        return replace(model, clipped={(names[0][n], names[1][j]): float(short[n, j])
                                       for n, j in cut})  # fmt: skip

    @classmethod
    def from_shares(  # noqa: PLR0913  (one array a parameter, as published)
        cls,
        *,
        trade_share: Any,
        final_share: Any,
        tariff: Any,
        value_added_share: Any,
        input_share: Any,
        elasticity: Any,
        value_added: Any,
        deficit: Any,
        scale_elasticity: Any = None,
        export_tax: Any = None,
        production_tax: Any = None,
        consumption_tax: Any = None,
        labour_tax: Any = None,
        substitution: Any = None,
        labels: Any = None,
    ) -> "TradeModel":
        """Return the model of published shares, moved to the equilibrium they imply.

        Shares rounded or edited after calibration (final shares cut at zero, say) are not quite
        an equilibrium. The model returned is the equilibrium that the same parameters, value
        added and deficits lead to, so that "no change" gives exactly one.

        Args:
            trade_share: Share of each exporter in spending `[importer, exporter, sector]`.
            final_share: Share of each sector in final expenditure `[region, sector]`.
            tariff: Duty as a fraction of the customs value `[importer, exporter, sector]`.
            value_added_share: `[region, sector]`; with the inputs it adds to 1.
            input_share: `[region, input, sector]`, cost share of each input.
            elasticity: Trade elasticity `[sector]`, positive.
            value_added: Value added `[region]`, in any money.
            deficit: Spending above income `[region]`, in the same money; sums to zero.
            scale_elasticity: Scale elasticity `[sector]`; zeros if left out.
            export_tax: Tax on exports, by the exporter, as a fraction of the value before it, axes
                of the flows; below zero a subsidy. None, as for the next three, for no such tax.
            production_tax: Tax as a fraction of what the maker gets `[region, sector]`.
            consumption_tax: Tax on final use as a fraction of what firms pay `[region, sector]`.
            labour_tax: Tax as a fraction of wages `[region]`.
            substitution: Elasticity of substitution `[sector]`, where firms pay fixed costs in each
                market they sell in; scale elasticities are then one over trade elasticities if left
                out. None for no such costs.
            labels: Names of regions and of sectors: two lists.

        Raises:
            InputError: With everything wrong in the arrays.
            SolveError: If that equilibrium is not found.
        """
        problems: list[Problem] = []
        names = _read_names(labels, trade_share, problems)
        given = {
            "trade_share": trade_share, "final_share": final_share, "tariff": tariff,
            "value_added_share": value_added_share, "input_share": input_share,
            "elasticity": elasticity, "value_added": value_added, "deficit": deficit,
            "scale_elasticity": _scale(scale_elasticity, elasticity, substitution, names),
            **_given(export_tax, production_tax, consumption_tax, labour_tax, substitution),
        }  # fmt: skip
        shares = read_economy(fill_idle(given, "trade_share"), *names, problems)
        problems += check_substitution(shares, names[1])
        if not problems:
            problems += check_deficits(shares, names[0])
        if problems:
            raise InputError(problems, "the model's shares")
        return cls._of_shares(shares, names)

    @classmethod
    def _of_shares(
        cls, shares: dict[str, np.ndarray], names: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> "TradeModel":
        """Return the model of shares that were checked, moved to their equilibrium."""
        arrays = baseline_from_shares(shares)
        return rebase(cls._frozen(arrays, names), arrays["deficit"])

    @classmethod
    def _frozen(
        cls, arrays: dict[str, np.ndarray], names: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> "TradeModel":
        values: dict[str, Any] = {key: frozen(value) for key, value in arrays.items()}
        return cls(**values, regions=names[0], sectors=names[1])

    def __repr__(self) -> str:
        """One line: dimensions, value added of the world, and its trade."""
        abroad = self.flows.sum() - np.einsum("nnj->", self.flows)
        sectors = f"{len(self.sectors)} sector{'s' if len(self.sectors) != 1 else ''}"
        cut = f", final demand cut in {len(self.clipped)} cells" if self.clipped else ""
        return (
            f"TradeModel({len(self.regions)} regions × {sectors}, "
            f"value added {self.value_added.sum():,.6g}, trade {abroad:,.6g}{cut})"
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
        balanced = self._balanced[key]
        if isinstance(balanced, Status):
            raise SolveError(balanced, "closing the trade deficits of the baseline")
        return balanced

    @cached_property
    def _balanced(self) -> dict[TradeConfig, "TradeModel | Status"]:
        return {}


def _read_names(
    labels: object, cube: object, problems: list[Problem]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels of regions and sectors; numbers where none are given."""
    if labels is None:
        array = read_array("", cube, [])
        shape = () if array is None else array.shape
        count = (shape[0], shape[2]) if len(shape) == 3 else (1, 1)
        regions = tuple(f"region {n + 1}" for n in range(count[0]))
        return regions, tuple(f"sector {j + 1}" for j in range(count[1]))
    if not isinstance(labels, (tuple, list)) or len(labels) != 2:
        remedy = "Give two lists: (regions, sectors)"
        problems.append(Problem("labels", "are not two lists of names", remedy))
        return (), ()
    return (
        read_labels("labels[0]", labels[0], problems),
        read_labels("labels[1]", labels[1], problems),
    )


def _given(*rates: Any) -> dict[str, Any]:
    """Return the taxes and what else not every model has, where given, by name."""
    return {name: rate for name, rate in zip(EXTRAS, rates, strict=True) if rate is not None}


def _scale(
    given: Any, elasticity: Any, substitution: Any, names: tuple[tuple[str, ...], tuple[str, ...]]
) -> Any:
    """Return the scale elasticities; where none are given, zeros, or those that entry implies."""
    if given is not None:
        return given
    theta = None if substitution is None else read_array("elasticity", elasticity, [])
    if theta is None or not np.all(theta > 0):
        return np.zeros(len(names[1]))
    return 1 / theta
