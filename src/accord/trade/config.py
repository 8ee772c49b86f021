"""How the world economy closes, and how the solver searches."""

from dataclasses import dataclass
from typing import Literal, get_args

from accord.core.boundary.settings import make_plain
from accord.core.errors import InputError, Problem
from accord.core.words import suggest

Closure = Literal["fixed", "share", "balanced"]
Competition = Literal["perfect", "monopolistic", "fixed_entry"]
RevenueUse = Literal["lump_sum", "labour_tax"]
ScaleOf = Literal["labour", "bundles"]
DutyOn = Literal["price", "cost"]
CustomsValue = Literal["cif", "fob"]

CLOSURE_MEANING: dict[Closure, str] = {
    "fixed": "trade deficits stay as they were, measured in world value added",
    "share": "trade deficits stay the same share of each region's value added; what the shares "
    "then leave over is spread over all regions by value added, so that deficits sum to zero",
    "balanced": "trade is balanced everywhere, in the baseline and after the shock",
}
COMPETITION_MEANING: dict[Competition, str] = {
    "perfect": "perfect competition (Caliendo and Parro 2015)",
    "monopolistic": "monopolistic competition with scale economies "
    "(Lashkaripour and Lugovskyy 2023)",
    "fixed_entry": "monopolistic competition of a fixed number of firms, which earn profits "
    "(Ossa 2014; Lashkaripour and Lugovskyy 2023, restricted entry)",
}

SCALE_MEANING: dict[ScaleOf, str] = {
    "labour": "entry takes labour: a sector is as large as its employment",
    "bundles": "entry takes bundles of labour and inputs, as production does: a sector is as large "
    "as what it uses of them (Costinot and Rodríguez-Clare 2014)",
}
REVENUE_MEANING: dict[RevenueUse, str] = {
    "lump_sum": "revenue is paid out; rates of the labour tax stay as they are",
    "labour_tax": "revenue lowers the labour tax by as much as keeps the budget what it was at "
    "consumer prices",
}
DUTY_MEANING: dict[DutyOn, str] = {
    "price": "duties are a part of the price: makers get the rest of it",
    "cost": "duties are a part of what goods cost their makers, who add their markups to them",
}
CUSTOMS_MEANING: dict[CustomsValue, str] = {
    "cif": "duties are charged with freight in the value: they rise with it",
    "fob": "duties are charged on the value before freight: they do not rise with it",
}


@dataclass(frozen=True)
class TradeConfig:
    """Closure, market structure, labour supply and tolerance of a solve.

    Attributes:
        closure: What happens to trade deficits: see `CLOSURE_MEANING`.
        competition: Market structure: see `COMPETITION_MEANING`.
        scale_strength: Multiplies the scale elasticities under monopolistic competition, and the
            markups under fixed entry, which are the same numbers. Strong scale economies with
            input linkages can leave no equilibrium near the baseline.
        labour_elasticity: Elasticity of labour supply to the real wage after tax (Frisch's and
            Marshall's are the same: income has no effect on effort); zero is fixed labour.
        revenue_use: What revenue of tariffs and taxes is for: see `REVENUE_MEANING`.
        scale_of: What makes a sector large under monopolistic competition: see `SCALE_MEANING`.
        duty_on: What duties are charged on where firms have markups: see `DUTY_MEANING`.
        customs_value: Whether freight, the trade costs other than tariffs, is in the value that
            duties are charged on: see `CUSTOMS_MEANING`.
        tolerance: Largest residual accepted (relative; log wages and prices, sales over GDP).
        max_steps: Accelerated steps before the slower, surer method takes over.
    """

    closure: Closure = "fixed"
    competition: Competition = "perfect"
    scale_strength: float = 1.0
    labour_elasticity: float = 0.0
    tolerance: float = 1e-10
    max_steps: int = 600
    revenue_use: RevenueUse = "lump_sum"
    scale_of: ScaleOf = "labour"
    duty_on: DutyOn = "price"
    customs_value: CustomsValue = "cif"

    @property
    def charges_cost(self) -> bool:
        """Whether duties are charged on cost, and there are markups that make that matter."""
        return self.duty_on == "cost" and self.competition != "perfect"

    @property
    def state_kind(self) -> tuple[bool, bool]:
        """What a solver's vector has: logarithms of sales, and sales at buyers' prices besides."""
        return self.competition == "monopolistic", self.charges_cost

    def __post_init__(self) -> None:
        """Check every field, all problems at once."""
        problems = make_plain(self)
        if problems:
            raise InputError(problems, "the trade configuration")
        problems = [
            *_check_choice("closure", self.closure, get_args(Closure)),
            *_check_choice("competition", self.competition, get_args(Competition)),
            *_check_choice("revenue_use", self.revenue_use, get_args(RevenueUse)),
            *_check_choice("scale_of", self.scale_of, get_args(ScaleOf)),
            *_check_choice("duty_on", self.duty_on, get_args(DutyOn)),
            *_check_choice("customs_value", self.customs_value, get_args(CustomsValue)),
        ]
        problems += _check_range("labour_elasticity", self.labour_elasticity, 0.0, 100.0)
        problems += _check_range("scale_strength", self.scale_strength, 0.0, 10.0)
        problems += _check_range("tolerance", self.tolerance, 1e-13, 1e-2)
        problems += _check_range("max_steps", self.max_steps, 1.0, 1e6)
        if problems:
            raise InputError(problems, "the trade configuration")


def _check_choice(name: str, value: str, options: tuple[str, ...]) -> list[Problem]:
    if value in options:
        return []
    meant = suggest(value, options)
    hint = f"Did you mean {meant!r}?" if meant else ""
    return [Problem(name, f"{value!r} is not one of {', '.join(options)}", hint)]


def _check_range(name: str, value: float, low: float, high: float) -> list[Problem]:
    if low <= value <= high:
        return []
    return [
        Problem(name, f"{value} is outside {low:g} to {high:g}", "Leave it out for the default")
    ]
