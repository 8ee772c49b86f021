"""What readers ask, through the page: kept, refused with what is wrong, limited."""

import re
import threading

import pytest
from starlette.testclient import TestClient

from accord.library.enquiries import A_DAY, open_enquiries
from accord.library.errors import FullError, ReadOnlyError
from accord.library.opening import open_library
from accord.web.app import create_app
from accord.web.settings import ServerSettings
from tests.library.contents import FILES, find_faults, make_content

FORM = {
    "name": "Ann Lee",
    "address": "ann@example.org",
    "question": "Which tariff on cars does the figure take?",
    "consent": "yes",
}
ADDRESS = "/briefings/a-deal/questions"


@pytest.fixture
def folder(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    library.add(make_content("a-deal"), FILES)
    return library.folder


@pytest.fixture
def client(folder):
    return make_client(folder)


def make_client(folder, **given):
    app = create_app(ServerSettings(library=folder, warm=False, **given))
    return TestClient(app, base_url="http://localhost", raise_server_exceptions=False)


def test_a_question_is_kept_and_the_reader_thanked(client, folder):
    answer = client.post(ADDRESS, data=FORM)
    assert answer.status_code == 200
    assert answer.url.path == "/briefings/a-deal/asked"
    assert "deleted after 90 days" in answer.text
    (kept,) = open_enquiries(folder).list()
    assert (kept.name, kept.address, kept.question) == tuple(FORM.values())[:3]
    assert kept.briefing == "a-deal"


def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_stays(client, folder):
    form = {"name": '"><script>', "address": "ann", "question": "why <b>"}
    page = client.post(ADDRESS, data=form)
    assert page.status_code == 422
    for field in ("address", "question", "consent"):
        assert f'id="wrong-{field}"' in page.text
        assert f'aria-describedby="wrong-{field}"' in page.text
    assert 'id="wrong-name"' not in page.text
    assert 'value="ann"' in page.text
    assert "why &lt;b&gt;" in page.text
    assert "<script>" not in page.text
    assert open_enquiries(folder).list() == ()


def test_the_form_says_what_the_check_allows(client):
    page = client.get("/briefings/a-deal").text
    assert 'action="/briefings/a-deal/questions#ask" method="post"' in page
    for field in FORM:
        assert re.search(rf'name="{field}"[^>]*\srequired', page), field
    assert "<script" not in page[page.index('id="ask"') :]


def test_a_page_of_another_site_cannot_ask(client, folder):
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert client.post(ADDRESS, data=FORM, headers=headers).status_code == 403
    assert open_enquiries(folder).list() == ()


def test_a_client_that_asks_too_much_is_told(client, folder):
    answers = [client.post(ADDRESS, data=FORM).status_code for _ in range(A_DAY + 1)]
    assert answers == [200] * A_DAY + [429]
    assert len(open_enquiries(folder).list()) == A_DAY


def test_what_is_no_form_or_no_briefing_is_refused(client, folder):
    assert client.post("/briefings/none/questions", data=FORM).status_code == 404
    assert client.get("/briefings/none/asked").status_code == 404
    files = {"name": ("a.txt", b"x" * 100)}
    assert client.post(ADDRESS, data=FORM, files=files).status_code == 400
    assert client.post(ADDRESS, data={**FORM, "question": "x" * 3_000_000}).status_code == 413
    assert (
        client.post(ADDRESS, content=b"\xff\xfe", headers={"content-type": "x"}).status_code < 500
    )
    assert client.get(ADDRESS).status_code == 405
    open_library(folder).withdraw("a-deal")
    assert client.post(ADDRESS, data=FORM).status_code == 410
    assert open_enquiries(folder).list() == ()


@pytest.mark.parametrize(("error", "status"), [(FullError, 507), (ReadOnlyError, 503)])
def test_a_library_that_cannot_be_written_gives_a_page_that_says_so(
    client, monkeypatch, error, status
):
    def refuse(*_, **__):
        raise error("folder", "the disk of the library is full", "free space there")

    monkeypatch.setattr("accord.library.enquiries.EnquiryBook.add", refuse)
    page = client.post(ADDRESS, data=FORM)
    assert page.status_code == status
    assert "the disk of the library is full" in page.text
    assert "Free space there" in page.text


def test_the_time_that_questions_are_kept_is_that_of_the_server(folder):
    client = make_client(folder, keep_enquiries=7)
    assert "kept for 7 days" in client.get("/briefings/a-deal").text
    client.post(ADDRESS, data=FORM)
    assert len(open_enquiries(folder, keep_days=7).list()) == 1


def test_two_servers_on_one_library_do_no_harm(folder):
    library = open_library(folder, shipped=False)
    clients = [make_client(folder) for _ in range(2)]
    wrong: list[object] = []

    def work(number, client):
        for turn in range(8):
            form = {**FORM, "question": f"Question {number} {turn}, asked twice"}
            answers = [
                client.get("/"),
                client.get("/briefings/a-deal"),
                client.post(ADDRESS, data=form),
            ]
            if number == 0:
                library.add(make_content("a-deal", title=f"Version {turn}"), {"html": b"%d" % turn})
            wrong.extend(answer for answer in answers if answer.status_code not in {200, 429})

    threads = [
        threading.Thread(target=work, args=(number, client))
        for number, client in enumerate(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert find_faults(library) == []
    assert library.get("a-deal").latest == 9
    assert len(open_enquiries(folder).list()) == A_DAY
