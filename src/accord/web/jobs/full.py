"""What full draws give the workbench: intervals, chances and drawings, or how far they are."""

import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from accord.assessment.settings import AssessSettings
from accord.web.drafts.draft import Draft
from accord.web.jobs.store import Job, JobStore
from accord.web.jobs.work import RESULT
from accord.web.words.sentences import tell
from accord.web.workbench.bench import Bench
from accord.web.workbench.drawings import embed
from accord.web.workbench.results import Side

KEPT = ("draws", "paths", "seed")


@dataclass(frozen=True)
class Full:
    """Full draws of a draft, or how far they are.

    Attributes:
        stage: "full", "running" or "over" (without a result).
        job: Id of the job.
        what: How far it is, or why there is no result.
        percent: How much is done.
        draws: Number of draws.
        sides: What the package is worth, with intervals.
        both: On how many of 100 draws every side gains.
        plane: The payoff plane with its clouds.
        charts: Further drawings, each with title and finding.
        tables: Tables of cells as texts, by group of rows.
    """

    stage: str
    job: str
    what: str = ""
    percent: int = 0
    draws: int = 0
    sides: list[Side] = field(default_factory=list)
    both: str | None = None
    plane: dict[str, Any] | None = None
    charts: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)


def settings_text(settings: AssessSettings) -> str:
    """Return the settings of a job as JSON."""
    return json.dumps({name: getattr(settings, name) for name in KEPT}, sort_keys=True)


def key_of(draft: Draft, settings: AssessSettings) -> str:
    """Return what is equal for equal work: another version of Accord may have other figures."""
    return f"{draft.digest} {settings_text(settings)} {version('accord-workbench')}"


def find_full(store: JobStore, bench: Bench, settings: AssessSettings) -> Full | None:
    """Return what is known of full draws of a draft; None where no job was started."""
    job = store.latest(key_of(bench.draft, settings))
    return None if job is None else full_of(store, job, bench)


def full_of(store: JobStore, job: Job, bench: Bench) -> Full:
    """Return what a job gives, or how far it is."""
    if job.state == "waiting":
        return Full("running", job.id, tell("bench.draws.waiting"))
    if job.state == "running":
        what = tell("bench.draws.running", what=job.what, done=job.done, of=job.total)
        share = round(100 * job.done / job.total) if job.total else 0
        return Full("running", job.id, what if job.what else "", share)
    if job.state != "done":
        why = tell("bench.stage.failed", why=job.why) if job.why else tell("bench.stage.stopped")
        return Full("over", job.id, why)
    try:
        result = _read(store.folder_of(job.id) / RESULT)
    except (OSError, ValueError):  # somebody emptied the folder
        return Full("over", job.id)
    shown = result.get("packages", {}).get(bench.package)
    if shown is None:
        return Full("over", job.id)
    sides = [_with_interval(side, shown["parties"][side.party]) for side in bench.sides]
    return Full(
        "full", job.id, draws=result["draws"], sides=sides,
        both=f"{round(100 * shown['all'])}" if result["draws"] else None,
        plane={size: embed(svg) for size, svg in result["plane"].items()},
        charts=[
            {"title": chart["title"], "finding": chart["finding"], "broad": chart["broad"],
             "drawn": {size: embed(chart[size]) for size in ("wide", "narrow")}}
            for chart in result["charts"]
        ],
        tables=result.get("tables", []),
    )  # fmt: skip


def _with_interval(side: Side, shown: dict[str, float]) -> Side:
    return replace(
        side, payoff=shown["payoff"], low=shown["low"], high=shown["high"], chance=shown["chance"]
    )


@lru_cache(maxsize=32)
def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
