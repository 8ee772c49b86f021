"""GDP and trade of the 80 economies and the rest of the world, 2014, 2022 and 2024."""

import csv
import io
import tomllib
from collections.abc import Sequence

import numpy as np

from accord.core.arrays import Float
from accord.core.provenance import Source
from accord.data.build import readers
from accord.data.records import MacroFigure

OLDER_REST = "ROW"
FIGURES_FILE = "gdp_80.csv"
SOURCES_FILE = "sources_80.toml"
LATEST = (2023, 2024)

ByRegion = Float[np.ndarray, " region"]


def read_wide_figures() -> tuple[MacroFigure, ...]:
    """Return GDP, exports and imports of 81 regions, bn USD, each with its source and grade."""
    older = [figure for figure in readers.read_figures() if figure.region != OLDER_REST]
    rows = csv.DictReader(io.StringIO(readers.read_bundled(FIGURES_FILE)))
    newer = [
        MacroFigure(
            row["region"], f"{row['variable']}_{row['year']}", float(row["value"]), "bn USD",
            row["year"], row["source"], readers.read_grade(row["grade"]),
        )
        for row in rows
    ]  # fmt: skip
    return (*older, *newer)


def read_wide_sources() -> tuple[Source, ...]:
    """Return the sources of the world of 2022: its own, and those of the older one that it uses."""
    rows = tomllib.loads(readers.read_bundled(SOURCES_FILE))["source"]
    own = [Source(**{**row, "grade": readers.read_grade(row["grade"])}) for row in rows]
    return (*own, *readers.read_sources())


def by_region(
    figures: Sequence[MacroFigure], regions: Sequence[str], variable: str, year: int
) -> ByRegion:
    """Return a figure by region, bn USD; NaN where there is none."""
    known = {figure.region: figure.value for figure in figures if _is(figure, variable, year)}
    return np.array([known.get(region, np.nan) for region in regions])


def latest_by_region(
    figures: Sequence[MacroFigure], regions: Sequence[str], variable: str
) -> ByRegion:
    """Return a figure of 2024 by region, of 2023 where that is the latest, bn USD, else NaN."""
    earlier, later = (by_region(figures, regions, variable, year) for year in LATEST)
    return np.where(np.isnan(later), earlier, later)


def _is(figure: MacroFigure, variable: str, year: int) -> bool:
    return figure.variable == f"{variable}_{year}"
