"""Accord prices both sides of a trade-and-investment deal: from one deal file to a briefing."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accord.assessment.assess import assess as assess
    from accord.assessment.bargain.bargain import bargain as bargain
    from accord.assessment.cars.study import cars as cars
    from accord.assessment.chains.study import supply_chains as supply_chains
    from accord.assessment.check import check as check
    from accord.assessment.compare import compare as compare
    from accord.assessment.explain.explain import explain as explain
    from accord.assessment.exposure.study import exposure as exposure
    from accord.assessment.load import load_assessment as load_assessment
    from accord.assessment.settings import AssessSettings as AssessSettings
    from accord.assessment.sweep.sweep import sweep as sweep
    from accord.backtesting.backtest import backtest as backtest
    from accord.briefing.brief import brief as brief
    from accord.core.errors import InputError as InputError
    from accord.core.errors import SolveError as SolveError
    from accord.data.readers.gravity.estimate import gravity as gravity
    from accord.data.readers.read import read_world as read_world
    from accord.data.store import load_world as load_world
    from accord.data.world import World as World
    from accord.deal.load import load_deal as load_deal
    from accord.lowering.lines.read import read_tariffs as read_tariffs
    from accord.trade.batch import solve_trade_many as solve_trade_many
    from accord.trade.config import TradeConfig as TradeConfig
    from accord.trade.model import TradeModel as TradeModel
    from accord.trade.path.solver import solve_trade_path as solve_trade_path
    from accord.trade.path.sourcing import Sourcing as Sourcing
    from accord.trade.plan import TradeShock as TradeShock
    from accord.trade.solver import solve_trade as solve_trade
    from accord.trade.strategy.strategy import best_response as best_response
    from accord.trade.strategy.strategy import cooperative_tariffs as cooperative_tariffs
    from accord.trade.strategy.strategy import nash_tariffs as nash_tariffs
    from accord.trade.strategy.strategy import retaliate as retaliate
    from accord.trade.welfare.measures import measure_welfare as measure_welfare

    __version__: str

# Where each public name lives: it is imported when it is first asked for, so that
# `import accord` and `accord --help` cost nothing.
_HOMES = {
    "AssessSettings": "accord.assessment.settings",
    "InputError": "accord.core.errors",
    "SolveError": "accord.core.errors",
    "Sourcing": "accord.trade.path.sourcing",
    "TradeConfig": "accord.trade.config",
    "TradeModel": "accord.trade.model",
    "TradeShock": "accord.trade.plan",
    "World": "accord.data.world",
    "assess": "accord.assessment.assess",
    "backtest": "accord.backtesting.backtest",
    "bargain": "accord.assessment.bargain.bargain",
    "best_response": "accord.trade.strategy.strategy",
    "brief": "accord.briefing.brief",
    "cars": "accord.assessment.cars.study",
    "check": "accord.assessment.check",
    "compare": "accord.assessment.compare",
    "cooperative_tariffs": "accord.trade.strategy.strategy",
    "exposure": "accord.assessment.exposure.study",
    "explain": "accord.assessment.explain.explain",
    "gravity": "accord.data.readers.gravity.estimate",
    "load_assessment": "accord.assessment.load",
    "load_deal": "accord.deal.load",
    "load_world": "accord.data.store",
    "measure_welfare": "accord.trade.welfare.measures",
    "nash_tariffs": "accord.trade.strategy.strategy",
    "read_tariffs": "accord.lowering.lines.read",
    "read_world": "accord.data.readers.read",
    "retaliate": "accord.trade.strategy.strategy",
    "solve_trade": "accord.trade.solver",
    "solve_trade_many": "accord.trade.batch",
    "solve_trade_path": "accord.trade.path.solver",
    "supply_chains": "accord.assessment.chains.study",
    "sweep": "accord.assessment.sweep.sweep",
}

__all__ = [
    "AssessSettings",
    "InputError",
    "SolveError",
    "Sourcing",
    "TradeConfig",
    "TradeModel",
    "TradeShock",
    "World",
    "__version__",
    "assess",
    "backtest",
    "bargain",
    "best_response",
    "brief",
    "cars",
    "check",
    "compare",
    "cooperative_tariffs",
    "explain",
    "exposure",
    "gravity",
    "load_assessment",
    "load_deal",
    "load_world",
    "measure_welfare",
    "nash_tariffs",
    "read_tariffs",
    "read_world",
    "retaliate",
    "solve_trade",
    "solve_trade_many",
    "solve_trade_path",
    "supply_chains",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Return a public name, importing its module on first use."""
    if name == "__version__":
        value: Any = import_module("importlib.metadata").version("accord-workbench")
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'accord' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
