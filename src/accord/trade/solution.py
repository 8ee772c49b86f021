"""The results of the trade engine: the new equilibrium, its status, its residuals and its cost."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from jax import Array

from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.trade import equations as eq
from accord.trade.config import TradeConfig
from accord.trade.economy import Economy
from accord.trade.iteration.prepare import (
    collected_tariff,
    deficit_called_for,
    duty_wedge,
    prepare,
    restate,
)
from accord.trade.iteration.state import Kernel, Sweep
from accord.trade.iteration.taxes import Taxes, read_taxes
from accord.trade.plan import TradeShock

GONE = 1e-9  # of baseline sales: a sector that sells less has closed, or all but closed
KNIFE_EDGE = 1e-9  # below a scale times trade elasticity of one

Region = Float[np.ndarray, " region"]
RegionSector = Float[np.ndarray, "region sector"]
Cube = Float[np.ndarray, "importer exporter sector"]


@dataclass(frozen=True)
class SolveStats:
    """What a solve cost: evaluations of the map, the method that finished, parts of the shock."""

    steps: int
    method: str
    parts: int


@dataclass(frozen=True, eq=False, repr=False)
class TradeOutcome(Shown):
    """The new equilibrium. A `…_change` is a ratio, new over old; money is the model's.

    Money is measured with world value added held constant: that of each part, in a world that falls
    into parts without trade between them. Where no equilibrium was found every number but the
    tariffs is NaN.

    `sales` and `gate_price_change` are what makers get, before taxes that they pay; `tax_revenue`
    is that of taxes on exports, making and final use, and `labour_tax` the rate on wages.
    """

    wage_change: Region
    price_change: RegionSector
    unit_cost_change: RegionSector
    gate_price_change: RegionSector
    consumer_price_change: Region
    labour_change: Region
    employment_change: RegionSector
    trade_share: Cube
    flows: Cube
    tariff: Cube
    sales: RegionSector
    expenditure: RegionSector
    tariff_revenue: Region
    tax_revenue: Region
    labour_tax: Region
    deficit: Region
    income: Region
    welfare: Region
    profits: RegionSector

    @classmethod
    def unknown(cls, tariff: Cube) -> "TradeOutcome":
        """Return the outcome of a solve that found no equilibrium: NaN, except for the tariffs."""
        regions, _, sectors = tariff.shape
        shapes: dict[Any, tuple[int, ...]] = {
            Region: (regions,), RegionSector: (regions, sectors), Cube: tariff.shape,
        }  # fmt: skip
        numbers = {item.name: np.full(shapes[item.type], np.nan) for item in fields(cls)}
        return cls(**{**numbers, "tariff": tariff})

    @property
    def real_wage_change(self) -> Region:
        """Change of the wage over the consumer price index, a ratio."""
        return np.asarray(self.wage_change / self.consumer_price_change)


@dataclass(frozen=True, eq=False)
class TradeSolution(Shown):
    """A shock and where its solve ended: `value`, `status`, `residuals` and `stats`.

    Attributes:
        model: The baseline (after deficits were closed, if the closure says so).
        shock: What changed.
        config: The closure, market structure and labour supply used.
        status: How the solve ended. `value` is NaN unless it is `Status.CONVERGED`, or
            `Status.CORNER`: an equilibrium in which sectors have closed under scale economies.
        residual: Largest residual of the iteration, for the whole shock.
        stats: What it cost.
        state: The solver's own vector, for warm starts.
        formed: The prepared shock, on the device; None where it is formed when it is asked for.
        sweep: One evaluation of the map at the state.
        sourcing: In a year of a path, the sourcing weights that stand in place of baseline shares
            (equation 14); None where every buyer is free to choose.
    """

    model: Economy
    shock: TradeShock
    config: TradeConfig
    status: Status
    residual: float
    stats: SolveStats
    state: Float[Array, " state"]
    formed: Kernel | None
    sweep: Sweep
    sourcing: Cube | None = None

    def __repr__(self) -> str:
        """One line: dimensions, how it ended, and what it cost."""
        parts = len(self.model.parts)
        apart = f"{parts} parts without trade between them, " if parts > 1 else ""
        closed = len(self.closed) if self.status is Status.CORNER else 0
        shut = f"{closed} sector{'s' if closed > 1 else ''} closed, " if closed else ""
        return (
            f"TradeSolution({len(self.model.regions)} × {len(self.model.sectors)}, {apart}{shut}"
            f"{self.status.name.lower()}, residual {self.residual:.1e}, "
            f"{self.stats.steps} steps)"
        )

    @property
    def has_numbers(self) -> bool:
        """Whether an equilibrium was reached, inside or at a corner.

        A baseline whose deficits close only at a corner leaves nothing to solve, and no number.
        """
        tried = self.stats.method != "none"
        return self.status.ok or (self.status is Status.CORNER and tried)

    @cached_property
    def kernel(self) -> Kernel:
        """The prepared shock, on the device."""
        if self.formed is not None:
            return self.formed
        return prepare(self.model, self.shock, self.config, sourcing=self.sourcing)

    @property
    def closed(self) -> tuple[tuple[str, str], ...]:
        """The sectors that have closed under scale economies, each a region and a sector."""
        model = self.model
        if self.config.competition != "monopolistic" or not self.has_numbers:
            return ()
        gone = self.value.employment_change <= GONE
        return tuple((model.regions[n], model.sectors[j]) for n, j in np.argwhere(gone).tolist())

    @property
    def multiplicity(self) -> tuple[str, ...]:
        """The sectors, then the regions, that say that other equilibria exist.

        Sectors are those whose scale times trade elasticity is at least one. A region that lost
        such a sector would not open it again, whoever else makes the good, so where it is made is
        not settled by costs alone: the equilibrium found is the one that the solve led to from
        where it began. Regions are those whose labour tax pays for a budget from beyond the peak
        of the Laffer curve: a lower rate pays for the same.
        """
        model, kappa = self.model, self.config.labour_elasticity
        strong = self.scale_elasticity * model.elasticity >= 1 - KNIFE_EDGE
        beyond = np.zeros(len(model.regions), dtype=bool)
        if self.config.revenue_use == "labour_tax" and kappa > 0 and self.has_numbers:
            beyond = self.value.labour_tax > 1 / (1 + kappa)
        names, chosen = (*model.sectors, *model.regions), np.concatenate([strong, beyond])
        return tuple(name for name, is_so in zip(names, chosen, strict=True) if is_so)

    def state_under(self, config: TradeConfig) -> Float[Array, " state"] | None:
        """Return the state as a solve under another configuration begins from it.

        None if nothing was found.
        """
        if not self.has_numbers or self.config.state_kind == config.state_kind:
            return self.state if self.has_numbers else None
        money = (self.value.sales, np.asarray(self.sweep.V) * self.model.value_added.sum())
        return restate(self.model, config, self.state, money)

    @cached_property
    def welfare(self) -> Region:
        """Equivalent variation, a fraction of baseline income; NaN if unsolved.

        It is that of `value`, and needs no cube of trade.
        """
        model = self.model
        if not self.has_numbers:
            return np.full(len(model.regions), np.nan)
        income = np.asarray(self.sweep.income) * model.value_added.sum()
        price = eq.consumer_price(self.final_price(np.exp(self._log_price)), model.final_share)
        return eq.equivalent_variation(
            income, model.income, price, np.asarray(self.sweep.L_hat),
            model.kept(self.config), self.config.labour_elasticity,
        )  # fmt: skip

    @cached_property
    def taxes(self) -> Taxes | None:
        """Taxes on exports, making and using after the shock; None where there are none."""
        return read_taxes(self.model, self.shock)

    @cached_property
    def collected(self) -> Cube:
        """Tariffs after the shock, fractions of the customs value of then, freight included."""
        return collected_tariff(self.model, self.shock, self.config)

    @property
    def market_sales(self) -> RegionSector:
        """Sales that profits are a share of and firms enter for: see `Economy.market_sales`."""
        if not self.config.charges_cost:
            return self.value.sales
        wedge = np.ones_like(self.collected) if self.taxes is None else self.taxes.wedge
        return eq.buyer_sales(self.value.trade_share, self.value.expenditure, wedge)

    def final_price(self, P_hat: RegionSector) -> RegionSector:
        """Return changes of prices with the change of taxes on final use in them."""
        if self.taxes is None:
            return P_hat
        before = read_taxes(self.model)
        chi = np.zeros_like(P_hat) if before is None else before.consumption
        return eq.final_price(P_hat, self.taxes.consumption, chi)

    @property
    def _log_price(self) -> RegionSector:
        if self.stats.steps > 1:  # else the start was the solution: keep its exact ones
            return np.asarray(self.sweep.log_P)
        N, J = self.model.sales.shape
        return np.asarray(self.state)[N : N + N * J].reshape(N, J)

    @property
    def scale_elasticity(self) -> Float[np.ndarray, " sector"]:
        """Scale elasticities in force: zero under perfect competition."""
        strength = self.config.scale_strength if self.config.competition == "monopolistic" else 0.0
        return np.asarray(strength * self.model.scale_elasticity)

    @cached_property
    def value(self) -> TradeOutcome:
        """The new equilibrium, evaluated with the functions of `equations`; NaN if unsolved."""
        model, out = self.model, self.sweep
        tau = self.collected
        if not self.has_numbers:
            return TradeOutcome.unknown(tau)
        world = model.value_added.sum()
        log_w, log_P = np.asarray(self.state)[: len(model.regions)], self._log_price
        w_hat, c_hat = np.exp(log_w), np.exp(np.asarray(out.log_c))
        L_hat_n, P_hat, s = np.asarray(out.L_hat), np.exp(log_P), np.asarray(out.s)
        pi = np.asarray(self.kernel.A) * s.T[:, None, :] / np.asarray(out.Phi)[:, :, None]
        pi = pi.transpose(1, 2, 0)
        X, Y = np.asarray(out.X) * world, np.asarray(out.Y) * world
        A_hat = 1.0 if self.shock.productivity is None else self.shock.productivity
        income = np.asarray(out.income) * world
        duty, charged = eq.revenue(pi, X, tau), self._charged(pi, X, income)
        wage_bill = w_hat * L_hat_n * model.wage_bill(self.config)
        market = np.asarray(out.V) * world
        profits = eq.profits(model.profit_share(self.config), market)
        price = eq.consumer_price(self.final_price(P_hat), model.final_share)
        return TradeOutcome(
            wage_change=w_hat, price_change=P_hat, unit_cost_change=c_hat,
            gate_price_change=s ** (-1 / model.elasticity) / A_hat,
            consumer_price_change=price,
            labour_change=L_hat_n,
            employment_change=eq.sector_employment(Y, model.sales, w_hat),
            trade_share=pi, flows=pi * X[:, None, :] / (1 + tau), tariff=tau,
            sales=Y, expenditure=X, tariff_revenue=duty, tax_revenue=charged,
            labour_tax=self._labour_tax(price, duty + charged, wage_bill),
            deficit=income - duty - charged - wage_bill - profits.sum(axis=1),
            income=income, welfare=self.welfare, profits=profits,
        )  # fmt: skip

    def _charged(self, pi: Cube, X: RegionSector, income: Region) -> Region:
        """Return the revenue of taxes on exports, making and final use."""
        if self.taxes is None:
            return np.zeros_like(income)
        tau = self.collected
        F = eq.final_spending(income, self.placed, self.model.final_share)
        used = eq.consumption_revenue(F, self.taxes.consumption)
        return np.asarray(eq.maker_revenue(pi, X, tau, self.taxes.wedge) + used)

    def _labour_tax(self, price: Region, revenue: Region, wage_bill: Region) -> Region:
        """Return the rate on wages: as before, or what the budget needs beside other revenue."""
        if self.config.revenue_use == "labour_tax":
            return eq.labour_tax(price, self.model.budget(self.config), revenue, wage_bill)
        rate = self.model.labour_tax
        return np.zeros_like(price) if rate is None else rate

    @property
    def placed(self) -> RegionSector:
        """Spending that a deal places, in money; zeros where none does."""
        spending = self.shock.spending
        return np.zeros_like(self.model.sales) if spending is None else spending

    @property
    def scale_change(self) -> RegionSector:
        """Change of what makes sectors large: employment, or bundles of labour and inputs."""
        value, before = self.value, self.model.market_sales(self.config)
        if self.config.scale_of == "labour":
            return eq.sector_employment(self.market_sales, before, value.wage_change)
        return eq.sector_bundles(self.market_sales, before, value.unit_cost_change)

    @property
    def delivered_cost(self) -> Cube:
        """Change of the cost of each exporter's goods at the buyer's door, tariffs included.

        It is infinite for a sector that has closed.
        """
        model, shock, value = self.model, self.shock, self.value
        d_hat = np.ones_like(model.tariff) if shock.trade_cost is None else shock.trade_cost
        A_hat = np.ones_like(model.sales) if shock.productivity is None else shock.productivity
        risen = [duty_wedge(model, rate, self.config) - 1 for rate in (value.tariff, model.tariff)]
        kappa_hat = eq.trade_cost(d_hat, *risen)
        if self.taxes is not None:
            before = read_taxes(self.model)
            kappa_hat = kappa_hat * self.taxes.wedge / (1.0 if before is None else before.wedge)
        with np.errstate(divide="ignore"):  # nothing that a closed sector makes is for sale
            return eq.delivered_cost(
                value.unit_cost_change, kappa_hat, A_hat, self.scale_change, self.scale_elasticity
            )  # fmt: skip

    @property
    def crowding(self) -> RegionSector:
        """Change of prices that the size of markets makes (29): one without fixed costs in them."""
        before, c_hat = self.model.expenditure, self.value.unit_cost_change
        X_hat = np.divide(self.value.expenditure, before, out=c_hat.copy(), where=before > 0)
        psi, theta = self.model.size_exponent, self.model.elasticity
        return eq.crowded_price(np.ones_like(c_hat), X_hat, c_hat, psi, theta)

    @cached_property
    def residuals(self) -> dict[str, float]:
        """The largest residual of every equation, relative, measured with `equations` alone.

        That of `sales` is relative to each sector's own sales, however small, with costs and shares
        as those sales make them. Deficits are those that the closure and the shock call for, not
        what the solver made of them; NaN if unsolved.
        """
        model, value, x_hat = self.model, self.value, self.delivered_cost
        w_hat, P_hat, pi = value.wage_change, value.price_change, value.trade_share
        kappa = self.config.labour_elasticity
        weight = model.trade_share if self.sourcing is None else self.sourcing
        theta, m = model.elasticity, model.profit_before(self.config)
        wage_bill = w_hat * value.labour_change * model.wage_bill(self.config)
        profits = eq.profits(model.profit_share(self.config), self.market_sales)
        bought, zeta = value.flows.sum(axis=1), model.fixed_cost_share
        paid = eq.bundles_paid(eq.outlay(value.sales, profits, m), bought, zeta)
        earned = wage_bill + profits.sum(axis=1)
        kept = model.kept(self.config) / model.wage_bill(self.config)
        net_wage = w_hat * (1 - value.labour_tax) / kept
        size, world = model.sales + model.value_added[:, None], model.value_added.sum()
        parts = list(model.member > 0)
        cost = eq.unit_cost(w_hat, P_hat, model.value_added_share, model.input_share, m)
        same, crowd = eq.price(weight, x_hat, theta), self.crowding
        share = eq.share(weight, x_hat, P_hat / crowd, theta)
        offered = eq.share(weight, x_hat, same, theta)
        taxes, tau = self.taxes, value.tariff
        wedge, chi = (np.ones_like(tau), 0.0) if taxes is None else (taxes.wedge, taxes.consumption)
        demand = eq.maker_sales(offered, value.expenditure, tau, wedge)
        made = value.sales > 0
        final = eq.final_spending(value.income, self.placed, model.final_share)
        spending = eq.expenditure(paid, final / (1 + chi), model.input_share)
        deficit = deficit_called_for(model, self.shock, self.config, earned)
        income = eq.income(earned, value.tariff_revenue + value.tax_revenue, deficit)
        wages = eq.labour_demand(model.value_added_share, paid, m)
        gaps = {
            "unit cost": value.unit_cost_change / cost - 1,
            "price": same * crowd / P_hat - 1,
            "share": share - pi,
            "sales": np.divide(demand, value.sales, out=1 + demand, where=made) - 1,
            "expenditure": (spending - value.expenditure) / size,
            "income": income / value.income - 1,
            "labour market": wages / wage_bill - 1,
            "labour supply": value.labour_change
            / eq.labour_supply(net_wage, self.final_price(P_hat), model.final_share, kappa) - 1,
            "deficits sum to zero": np.array([value.deficit[part].sum() for part in parts]) / world,
            "trade balance": (value.flows.sum(axis=(1, 2)) - value.flows.sum(axis=(0, 2))
                              - (zeta * (bought - value.sales)).sum(axis=1) - deficit)
            / model.value_added,
            "numeraire": np.array(
                [earned[part].sum() / model.value_added[part].sum() - 1 for part in parts]
            ),
        }  # fmt: skip
        return {name: float(np.max(np.abs(gap))) for name, gap in gaps.items()}
