"""What a sweep left: a folder with a table, and how it went."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from accord.assessment.sweep.store import PARTS
from accord.core.notebook import Shown

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SweepResult(Shown):
    """A finished sweep.

    Attributes:
        folder: Folder of the table, which pandas and others read as one Parquet data set.
        scenarios: Scenarios of the plan.
        solved: Scenarios finished now.
        kept: Scenarios that were finished before.
        failed: Scenarios whose rows carry another status than "converged".
        unfinished: Those of them that a fault, short memory or a killed worker left open: the
            next run tries them again.
    """

    folder: Path
    scenarios: int
    solved: int
    kept: int
    failed: int
    unfinished: int = 0

    def __repr__(self) -> str:
        """One line: scenarios, those solved now, those that failed, folder."""
        return (
            f"SweepResult({self.scenarios} scenarios, {self.solved} solved now, "
            f"{self.failed} failed; {str(self.folder)!r})"
        )

    def to_frame(self) -> "pd.DataFrame":
        """Return the whole table: a row for each scenario, package and region.

        Money of an average year is bn USD a year, gains are bn USD of present value over the
        horizon; NaN where nothing is known.
        """
        import pyarrow.parquet as pq

        parts = [str(path) for path in sorted(self.folder.glob(PARTS))]
        frame: pd.DataFrame = pq.read_table(parts).to_pandas()
        return frame
