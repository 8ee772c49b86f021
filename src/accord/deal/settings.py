"""How an assessment closes the world economy, and which elasticities it uses."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from accord.core.errors import InputError, Problem
from accord.core.words import suggest
from accord.finance.solver import FinanceConfig
from accord.trade.config import Closure, Competition, TradeConfig

Labour = Literal["fixed", "elastic"]

ELASTIC_LABOUR = 0.5
SCALE_SET = "ll2023"
MOST_PATHS = 100_000


@dataclass(frozen=True)
class AssessSettings:
    """Settings of an assessment, all in words that a reader of the result can repeat.

    Attributes:
        elasticities: Name of a set of trade elasticities of the world.
        closure: What happens to trade deficits.
        competition: Market structure.
        labour: Fixed labour, or labour that answers to the real wage with elasticity 0.5 (the
            middle of published Frisch elasticities at the extensive margin: Chetty, Guren, Manoli
            and Weber 2011, American Economic Review 101(3)).
        scale_strength: Multiplies the scale elasticities under monopolistic competition.
        ranges: Whether to solve every package with every other set of elasticities as well. Under
            monopolistic competition there is one set only, so there is no range.
        paths: Random paths on which projects and interest rates are followed; 0 follows the one on
            which everything takes its mean.
        seed: Seed of the random numbers, the same for every package.
    """

    elasticities: str = "fontagne"
    closure: Closure = "fixed"
    competition: Competition = "perfect"
    labour: Labour = "fixed"
    scale_strength: float = 1.0
    ranges: bool = True
    paths: int = 2000
    seed: int = 20251114
    trade: TradeConfig = field(init=False)

    def __post_init__(self) -> None:
        """Check the words, all problems at once, and build the engine's configuration."""
        problems: list[Problem] = []
        if self.labour not in get_args(Labour):
            problems.append(Problem("labour", f"{self.labour!r} is not fixed or elastic"))
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
        if self.competition == "monopolistic" and self.elasticities != SCALE_SET:
            remedy = f"Use elasticities {SCALE_SET!r} with it"
            message = f"has scale elasticities estimated with the set {SCALE_SET!r}"
            problems.append(Problem("competition", f"monopolistic competition {message}", remedy))
        if not 0 <= self.paths <= MOST_PATHS:
            message = f"{self.paths} is outside 0 to {MOST_PATHS:,}"
            problems.append(Problem("paths", message, "2000 paths settle the third digit"))
        if problems:
            raise InputError(problems, "the settings")
        object.__setattr__(self, "trade", trade)

    @property
    def finance(self) -> FinanceConfig:
        """Configuration of the finance engine."""
        return FinanceConfig(self.paths, self.seed)

    def check_elasticities(self, known: tuple[str, ...]) -> None:
        """Raise `InputError` if the world has no set of elasticities by this name."""
        if self.elasticities in known:
            return
        meant = suggest(self.elasticities, known)
        hint = f"Did you mean {meant!r}?" if meant else f"Known: {', '.join(known)}"
        problem = Problem(
            "elasticities", f"the world has no set called {self.elasticities!r}", hint
        )
        raise InputError([problem], "the settings")
