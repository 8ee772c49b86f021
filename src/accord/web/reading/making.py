"""The job that makes the files of a shipped case."""

from starlette.requests import Request

from accord.library.listing import Listing
from accord.web.jobs.store import Job, JobStore
from accord.web.jobs.work import PUBLISH


def key_of(listing: Listing) -> str:
    """Return what is equal for equal work."""
    return f"{PUBLISH} {listing.slug} {listing.content.deal_sha256} {listing.content.world[1]}"


def find_job(request: Request, listing: Listing) -> Job | None:
    """Return the newest job that makes the files of a briefing; None where there is none."""
    jobs: JobStore = request.app.state.jobs
    return jobs.latest(key_of(listing))
