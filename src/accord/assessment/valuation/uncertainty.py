"""The unknowns of the verdict: their distributions, with sources, and draws from them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from accord.assessment.words.sentences import say
from accord.core.arrays import Bool, Float, Int
from accord.core.notebook import Shown
from accord.core.numerics.distributions import triangular
from accord.core.numerics.samples import latin_hypercube
from accord.core.provenance import Grade
from accord.deal.deal import Deal
from accord.trade.path.sourcing import SOURCING

Draw = Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class Parameter:
    """One uncertain number.

    Attributes:
        name: Name in tables; the catalogue has its title and its unit.
        low: Lowest value.
        mode: Most likely value; the middle where all are equally likely.
        high: Highest value.
        shape: "triangular", "uniform" or "loguniform".
        source: Where the distribution comes from.
        grade: How far to trust it.
    """

    name: str
    low: float
    mode: float
    high: float
    shape: str
    source: str
    grade: Grade

    @property
    def title(self) -> str:
        """What it is, in words."""
        return say(f"unknown.{self.name}.title")

    @property
    def unit(self) -> str:
        """Unit of its values."""
        return say(f"unknown.{self.name}.unit")

    @property
    def central(self) -> float:
        """Value in the central case: the mean; of a ratio, which has no side, the middle."""
        if self.shape == "loguniform":
            return self.mode
        if self.shape == "uniform":
            return (self.low + self.high) / 2
        return (self.low + self.mode + self.high) / 3

    def quantile(self, u: Draw) -> Draw:
        """Return the values at quantiles `u`."""
        low, mode, high = self.low, self.mode, self.high
        if self.shape == "uniform":
            return np.asarray(low + (high - low) * u)
        if self.shape == "loguniform":
            return np.asarray(low * (high / low) ** u)
        return triangular(low, mode, high, u)


ASSUMED = "assumption"
_SPEED = SOURCING["speed"]
PARAMETERS = (
    Parameter("displacement", 0.0, 0.5, 1.0, "uniform", ASSUMED, "U"),
    Parameter("displaced_return", -0.02, 0.0, 0.02, "triangular", ASSUMED, "U"),
    Parameter("additional", 0.0, 0.5, 1.0, "uniform", ASSUMED, "U"),
    Parameter("division", 0.0, 0.5, 1.0, "uniform", ASSUMED, "U"),
    Parameter("use", 0.0, 0.5, 1.0, "uniform", ASSUMED, "U"),
    Parameter("growth", 0.005, 0.015, 0.025, "triangular", ASSUMED, "U"),
    Parameter("discount", -0.01, 0.0, 0.01, "triangular", ASSUMED, "U"),
    Parameter("flow_price", 0.5, 1.0, 2.0, "loguniform", ASSUMED, "U"),
    Parameter(
        "crisis_loss", 0.05, 0.065, 0.08, "triangular",
        "Hutchison and Noy (2005), Journal of Money, Credit and Banking 37(4)", "B",
    ),
    Parameter(
        "aversion", 1.0, 2.0, 4.0, "loguniform",
        "Chetty (2006), American Economic Review 96(5): about 1, at most 2; Jeanne and Rancière "
        "(2006), IMF WP 06/229: 2, tried from 1 to 10", "B",
    ),
    Parameter(
        "removal", 0.0, 0.06, 0.2, "triangular",
        "US tariffs under sections 232 and 301 since 2018, by partner, counted in "
        "docs/theory/verdict.md", "D",
    ),
    Parameter(
        "rebuilding", 0.0, 0.62, 1.0, "triangular",
        "share of the US tariffs voided in February 2026 that sections 122 and 301 restored by "
        "July 2026, on the tracker's series (docs/theory/verdict.md); the ends are assumed", "D",
    ),
    Parameter("take_up", 0.0, 0.5, 1.0, "uniform", ASSUMED, "U"),
    Parameter(
        "sourcing", _SPEED.low, _SPEED.central, _SPEED.high, "triangular",
        "; ".join(source.title for source in _SPEED.sources), "A",
    ),
    Parameter(
        "risk_premium", 0.02, 0.04, 0.06, "triangular",
        "betas of 0.5 to 1.3 times an equity premium of 4.3 % (Damodaran, January 2025)", "U",
    ),
    Parameter("credit_spread", 0.01, 0.015, 0.025, "triangular", ASSUMED, "U"),
)  # fmt: skip
NAMES = tuple(parameter.name for parameter in PARAMETERS)
LUCK, ELASTICITIES, HORIZON = "luck", "elasticities", "horizon"
EVENTS = ("removal", "rebuilding")
"""Chances whose event is drawn as well: a quantile of luck each."""
TITLES = {name: say(f"unknown.{name}.title") for name in (*NAMES, LUCK, ELASTICITIES, HORIZON)}
EXPECTED = -1.0
"""In place of a quantile of luck: the expected value, rather than what happens on one draw."""


@dataclass(frozen=True, eq=False, repr=False)
class Inputs(Shown):
    """Values of everything uncertain: a row a draw.

    Attributes:
        weights: Weight of each set of trade elasticities: equal in the centre, one set on a draw.
        displacement: Quantile of the share displaced.
        displaced_return: Above the return for their risk, a fraction a year.
        additional: Share of what is built that is additional.
        division: Quantile of the share of the instrument named first, where a clause has several.
        use: Quantile of the share of each amount that is used.
        growth: A fraction a year.
        discount: Shift of discount rates, a fraction a year.
        flow_price: Ratio to the estimate.
        crisis_loss: Share of a year's GDP.
        aversion: Coefficient of relative risk aversion.
        removal: Chance a year that the tariffs are removed.
        rebuilding: Chance that voided tariffs are set anew.
        take_up: Quantile of the share of each duty that is collected.
        sourcing: Share of buyers who choose their source anew each year.
        risk_premium: Asked for the risk of projects, a fraction a year.
        credit_spread: Asked for the risk of loans, a fraction a year.
        removal_luck: Quantile of the year in which they are removed; -1 is the expected value.
        rebuilding_luck: Quantile below whose chance they are set anew; -1 is the expected value.
        path: Path of the money; -1 is the mean of all paths.
    """

    weights: Float[np.ndarray, "draw set"]
    displacement: Draw
    displaced_return: Draw
    additional: Draw
    division: Draw
    use: Draw
    growth: Draw
    discount: Draw
    flow_price: Draw
    crisis_loss: Draw
    aversion: Draw
    removal: Draw
    rebuilding: Draw
    take_up: Draw
    sourcing: Draw
    risk_premium: Draw
    credit_spread: Draw
    removal_luck: Draw
    rebuilding_luck: Draw
    path: Int[np.ndarray, " draw"]

    def __len__(self) -> int:
        """Number of draws."""
        return len(self.path)

    @property
    def rebuilt(self) -> Draw:
        """Whether voided tariffs are set anew, zero or one; the chance where it is expected."""
        happens = (self.rebuilding_luck < self.rebuilding).astype(float)
        return np.asarray(np.where(self.rebuilding_luck < 0, self.rebuilding, happens))

    def lasting(self, years: int) -> Float[np.ndarray, "draw year"]:
        """Return whether the tariffs still stand in each year, or the chance of it."""
        after = np.arange(years)
        stand = (1 - self.removal[:, None]) ** after
        luck = self.removal_luck[:, None]
        return np.asarray(np.where(luck < 0, stand, (luck < stand).astype(float)))

    def choose(
        self, flow: Float[np.ndarray, "path year"], mean: Float[np.ndarray, " year"]
    ) -> Float[np.ndarray, "draw year"]:
        """Return the path of each draw, or the mean over paths."""
        if self._on_mean.all():
            return np.repeat(mean[None], len(self), axis=0)
        picked = flow[self.path % len(flow)]
        if self._on_mean.any():
            picked = np.where(self._on_mean[:, None], mean, picked)
        return np.asarray(picked)

    @cached_property
    def _on_mean(self) -> Bool[np.ndarray, " draw"]:
        return np.asarray(self.path < 0)

    def with_values(self, **values: np.ndarray | float) -> "Inputs":
        """Return the same with other values; a single one stands for every draw."""
        many = [value for name, value in values.items() if np.ndim(value) > (name == "weights")]
        count = max([len(self), *(len(np.atleast_1d(value)) for value in many)])
        full: dict[str, np.ndarray] = {}
        for item in fields(self):
            value = np.asarray(values.get(item.name, getattr(self, item.name)))
            if item.name == "weights":
                value = np.broadcast_to(np.atleast_2d(value), (count, value.shape[-1]))
            else:
                value = np.broadcast_to(np.atleast_1d(value), (count,))
            full[item.name] = value
        return replace(self, **full)

    @classmethod
    def joined(cls, parts: Sequence["Inputs"]) -> "Inputs":
        """Return the draws of several inputs, one after another."""
        return cls(
            **{
                item.name: np.concatenate([getattr(part, item.name) for part in parts])
                for item in fields(cls)
            }
        )

    def rows(self, pick: slice | np.ndarray) -> "Inputs":
        """Return some of the draws."""
        return replace(self, **{item.name: getattr(self, item.name)[pick] for item in fields(self)})


def find_parameters(deal: Deal) -> tuple[Parameter, ...]:
    """Return the distributions of a deal: its own where its file gives them."""
    own = {name: getattr(deal.settings, name) for name in EVENTS}
    return tuple(
        parameter
        if own.get(parameter.name) is None
        else replace(
            parameter, source="the deal file",
            **{end: getattr(own[parameter.name], end) for end in ("low", "mode", "high")},
        )
        for parameter in PARAMETERS
    )  # fmt: skip


def central_inputs(sets: int, parameters: Sequence[Parameter] = PARAMETERS) -> Inputs:
    """Return the one row of the central case.

    Every number takes its central value, every chance and every path its expected value, and the
    sets of elasticities have equal weights: what they gain is averaged.
    """
    values = {parameter.name: np.array([parameter.central]) for parameter in parameters}
    luck = {f"{name}_luck": np.array([EXPECTED]) for name in EVENTS}
    weights = np.full((1, sets), 1 / sets)
    return Inputs(weights=weights, path=np.array([-1]), **values, **luck)


def quantile_columns(sets: int) -> dict[str, list[int]]:
    """Return the columns of a sample of quantiles that each unknown takes.

    A chance and its event are one unknown. The set of elasticities has a column only where there
    are several.
    """
    columns = {name: [at] for at, name in enumerate(NAMES)}
    for at, name in enumerate(EVENTS, start=len(NAMES)):
        columns[name] = [*columns[name], at]
    dims = len(NAMES) + len(EVENTS)
    if sets > 1:
        columns[ELASTICITIES] = [dims]
        dims += 1
    columns[LUCK] = [dims]
    return columns


def draw_inputs(
    centre: Inputs,
    count: int,
    *,
    seed: int,
    order: Int[np.ndarray, " path"],
    parameters: Sequence[Parameter] = PARAMETERS,
) -> Inputs:
    """Return draws of everything uncertain, spread evenly over each (a Latin hypercube).

    Each set of elasticities is as likely as any other. Paths of the money are taken in the order
    given, so that a quantile of luck means something.
    """
    dims = sum(len(columns) for columns in quantile_columns(centre.weights.shape[1]).values())
    sample = latin_hypercube(dims, count, seed=seed)
    return from_quantiles(centre, sample, order=order, parameters=parameters)


def from_quantiles(
    centre: Inputs,
    sample: Float[np.ndarray, "draw dim"],
    *,
    order: Int[np.ndarray, " path"],
    parameters: Sequence[Parameter] = PARAMETERS,
) -> Inputs:
    """Return inputs at quantiles, in the columns that `quantile_columns` names."""
    sets = centre.weights.shape[1]
    columns = quantile_columns(sets)
    values: dict[str, np.ndarray] = {
        parameter.name: parameter.quantile(sample[:, columns[parameter.name][0]])
        for parameter in parameters
    }
    values |= {f"{name}_luck": sample[:, columns[name][1]] for name in EVENTS}
    if sets > 1:
        values["weights"] = np.eye(sets)[_pick(sample[:, columns[ELASTICITIES][0]], sets)]
    values["path"] = order[_pick(sample[:, columns[LUCK][0]], len(order))]
    return centre.with_values(**values)


def _pick(u: Draw, count: int) -> Int[np.ndarray, " draw"]:
    """Return positions among equally likely ones at quantiles `u`."""
    return np.asarray(np.minimum((u * count).astype(int), count - 1))
