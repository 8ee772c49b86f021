"""How an assessment closes the world economy, and which elasticities it uses."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from accord.core.errors import InputError, Problem
from accord.core.words import suggest
from accord.trade.config import Closure, Competition, TradeConfig

Labour = Literal["fixed", "elastic"]

ELASTIC_LABOUR = 0.5
SCALE_SET = "ll2023"


@dataclass(frozen=True)
class AssessSettings:
    """Settings of an assessment, all in words that a reader of the result can repeat.

    Attributes:
        elasticities: Name of a set of trade elasticities of the world.
        closure: What happens to trade deficits.
        competition: Market structure.
        labour: Fixed labour, or labour that answers to the real wage with elasticity 0.5: hours of
            those who work. Chetty, Guren, Manoli and Weber (2011, American Economic Review 101(3))
            put the Frisch elasticity at 0.5 on this intensive margin, and at 0.25 on the extensive
            one, whether to work at all.
        scale_strength: Multiplies the scale elasticities under monopolistic competition.
        ranges: Whether to solve every package with every other set of elasticities as well. Under
            monopolistic competition there is one set only, so there is no range.
        triggered: Events of the deal file declared to have happened, which wakes its snap-backs.
    """

    elasticities: str = "fontagne"
    closure: Closure = "fixed"
    competition: Competition = "perfect"
    labour: Labour = "fixed"
    scale_strength: float = 1.0
    ranges: bool = True
    triggered: tuple[str, ...] = ()
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
        if problems:
            raise InputError(problems, "the settings")
        object.__setattr__(self, "trade", trade)

    def check_names(self, elasticities: tuple[str, ...], triggers: tuple[str, ...]) -> None:
        """Raise `InputError` for names that the world or the deal does not know, all at once.

        Args:
            elasticities: Names of the sets of elasticities of the world.
            triggers: Names of the events that snap-backs of the deal wait for.
        """
        problems = []
        if self.elasticities not in elasticities:
            message = f"the world has no set called {self.elasticities!r}"
            problems.append(_unknown("elasticities", message, self.elasticities, elasticities))
        for name in self.triggered:
            if name not in triggers:
                message = f"no snap-back of the deal waits for {name!r}"
                problems.append(_unknown("triggered", message, name, triggers))
        if problems:
            raise InputError(problems, "the settings")


def _unknown(path: str, message: str, name: str, known: tuple[str, ...]) -> Problem:
    meant = suggest(name, known)
    hint = f"Did you mean {meant!r}?" if meant else f"Known: {', '.join(known) or 'none'}"
    return Problem(path, message, hint)
