"""Publishing what full draws gave: the job that does it, and what became of it."""

import json
from dataclasses import dataclass

from accord.web.jobs.store import Job, JobStore
from accord.web.jobs.work import RESULT, SHARE


@dataclass(frozen=True)
class Shared:
    """A job that publishes a draft.

    Attributes:
        job: The job.
        slug: Address of the briefing in the library; "" before it is there.
    """

    job: Job
    slug: str = ""


def key_of(job: str) -> str:
    """Return what is equal for equal work: what the job of this name worked out is published."""
    return f"{SHARE} {job}"


def find_shared(store: JobStore, job: str) -> Shared | None:
    """Return the newest job that publishes what another worked out; None where there is none."""
    newest = store.latest(key_of(job))
    if newest is None:
        return None
    if newest.state != "done":
        return Shared(newest)
    told = json.loads((store.folder_of(newest.id) / RESULT).read_text(encoding="utf-8"))
    return Shared(newest, told["slug"])
