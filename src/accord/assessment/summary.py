"""An assessment in a few lines of plain text."""

from collections.abc import Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from accord.deal.deal import NO_DEAL

if TYPE_CHECKING:
    from accord.assessment.result import Assessment


def render_summary(assessment: "Assessment") -> str:
    """Return who gains and how much, for the parties, against no deal and the baseline."""
    deal, world = assessment.deal, assessment.world
    rows = {
        (row["package"], row["against"], row["region"]): row
        for row in assessment.to_frame("welfare").to_dict(orient="records")
    }
    year = world.price_year or "the world's prices"
    unit = f"Equivalent variation, bn USD of {year} a year"
    lines = [
        deal.title,
        f"{unit} (% of income; range over elasticity sets).",
        "Tariffs in full; investment only as spending that moves abroad while it is paid,",
        "not what it earns.",
        *_unsolved(assessment),
    ]
    for against, label in (
        (NO_DEAL, "against no deal"),
        ("baseline", f"against {world.price_year or 'the baseline'}"),
    ):
        lines += ["", f"{label:<22}" + "".join(f"{party:>34}" for party in deal.parties)]
        for package in assessment.packages:
            if package == against:
                continue
            cells = []
            for party in deal.parties:
                row = rows[package, against, party]
                cells.append(_cell(row))
            lines.append(f"{package:<22}" + "".join(f"{cell:>34}" for cell in cells))
    used = assessment.settings
    closing = f"closure: {used.closure}; {used.competition} competition; labour {used.labour}"
    if used.triggered:
        lines += ["", f"Declared to have happened: {', '.join(used.triggered)}."]
    lines += ["", f"{closing}; elasticities {used.elasticities}; long-run equilibrium."]
    return "\n".join(lines)


def _unsolved(assessment: "Assessment") -> list[str]:
    """Return a line for each package without an equilibrium: its status and what to try."""
    return [
        f"NOT SOLVED: {result.name} ({result.status.name.lower()}): {result.status.value}"
        for result in assessment.results
        if not result.status.ok
    ]


def _cell(row: Mapping[Any, Any]) -> str:
    """Return a welfare figure with its share of income and its range; a dash where unknown."""
    if isnan(row["ev"]):
        return "–"
    span = f"[{row['low']:+.1f}, {row['high']:+.1f}]"
    return f"{row['ev']:+8.1f} ({row['change']:+.2%}) {'' if isnan(row['low']) else span:>15}"
