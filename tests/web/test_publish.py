"""What full draws gave is published from the workbench: asked for once, followed, read."""

import json

import pytest

from accord.library.opening import open_library
from accord.web.drafts.draft import Draft, read_draft
from accord.web.jobs.full import key_of, settings_text
from accord.web.jobs.sharing import find_shared
from accord.web.jobs.work import RESULT, SAVED, SHARE, publish_saved, show
from accord.web.routes.publish import slug_of
from accord.web.workbench import edits
from tests.flagship import flagship
from tests.web.opened import make_client, shared_desk

CASE, PACKAGE = "us-korea-2025", "signed"
PARTIAL = {"hx-request": "true", "sec-fetch-site": "same-origin"}


@pytest.fixture
def client(tmp_path):
    client = make_client(tmp_path)
    client.app.state.runner = None  # jobs wait: the test is their runner
    desk = shared_desk()
    desk.work_out(desk.open(Draft(CASE)), PACKAGE)
    return client


def work_out(client):
    """Full draws of the case, as their job leaves them."""
    jobs, settings = client.app.state.jobs, shared_desk().settings
    job = jobs.add(key_of(Draft(CASE), settings), Draft(CASE).text, settings_text(settings))
    folder = jobs.folder_of(job.id)
    (folder / RESULT).write_text(json.dumps(show(flagship())), encoding="utf-8")
    flagship().save(folder / SAVED)
    jobs.end(job.id, "done")
    return job


def ask(client, **fields):
    form = {"case": CASE, "s": "", "package": PACKAGE, "author": "A. Analyst", **fields}
    return client.post("/workbench/publish", data=form, headers=PARTIAL)


def test_a_draft_is_published_once_and_read_in_the_library(client):
    job, jobs = work_out(client), client.app.state.jobs
    page = client.get(f"/workbench?case={CASE}&package={PACKAGE}").text
    assert 'action="/workbench/publish"' in page
    for _ in range(2):
        assert "<progress" in ask(client).text
    (share,) = [entry for entry in jobs.listed() if SHARE in json.loads(entry.settings)]
    publish_saved(jobs.folder_of(share.id), **json.loads(share.settings)[SHARE])
    jobs.end(jobs.claim().id, "done")
    shared = find_shared(jobs, job.id)
    assert shared is not None
    assert shared.slug == CASE
    part = client.get(f"/workbench/publish?case={CASE}&package={PACKAGE}", headers=PARTIAL).text
    assert f'href="/briefings/{CASE}"' in part
    listing = open_library(jobs.folder.parent).get(CASE)
    assert listing.author == "A. Analyst"
    assert "A. Analyst" in client.get(f"/briefings/{CASE}").text


def test_nothing_is_published_before_the_intervals_are_there(client):
    answer = ask(client)
    assert answer.status_code == 422
    assert "intervals are not there yet" in answer.text
    assert client.app.state.jobs.listed() == []


def test_a_name_that_is_too_long_is_refused(client):
    work_out(client)
    assert ask(client, author="x" * 5000).status_code == 422


def test_a_changed_draft_does_not_take_the_address_of_its_case():
    draft = read_draft(CASE)
    assert slug_of(draft) == CASE
    changed = edits.remove_package(draft, "us_demand")
    assert slug_of(changed).startswith(f"{CASE}-")
    assert slug_of(changed) != slug_of(edits.remove_package(draft, "korea_counter"))
