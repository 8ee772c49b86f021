"""An assessment in a few lines of plain text: the verdict first, then an average year."""

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

from accord.assessment.names import package_in_focus
from accord.assessment.result import Assessed
from accord.assessment.valuation.verdict import WIDTH
from accord.assessment.words.sentences import say
from accord.deal.deal import NO_DEAL


def render_summary(assessment: Assessed) -> str:
    """Return who gains, how much and how surely: over all years, then in an average one.

    Where an equilibrium was not found there is no verdict: the status is told instead.
    """
    unsolved = list(_unsolved(assessment))
    verdict = unsolved or list(_verdict(assessment))
    used = assessment.settings
    lines = [assessment.deal.title, *verdict, *_year(assessment), ""]
    if used.triggered:
        lines.append(say("summary.declared", events=", ".join(used.triggered)))
    known = assessment.deal.knowledge_date
    if known is not None:
        lines.append(say("summary.known", day=known.isoformat()))
    lines.append(
        say(
            "summary.settings", closure=used.closure, competition=used.competition,
            labour=used.labour, elasticities=used.elasticities,
        )
    )  # fmt: skip
    return "\n".join(lines)


def _verdict(assessment: Assessed) -> Iterator[str]:
    deal, verdict = assessment.deal, assessment.verdict
    yield verdict.headline(package_in_focus(deal))
    yield ""
    first, last = verdict.years[0], verdict.years[-1]
    yield say("summary.frame", first=first, last=last, price_year=deal.price_year)
    yield verdict.summary()


def _year(assessment: Assessed) -> Iterator[str]:
    """Yield the equilibrium of an average year, against no deal and against the baseline."""
    deal, world = assessment.deal, assessment.world
    rows = {
        (row["package"], row["against"], row["region"]): row
        for row in assessment.to_frame("welfare").to_dict(orient="records")
    }
    yield ""
    first, last = deal.window[0], deal.window[-1]
    yield say("summary.year", first=first, last=last, day=deal.evaluate_on.isoformat())
    yield say("summary.year_unit", year=world.price_year or say("summary.no_year"))
    base = say("summary.baseline", year=world.price_year or say("summary.no_baseline"))
    for against, label in ((NO_DEAL, say("summary.no_deal")), ("baseline", base)):
        yield ""
        yield f"{label:<24}" + "".join(f"{party:>{WIDTH}}" for party in deal.parties)
        for package in assessment.packages:
            if package != against:
                cells = [_cell(rows[package, against, party]) for party in deal.parties]
                yield f"{package:<24}" + "".join(f"{cell:>{WIDTH}}" for cell in cells)


def _unsolved(assessment: Assessed) -> Iterator[str]:
    """Yield a line for each package without an equilibrium: its status and what to try."""
    for name, status in assessment.statuses.items():
        if not status.ok:
            code = status.name.lower()
            yield say("summary.unsolved", package=name, code=code, status=status.value)


def _cell(row: Mapping[Any, Any]) -> str:
    """Return a welfare figure with its share of income and its range; a dash where unknown."""
    if isnan(row["ev"]):
        return "–"
    span = f"[{row['low']:+.1f}, {row['high']:+.1f}]"
    return f"{row['ev']:+8.1f} ({row['change']:+.2%}) {'' if isnan(row['low']) else span:>15}"
