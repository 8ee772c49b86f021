"""What stands before every page: hosts, origins, tokens, sizes, times, rates and headers."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from accord.core.errors import InputError
from accord.web.app import create_app
from accord.web.security.limits import RequestLimits
from accord.web.security.rate import RateLimiter
from accord.web.settings import ServerSettings

TOKEN = "a-token-long-enough"  # noqa: S105
HERE = "http://localhost"


@pytest.fixture
def client(tmp_path):
    return make_client(tmp_path)


def make_client(tmp_path, **given):
    settings = ServerSettings(library=tmp_path, warm=False, **given)
    return TestClient(create_app(settings), base_url=HERE, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/style.css", "/api/v1/nowhere"])
def test_every_answer_has_a_policy_without_inline_code(client, path):
    policy = client.get(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert client.get(path).headers["x-content-type-options"] == "nosniff"


STRANGE = ["[::1", "[::1]x", "localhost:x", 'localhost:"><b>', "localhost:1:2", "localhost:123456"]


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip", "", *STRANGE]
)
def test_a_name_that_is_not_the_servers_is_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "[::1]:8765", "LOCALHOST"])
def test_names_of_the_server_are_answered(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


def test_a_domain_of_a_proxy_is_answered(tmp_path):
    client = make_client(tmp_path, domains=("accord.example",), token=TOKEN)
    assert client.get("/sign-in", headers={"host": "accord.example"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": HERE},
        {"cookie": "a=b"},
    ],
)
def test_what_another_site_sends_is_refused(client, headers):
    assert client.post("/sign-in", headers=headers, data={"token": "x"}).status_code == 403
    assert "another site" in client.post("/sign-in", headers=headers).text


def test_a_server_that_others_reach_needs_a_token(tmp_path):
    with pytest.raises(InputError, match=r"--host.*--token"):
        ServerSettings(library=tmp_path, host="0.0.0.0")  # noqa: S104
    with pytest.raises(InputError, match=r"--domain.*accord.example.*--token"):
        ServerSettings(library=tmp_path, domains=("accord.example",))
    assert TOKEN not in repr(ServerSettings(library=tmp_path, token=TOKEN))
    with pytest.raises(InputError, match="can be guessed"):
        ServerSettings(library=tmp_path, token="short")  # noqa: S106


def test_without_the_token_nothing_is_shown(tmp_path):
    client = make_client(tmp_path, token=TOKEN)
    assert client.get("/", follow_redirects=False).headers["location"] == "/sign-in"
    assert client.get("/api/v1/cases").status_code == 401
    assert client.get("/static/style.css").status_code == 200
    wrong = {"authorization": f"Bearer {TOKEN}x"}
    assert client.get("/api/v1/cases", headers=wrong).status_code == 401


def test_signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use(tmp_path):
    client = make_client(tmp_path, token=TOKEN)
    answer = client.post("/sign-in", data={"token": TOKEN}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert client.get("/").status_code == 200


def test_tokens_cannot_be_tried_one_after_the_other(tmp_path):
    client = make_client(tmp_path, token=TOKEN)
    tried = [client.post("/sign-in", data={"token": f"{n}"}).status_code for n in range(8)]
    assert tried[0] == 403
    assert tried[-1] == 429


def test_a_long_request_is_refused_whether_or_not_it_says_its_length(tmp_path):
    client = make_client(tmp_path, body_limit=1000, token=TOKEN)
    assert client.post("/sign-in", data={"token": "x" * 2000}).status_code == 413

    def pieces():
        yield from [b"token=", *[b"x" * 100] * 20]

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=pieces(), headers=form).status_code == 413


def test_an_answer_that_takes_too_long_is_ended():
    async def forever(_):
        await asyncio.sleep(3600)
        return PlainTextResponse("never")

    app = Starlette(routes=[Route("/", forever)])
    client = TestClient(RequestLimits(app, size=100, seconds=0.05))
    assert client.get("/").status_code == 503


def test_a_client_that_sends_too_much_is_told_how_long_to_wait(tmp_path):
    client = make_client(tmp_path, rate=0.5, burst=3)
    answers = [client.get("/static/style.css") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_a_bucket_fills_again_and_clients_do_not_share_it():
    now = [0.0]
    limiter = RateLimiter(rate=2.0, burst=2, clock=lambda: now[0])
    assert [limiter.wait("a") for _ in range(3)] == [0.0, 0.0, 0.5]
    assert limiter.wait("b") == 0.0
    now[0] = 0.5
    assert limiter.wait("a") == 0.0


@pytest.mark.parametrize("asked", ["/", "/accord/"])
def test_links_hold_below_a_prefix_whether_or_not_the_proxy_strips_it(tmp_path, asked):
    client = make_client(tmp_path, prefix="/accord")
    page = client.get(asked)
    assert page.status_code == 200
    assert 'href="/accord/workbench"' in page.text
    assert 'href="/accord/static/style.css' in page.text
    assert client.get("/accord/static/style.css").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2fsettings.py",
        "/static/",
    ],
)
def test_no_path_of_a_client_leaves_the_folder_of_files(client, path):
    assert client.get(path).status_code == 404


def test_what_a_client_sends_is_escaped(client):
    page = client.get("/<script>alert(1)</script>")
    assert page.status_code == 404
    assert "<script>alert" not in page.text


def test_problems_reach_programs_as_problem_details(client):
    answer = client.get("/api/v1/nowhere")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
    assert {"path", "message", "remedy"} == set(answer.json()["problems"][0])
