"""What the verdict does not know for sure: the distributions, and draws from them."""

from dataclasses import dataclass, fields, replace

import numpy as np
from jaxtyping import Float, Int

from accord.core.notebook import Shown
from accord.core.provenance import Grade

Draw = Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class Parameter:
    """One uncertain number.

    Attributes:
        name: Name in tables.
        title: What it is, in words.
        low: Lowest value.
        mode: Central value.
        high: Highest value.
        unit: Unit of the three.
        shape: "triangular", "uniform" or "loguniform".
        source: Where the distribution comes from.
        grade: How far to trust it.
    """

    name: str
    title: str
    low: float
    mode: float
    high: float
    unit: str
    shape: str
    source: str
    grade: Grade

    def quantile(self, u: Draw) -> Draw:
        """Return the values at quantiles `u`."""
        low, mode, high = self.low, self.mode, self.high
        if self.shape == "uniform":
            return np.asarray(low + (high - low) * u)
        if self.shape == "loguniform":
            return np.asarray(low * (high / low) ** u)
        return triangular(low, mode, high, u)


def triangular(low: float, mode: float, high: float, u: Draw) -> Draw:
    """Return quantiles `u` of a triangular distribution."""
    if high <= low:
        return np.full_like(u, low)
    turn = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.asarray(np.where(u < turn, left, right))


PARAMETERS = (
    Parameter(
        "displacement", "share of the investment that would have come anyway", 0.0, 0.5, 1.0,
        "quantile of the deal file's own, from none to all where it gives none", "uniform",
        "assumption", "U",
    ),
    Parameter(
        "displaced_return", "what displaced assets earn above the payer's own rate",
        -0.02, 0.0, 0.02, "a year", "triangular", "assumption", "U",
    ),
    Parameter(
        "additional", "share of what is built that would not have been built anyway", 0.0, 0.5, 1.0,
        "share", "uniform", "assumption", "U",
    ),
    Parameter(
        "growth", "growth of the world economy at constant shares", 0.005, 0.015, 0.025, "a year",
        "triangular", "assumption", "U",
    ),
    Parameter(
        "discount", "shift of every party's discount rate", -0.01, 0.0, 0.01, "a year",
        "triangular", "assumption", "U",
    ),
    Parameter(
        "flow_price", "what a flow of dollars does to the exchange rate, against the estimate",
        0.5, 1.0, 2.0, "ratio", "loguniform", "assumption", "U",
    ),
    Parameter(
        "crisis_loss", "output lost in a currency crash", 0.05, 0.065, 0.08, "of a year's output",
        "triangular", "Hutchison and Noy (2005), Journal of Money, Credit and Banking 37(4)", "B",
    ),
)  # fmt: skip
NAMES = tuple(parameter.name for parameter in PARAMETERS)
LUCK, ELASTICITIES, TARIFF_YEARS = "luck", "elasticities", "tariff_years"
TITLES = {
    **{parameter.name: parameter.title for parameter in PARAMETERS},
    LUCK: "how the projects turn out",
    ELASTICITIES: "trade elasticities",
    TARIFF_YEARS: "years for which the tariffs without a deal would have lasted",
}


@dataclass(frozen=True, eq=False, repr=False)
class Inputs(Shown):
    """Values of everything uncertain: a row a draw.

    Attributes:
        weights: Weight of each set of trade elasticities in the logarithm of each elasticity.
        displacement: Quantile of the share displaced.
        displaced_return: Above the payer's own rate, a fraction a year.
        additional: Share of what is built that is additional.
        growth: A fraction a year.
        discount: Shift of discount rates, a fraction a year.
        flow_price: Ratio to the estimate.
        crisis_loss: Share of a year's GDP.
        tariff_years: Years after which the tariffs without a deal would have ended.
        path: Path of the money; -1 is the mean of all paths.
    """

    weights: Float[np.ndarray, "draw set"]
    displacement: Draw
    displaced_return: Draw
    additional: Draw
    growth: Draw
    discount: Draw
    flow_price: Draw
    crisis_loss: Draw
    tariff_years: Draw
    path: Int[np.ndarray, " draw"]

    def __len__(self) -> int:
        """Number of draws."""
        return len(self.path)

    def choose(self, flow: Float[np.ndarray, "path year"]) -> Float[np.ndarray, "draw year"]:
        """Return the path of each draw, or the mean."""
        if np.all(self.path < 0):
            return np.repeat(flow.mean(axis=0, keepdims=True), len(self), axis=0)
        picked = flow[self.path % len(flow)]
        return np.asarray(np.where(self.path[:, None] < 0, flow.mean(axis=0), picked))

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

    def rows(self, pick: slice | np.ndarray) -> "Inputs":
        """Return some of the draws."""
        return replace(self, **{item.name: getattr(self, item.name)[pick] for item in fields(self)})


def central_inputs(weights: Float[np.ndarray, " set"], years: int) -> Inputs:
    """Return the one row on which everything takes its central value."""
    values = {parameter.name: np.array([parameter.mode]) for parameter in PARAMETERS}
    return Inputs(
        weights=np.array(weights)[None],
        tariff_years=np.array([float(years)]),
        path=np.array([-1]),
        **values,
    )


def draw_inputs(
    centre: Inputs, count: int, *, seed: int, order: Int[np.ndarray, " path"]
) -> Inputs:
    """Return draws of everything uncertain, spread evenly over each (a Latin hypercube).

    The sets of elasticities are weighted by chance, every mixture equally likely. Paths of the
    money are taken in the order given, so that a quantile of luck means something.
    """
    from scipy.stats import qmc  # slow to import, and not needed without draws

    sets = centre.weights.shape[1]
    dims = len(NAMES) + max(sets - 1, 0) + 1
    sample = qmc.LatinHypercube(dims, rng=np.random.default_rng(seed)).random(count)
    return from_quantiles(centre, sample, order=order)


def from_quantiles(
    centre: Inputs, sample: Float[np.ndarray, "draw dim"], *, order: Int[np.ndarray, " path"]
) -> Inputs:
    """Return inputs at quantiles: the parameters, the weights of the sets, then the path."""
    values: dict[str, np.ndarray] = {
        parameter.name: parameter.quantile(sample[:, at]) for at, parameter in enumerate(PARAMETERS)
    }
    values["weights"] = mix_sets(sample[:, len(NAMES) : -1])
    values["path"] = order[np.minimum((sample[:, -1] * len(order)).astype(int), len(order) - 1)]
    return centre.with_values(**values)


def mix_sets(sample: Float[np.ndarray, "draw dim"]) -> Float[np.ndarray, "draw set"]:
    """Return weights that sum to one, every mixture of the sets equally likely."""
    count, dims = sample.shape
    left, weights = np.ones(count), []
    for at in range(dims):
        part = left * (1 - (1 - sample[:, at]) ** (1 / (dims - at)))
        weights.append(part)
        left = left - part
    return np.stack([*weights, left], axis=1)
