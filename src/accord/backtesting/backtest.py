"""The verb: predict episodes of the past from what was known before, and hold them to outcomes."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.assessment.settings import AssessSettings
from accord.backtesting.episode import Episode, Outcome, episode_names, load_episode
from accord.backtesting.measures import baseline_imports, measured, unchanged, year_imports
from accord.backtesting.result import Backtest, OutcomeRow
from accord.backtesting.tariffs import period_tariff
from accord.core.arguments import check_kind, public
from accord.data.store import load_world
from accord.data.world import World
from accord.lowering.trade import build_trade_model
from accord.trade.path.solution import TradePathSolution
from accord.trade.path.solver import solve_trade_path
from accord.trade.path.sourcing import SOURCING, Sourcing
from accord.trade.plan import TradeShock

Progress = Callable[[str, int, int], None]
Periods = tuple[tuple[date, date], ...]


@dataclass(frozen=True)
class Scenario:
    """One way in which trade may answer: a set of elasticities, and how fast buyers move."""

    elasticities: str
    sourcing: Sourcing
    central: bool


def scenarios(sets: Iterable[str], in_play: Collection[str]) -> tuple[Scenario, ...]:
    """Return the scenarios of sets of elasticities: slow, central and fast trade for each.

    Those of a set `in_play` at the central speed are central.
    """
    ratio, speed = SOURCING["ratio"], SOURCING["speed"]
    slow, fast = Sourcing(ratio.low, speed.low), Sourcing(ratio.high, speed.high)
    return tuple(
        Scenario(name, sourcing, central and name in in_play)
        for name in sets
        for sourcing, central in ((slow, False), (Sourcing(), True), (fast, False))
    )


@public
def backtest(
    episodes: str | Sequence[str | Episode] | None = None,
    *,
    world: World | None = None,
    elasticities: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Return predictions of tariffs of the past beside what was published of their outcomes.

    A prediction takes the tariffs of the law, the world before them, and sets of elasticities
    published before; no outcome is used. Trade answers slowly (`solve_trade_path`), each period
    observed being a year on the path. The interval is the range over the sets of elasticities and
    over slow, central and fast trade. The central prediction is the mean over the sets that are in
    play in a verdict.

    Args:
        episodes: Names of shipped episodes, or episodes of your own; all shipped if left out.
        world: The world before; the embedded one if left out.
        elasticities: Names of sets of the world, for the interval and the centre; if left out, all
            of them for the interval, and those in play in a verdict for the centre.
        progress: Called with what is done, how much, and of how much.

    Raises:
        InputError: There is no such episode.
        SolveError: An equilibrium was not found.
    """
    world = load_world() if world is None else world
    check_kind("world", world, World, "Leave it out, or give ac.load_world()")
    names = (episodes,) if isinstance(episodes, str) else episodes
    chosen = tuple(
        episode if isinstance(episode, Episode) else load_episode(episode)
        for episode in (episode_names() if names is None else names)
    )
    sets = tuple(world.elasticities if elasticities is None else elasticities)
    in_play = (
        AssessSettings().for_world(world).sets_in_play(world) if elasticities is None else sets
    )
    rows: list[OutcomeRow] = []
    for episode in chosen:
        rows += _predict(episode, world, scenarios(sets, in_play), progress)
    return Backtest(chosen, tuple(rows), sets)


def _predict(
    episode: Episode, world: World, cases: Sequence[Scenario], progress: Progress | None
) -> Iterator[OutcomeRow]:
    periods = [_periods(episode, outcome) for outcome in episode.outcomes]
    different = list(dict.fromkeys(periods))
    shocks = {
        span: TradeShock(tariff=period_tariff(episode, world, *span))
        for span in dict.fromkeys(span for those in different for span in those)
    }
    predicted = np.empty((len(cases), len(periods)))
    still = np.empty(len(periods))
    for number, case in enumerate(cases):
        model = build_trade_model(world, case.elasticities)
        for done, those in enumerate(different):
            path = solve_trade_path(model, [shocks[span] for span in those], sourcing=case.sourcing)
            for at in (at for at, own in enumerate(periods) if own == those):
                outcome = episode.outcomes[at]
                predicted[number, at], still[at] = _read(path, world, episode, outcome)
            if progress is not None:
                progress(
                    f"what happened in {episode.name}",
                    number * len(different) + done + 1,
                    len(cases) * len(different),
                )
    central = [case.central for case in cases]
    for at, outcome in enumerate(episode.outcomes):
        column = predicted[:, at]
        yield OutcomeRow(
            episode.name, outcome, float(column.min()), float(column[central].mean()),
            float(column.max()), float(still[at]),
        )  # fmt: skip


def _periods(episode: Episode, outcome: Outcome) -> Periods:
    """Return the calendar years of the episode before that of an outcome, then its own period."""
    years = range(episode.days[0].year, outcome.end.year)
    before = tuple((date(year, 1, 1), date(year, 12, 31)) for year in years)
    return (*before, (outcome.start, outcome.end))


def _read(
    path: TradePathSolution, world: World, episode: Episode, outcome: Outcome
) -> tuple[float, float]:
    """Return what a path says of an outcome, and what the forecast that nothing moves does."""
    before = baseline_imports(path, world, episode.importer)
    if outcome.against is not None:
        year = outcome.against - episode.days[0].year
        before = year_imports(path, world, episode.importer, year)
    after = year_imports(path, world, episode.importer, len(path.years) - 1)
    return measured(outcome, after, before, world), unchanged(outcome, before, world)
