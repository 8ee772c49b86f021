"""The pages of the library: cards, search, tags, briefings, files, feed, API; hostile text."""

import datetime as dt
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from accord.cases.shipped import case_names
from accord.library.content import FORMATS, PartyFigure, Point
from accord.library.opening import open_library
from accord.web.app import create_app
from accord.web.reading.pictures import describe_verdict, draw_verdict
from accord.web.reading.times import tell_ago
from accord.web.settings import ServerSettings
from tests.library.contents import FILES, make_content, real_files

HERE = "http://localhost"
HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(1)>\"' onload=x {{7*7}} &amp;"
NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


def make_client(folder, **given):
    app = create_app(ServerSettings(library=folder, warm=False, **given))
    return TestClient(app, base_url=HERE, raise_server_exceptions=False)


class _Code(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        if tag in {"script", "iframe", "object", "base"} and not str(names.get("src")).startswith(
            "/static/"
        ):
            self.seen.append(tag)
        self.seen += [name for name in names if name.startswith("on") or name == "style"]
        self.seen += [value for value in names.values() if (value or "").startswith("javascript:")]


def find_code(page):
    """Return what a browser would run of a page, other than the files of the server."""
    parser = _Code()
    parser.feed(page)
    return parser.seen


def test_the_look_for_code_can_fail():
    page = "<script>a</script><p onload=x style=y><a href='javascript:a'><script src='/static/a'>"
    assert find_code(page) == ["script", "onload", "style", "javascript:a"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    library = open_library(tmp_path_factory.mktemp("web") / "library")
    library.add(make_content("a-deal"), real_files(), author="Ann Lee", tags=["ships/boats"])
    return library.folder


@pytest.fixture(scope="module")
def client(folder):
    return make_client(folder)


def test_the_library_shows_a_card_for_each_briefing_with_all_that_a_card_has(client):
    page = client.get("/").text
    assert page.count('<article class="card">') == 1 + len(case_names())
    assert page.count('<svg class="verdict"') == 1 + len(case_names())
    assert page.count("Comes with Accord") == len(case_names())
    for part in ("Both sides gain", "Tariffs fall.", "Ann Lee", "just now", "3 minutes to read"):
        assert part in page
    assert re.search(r'<time datetime="[^"]+" title="\d+ \w+ 20\d\d, \d\d:\d\d UTC">', page)


def test_a_new_library_is_not_empty(tmp_path):
    page = make_client(tmp_path / "new").get("/")
    assert page.status_code == 200
    assert page.text.count('<article class="card">') == len(case_names())


def test_a_search_and_a_tag_list_what_they_should(client):
    page = client.get("/", params={"q": "ships fall"}).text
    assert page.count('<article class="card">') == 1
    assert "<mark>ships</mark>" in page
    assert "No briefing holds" in client.get("/", params={"q": "zzzz"}).text
    tagged = client.get("/tags/ships%2Fboats").text
    assert tagged.count('<article class="card">') == 1
    assert 'href="/tags/ships%2Fboats"' in tagged
    assert client.get("/tags/none").status_code == 404


def test_a_list_comes_in_pages(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    for number in range(50):
        library.add(make_content(f"deal-{number}"), {})
    client = make_client(library.folder)
    counts = [
        client.get("/", params={"page": number, "q": "ships"}).text.count('<article class="card">')
        for number in (1, 2, 3)
    ]
    assert counts == [24, 24, 2 + 0]
    assert "/?page=3&amp;q=ships" in client.get("/", params={"page": 2, "q": "ships"}).text
    for wrong in ("0", "-1", "x", "99", "9" * 30, "²"):
        assert client.get("/", params={"page": wrong}).status_code == 404


def test_a_page_has_key_points_first_and_what_is_related_last(tmp_path):
    library = open_library(tmp_path / "library")  # its own: others count what the shared one holds
    library.add(make_content("a-deal"), real_files(), author="Ann Lee", tags=["ships/boats"])
    library.add(make_content("b-deal"), FILES)
    client = make_client(library.folder)
    page = client.get("/briefings/a-deal").text
    parts = (
        "<h1>Both sides gain</h1>", 'id="points-title"', 'class="verdict"', 'id="picture"',
        'id="downloads-title"', 'id="ask"', 'id="related-title"', "No advice.",
    )  # fmt: skip
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert find_code(page) == []
    assert "<style" not in page


def test_every_format_is_downloaded_as_it_was_published(client):
    page = client.get("/briefings/a-deal").text
    for form in FORMATS:
        address = f"/briefings/a-deal/1/files/{form}"
        assert address in page
        answer = client.get(address)
        assert answer.content == real_files()[form]
        assert answer.headers["content-disposition"].startswith('attachment; filename="a-deal.')
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/briefings/none",
        "/briefings/a-deal/9",
        "/briefings/a-deal/99999999999999999999999",
        "/briefings/a-deal/1/files/article",
        "/briefings/a-deal/1/files/exe",
        "/briefings/a-deal/1/files/..%2f..%2flibrary.db",
        "/briefings/..%2flibrary.db",
        "/briefings/%00",
        "/briefings/a-deal%00",
        "/tags/%ff%fe",
        "/api/v1/library/none",
        "/api/v1/library/..%2f..%2fetc%2fpasswd",
        "/api/v1/library/a-deal/1/files/library.db",
    ],
)
def test_no_path_of_a_client_reaches_the_file_system(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"SQLite" not in answer.content


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(max_size=60))
def test_nothing_that_a_client_sends_is_a_fault(client, text):
    for answer in (
        client.get("/", params={"q": text}),
        client.get("/", params={"page": text}),
        client.get("/api/v1/library", params={"q": text, "tag": text}),
        client.get("/api/v1/library", params={"start": text, "count": text}),
    ):
        assert answer.status_code < 500


def test_hostile_text_is_shown_as_text_everywhere(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    figure = PartyFigure(
        party=HOSTILE, outlook=HOSTILE, tone=HOSTILE, value=1.0, amount=HOSTILE, ends=HOSTILE,
        chance=HOSTILE,
    )  # fmt: skip
    content = make_content(
        "evil", kicker=HOSTILE, title=HOSTILE, summary=HOSTILE, standfirst=HOSTILE, body=HOSTILE,
        figures=(figure,), points=(Point(lead=HOSTILE, body=HOSTILE),), disclaimer=(HOSTILE,),
        command=HOSTILE, chance=HOSTILE, language='"><script>',
    )  # fmt: skip
    library.add(content, {}, author=HOSTILE[:60], tags=["<script>alert(2)</script>"])
    library.add(make_content("other"), {})
    client = make_client(library.folder)
    for path in (
        "/", "/?q=script", "/briefings/evil", "/briefings/other",
        "/tags/%3Cscript%3Ealert(2)%3C%2Fscript%3E", f"/?q={'%3Cscript%3E'}", "/feed.atom",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "{{7*7}}" in answer.text or "7*7" not in answer.text
        assert find_code(answer.text) == []


def test_a_withdrawn_briefing_says_so_and_gives_nothing_out(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    library.add(make_content("a-deal"), FILES)
    library.withdraw("a-deal", "An error <b>")
    client = make_client(library.folder)
    page = client.get("/briefings/a-deal")
    assert page.status_code == 410
    assert "An error &lt;b&gt;" in page.text
    assert client.get("/briefings/a-deal/1/files/html").status_code == 410
    assert "a-deal" not in client.get("/").text
    assert "a-deal" not in client.get("/feed.atom").text
    assert client.get("/api/v1/library/a-deal").json()["withdrawn_for"] == "An error <b>"


def test_an_older_version_is_shown_and_leads_to_the_latest(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    library.add(make_content("a-deal", title="Old finding"), FILES)
    library.add(make_content("a-deal", title="New finding"), {"html": b"new"})
    client = make_client(library.folder)
    old = client.get("/briefings/a-deal/1").text
    assert "Old finding" in old
    assert "This is version 1 of 2." in old
    assert "New finding" in client.get("/briefings/a-deal").text
    assert client.get("/briefings/a-deal/2", follow_redirects=False).status_code == 308
    assert client.get("/briefings/a-deal/1/files/html").content == FILES["html"]


def test_the_feed_is_atom_and_lists_the_newest_first(client):
    answer = client.get("/feed.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.content)  # noqa: S314  (our own)
    space = {"a": "http://www.w3.org/2005/Atom"}
    titles = [entry.text for entry in feed.findall("a:entry/a:title", space)]
    assert "Both sides gain" in titles
    updated = [entry.text or "" for entry in feed.findall("a:entry/a:updated", space)]
    assert updated == sorted(updated, reverse=True)
    links = [link.get("href") or "" for link in feed.findall("a:entry/a:link", space)]
    assert all(client.get(link).status_code == 200 for link in links)
    ids = [entry.text for entry in feed.findall("a:entry/a:id", space)]
    assert len(set(ids)) == len(ids)


def test_programs_get_what_pages_show(client):
    listed = client.get("/api/v1/library", params={"q": "ships fall", "count": 1}).json()
    (record,) = listed["briefings"]
    assert (record["name"], record["author"], listed["start"]) == ("a-deal", "Ann Lee", 0)
    assert client.get("/api/v1/library/a-deal").json() == record
    assert client.get("/api/v1/library/a-deal/1").json() == record
    for file in record["files"]:
        content = client.get(file["href"]).content
        assert (len(content), content) == (file["size"], real_files()[file["format"]])
    assert record["figures"][0]["value"] == 4.0
    wrong = client.get("/api/v1/library", params={"start": "x", "count": 0})
    assert wrong.status_code == 422
    assert [problem["path"] for problem in wrong.json()["problems"]] == ["start", "count"]
    assert client.get("/api/v1/library", params={"tag": "Japan"}).json()["total"] == 1


def test_answers_for_programs_are_as_the_interface_says(client):
    document = client.get("/api/v1/openapi.json").json()
    for path, name in (("", "BriefingList"), ("/a-deal", "BriefingRecord")):
        schema = {**document["components"]["schemas"][name], "components": document["components"]}
        answer = client.get(f"/api/v1/library{path}").json()
        jsonschema.Draft202012Validator(schema).validate(answer)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema).validate({})


def test_links_and_files_hold_below_a_prefix(folder):
    client = make_client(folder, prefix="/accord")
    page = client.get("/accord/briefings/a-deal").text
    links = re.findall(r'(?:href|action)="(/[^"#]*)', page)
    assert links
    assert all(link.startswith("/accord/") for link in links)
    record = client.get("/accord/api/v1/library/a-deal").json()
    assert client.get(record["files"][0]["href"]).status_code == 200
    feed = client.get("/accord/feed.atom").text
    assert "http://localhost/accord/briefings/a-deal" in feed


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [("/", 500, "damaged"), ("/briefings/a-deal", 500, "damaged"), ("/api/v1/library", 500, "a")],
)
def test_a_damaged_library_gives_a_page_that_says_so(tmp_path, path, status, told):
    (tmp_path / "library.db").write_bytes(b"no database" * 1000)
    answer = make_client(tmp_path).get(path)
    assert answer.status_code == status
    assert told in answer.text
    assert "estore it from a backup" in answer.text
    assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "just now"), (59, "just now"), (60, "1 minute ago"), (3599, "59 minutes ago"),
        (3600, "1 hour ago"), (86_399, "23 hours ago"), (86_400, "yesterday"),
        (3 * 86_400, "3 days ago"), (7 * 86_400, "1 week ago"), (34 * 86_400, "4 weeks ago"),
        (36 * 86_400, "1 month ago"), (364 * 86_400, "11 months ago"),
        (370 * 86_400, "1 year ago"), (5000 * 86_400, "13 years ago"), (-99, "just now"),
    ],
)  # fmt: skip
def test_how_long_ago_is_said_in_words(seconds, told):
    assert tell_ago(NOW - dt.timedelta(seconds=seconds), NOW) == told


@given(values=st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 3).map(sorted), min_size=1, max_size=6))
def test_every_mark_of_a_picture_is_inside_it_and_in_order(values):
    figures = [
        PartyFigure(
            party=f"Party {at}", outlook="", tone="gain", low=low, value=value, high=high,
            amount=f"{value:.0f}", ends="",
        )
        for at, (low, value, high) in enumerate(values)
    ]  # fmt: skip
    drawn = ET.fromstring(draw_verdict(figures))  # noqa: S314  (our own)
    _, _, width, height = map(float, (drawn.get("viewBox") or "").split())
    for row, figure in zip(drawn.findall("g"), figures, strict=True):
        value, span = row.find("circle"), row.find("rect")
        assert value is not None
        assert span is not None
        left = float(span.get("x") or "nan")
        right = left + float(span.get("width") or "nan")
        assert 0 <= left - 0.2 <= float(value.get("cx") or "nan") <= right + 0.2 <= width + 1.5
        assert float(value.get("cy") or "nan") < height
        zero = float(row.findall("line")[1].get("x1") or "nan")
        if abs(figure.value) > 1e-3 * max(abs(end) for item in values for end in (*item, 1e-9)):
            assert (zero < float(value.get("cx") or "nan") + 0.2) == (figure.value > 0) or abs(
                zero - float(value.get("cx") or "nan")
            ) < 0.5
    assert drawn.get("aria-label") == describe_verdict(figures)
