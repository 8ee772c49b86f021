"""The arrays of a world economy in equilibrium, and what follows from them."""

from dataclasses import dataclass
from functools import cached_property

import jax.numpy as jnp
import numpy as np

from accord.core.arrays import Float, Int
from accord.core.jax_arrays import Array
from accord.trade.calibration import find_parts
from accord.trade.config import TradeConfig
from accord.trade.equations import (
    buyer_sales,
    fixed_cost_share,
    labour_demand,
    profit_share,
    size_exponent,
)
from accord.trade.iteration.state import Baseline
from accord.trade.iteration.taxes import Taxes, read_taxes

LOOSE = 1e-11  # trade over value added that no tolerance of a solve can tell from none
WEAK = 1e-4  # trade over value added below which a solve may leave a relative wage open


@dataclass(frozen=True, eq=False)
class Economy:
    """The arrays of a `TradeModel`, which says what each of them is."""

    trade_share: Float[np.ndarray, "importer exporter sector"]
    final_share: Float[np.ndarray, "region sector"]
    value_added_share: Float[np.ndarray, "region sector"]
    input_share: Float[np.ndarray, "region input sector"]
    elasticity: Float[np.ndarray, " sector"]
    scale_elasticity: Float[np.ndarray, " sector"]
    tariff: Float[np.ndarray, "importer exporter sector"]
    value_added: Float[np.ndarray, " region"]
    deficit: Float[np.ndarray, " region"]
    sales: Float[np.ndarray, "region sector"]
    expenditure: Float[np.ndarray, "region sector"]
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    export_tax: Float[np.ndarray, "importer exporter sector"] | None = None
    production_tax: Float[np.ndarray, "region sector"] | None = None
    consumption_tax: Float[np.ndarray, "region sector"] | None = None
    labour_tax: Float[np.ndarray, " region"] | None = None
    substitution: Float[np.ndarray, " sector"] | None = None

    @cached_property
    def income(self) -> Float[np.ndarray, " region"]:
        """Income `I_n`: value added, revenue of tariffs and taxes, and the deficit."""
        charged = self.value_added + self.tariff_revenue
        return np.asarray(charged + self.deficit + self.tax_revenue)

    @property
    def tariff_revenue(self) -> Float[np.ndarray, " region"]:
        """Revenue of tariffs."""
        return np.asarray((self.flows * self.tariff).sum(axis=(1, 2)))

    @cached_property
    def taxes(self) -> Taxes | None:
        """Taxes on exports, making and using; None where there are none."""
        return read_taxes(self)

    @cached_property
    def tax_revenue(self) -> Float[np.ndarray, " region"]:
        """Revenue of taxes on exports, making and using, less subsidies; labour tax apart."""
        if self.taxes is None:
            return np.zeros_like(self.value_added)
        inputs = np.einsum("nkj,nj->nk", self.input_share, self.sales)
        used = (self.expenditure - inputs) * self.taxes.consumption
        made = (self.flows * (1 - 1 / self.taxes.wedge)).sum(axis=(0, 2))
        return np.asarray(made + used.sum(axis=1))

    def budget(self, config: TradeConfig) -> Float[np.ndarray, " region"]:
        """Everything that a region's government takes in: tariffs, taxes, and that on labour."""
        tax = 0.0 if self.labour_tax is None else self.labour_tax * self.wage_bill(config)
        return np.asarray(self.tariff_revenue + self.tax_revenue + tax)

    def kept(self, config: TradeConfig) -> Float[np.ndarray, " region"]:
        """What labour keeps of its wages after its tax."""
        tax = 0.0 if self.labour_tax is None else self.labour_tax
        return np.asarray(self.wage_bill(config) * (1 - tax))

    @property
    def flows(self) -> Float[np.ndarray, "importer exporter sector"]:
        """Baseline flows at customs value."""
        spent = self.trade_share * self.expenditure[:, None, :]
        return np.asarray(spent / (1 + self.tariff))

    def profit_share(self, config: TradeConfig) -> Float[np.ndarray, " sector"]:
        """Profits over sales `m_j` (21): zero unless the number of firms is fixed."""
        if config.competition != "fixed_entry":
            return np.zeros_like(self.elasticity)
        return profit_share(config.scale_strength * self.scale_elasticity)

    @cached_property
    def buyer_sales(self) -> Float[np.ndarray, "region sector"]:
        """What buyers pay for goods, duty included, less taxes on making and exporting them."""
        wedge = np.ones_like(self.tariff) if self.taxes is None else self.taxes.wedge
        return buyer_sales(self.trade_share, self.expenditure, wedge)

    def market_sales(self, config: TradeConfig) -> Float[np.ndarray, "region sector"]:
        """Sales that profits are a share of and firms enter for: at buyers' prices if so charged.

        Those are the prices of buyers where duties are charged on cost, and else what makers get.
        """
        return self.buyer_sales if config.charges_cost else self.sales

    def profit_before(self, config: TradeConfig) -> Float[np.ndarray, "region sector"]:
        """Profits over sales of the baseline by cell: zero unless the number of firms is fixed."""
        share = np.broadcast_to(self.profit_share(config), self.sales.shape)
        if not config.charges_cost:
            return np.asarray(share)
        ratio = np.ones_like(self.sales)
        np.divide(self.buyer_sales, self.sales, out=ratio, where=self.sales > 0)
        return np.asarray(share * ratio)

    def wage_share(self, config: TradeConfig) -> Float[np.ndarray, "region sector"]:
        """Wages over sales: value added, less profits where there are any."""
        return np.asarray(self.value_added_share - self.profit_before(config))

    def wage_bill(self, config: TradeConfig) -> Float[np.ndarray, " region"]:
        """Wages `W_n`: value added, less profits where there are any."""
        if config.competition != "fixed_entry":
            return self.value_added
        return labour_demand(self.value_added_share, self.sales, self.profit_before(config))

    @cached_property
    def fixed_cost_share(self) -> Float[np.ndarray, " sector"]:
        """Fixed costs of selling over sales `zeta_j` (27): zero where none are paid in markets."""
        if self.substitution is None:
            return np.zeros_like(self.elasticity)
        return fixed_cost_share(self.elasticity, self.substitution)

    @cached_property
    def size_exponent(self) -> Float[np.ndarray, " sector"]:
        """By how much shares rise with the size of a market `psi_j` (27): zero by default."""
        if self.substitution is None:
            return np.zeros_like(self.elasticity)
        return size_exponent(self.elasticity, self.substitution)

    @cached_property
    def device(self) -> Baseline:
        """The baseline on the device, under perfect competition and fixed labour."""
        world, perfect = self.value_added.sum(), TradeConfig()
        eta, _ = self.step_lengths()
        return Baseline(
            alpha=jnp.asarray(self.final_share),
            beta=jnp.asarray(self.value_added_share),
            gamma=jnp.asarray(self.input_share),
            theta=jnp.asarray(self.elasticity),
            VA=jnp.asarray(self.value_added / world),
            D=jnp.asarray(self.deficit / world),
            Y=jnp.asarray(self.sales / world),
            eta=jnp.asarray(eta),
            member=jnp.asarray(self.member) if len(self.member) > 1 else None,
            kept=None if self.labour_tax is None else jnp.asarray(self.kept(perfect) / world),
        )

    def start(self, config: TradeConfig) -> Float[Array, " state"]:
        """Return the state of the baseline itself, where a solve begins that has no better place.

        Given to every solve, it is one program whether or not there is a better place.

        Args:
            config: Market structure and duty base: under scale economies sales are in logarithms,
                and sales at buyers' prices follow where duties are charged on cost.
        """
        return self._starts[config.state_kind]

    @cached_property
    def _starts(self) -> dict[tuple[bool, bool], Float[Array, " state"]]:
        money, value_added = np.asarray(self.device.Y), np.asarray(self.device.VA)
        prices, size = np.zeros(value_added.size + money.size), money + value_added[:, None]
        sales = (money / size).ravel()
        paid = (self.buyer_sales / self.value_added.sum() / size).ravel()
        logs = np.zeros(self.sales.size)
        parts = {
            (False, False): [prices, sales],
            (True, False): [prices, logs],
            (False, True): [prices, sales, paid],
            (True, True): [prices, logs, logs],
        }
        return {key: jnp.asarray(np.concatenate(some)) for key, some in parts.items()}

    @cached_property
    def member(self) -> Float[np.ndarray, "part region"]:
        """One for each region in a part of the world that trades with no other, else zero."""
        part = find_parts(self._ties > LOOSE)
        return np.asarray(np.arange(part.max() + 1)[:, None] == part, dtype=np.float64)

    @property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The regions of each part of the world that does not trade with the others."""
        return tuple(
            tuple(region for region, inside in zip(self.regions, row, strict=True) if inside)
            for row in self.member
        )

    @cached_property
    def weak_parts(self) -> Int[np.ndarray, " region"]:
        """The part each region is in when ties through very little trade are left out."""
        return find_parts(self._ties > WEAK)

    @cached_property
    def _ties(self) -> Float[np.ndarray, "importer exporter"]:
        """Trade between two regions over the value added of the smaller one."""
        between = self.flows.sum(axis=2)
        smaller = np.minimum(self.value_added[:, None], self.value_added[None, :])
        return np.asarray((between + between.T) / smaller)

    @cached_property
    def sector_share(self) -> Float[np.ndarray, "sector importer exporter"]:
        """Trade shares, sector first, as the solver reads them."""
        return np.ascontiguousarray(self.trade_share.transpose(2, 0, 1))

    @cached_property
    def log_gross_tariff(self) -> Float[np.ndarray, "sector importer exporter"]:
        """Logarithm of one plus the tariff, sector first."""
        return np.asarray(np.log(1 + self.tariff.transpose(2, 0, 1)), order="C")

    @cached_property
    def contested(self) -> Float[np.ndarray, "region sector"]:
        """The part of each seller's sales that meets competition: one less its market share."""
        rivals = self.flows * (1 - self.trade_share)
        if self.taxes is not None:
            rivals = rivals / self.taxes.wedge
        rivals = rivals.sum(axis=0)
        return np.asarray(
            np.divide(rivals, self.sales, out=np.zeros_like(rivals), where=self.sales > 0)
        )

    def step_lengths(
        self, mu: Float[np.ndarray, " sector"] | float = 0.0
    ) -> tuple[Float[np.ndarray, " region"], Float[np.ndarray, "region sector"]]:
        """Return the lengths of the solver's steps of log wages and of sales.

        A rise of the wage of i lowers demand for its labour by `1 + theta_j` times the part of its
        sales that meets competition. Under scale economies a rise of sales raises sales again, by
        `mu_j theta_j` times that part: a geometric sum, taken at once.
        """
        gain = 1 / np.maximum(1 - mu * self.elasticity * self.contested, 0.05)
        weights = self.value_added_share * self.sales / self.value_added[:, None]
        response = (weights * (1 + self.elasticity * gain) * self.contested).sum(axis=1)
        return 1 / np.maximum(response, 1e-3), gain
