"""What a backtest gives back: prediction beside outcome, and an honest score."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from math import isclose
from typing import TYPE_CHECKING

import numpy as np

from accord.backtesting.episode import MEASURES, Episode, Measure, Outcome
from accord.core.notebook import Shown

if TYPE_CHECKING:
    import pandas as pd

CLOSE = 1e-9  # relative: an outcome at the end of its interval is inside


@dataclass(frozen=True)
class OutcomeRow:
    """One outcome and what was predicted of it, in the unit of its measure.

    Attributes:
        episode: Name of the episode.
        outcome: What was published.
        low: Smallest prediction of the scenarios.
        central: Mean over the sets of elasticities, at the central speed of trade.
        high: Largest prediction.
        unchanged: The forecast that nothing moves.
    """

    episode: str
    outcome: Outcome
    low: float
    central: float
    high: float
    unchanged: float

    @property
    def inside(self) -> bool:
        """Whether the outcome lies in the interval of the predictions."""
        seen = self.outcome.observed
        ends = any(isclose(seen, end, rel_tol=CLOSE) for end in (self.low, self.high))
        return ends or self.low < seen < self.high

    @property
    def error(self) -> float:
        """Central prediction less outcome, in the unit of the measure."""
        return self.central - self.outcome.observed


@dataclass(frozen=True)
class Score:
    """How the predictions of one measure did, or of all outcomes of an episode.

    Attributes:
        episode: Name of the episode, or "all".
        measure: The measure, or None over all of them.
        count: Number of outcomes.
        inside: Share of them inside the interval.
        mean_error: Mean of prediction less outcome; NaN over several measures.
        mean_absolute_error: Mean of its size; NaN over several measures.
        skill: One less the mean size of the error over that of the forecast that nothing moves:
            one is perfect, zero no better, below zero worse. Over several measures, their mean
            weighted by the number of outcomes.
    """

    episode: str
    measure: Measure | None
    count: int
    inside: float
    mean_error: float
    mean_absolute_error: float
    skill: float


@dataclass(frozen=True, repr=False)
class Backtest(Shown):
    """Predictions beside outcomes.

    Attributes:
        episodes: The episodes, with their sources and what they leave out.
        rows: Every outcome, in the order of the episodes.
        sets: The sets of elasticities that were used.
    """

    episodes: tuple[Episode, ...]
    rows: tuple[OutcomeRow, ...]
    sets: tuple[str, ...]

    def __repr__(self) -> str:
        """One line: episodes, outcomes, share inside."""
        names = ", ".join(episode.name for episode in self.episodes)
        inside = sum(row.inside for row in self.rows)
        return f"Backtest({names}: {inside} of {len(self.rows)} outcomes inside the interval)"

    @property
    def scores(self) -> tuple[Score, ...]:
        """Scores of every measure of every episode, then of each episode, then of all."""
        return tuple(self._scores())

    def _scores(self) -> Iterator[Score]:
        for episode in self.episodes:
            rows = [row for row in self.rows if row.episode == episode.name]
            by_measure = list(_by_measure(episode.name, rows))
            yield from by_measure
            yield _together(episode.name, by_measure)
        if len(self.episodes) > 1:
            yield _together("all", list(_by_measure("all", self.rows)))

    def to_frame(self) -> "pd.DataFrame":
        """Return a row an outcome: predictions and outcome in the unit of the measure."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "episode": row.episode,
                    "outcome": row.outcome.name,
                    "title": row.outcome.title,
                    "measure": row.outcome.measure,
                    "start": row.outcome.start.isoformat(),
                    "end": row.outcome.end.isoformat(),
                    "low": row.low,
                    "central": row.central,
                    "high": row.high,
                    "observed": row.outcome.observed,
                    "inside": row.inside,
                    "unchanged": row.unchanged,
                    "sources": " ".join(row.outcome.sources),
                    "grade": row.outcome.grade,
                }
                for row in self.rows
            ]
        )

    def scores_frame(self) -> "pd.DataFrame":
        """Return a row a score: shares as fractions, errors in the unit of the measure."""
        import pandas as pd

        return pd.DataFrame([asdict(score) for score in self.scores])

    def summary(self) -> str:
        """Return a line a measure and a line an episode: how many inside, how far off."""
        lines = []
        for score in self.scores:
            what = "all outcomes" if score.measure is None else MEASURES[score.measure]
            lines.append(
                f"{score.episode}, {what}: {round(score.inside * score.count)} of {score.count} "
                f"inside, skill {score.skill:.2f}"
            )
        return "\n".join(lines)


def _by_measure(episode: str, rows: Iterable[OutcomeRow]) -> Iterator[Score]:
    rows = list(rows)
    for measure in dict.fromkeys(row.outcome.measure for row in rows):
        mine = [row for row in rows if row.outcome.measure == measure]
        errors = np.array([row.error for row in mine])
        still = np.array([row.unchanged - row.outcome.observed for row in mine])
        size, other = float(np.abs(errors).mean()), float(np.abs(still).mean())
        yield Score(
            episode,
            measure,
            len(mine),
            float(np.mean([row.inside for row in mine])),
            float(errors.mean()),
            size,
            1 - size / other if other > 0 else float("nan"),
        )


def _together(episode: str, scores: list[Score]) -> Score:
    """Return the score over several measures, each weighted by its number of outcomes."""
    counts = [score.count for score in scores]
    inside = float(np.average([score.inside for score in scores], weights=counts))
    known = [score for score in scores if not np.isnan(score.skill)]
    weights = [score.count for score in known]
    skill = float(np.average([score.skill for score in known], weights=weights)) if known else 0.0
    return Score(episode, None, sum(counts), inside, float("nan"), float("nan"), skill)
