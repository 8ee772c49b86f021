"""The supply chains of one package, solved with every set of elasticities in play."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.assessment.snapshot.packages import BASELINE, Snapshot
from accord.chains.equations import trade_created, trade_diverted
from accord.chains.solution import ChainsOutcome
from accord.chains.solver import solve_chains
from accord.core.arrays import Float
from accord.core.notebook import Shown
from accord.lowering.chains.accounts import lower_chains
from accord.lowering.trade import with_elasticity
from accord.trade.solution import TradeOutcome
from accord.trade.solver import solve_trade

Cubes = Float[np.ndarray, "set importer exporter sector"]
Exposures = Float[np.ndarray, "set supplier importer user"]
Cells = Float[np.ndarray, "set region sector"]


@dataclass(frozen=True, eq=False, repr=False)
class ChainsPackage(Shown):
    """One package, or the baseline. Arrays have the sets of elasticities in play first.

    Attributes:
        name: Name of the package, or "baseline".
        trade: Trade flows at customs value, bn USD a year.
        output: Output, bn USD a year.
        value_added: Value added at old consumer prices, bn USD a year.
        employment: Employment over that of the baseline.
        direct: Inputs bought from a region for a unit of output.
        look_through: Output of a region in a unit of output, at any stage.
        concentration: Herfindahl-Hirschman index of a sector's imports.
        upstreamness: Mean number of stages to final use.
        gross: Gross exports by exporter and importer, bn USD a year.
        domestic: Domestic value added in them, source-based.
    """

    name: str
    trade: Cubes
    output: Cells
    value_added: Cells
    employment: Cells
    direct: Exposures
    look_through: Exposures
    concentration: Float[np.ndarray, "set importer sector"]
    upstreamness: Cells
    gross: Float[np.ndarray, "set exporter importer"]
    domestic: Float[np.ndarray, "set exporter importer"]

    @property
    def imports(self) -> Cubes:
        """Trade flows without what a region sells to itself."""
        regions = self.trade.shape[1]
        return np.where(np.eye(regions, dtype=bool)[:, :, None], 0.0, self.trade)


def split_change(before: ChainsPackage, after: ChainsPackage) -> tuple[Cubes, Cubes]:
    """Return imports created and diverted from one package to another, bn USD a year."""
    pairs = list(zip(before.imports, after.imports, strict=True))
    return (
        np.stack([trade_created(old, new) for old, new in pairs]),
        np.stack([trade_diverted(old, new) for old, new in pairs]),
    )


def solve_package_chains(snapshot: Snapshot, name: str) -> ChainsPackage:
    """Return the chains of a package, an equilibrium for every set of elasticities in play.

    Raises:
        SolveError: An equilibrium was not found.
    """
    world, model, settings = snapshot.world, snapshot.model, snapshot.settings
    shock = snapshot.package(name).solution.shock
    models = [with_elasticity(model, world.elasticities[chosen])
              for chosen in settings.sets_in_play(world)]  # fmt: skip
    outcomes = [solve_trade(each, shock, config=settings.trade).value for each in models]
    chains = [solve_chains(lower_chains(model, outcome, shock)).value for outcome in outcomes]
    return _collect(name, snapshot, chains, outcomes)


def read_baseline(snapshot: Snapshot) -> ChainsPackage:
    """Return the chains of the world before, the same for every set."""
    count = len(snapshot.settings.sets_in_play(snapshot.world))
    solved = solve_chains(lower_chains(snapshot.model)).value
    return _collect(BASELINE, snapshot, [solved] * count, [None] * count)


def _collect(
    name: str,
    snapshot: Snapshot,
    chains: Sequence[ChainsOutcome],
    outcomes: Sequence[TradeOutcome | None],
) -> ChainsPackage:
    """Return the figures of a package, without inverses, which are large."""
    model = snapshot.model
    ones = np.ones_like(model.sales)
    prices = [1.0 if o is None else o.consumer_price_change[:, None] for o in outcomes]
    names = ("output", "direct", "look_through", "concentration", "upstreamness")
    stacked = {field: np.stack([getattr(value, field) for value in chains]) for field in names}
    return ChainsPackage(
        name=name,
        trade=np.stack([model.flows if o is None else o.flows for o in outcomes]),
        value_added=np.stack([
            model.value_added_share * value.output / price
            for value, price in zip(chains, prices, strict=True)
        ]),
        employment=np.stack([ones if o is None else o.employment_change for o in outcomes]),
        gross=np.stack([value.exports.gross for value in chains]),
        domestic=np.stack([value.exports.by_source.domestic for value in chains]),
        **stacked,
    )  # fmt: skip
