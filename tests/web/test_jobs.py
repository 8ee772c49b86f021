"""Jobs: worked out once, followed, stopped, and found again after a restart."""

import json
import subprocess
import sys
import time

import pytest

from accord.core.errors import InputError
from accord.web.drafts.draft import Draft
from accord.web.jobs import full as full_text
from accord.web.jobs import store as stores
from accord.web.jobs.full import full_of, key_of, settings_text
from accord.web.jobs.runner import Runner
from accord.web.jobs.store import JobStore
from accord.web.jobs.work import DRAWN, show
from accord.web.workbench.bench import open_bench
from accord.web.workbench.results import spans_of
from tests.flagship import SETTINGS, flagship
from tests.web.opened import CASE, make_client, shared_desk

PARTIAL = {"hx-request": "true", "sec-fetch-site": "same-origin"}


@pytest.fixture
def store(tmp_path):
    return JobStore(tmp_path)


def add(store, key="key"):
    return store.add(key, Draft(CASE).text, settings_text(SETTINGS))


def test_equal_work_is_one_job_and_other_work_another(store):
    first = add(store)
    assert add(store).id == first.id
    assert add(store, "other").id != first.id
    store.end(first.id, "cancelled")
    assert add(store).id != first.id


def test_one_job_runs_at_a_time_the_oldest_first(store):
    first, second = add(store), add(store, "other")
    assert store.claim().id == first.id
    assert store.claim() is None
    store.end(first.id, "done")
    assert store.claim().id == second.id


def test_a_job_whose_server_is_gone_begins_again_and_is_then_reported(store, monkeypatch):
    job = add(store)
    monkeypatch.setattr(stores, "SILENT", -1.0)
    states = []
    for _ in range(2):
        assert store.claim().id == job.id
        states.append(JobStore(store.folder.parent).recover()[job.id])
    assert states == ["waiting", "interrupted"]
    assert store.get(job.id).state == "interrupted"


def test_a_job_that_tells_something_is_left_alone(store):
    job = add(store)
    store.claim()
    assert store.tell(job.id, "draws", 3, 10)
    assert store.recover() == {}
    assert store.get(job.id).done == 3


def test_a_job_that_is_over_stays_as_it_is(store):
    job = add(store)
    store.end(job.id, "cancelled")
    store.end(job.id, "done")
    assert store.get(job.id).state == "cancelled"
    assert not store.tell(job.id, "draws", 1, 2)


def test_a_full_queue_is_told(store, monkeypatch):
    monkeypatch.setattr(stores, "MOST_WAITING", 1)
    add(store)
    with pytest.raises(InputError, match="wait already"):
        add(store, "other")


@pytest.mark.parametrize("setting", ["publish", "share"])
def test_a_job_that_writes_into_the_library_is_not_a_readers_to_see_or_stop(tmp_path, setting):
    client = make_client(tmp_path)
    jobs = client.app.state.jobs
    job = jobs.add("library", "", json.dumps({setting: CASE}))
    other = add(jobs)
    assert [told["id"] for told in client.get("/api/v1/jobs").json()] == [other.id]
    assert client.delete(f"/api/v1/jobs/{job.id}").status_code == 409
    address = f"/workbench/draws/{job.id}/cancel?case={CASE}"
    assert client.post(address, headers=PARTIAL).status_code == 409
    assert jobs.get(job.id).state == "waiting"


@pytest.mark.parametrize("name", ["../../etc", "x", ""])
def test_a_job_that_is_not_there_is_told_and_opens_no_file(store, name):
    with pytest.raises(InputError, match="no job"):
        store.get(name)


def test_the_process_of_a_job_ends_when_its_server_is_gone(store):
    job = add(store)
    command = [sys.executable, "-m", "accord.web.jobs.work", str(store.folder_of(job.id))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin is not None
    process.stdin.write(b"{}\n")
    process.stdin.close()
    assert process.wait(120) == 1


def test_a_runner_works_a_job_out_and_says_why_it_cannot(store):
    store.add("wrong", "name = 3", settings_text(SETTINGS))
    runner = Runner(store)
    runner.start()
    end = time.monotonic() + 240
    while store.latest("wrong").is_open and time.monotonic() < end:
        time.sleep(0.2)
    runner.stop()
    job = store.latest("wrong")
    assert job.state == "failed"
    assert "name" in job.why


def test_a_job_that_is_done_replaces_the_central_figures(store):
    job = add(store, key_of(Draft(CASE), SETTINGS))
    result = show(flagship())
    (store.folder_of(job.id) / "result.json").write_text(json.dumps(result))
    store.end(job.id, "done")
    desk = shared_desk()
    desk.work_out(desk.open(Draft(CASE)), "signed")
    full = full_of(store, store.get(job.id), open_bench(desk, Draft(CASE), "signed"))
    verdict = flagship().verdict
    low, _, high = verdict.interval("signed")
    assert full.draws == verdict.count
    for side in full.sides:
        at = verdict.regions.index(side.party)
        assert side.low == pytest.approx(low[at])
        assert side.high == pytest.approx(high[at])
        assert side.chance == pytest.approx(verdict.chance("signed")[at])
    assert full.plane is not None
    assert "<svg" in full.plane["wide"]
    assert "style=" not in str(full.plane) + str(full.charts)
    drawn = str(full.charts)
    assert all(f"{name}-wide" in drawn for name in DRAWN)
    spans = spans_of(full.sides)
    ends = [(span.start, span.start + span.width, span.value, span.zero) for span in spans.values()]
    assert min(map(min, ends)) == 0.0
    assert max(map(max, ends)) == pytest.approx(100.0, abs=0.02)
    assert all(start < value < end for start, end, value, _ in ends)
    (store.folder_of(job.id) / "result.json").unlink()
    full_text._read.cache_clear()
    assert (
        full_of(store, store.get(job.id), open_bench(desk, Draft(CASE), "signed")).stage == "over"
    )


def test_what_another_version_worked_out_is_not_shown(monkeypatch):
    key = key_of(Draft(CASE), SETTINGS)
    assert key == key_of(Draft(CASE), SETTINGS)
    monkeypatch.setattr(full_text, "version", lambda _: "99.0")
    assert key != key_of(Draft(CASE), SETTINGS)


def test_a_result_that_is_gone_is_told_to_programs(tmp_path):
    client = make_client(tmp_path)
    jobs = client.app.state.jobs
    job = add(jobs)
    jobs.end(job.id, "done")
    answer = client.get(f"/api/v1/jobs/{job.id}/result")
    assert answer.status_code == 404
    assert "its result is gone" in answer.text


def test_a_job_is_started_followed_and_cancelled_through_the_page(tmp_path):
    client = make_client(tmp_path)
    address = f"case={CASE}&package=signed"
    desk = shared_desk()
    desk.work_out(desk.open(Draft(CASE)), "signed")
    page = client.post(f"/workbench/draws?{address}", headers=PARTIAL).text
    assert "<progress" in page
    (job,) = client.app.state.jobs.listed()
    assert "<progress" in client.get(f"/workbench/draws/{job.id}?{address}", headers=PARTIAL).text
    page = client.post(f"/workbench/draws/{job.id}/cancel?{address}", headers=PARTIAL).text
    assert "Stopped" in page
    assert client.app.state.jobs.get(job.id).state == "cancelled"
