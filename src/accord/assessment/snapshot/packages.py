"""The trade engine for every package: the yearly state under each, solved in a fixed order.

For each package: the finance clauses become plans, which are solved first; what they pay in an
average year and the tariffs become a shock, which is solved with its transfer and without it (so
that each has its own part of the result), then again with every other elasticity set.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from accord.assessment.settings import AssessSettings
from accord.assessment.snapshot.external import PartyExternal, solve_package_external
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.snapshot.means import Asked, income_of, refuse_money, subject_of
from accord.core.arrays import Float
from accord.core.errors import SolveError
from accord.core.notebook import Shown
from accord.core.status import Status
from accord.data.world import World
from accord.deal.deal import Deal
from accord.lowering.finance import PairFinance
from accord.lowering.trade import build_trade_model, lower_package, with_elasticity
from accord.lowering.transfers import Transfer, yearly_transfers
from accord.trade.model import TradeModel
from accord.trade.solution import TradeOutcome, TradeSolution
from accord.trade.solver import solve_trade

BASELINE = "baseline"


@dataclass(frozen=True, eq=False)
class PackageResult(Shown):
    """One package, solved.

    Attributes:
        name: Name of the package.
        finance: The money of every pair of parties, solved.
        external: What it does to the currency of every party that pays.
        transfers: Yearly transfers, bn USD.
        solution: The equilibrium with tariffs and transfers, with the settings' elasticities.
        outcome: What it comes to: the mean over the sets of elasticities in play, each solved.
        gain: Equivalent variation by region against the baseline, bn USD a year, the same mean.
        tariff_gain: The same with tariffs alone.
        gains: Equivalent variation with the settings' elasticities, then with every other set.
        tariff_gains: The same with tariffs alone.
        status: The worst status behind the package.
    """

    name: str
    finance: tuple[PairFinance, ...]
    external: tuple[PartyExternal, ...]
    transfers: tuple[Transfer, ...]
    solution: TradeSolution
    outcome: TradeOutcome
    gain: Float[np.ndarray, " region"]
    tariff_gain: Float[np.ndarray, " region"]
    gains: Float[np.ndarray, "set region"]
    tariff_gains: Float[np.ndarray, "set region"]
    status: Status

    def __repr__(self) -> str:
        """One line: name, regions, status."""
        regions = len(self.solution.model.regions)
        return f"PackageResult({self.name!r}: {regions} regions, {self.status.name.lower()})"


@dataclass(frozen=True, eq=False)
class Snapshot(Shown):
    """The yearly state under every package of a deal.

    Attributes:
        deal: The deal.
        world: The baseline.
        settings: How it was solved, with a set of elasticities that the world has.
        model: The trade model of the baseline.
        packages: Every package, no deal first.
    """

    deal: Deal
    world: World
    settings: AssessSettings
    model: TradeModel
    packages: tuple[PackageResult, ...]

    def __repr__(self) -> str:
        """One line: deal, world, number of packages."""
        return f"Snapshot({self.deal.name!r} in {self.world.name!r}: {len(self.packages)} packages)"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the packages, "no_deal" first."""
        return tuple(package.name for package in self.packages)

    def package(self, name: str) -> PackageResult:
        """Return one package.

        Raises:
            KeyError: There is no such package.
        """
        for package in self.packages:
            if package.name == name:
                return package
        raise KeyError(name)

    def flows(self, package: str) -> Float[np.ndarray, "importer exporter sector"]:
        """Return trade flows at customs value under a package (or "baseline"), bn USD a year."""
        if package == BASELINE:
            return self.model.flows
        return self.package(package).outcome.flows


Money = tuple[tuple[PairFinance, ...], tuple[PartyExternal, ...]]
"""The money of every pair of parties under a package, and what it does to currencies, solved."""
MoneySource = Callable[[Deal, str], Money]


def solve_money(deal: Deal, name: str, world: World, settings: AssessSettings) -> Money:
    """Return the money of a package, and what it does to the currency of every party that pays."""
    finance = solve_package_finance(deal, [name], settings.finance)
    external = solve_package_external(
        deal, [name], world, finance=finance, config=settings.external
    )
    return finance, external


def solve_packages(
    deal: Deal,
    world: World,
    settings: AssessSettings,
    *,
    money: MoneySource | None = None,
    throw: bool = True,
) -> Snapshot:
    """Return the yearly state under every package.

    Args:
        deal: The deal, checked against the world.
        world: The baseline.
        settings: With a set of elasticities that the world has.
        money: Gives the money of a package where it is known already; solved here if left out.
        throw: Raise when an equilibrium is not found, rather than return its status.

    Raises:
        InputError: No equilibrium was found with the money of a package, and one without it.
        SolveError: An equilibrium was not found and `throw` is true.
    """
    model, *variants = build_models(world, settings, throw=throw)
    averaged = settings.averages(world)
    if money is None:
        money = partial(solve_money, world=world, settings=settings)
    run = _Run(deal, world, settings, model, tuple(variants), averaged, money, throw)
    packages = tuple(_solve_package(run, name) for name in deal.package_names)
    return Snapshot(deal, world, settings, model, packages)


def build_models(
    world: World, settings: AssessSettings, *, throw: bool = True
) -> tuple[TradeModel, ...]:
    """Return the baseline with each set of elasticities in play, that of the settings first.

    Under balanced trade its deficits are closed first.

    Raises:
        SolveError: They cannot be closed and `throw` is true.
    """
    model = build_trade_model(world, str(settings.elasticities))
    if settings.closure == "balanced":
        model = _balance(model, settings, throw=throw)
    names = settings.sets_in_play(world)[1:]
    return (model, *(with_elasticity(model, world.elasticities[name]) for name in names))


def _balance(model: TradeModel, settings: AssessSettings, *, throw: bool) -> TradeModel:
    """Return the baseline of every table and every variant: the model with its deficits closed.

    If there is none and errors are not wanted, the model itself: no package solves from it.
    """
    try:
        return model.balance(settings.trade)
    except SolveError:
        if throw:
            raise
        return model


class _Run(NamedTuple):
    deal: Deal
    world: World
    settings: AssessSettings
    model: TradeModel
    variants: tuple[TradeModel, ...]
    averaged: bool
    money: MoneySource
    throw: bool


def _solve_package(run: _Run, name: str) -> PackageResult:
    finance, external = run.money(run.deal, name)
    transfers = tuple(
        transfer
        for pair in finance
        for transfer in yearly_transfers(pair.pair, pair.solution, run.deal.window)
    )
    shock = lower_package(run.deal, name, run.world, transfers, triggered=run.settings.triggered)
    solve = partial(solve_trade, config=run.settings.trade, throw=run.throw)
    models = (run.model, *run.variants)
    if shock.transfer is None:
        whole = alone = tuple(solve(model, shock) for model in models)
    else:
        bare = replace(shock, transfer=None)
        alone = tuple(solve(model, bare) for model in models)
        try:
            whole = tuple(solve(model, shock) for model in models)
        except SolveError as error:
            raise refuse_money(name, _asked(run, transfers), subject_of(run.deal)) from error
    gains, tariff_gains = (
        np.stack([solved.value.welfare * solved.model.income for solved in group])
        for group in (whole, alone)
    )
    failed = (solved.status for solved in (*whole, *alone) if not solved.status.ok)
    mean = slice(None) if run.averaged else slice(1)
    return PackageResult(
        name, finance, external, transfers, whole[0],
        outcome=mean_outcome([solved.value for solved in whole[mean]]),
        gain=gains[mean].mean(axis=0), tariff_gain=tariff_gains[mean].mean(axis=0),
        gains=gains, tariff_gains=tariff_gains, status=next(failed, Status.CONVERGED),
    )  # fmt: skip


def _asked(run: _Run, transfers: Sequence[Transfer]) -> list[Asked]:
    """Return what every pair of parties moves in an average year of the window."""
    when = f"a year from {run.deal.window[0]} to {run.deal.window[-1]}"
    by_pair: dict[tuple[str, str], list[Transfer]] = defaultdict(list)
    for transfer in transfers:
        by_pair[transfer.payer, transfer.host].append(transfer)
    return [
        Asked(
            tuple(transfer.path for transfer in moved), payer, host,
            sum(transfer.net for transfer in moved), when,
            income_of(payer, run.world), income_of(host, run.world),
        )
        for (payer, host), moved in by_pair.items()
    ]  # fmt: skip


def mean_outcome(outcomes: Sequence[TradeOutcome]) -> TradeOutcome:
    """Return the mean of equilibria, number by number; money still adds up, and so do changes."""
    if len(outcomes) == 1:
        return outcomes[0]
    means = {
        item.name: np.mean([getattr(outcome, item.name) for outcome in outcomes], axis=0)
        for item in fields(TradeOutcome)
    }
    return TradeOutcome(**means)
