"""The settings of an assessment: closure, competition, labour, elasticities, paths and draws."""

from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.world import World
from accord.external.config import ExternalConfig
from accord.finance.config import FinanceConfig
from accord.trade.config import Closure, Competition, TradeConfig

MarketStructure = Literal["perfect", "monopolistic"]
"""Those of the trade engine that a verdict can value: it has no account of profits."""
Labour = Literal["fixed", "elastic"]
SourcingSpeed = Literal["gradual", "at_once"]

ELASTIC_LABOUR = 0.5
SCALE_SET = "ll2023"
MOST_PATHS = 100_000
MOST_DRAWS = 10_000
NOT_WITH_SCALE = ("fontagne", "cp2015", "boehm2023")
"""Sets of elasticities that are in play only where they are named: in `elasticities` or `sets`."""


@dataclass(frozen=True)
class AssessSettings:
    """Settings of an assessment, all in words that a reader of the result can repeat.

    Attributes:
        elasticities: Name of a set of trade elasticities of the world; if left out, figures are
            the mean over all its sets (under monopolistic competition the set that its scale
            elasticities belong with).
        closure: What happens to trade deficits.
        competition: Market structure.
        labour: Fixed labour, or labour that answers to the real wage with elasticity 0.5: hours of
            those who work. Chetty, Guren, Manoli and Weber (2011, American Economic Review 101(3))
            put the Frisch elasticity at 0.5 on this intensive margin, and at 0.25 on the extensive
            one, whether to work at all.
        scale_strength: Multiplies the scale elasticities under monopolistic competition.
        ranges: Whether to solve every package with the other sets in play as well. Under
            monopolistic competition there is one set only, so there is no range.
        sourcing: Whether trade answers slowly in the verdict, as buyers choose their source anew,
            or at once.
        triggered: Events of the deal file declared to have happened, which wakes its snap-backs.
        paths: Random paths on which projects and interest rates are followed; 0 follows the one on
            which everything takes its mean.
        draws: Draws of everything uncertain behind the intervals of a verdict; 0 for none.
        seed: Seed of the random numbers, the same for every package.
        sets: Names of the sets of elasticities in play: those of the ranges, of the draws and of
            the centre of a verdict. If left out, all of the world's. The set in
            `elasticities` always is.
    """

    elasticities: str | None = None
    closure: Closure = "fixed"
    competition: Competition = "perfect"
    labour: Labour = "fixed"
    scale_strength: float = 1.0
    ranges: bool = True
    sourcing: SourcingSpeed = "gradual"
    triggered: tuple[str, ...] = ()
    paths: int = 2000
    draws: int = 500
    seed: int = 20251114
    sets: tuple[str, ...] | None = None
    trade: TradeConfig = field(init=False)

    def __post_init__(self) -> None:
        """Check the words, all problems at once, and build the engine's configuration."""
        problems = make_plain(self)
        if problems:
            raise InputError(problems, "the settings")
        named: object = self.sets
        if isinstance(named, str):
            remedy = f"Give names in a tuple: ({named!r},)"
            problems.append(Problem("sets", f"{named!r} is one word, not several names", remedy))
        if self.labour not in get_args(Labour):
            problems.append(Problem("labour", f"{self.labour!r} is not fixed or elastic"))
        if self.sourcing not in get_args(SourcingSpeed):
            problems.append(Problem("sourcing", f"{self.sourcing!r} is not gradual or at_once"))
        elasticity = ELASTIC_LABOUR if self.labour == "elastic" else 0.0
        try:
            trade = TradeConfig(
                closure=self.closure,
                competition=self.competition,
                scale_strength=self.scale_strength,
                labour_elasticity=elasticity,
            )
        except InputError as error:
            problems += error.problems
        if self.competition == "fixed_entry":
            remedy = f"Choose {' or '.join(get_args(MarketStructure))}; ac.solve_trade takes it"
            message = f"{self.competition!r} has profits of firms, which no verdict values"
            problems.append(Problem("competition", message, remedy))
        if self.competition == "monopolistic" and self.elasticities in NOT_WITH_SCALE:
            remedy = f"Use elasticities {SCALE_SET!r} with it"
            message = f"has scale elasticities estimated with the set {SCALE_SET!r}"
            problems.append(Problem("competition", f"monopolistic competition {message}", remedy))
        problems += find_paths(self.paths)
        if not 0 <= self.draws <= MOST_DRAWS:
            message = f"{self.draws} is outside 0 to {MOST_DRAWS:,}"
            problems.append(Problem("draws", message, "500 draws give chances to within 2 points"))
        if problems:
            raise InputError(problems, "the settings")
        object.__setattr__(self, "trade", trade)

    def averages(self, world: World) -> bool:
        """Return whether the central case is the mean over the sets of elasticities in play.

        It is one set alone where another than the world's own is named without others, without
        ranges, and with scale economies.
        """
        own = self.sets is not None or self.elasticities in (None, world.default_elasticities)
        return own and self.ranges and self.competition == "perfect"

    @property
    def finance(self) -> FinanceConfig:
        """Configuration of the finance engine."""
        return FinanceConfig(self.paths, self.seed)

    @property
    def external(self) -> ExternalConfig:
        """Configuration of the external engine."""
        return ExternalConfig(self.paths, self.seed)

    def for_world(self, world: World, triggers: tuple[str, ...] = ()) -> "AssessSettings":
        """Return these settings with a set of elasticities that the world has.

        Args:
            world: The baseline.
            triggers: Names of the events that snap-backs of the deal wait for.

        Raises:
            InputError: A set or an event is not known, all at once.
        """
        known = tuple(world.elasticities)
        problems = [
            _unknown("triggered", f"no snap-back of the deal waits for {name!r}", name, triggers)
            for name in self.triggered
            if name not in triggers
        ]
        if self.elasticities and self.elasticities not in known:
            message = f"the world has no set called {self.elasticities!r}"
            problems.insert(0, _unknown("elasticities", message, self.elasticities, known))
        problems += [
            _unknown("sets", f"the world has no set called {name!r}", name, known)
            for name in self.sets or ()
            if name not in known
        ]
        if problems:
            raise InputError(problems, "the settings")
        if self.elasticities:
            return self
        scale = self.competition == "monopolistic" and SCALE_SET in known
        return replace(self, elasticities=SCALE_SET if scale else world.default_elasticities)

    def sets_in_play(self, world: World) -> tuple[str, ...]:
        """Return the names of the sets in play, the one in `elasticities` first.

        One alone without ranges, or with scale economies, which belong with one set.
        """
        chosen = str(self.elasticities)
        if not self.ranges or self.competition != "perfect":
            return (chosen,)
        named = self.sets
        if named is None:
            named = tuple(world.elasticities)
        return (chosen, *(name for name in named if name != chosen))


def find_paths(paths: int) -> list[Problem]:
    """Return the problem of a number of random paths that is out of range, or none."""
    if 0 <= paths <= MOST_PATHS:
        return []
    message = f"{paths} is outside 0 to {MOST_PATHS:,}"
    return [Problem("paths", message, "use 2,000 paths for three-digit accuracy")]


def find_limit(limit: float) -> list[Problem]:
    """Return the problem of a chance that is out of range, or none."""
    if 0 < limit < 1:
        return []
    return [Problem("limit", f"{limit:g} is outside 0 to 1", "it is a chance: 0.05 is 5 %")]


def _unknown(path: str, message: str, name: str, known: tuple[str, ...]) -> Problem:
    return Problem(path, message, propose(name, known))
