"""Assessments with random payoffs: signs, sizes, ties, zeros, missing draws, a party untouched."""

from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np
import pandas as pd

from accord.assessment.tables.verdict import VERDICT_TABLES
from accord.assessment.valuation.equations import COMPONENTS
from accord.assessment.valuation.sensitivity import Driver, Sensitivity, Swing, Threshold
from accord.assessment.valuation.uncertainty import PARAMETERS, Inputs, central_inputs, draw_inputs
from accord.assessment.valuation.verdict import Verdict
from accord.assessment.valuation.welfare.node_cache import Effort
from accord.lowering.tariff_path import TIMELINES
from tests.golden.example import REGIONS, ExampleAssessment
from tests.golden.shared import shared_example

DRAWS = 60
TABLES = ("payoffs", "payoff_components", "chances", "draws", "swings", "thresholds", "parameters")
# How the draws lie around the central value, as a share of its size: shift and spread.
AROUND = ((0.0, 0.02), (0.0, 0.4), (0.0, 1.0), (0.0, 5.0), (-1.0, 0.3), (1.5, 0.1), (-3.0, 0.0))
SWINGS = (("removal", 0.02, 0.3), ("growth", 0.01, 0.02), ("discount", -0.005, 0.005))


@dataclass(frozen=True)
class RandomAssessment(ExampleAssessment):
    """The example with a verdict drawn from a seed; every other table is its own."""

    seed: int = 0
    base: ExampleAssessment = field(default_factory=shared_example)
    kept: dict[str, pd.DataFrame] = field(default_factory=dict)

    def to_frame(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            return self.base.to_frame(name)
        if name not in self.kept:
            quick = name == "payoff_components"
            self.kept[name] = self.components() if quick else VERDICT_TABLES[name](self.drawn)
        return self.kept[name]

    def components(self) -> pd.DataFrame:
        """The table of components, as `build_components` gives it, some times faster."""
        verdict = self.drawn
        packages, regions = list(verdict.packages[1:]), list(verdict.regions)
        names = [
            (package, timeline, region, component)
            for timeline in TIMELINES
            for package in packages
            for component in COMPONENTS
            for region in regions
        ]
        columns = dict(zip(("package", "timeline", "region", "component"), zip(*names, strict=True),
                           strict=True))  # fmt: skip
        values = [verdict.central[timeline][1:].ravel() for timeline in TIMELINES]
        return pd.DataFrame({**columns, "value": np.concatenate(values)})

    @cached_property
    def drawn(self) -> Verdict:
        """The verdict: payoffs of every component in the first year, and draws around them."""
        random = np.random.default_rng(self.seed)
        parties = self.deal.parties
        shape = (len(self.packages), len(COMPONENTS), len(REGIONS))
        size = 10.0 ** random.uniform(-3.5, 3.5)
        payoff = random.normal(size=shape) * size
        payoff *= random.random(shape) < random.choice([0.15, 0.5, 1.0])
        payoff[0] = 0.0
        self._special(payoff, random)
        frozen = payoff * random.choice([1.0, 0.5, -1.0, 1.2])
        shift, spread = AROUND[random.integers(len(AROUND))]
        scale = np.abs(payoff).max(axis=1, keepdims=True)[None]
        noise = shift + spread * random.normal(size=(DRAWS, *shape))
        sample = payoff + noise * scale / len(COMPONENTS)
        if random.random() < 0.2:
            sample = sample[:0]
        return Verdict(
            self.packages, parties, tuple(REGIONS), (2026,),
            {"dated": payoff[:, :, None], "frozen": frozen[:, :, None]}, np.ones((1, len(REGIONS))),
            {"dated": sample, "frozen": sample}, _inputs(), PARAMETERS,
            self._sensitivity(payoff, random) if len(sample) else Sensitivity((), (), ()),
            0.1, Effort(),
        )  # fmt: skip

    def _special(self, payoff: np.ndarray, random: np.random.Generator) -> None:
        """Make a party untouched, parties alike or opposed, or payoffs that all but cancel."""
        first, second = (REGIONS.index(party) for party in self.deal.parties)
        kind = random.integers(7)
        if kind == 0:
            payoff[:, :, first] = 0.0
        elif kind == 1:
            payoff[:, :, second] = payoff[:, :, first]
        elif kind == 2:
            payoff[:, :, second] = -payoff[:, :, first]
        elif kind == 3:
            payoff[:, -1] = 1e-9 - payoff[:, :-1].sum(axis=1)
        elif kind == 4:
            payoff[:] = 0.0

    def _sensitivity(self, payoff: np.ndarray, random: np.random.Generator) -> Sensitivity:
        drivers, swings, thresholds = [], [], []
        for at, name in enumerate(self.packages[1:], start=1):
            for party in self.deal.parties:
                central = float(payoff[at, :, REGIONS.index(party)].sum())
                wide = random.normal(size=(len(SWINGS), 2)) * abs(central)
                drivers.append(Driver(name, party, "luck", 0.9, 0.95))
                swings += [
                    Swing(name, party, what, low, high, central + ends[0], central + ends[1])
                    for (what, low, high), ends in zip(SWINGS, wide.tolist(), strict=True)
                ]
                value = float(random.choice([np.nan, random.uniform(0.005, 0.025)]))
                thresholds.append(Threshold(name, party, "growth", 0.005, 0.015, 0.025, value))
        return Sensitivity(tuple(drivers), tuple(swings), tuple(thresholds))


@cache
def _inputs() -> Inputs:
    """The draws of the unknowns, which no sentence of the opening reads."""
    return draw_inputs(central_inputs(2), DRAWS, seed=1, order=np.arange(4))


def draw_assessment(seed: int) -> RandomAssessment:
    """Return the assessment of a seed."""
    example = shared_example()
    return RandomAssessment(example.world, example.deal, seed=seed, base=example)
