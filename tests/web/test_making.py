"""The files of a shipped case through the page: asked for once, followed, made."""

import json
import subprocess
import sys

import pytest
from starlette.testclient import TestClient

from accord.core.errors import InputError, Problem
from accord.library.content import FORMATS
from accord.library.errors import FullError
from accord.library.opening import open_library
from accord.web.app import create_app
from accord.web.jobs.work import PUBLISH, tell_why
from accord.web.settings import ServerSettings
from tests.library.contents import FILES, make_content

CASE = "india-uk"
PAGE, MAKING = f"/briefings/{CASE}", f"/briefings/{CASE}/making"
HERE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def client(tmp_path):
    settings = ServerSettings(library=tmp_path / "library", warm=False, draws=8, paths=8)
    app = create_app(settings)
    app.state.runner = None  # jobs wait: the test is their runner
    return TestClient(app, base_url="http://localhost")


def test_the_page_of_a_card_offers_to_make_the_rest_and_a_job_is_begun_once(client):
    page = client.get(PAGE).text
    assert f'action="{MAKING}" method="post"' in page
    assert "Download" not in page
    assert "htmx" not in page.replace("htmx-config", "")
    for _ in range(2):
        answer = client.post(MAKING, headers=HERE, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}#making")
    (job,) = client.app.state.jobs.listed()
    assert json.loads(job.settings) == {
        **json.loads(job.settings), PUBLISH: CASE, "draws": 8, "paths": 8
    }  # fmt: skip
    page = client.get(PAGE).text
    assert f'hx-get="{MAKING}"' in page
    assert "<progress" in page
    assert "htmx-" in page
    assert "<progress" in client.get(MAKING).text


def test_how_far_it_is_is_told(client):
    client.post(MAKING, headers=HERE)
    jobs = client.app.state.jobs
    jobs.tell(jobs.claim().id, "<b>draws</b>", 3, 10)
    part = client.get(MAKING).text
    assert 'max="10" value="3"' in part
    assert "&lt;b&gt;draws" in part


@pytest.mark.parametrize(
    ("state", "told"),
    [("failed", "It could not be made: no &lt;room&gt;"), ("interrupted", "The server stopped")],
)
def test_a_job_that_ended_badly_says_so_and_can_be_asked_for_again(client, state, told):
    client.post(MAKING, headers=HERE)
    jobs = client.app.state.jobs
    jobs.end(jobs.listed()[0].id, state, "no <room>")
    assert told in client.get(PAGE).text
    client.post(MAKING, headers=HERE)
    assert [job.is_open for job in jobs.listed()] == [True, False]


def test_the_process_of_the_job_puts_the_files_into_the_library(client):
    client.post(MAKING, headers=HERE)
    jobs = client.app.state.jobs
    job = jobs.claim()
    command = [sys.executable, "-m", "accord.web.jobs.work", str(jobs.folder_of(job.id))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{job.settings}\n".encode())
        process.stdin.flush()
        lines = [json.loads(line) for line in process.stdout]
    assert process.returncode == 0, lines
    assert any("of" in line for line in lines)
    jobs.end(job.id, "done")
    assert client.get(f"/api/v1/jobs/{job.id}/result").json() == {"slug": CASE}
    address = f"/workbench/draws/{job.id}?case={CASE}"
    assert client.get(address, headers={**HERE, "hx-request": "true"}).status_code == 200
    page = client.get(PAGE).text
    assert all(f"{PAGE}/1/files/{form}" in page for form in FORMATS)
    assert 'id="picture"' in page
    assert "making" not in page
    assert client.get(MAKING).headers["hx-refresh"] == "true"


def test_nothing_is_begun_for_what_has_its_files_is_withdrawn_or_is_not_there(client, tmp_path):
    library = open_library(tmp_path / "library")
    library.add(make_content("mine"), FILES)
    library.withdraw("us-korea-2025")
    statuses = [
        client.post(f"/briefings/{name}/making", headers=HERE, follow_redirects=False).status_code
        for name in ("mine", "us-korea-2025", "none")
    ]
    assert statuses == [303, 410, 404]
    assert client.app.state.jobs.listed() == []
    assert client.post(MAKING, headers={"origin": "http://evil.example"}).status_code == 403


def test_a_job_that_cannot_write_says_why_without_naming_a_folder(tmp_path):
    error = FullError(tmp_path, "the disk of the library is full", "free space there")
    assert tell_why(error) == "the disk of the library is full. Free space there."
    assert "no such" in tell_why(InputError([Problem("x", "no such thing")]))
