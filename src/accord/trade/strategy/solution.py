"""The results of a search for tariffs: rates, welfare, status, residuals and cost."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.trade.config import TradeConfig
from accord.trade.equations import joint_gain
from accord.trade.model import TradeModel
from accord.trade.plan import TradeShock
from accord.trade.solution import TradeSolution
from accord.trade.strategy.arena import Arena, StrategyStats
from accord.trade.strategy.instruments import Party
from accord.trade.strategy.policy import Cube, Policy, read_policy

Region = Float[np.ndarray, " region"]
PartySector = Float[np.ndarray, "party sector"]
PerParty = Float[np.ndarray, " party"]


@dataclass(frozen=True, eq=False, repr=False)
class StrategyOutcome(Shown):
    """Tariffs and what they do; money is the model's. NaN throughout if the search failed.

    Attributes:
        tariff: The tariffs of the world, fractions of the customs value.
        average_tariff: What each party charges in each sector, averaged over those it charges with
            its baseline imports; NaN where it sets no rate.
        overall_tariff: The same average over all the sectors in which a party sets rates.
        average_before: The first average, of the tariffs before the search.
        overall_before: The second, of the tariffs before the search.
        welfare: Equivalent variation of every region, as a fraction of its baseline income.
        gain: The same in money.
        party_gain: Gain of each party in money, its members together.
        objective: What each party maximises, in money: its gain, and what its political weights
            add; the gain itself where every weight is one.
        tariff_revenue: Tariff revenue of every region, in money.
        tax_revenue: Revenue of taxes on exports, making and using of every region, in money.
        policy: All rates of the world: tariffs, and taxes on exports, making and using.
    """

    tariff: Cube
    average_tariff: PartySector
    overall_tariff: PerParty
    average_before: PartySector
    overall_before: PerParty
    welfare: Region
    gain: Region
    party_gain: PerParty
    objective: PerParty
    tariff_revenue: Region
    tax_revenue: Region
    policy: Policy


@dataclass(frozen=True, eq=False)
class StrategySolution(Shown):
    """Tariffs that parties choose, and where the search for them ended.

    Attributes:
        model: The baseline (after deficits were closed, if the closure says so).
        shock: What else changed: the tariffs of others, transfers.
        config: The closure, market structure and labour supply used.
        parties: Who chose.
        value: The tariffs and what they do; NaN unless the status is `Status.CONVERGED`.
        status: How the search ended.
        residuals: For each party the largest distance of a rate from its optimum (log points);
            after a war also the gain of its best reply (fraction of its income).
        stats: What it cost.
        equilibrium: The last equilibrium reached; None if there was none.
    """

    model: TradeModel
    shock: TradeShock
    config: TradeConfig
    parties: tuple[Party, ...]
    value: StrategyOutcome
    status: Status
    residuals: Mapping[str, float]
    stats: StrategyStats
    equilibrium: TradeSolution | None

    def __repr__(self) -> str:
        """One line: who chose, how it ended, what it cost."""
        names = ", ".join(party.name for party in self.parties)
        worst = float(np.max([*self.residuals.values()] or [np.nan]))
        return (
            f"StrategySolution({names}: {self.status.name.lower()}, residual {worst:.1e}, "
            f"{self.stats.equilibria} equilibria, {self.stats.gradients} gradients)"
        )


def build_outcome(arena: Arena, equilibrium: TradeSolution | None) -> StrategyOutcome:
    """Return the outcome of an equilibrium; NaN without one."""
    model, parties = arena.model, [instrument.party for instrument in arena.instruments]
    tariff = np.full_like(model.tariff, np.nan)
    welfare = revenue = charged = surplus = np.full(len(model.regions), np.nan)
    policy = Policy(*(np.full_like(rates, np.nan) for rates in arena.before))
    if equilibrium is not None:
        value = equilibrium.value
        tariff, welfare, revenue = value.tariff, value.welfare, value.tariff_revenue
        charged, surplus = value.tax_revenue, arena.surplus(equilibrium)
        policy = read_policy(model, equilibrium.shock)
    members = [np.isin(model.regions, party.members).astype(float) for party in parties]
    party_gain = np.array([joint_gain(welfare, model.income, member) for member in members])
    by_sector, overall = arena.average(tariff)
    by_sector_before, overall_before = arena.average(arena.before.tariff)
    return StrategyOutcome(
        tariff=tariff, average_tariff=by_sector, overall_tariff=overall,
        average_before=by_sector_before, overall_before=overall_before, welfare=welfare,
        gain=model.income * welfare,
        party_gain=party_gain, objective=party_gain + np.stack(members) @ surplus,
        tariff_revenue=revenue, tax_revenue=charged, policy=policy,
    )  # fmt: skip


def equilibrium_of(solution: StrategySolution | TradeSolution | None) -> TradeSolution | None:
    """Return the equilibrium of a solution of either kind, if it converged."""
    if solution is None or not solution.status.ok:
        return None
    return solution.equilibrium if isinstance(solution, StrategySolution) else solution
