"""The world in which parties set tariffs: one equilibrium a trial, one adjoint solve an objective.

Every trial starts from the equilibrium of the one before. Objectives are fractions of the baseline
income of those whose welfare they add up, so that parties of any size are measured alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from accord.core.arrays import Float
from accord.core.errors import SolveError
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.equations import joint_gain
from accord.trade.iteration.gradient import Aim, aim_slopes
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.solver import solve_trade
from accord.trade.strategy.ascent import Probe, Rates
from accord.trade.strategy.instruments import Instruments, StrategyConfig
from accord.trade.strategy.policy import Cells, Cube, Policy, base_of, read_policy
from accord.trade.strategy.politics import build_politics

Region = Float[np.ndarray, " region"]
TOLERANCE = 1e-12  # of the equilibria: slopes of small gains need it
LEAST_WEIGHT = 0.1  # of the largest: what a triangle counts for where its payer does not count

Objective: TypeAlias = Callable[[TradeSolution], tuple[float, Region] | None]


@dataclass(frozen=True)
class StrategyStats:
    """What a search cost: equilibria and gradients solved, steps taken, and by which method."""

    equilibria: int
    gradients: int
    steps: int
    method: str


class Arena:
    """A model, what else changes in it, and the rates of every party, side by side."""

    def __init__(
        self,
        model: TradeModel,
        shock: TradeShock,
        instruments: Sequence[Instruments],
        *,
        config: TradeConfig,
        options: StrategyConfig,
    ) -> None:
        """Take a model whose deficits the closure has dealt with, and nothing solved yet."""
        self.model = model
        self.shock = shock
        self.config = replace(config, tolerance=min(config.tolerance, TOLERANCE))
        self.instruments = tuple(instruments)
        ends = np.cumsum([0, *(instrument.count for instrument in instruments)])
        self.parts = tuple(slice(int(a), int(b)) for a, b in pairwise(ends))
        self.is_taxed = any((some.cell >= model.tariff.size).any() for some in instruments)
        self.base = self._cells(base_of(model))
        self.politics = build_politics(
            model.regions, model.sectors,
            {
                name: instrument.party.weights
                for instrument in instruments
                for name in instrument.party.members
            },
        )  # fmt: skip
        self.box = self._bounds(options)
        self.equilibria = 0
        self.gradients = 0
        self.failure = Status.CONVERGED
        self._latest: TradeSolution | None = None
        self._ground: TradeSolution | None = None

    def _bounds(self, options: StrategyConfig) -> tuple[Rates, Rates]:
        """Lower and upper bound of every rate; the rate of before is the lower one of rises."""
        count = sum(instrument.count for instrument in self.instruments)
        lowest, highest = (
            np.full(count, np.log1p(bound)) for bound in (options.lowest, options.highest)
        )
        if options.rises_only:
            lowest = np.clip(self._averages(self._cells(self.before)), lowest, highest)
        return lowest, highest

    def box_of(self, p: int) -> tuple[Rates, Rates]:
        """Bounds of the rates of party `p`."""
        lowest, highest = self.box
        return lowest[self.parts[p]], highest[self.parts[p]]

    @property
    def before(self) -> Policy:
        """All rates before any party moves."""
        return read_policy(self.model, self.shock)

    def _cells(self, policy: Policy) -> Cells:
        """Return the vector that instruments read and write; tariffs alone where no more is set."""
        return policy.cells if self.is_taxed else policy.tariff.reshape(-1)

    def read(self, policy: Policy) -> Rates:
        """Return the rates nearest to given ones: averages weighted by what they fall on."""
        return np.asarray(np.clip(self._averages(self._cells(policy)), *self.box))

    def _averages(self, cells: Cells) -> Rates:
        """Rates by average, as logarithms of one plus the rate, whatever their bounds."""
        gross = [instrument.average(cells, self.base) for instrument in self.instruments]
        return np.asarray(np.log1p(np.concatenate(gross)))

    def write(self, x: Rates) -> TradeShock:
        """Return the shock in which every party has set its rates."""
        cells = np.array(self._cells(self.before))
        for instrument, part in zip(self.instruments, self.parts, strict=True):
            instrument.write(cells, x[part])
        if not self.is_taxed:
            return replace(self.shock, tariff=cells.reshape(self.model.tariff.shape))
        policy = Policy.of_cells(cells, *self.model.sales.shape)
        return replace(self.shock, **policy._asdict())

    def resume(self, equilibrium: TradeSolution) -> Rates:
        """Return the rates of an equilibrium found before, from which the first trial starts."""
        if equilibrium.model is self.model:
            self._latest = equilibrium
        return self.read(read_policy(self.model, equilibrium.shock))

    def average(
        self, tariff: Cube
    ) -> tuple[Float[np.ndarray, "party sector"], Float[np.ndarray, " party"]]:
        """Return what each party charges, by sector and over all, on its baseline imports.

        Only what it sets tariffs for counts; NaN where it sets none.
        """
        J = len(self.model.sectors)
        imports = self.model.flows.reshape(-1)
        rows, means = [], []
        for instrument in self.instruments:
            cell = instrument.cell[instrument.cell < imports.size]
            bought, rate = imports[cell], tariff.reshape(-1)[cell]
            total = np.bincount(cell % J, bought, J)
            paid = np.bincount(cell % J, bought * rate, J)
            rows.append(np.divide(paid, total, out=np.full(J, np.nan), where=total > 0))
            means.append(paid.sum() / total.sum() if cell.size else np.nan)
        return np.stack(rows), np.array(means)

    def solve(self, x: Rates, *, is_trial: bool = True) -> TradeSolution | None:
        """Return the equilibrium at these rates, or None if there is none.

        Args:
            x: The rates of every party.
            is_trial: Whether the next one starts from it, and its failure is the search's own.
        """
        shock = self.write(x)
        start = self._ground if is_trial and self._ground is not None else self._latest
        solution = solve_trade(self.model, shock, config=self.config, start=start, throw=False)
        self.equilibria += 1
        if is_trial and solution.status.ok:
            self._latest = solution
        elif is_trial:
            self.failure = solution.status
        return solution if solution.status.ok else None

    def stand_on(self, solution: TradeSolution | None) -> None:
        """Take the equilibrium that a climb goes on from.

        Under scale economies trials start there. Other equilibria can exist then. A trial that
        started from a rejected one would be worth something else at the same rates, and no climb
        could end.
        """
        self._ground = solution if self.config.competition == "monopolistic" else None

    def probe(
        self,
        solution: TradeSolution,
        objective: Objective,
        of: Sequence[int] | None = None,
    ) -> Probe[TradeSolution] | None:
        """Return an objective, its slopes and rough curvatures for the rates of some parties.

        A rate's curvature is the flow it governs times the trade elasticity: the loss from a tariff
        is a triangle. Terms of trade and inputs are left out of it, and found by the search. What
        is made or used answers to its own tax by one, and what meets competition by elasticity.

        Args:
            solution: An equilibrium.
            objective: Its value there and the weights of every region's equivalent variation.
            of: Positions of the parties whose rates are asked for; all by default.
        """
        valued = objective(solution)
        if valued is None:
            return None
        value, weights = valued
        try:
            gross = self.slope(solution, self.aim(weights, solution))
        except SolveError as error:
            self.failure = error.status
            return None
        chosen = [self.instruments[p] for p in (range(len(self.parts)) if of is None else of)]
        bend = self.bend(solution, weights)
        return Probe(
            value,
            np.concatenate([instrument.total(gross) for instrument in chosen]),
            np.concatenate([instrument.total(bend) for instrument in chosen]),
            solution,
        )

    def bend(self, solution: TradeSolution, weights: Region) -> Cells:
        """Return the rough curvature of a weighted sum of welfare in every rate."""
        model, value = self.model, solution.value
        money = np.abs(weights) / model.income
        money = np.maximum(money, LEAST_WEIGHT * money.max())
        flows = value.flows * model.elasticity
        if not self.is_taxed:
            return np.asarray(money[:, None, None] * flows).reshape(-1)
        made = value.sales * (1 + model.elasticity * model.contested)
        inputs = np.einsum("nkj,nj->nk", model.input_share, value.sales)
        used = np.maximum(value.expenditure - inputs, 0.0)
        return Policy(
            money[:, None, None] * flows, money[None, :, None] * flows, money[:, None] * made,
            money[:, None] * used,
        ).cells  # fmt: skip

    def slope(self, solution: TradeSolution, aim: Aim) -> Cells:
        """Return the derivative of an aim with respect to the logarithm of one plus every rate.

        Raises:
            SolveError: The adjoint solve did not converge.
        """
        self.gradients += 1
        tariff, taxes = aim_slopes(solution, aim)
        return tariff.reshape(-1) if taxes is None else Policy(tariff, *taxes).cells

    def aim(self, weights: Region, solution: TradeSolution) -> Aim:
        """Return what is differentiated, political weights of the parties included.

        Args:
            weights: Weight of every region's equivalent variation, a fraction of its income.
            solution: The equilibrium at which it is.
        """
        if self.politics is None:
            return Aim(weights)
        omega = weights / self.model.income
        value_added, revenue = self.politics.slopes(solution)
        return Aim(weights, omega[:, None] * value_added, omega * revenue)

    def surplus(self, solution: TradeSolution) -> Region:
        """Return what political weights add to every region's welfare, in the model's money."""
        if self.politics is None:
            return np.zeros(len(self.model.regions))
        return self.politics.surplus(solution)

    def welfare_of(self, weights: Mapping[str, float]) -> Objective:
        """Return the objective that adds up what regions gain in money, as a fraction of income.

        It is welfare, and what the political weights of the parties add to it.
        """
        income = self.model.income
        omega = np.array([weights.get(name, 0.0) for name in self.model.regions])
        omega = omega / float(np.abs(omega) @ income)

        def objective(solution: TradeSolution) -> tuple[float, Region]:
            gain = joint_gain(solution.value.welfare, income, omega)
            if self.politics is not None:
                gain += float(omega @ self.surplus(solution))
            return gain, omega * income

        return objective

    def stats(self, steps: int, method: str) -> StrategyStats:
        """Return what the search has cost so far."""
        return StrategyStats(self.equilibria, self.gradients, steps, method)
