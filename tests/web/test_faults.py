"""A full disk, a folder that may only be read, two servers: pages say so, and nothing is harmed."""

import datetime as dt
import errno
import json
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from accord.core.files import write_atomically
from accord.library.enquiries import KEEP_DAYS, open_enquiries
from accord.library.errors import FullError
from accord.library.opening import open_library
from accord.web.drafts.draft import Draft
from accord.web.jobs import work
from accord.web.jobs.store import JobStore
from tests.library.contents import FILES, make_content
from tests.library.test_faults import (
    AS_PROBE,
    ROOT,
    read_only,  # noqa: F401  (a fixture)
)
from tests.web.opened import CASE, make_client, shared_desk
from tests.web.test_enquiries import ADDRESS, FORM

PARTIAL = {"hx-request": "true", "sec-fetch-site": "same-origin"}
DRAWS = f"/workbench/draws?case={CASE}&package=signed"


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def library(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    library.add(make_content("a-deal"), FILES)
    return library


@pytest.fixture
def client(library):
    desk = shared_desk()
    desk.work_out(desk.open(Draft(CASE)), "signed")
    client = make_client(library.folder)
    assert client.post(ADDRESS, data=FORM).status_code == 200
    jobs = client.app.state.jobs
    jobs.end(jobs.add("first", "", "{}").id, "cancelled")
    return client


@pytest.fixture
def full_database(monkeypatch):
    """Databases that take no further page."""
    connect = sqlite3.connect

    def small(*arguments, **options):
        connection = connect(*arguments, **options)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr("accord.library.database.sqlite3.connect", small)
    return monkeypatch


def test_pages_are_shown_where_old_enquiries_cannot_be_deleted(library, monkeypatch, caplog):
    (library.folder / "enquiries.db").touch()

    def refuse(*_, **__):
        raise FullError(library.folder, "full", "free space")

    monkeypatch.setattr("accord.web.reading.shelf.open_enquiries", refuse)
    client = make_client(library.folder)
    assert client.get("/").status_code == 200
    assert "cannot be deleted" in caplog.text


def test_a_job_database_that_was_left_empty_holds_no_job(library):
    store = JobStore(library.folder)
    store.folder.mkdir()
    (store.folder / "jobs.db").touch()
    assert not store.is_there
    assert store.latest("key") is None
    assert store.add("key", "", "{}").state == "waiting"
    assert store.is_there


def says_that_the_disk_is_full(answer):
    assert answer.status_code == 507, answer.text
    assert "the disk of the library is full" in answer.text
    assert "Nothing was changed; free space there" in answer.text
    return True


def test_a_database_without_room_is_said_on_every_page_that_writes(client, full_database):
    settings = json.dumps({"seed": "x" * 20_000})
    long = {**FORM, "question": "why " * 990, "name": "Bo"}
    assert says_that_the_disk_is_full(client.post(ADDRESS, data=long))
    full_database.setattr("accord.web.routes.draws.settings_text", lambda _: settings)
    assert says_that_the_disk_is_full(client.post(DRAWS, headers=PARTIAL))
    assert client.get("/briefings/a-deal").status_code == 200
    assert client.get(f"/workbench?case={CASE}&package=signed").status_code == 200
    full_database.undo()
    folder = client.app.state.settings.library
    assert [kept.name for kept in open_enquiries(folder).list()] == [FORM["name"]]
    assert_only_jobs_have_folders(client)
    assert client.post(ADDRESS, data=long).status_code == 200
    assert client.post(DRAWS, headers=PARTIAL).status_code == 200


def test_a_disk_without_room_for_a_file_of_a_job_leaves_no_half_of_it(client, monkeypatch):
    monkeypatch.setattr(Path, "write_text", full)
    assert says_that_the_disk_is_full(client.post(DRAWS, headers=PARTIAL))
    monkeypatch.undo()
    assert_only_jobs_have_folders(client)
    assert client.post(DRAWS, headers=PARTIAL).status_code == 200


def assert_only_jobs_have_folders(client):
    jobs = client.app.state.jobs
    folders = {path.name for path in jobs.folder.iterdir() if path.is_dir()}
    assert folders == {job.id for job in jobs.listed()}


class Result:
    def save(self, path):
        write_atomically(path, b"figures")


def test_a_job_that_finds_the_disk_full_says_why_and_not_where(tmp_path, monkeypatch):
    jobs = JobStore(tmp_path)
    job = jobs.add("key", Draft(CASE).text, "{}")
    monkeypatch.setattr(work, "assess_file", lambda *_: Result())
    monkeypatch.setattr("accord.core.files.os.fsync", full)
    with pytest.raises(FullError) as told:
        work.work_out(jobs.folder_of(job.id), {})
    assert str(tmp_path) not in work.tell_why(told.value)
    assert "the disk of the library is full" in work.tell_why(told.value)
    assert [path.name for path in jobs.folder_of(job.id).iterdir()] == [work.DEAL]


def test_a_folder_in_which_no_jobs_can_be_kept_says_so(tmp_path, monkeypatch):
    client = make_client(tmp_path / "library")

    def refused(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refused)
    answer = client.post(DRAWS, headers=PARTIAL)
    assert answer.status_code == 503
    assert "may be read and not written" in answer.text


AS_SERVER = """
import os, sys
from pathlib import Path
from tests.web.opened import CASE, make_client
from tests.web.test_enquiries import ADDRESS, FORM

def ask(client, writes):
    for page in ("/", "/briefings/a-deal", "/feed.atom", "/api/v1/library", "/api/v1/jobs",
                 "/briefings/a-deal/1/files/html", "/nothing"):
        answer = client.get(page)
        print(answer.status_code, page)
    for page, given in writes:
        answer = client.post(page, **given)
        print(answer.status_code, "may be read and not written" in answer.text, page)

question, job = (ADDRESS, {"data": FORM}), ("/api/v1/assess", {"json": {"case": CASE, "draws": 9}})
draws = ("/workbench/draws?case=" + CASE, {})
read_only, other = (make_client(Path(folder)) for folder in sys.argv[1:])
ask(other, (question, job))  # everything is loaded before the rights are given up
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print("now")
ask(read_only, (question, job, draws))
"""


def test_a_server_on_a_library_that_may_only_be_read_shows_it_and_says_so(read_only, tmp_path):  # noqa: F811
    places = [str(ROOT), sys.prefix, str(read_only)]
    probe = subprocess.run([sys.executable, "-c", AS_PROBE, *places], check=False)
    if probe.returncode != 0:
        pytest.skip("another user may not read the program itself here")
    other = open_library(tmp_path / "other", shipped=False)
    other.add(make_content("a-deal"), FILES)
    command = [sys.executable, "-c", AS_SERVER, str(read_only), str(other.folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = done.stdout.partition("now\n")[2].splitlines()
    assert len(told) == 10
    assert [line for line in told if not line.startswith("200 /")] == [
        "404 /nothing", f"503 True {ADDRESS}", "503 True /api/v1/assess",
        f"503 True /workbench/draws?case={CASE}",
    ], done.stdout + done.stderr  # fmt: skip


def test_two_servers_on_one_library_see_the_jobs_of_each_other(library):
    desk = shared_desk()
    desk.work_out(desk.open(Draft(CASE)), "signed")
    clients = [make_client(library.folder) for _ in range(2)]
    wrong = []

    def ask(client):
        answer = client.post("/api/v1/assess", json={"case": CASE, "draws": 20})
        wrong.extend([] if answer.status_code == 202 else [answer])

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    listed = [client.get("/api/v1/jobs").json() for client in clients]
    assert listed[0] == listed[1]
    (job,) = listed[0]
    stores = [client.app.state.jobs for client in clients]
    assert sum(store.claim() is not None for store in stores) == 1
    assert all(store.recover() == {} for store in stores)
    assert clients[1].delete(f"/api/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    assert not stores[0].tell(job["id"], "draws", 1, 20), "the server that runs it is told"


def test_an_idle_server_deletes_what_is_past_its_time(library, monkeypatch):
    monkeypatch.setattr("accord.web.reading.shelf.HOUR", dt.timedelta(seconds=0.02))
    book = open_enquiries(library.folder)
    client = make_client(library.folder, lifespan=True)
    with client:
        old = dt.datetime.now(tz=dt.UTC) - dt.timedelta(days=KEEP_DAYS + 1)
        book.add(FORM, briefing="a-deal", client="x", now=old)
        end = time.monotonic() + 60
        while count_rows(book) and time.monotonic() < end:
            time.sleep(0.02)
    assert count_rows(book) == 0


def count_rows(book):
    with book.database.read() as rows:
        return rows.execute("SELECT count(*) FROM enquiry").fetchone()[0]
