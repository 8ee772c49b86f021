"""Packages side by side, and the way from each figure to where it comes from."""

import html
import re

import pytest

from accord.web.drafts.draft import Draft, draft_of_text
from accord.web.routes.compare import MOST
from accord.web.workbench.bench import query_of
from tests.web.opened import CASE, make_client, shared_desk

OWN = Draft(CASE).text.replace("South Korea: tariffs for investment", "South Korea: ours", 1)
EXPLAIN = re.compile(r'class="leads" href="([^"]*)">([^<]*)</a>')


@pytest.fixture
def client(tmp_path):
    return make_client(tmp_path)


@pytest.fixture(scope="module")
def solved():
    desk = shared_desk()
    priced = desk.open(Draft(CASE))
    return {name: desk.work_out(priced, name) for name in priced.offers}


def shown(page):
    table = page[page.index('<table class="compare">') : page.index("</table>")]
    return [
        html.unescape(text) for text in re.findall(r'workbench\?[^"]*">([^<]*)</a></th>', table)
    ]


def chosen(page):
    return re.findall(r'value="([^"]*)" checked', page)


def test_the_packages_of_a_draft_stand_side_by_side_and_are_chosen(client, solved):
    page = client.get(f"/compare?case={CASE}").text
    assert len(shown(page)) == len(chosen(page)) == len(solved) == MOST
    assert "Only the first four" not in page


@pytest.mark.usefixtures("solved")
def test_a_link_from_the_workbench_joins_what_is_chosen(client):
    draft = draft_of_text(OWN)
    assert draft.token
    link = f"http://127.0.0.1:8765/workbench?{query_of(draft, 'signed')}"
    page = client.get("/compare", params={"with": f"case={CASE}&package=signed", "link": link}).text
    assert len(shown(page)) == 2
    assert "(1 change)" in page
    assert html.escape(query_of(draft, "signed")) in chosen(page)
    again = client.get("/compare", params={"with": [html.unescape(it) for it in chosen(page)]}).text
    assert shown(again) == shown(page)


@pytest.mark.parametrize(
    "link", ["nothing", "http://evil.example/", "a?b=c", "case=nope", "s=AAAA"]
)
def test_a_link_that_is_none_is_refused_in_words(client, link):
    answer = client.get("/compare", params={"link": link})
    assert answer.status_code == 422
    assert "copy" in answer.text.casefold() or "Choose one of" in answer.text


def test_what_is_left_out_is_said(client, solved):
    wanted = [f"case={CASE}&package={name}" for name in solved]
    page = client.get("/compare", params={"with": [*wanted, "case=us-japan-2025&package=signed"]})
    assert len(shown(page.text)) == MOST
    assert "Only the first four are shown" in page.text


@pytest.mark.usefixtures("solved")
@pytest.mark.parametrize("path", ["/compare?", "/workbench?package=signed&"])
def test_every_figure_opens_where_it_comes_from(client, path):
    page = client.get(f"{path}case={CASE}").text
    figures = {html.unescape(address): text for address, text in EXPLAIN.findall(page)}
    assert len(figures) > 25
    for address, text in figures.items():
        told = client.get(address)
        assert told.status_code == 200
        part = address.partition("#")[2]
        assert not part or text == "0.0" or f'<li id="{part}">' in told.text


def test_where_a_figure_comes_from_names_the_command_and_opens_sources(client, solved):
    page = client.get(f"/workbench/explain?case={CASE}&package=signed&party=KOR").text
    assert f"accord explain {CASE} payoff KOR --package signed" in page
    assert f"{solved['signed'].payoff('KOR'):+.2f} bn USD".replace("-", "−") in page
    assert re.search(r'<a href="https://www.whitehouse.gov[^"]*" rel="noopener noreferrer">', page)
    assert "South Korea" in page
    assert client.get(f"/workbench/explain?case={CASE}").status_code == 200


def test_a_draft_is_explained_from_its_file(client):
    draft = draft_of_text(OWN)
    page = client.get(f"/workbench/explain?{query_of(draft, 'signed')}&party=KOR").text
    assert f"accord explain {CASE}.toml payoff KOR" in page
    assert "Save deal file" in page
