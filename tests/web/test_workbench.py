"""The workbench through its addresses: forms, sliders, files and what is wrong with a deal."""

import re

import numpy as np
import pytest

from accord.web.drafts.draft import Draft, draft_of_text, read_draft
from accord.web.workbench import edits
from accord.web.workbench.bench import tell_headline
from accord.web.workbench.fields import clause_tables, deal_schema, fields_of, read_field
from accord.web.workbench.results import Side
from tests.flagship import flagship
from tests.web.opened import CASE, make_client, shared_desk

PARTIAL = {"hx-request": "true", "sec-fetch-site": "same-origin"}


@pytest.fixture
def client(tmp_path):
    return make_client(tmp_path)


def hidden(page, name, form):
    part = page[page.index(f'<form id="{form}"') :]
    return re.findall(rf'name="{name}" value="([^"]*)"', part)[0]


def amounts(page):
    return dict(re.findall(r'<data value="[^"]*" data-party="(\w+)">([^<]*)</data>', page))


def printed(package):
    verdict = flagship().verdict
    payoff = verdict.payoff(package)
    return {
        party: f"{payoff[verdict.regions.index(party)]:+.1f}".replace("-", "−")
        for party in verdict.parties
    }


def solve(package="signed", draft=None):
    desk = shared_desk()
    return desk.work_out(desk.open(draft or Draft(CASE)), package)


def test_the_first_page_offers_every_case(client):
    page = client.get("/workbench").text
    assert f"/workbench?case={CASE}" in page
    assert 'name="file"' in page


@pytest.mark.parametrize("content", [b"", b" \n", None])
def test_an_empty_file_is_told(client, content):
    sent = {} if content is None else {"file": ("deal.toml", content)}
    answer = client.post("/workbench/open", files=sent, headers=PARTIAL)
    assert answer.status_code == 422
    assert "it is empty" in answer.text


def test_the_page_has_the_figures_that_accord_assess_prints(client):
    solve()
    page = client.get(f"/workbench?case={CASE}&package=signed").text
    assert amounts(page) == printed("signed")
    assert "Central, intervals follow" in page
    assert f"accord assess {CASE}" in page


def test_a_moved_slider_gives_an_address_that_shows_the_same_in_another_browser(client, tmp_path):
    form = {"case": CASE, "s": "", "package": "signed", "term.cars": "25"}
    answer = client.post("/workbench/terms", data=form, headers=PARTIAL)
    assert answer.status_code == 200
    address = answer.headers["hx-replace-url"]
    assert 'id="clauses"' not in answer.text, "the form follows with the exact figures"
    token = re.findall(r"s=([\w-]+)", address)[0]
    solve(draft=read_draft(CASE, token))
    told = client.get(address.replace("/workbench?", "/workbench/figures?"), headers=PARTIAL)
    assert 'name="clause.0.rate" value="0.25"' in told.text
    page = make_client(tmp_path / "clean").get(address).text
    assert amounts(page) != printed("signed")
    assert re.search(r'name="term.cars"[^>]*value="25', page)
    assert re.search(r'name="clause.0.rate" value="0.25"', page)
    saved = client.get(address.replace("/workbench?", "/workbench/deal.toml?"))
    assert "attachment" in saved.headers["content-disposition"]
    assert saved.text == read_draft(CASE, token).text


def test_without_scripts_a_form_leads_to_the_page_with_the_change(client):
    form = {"case": CASE, "s": "", "package": "signed", "term.cars": "25"}
    answer = client.post("/workbench/terms", data=form, follow_redirects=False)
    assert answer.status_code == 303
    assert "s=" in answer.headers["location"]


def edited(client, **fields):
    form = {"case": CASE, "s": "", "package": "signed", **fields}
    answer = client.post("/workbench/edit", data=form, headers=PARTIAL)
    assert answer.status_code == 200
    return answer


def test_clauses_are_added_copied_and_removed(client):
    count = len(Draft(CASE).packages[2]["clause"])
    for button, expected in [("copy:0", count + 1), ("remove:0", count - 1), ("add", count + 1)]:
        page = edited(client, do=button, kind="visa").text
        assert f"Clauses ({expected})" in page


def test_what_is_wrong_with_a_deal_is_told_with_place_and_remedy(client):
    page = edited(client, **{"clause.0.rate": "15"}).text
    assert 'data-stage="problems"' in page
    assert "clause[1].rate" in page
    assert "0.15" in page
    assert 'name="clause.0.rate" value="15"' in page


def test_packages_are_copied_and_removed(client):
    page = edited(client, do="copy-package")
    assert "package=signed-2" in page.headers["hx-push-url"]
    assert 'id="terms"' in page.text, "the copy has the terms of the original"
    page = edited(client, do="remove-package")
    assert ">The memorandum" not in page.text


def test_a_form_that_changes_nothing_leaves_the_deal_as_it_is(client):
    page = client.get(f"/workbench?case={CASE}&package=signed").text
    fields = re.findall(r'<input id="f-[^"]*" name="([^"]+)" value="([^"]*)"', page)
    answer = edited(client, **dict(fields))
    assert "s=" not in answer.headers["hx-push-url"]


def test_a_deal_file_is_opened_and_one_that_is_none_is_refused(client):
    text = Draft(CASE).text.replace("rate = 0.15", "rate = 0.16", 1)
    answer = client.post(
        "/workbench/open", files={"file": ("deal.toml", text)}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert f"case={CASE}" in answer.headers["location"]
    for content in (b"\xff\xfe", b"a = [", b"a = " + b"[" * 5000):
        answer = client.post("/workbench/open", files={"file": ("deal.toml", content)})
        assert answer.status_code == 422


def test_a_deal_that_no_address_can_hold_is_refused_with_another_way(client):
    notes = "".join(
        f'[[source]]\nid = "s{n}"\ntitle = "{np.random.default_rng(n).bytes(2000).hex()}"\n'
        for n in range(20)
    )
    answer = client.post("/workbench/open", files={"file": ("deal.toml", notes)})
    assert answer.status_code == 422
    assert "too long for an address" in answer.text
    assert "accord assess" in answer.text


OWN = 'name = "own"\nparties = ["USA", "KOR"]\n'


@pytest.mark.parametrize(
    "text",
    [
        OWN + '[[package]]\nname = "p"\n[package.clause]\nkind = "visa"\n',
        OWN + 'package = [3, { name = "p", clause = [3, { kind = "visa", source = 3 }] }]\n',
        OWN + 'package = [{ name = "p", clause = 3 }]\nsource = 3\nterms = 3\n',
        OWN + 'package = [{ name = "p" }]\nterms = { term = [3, { package = 3 }] }\n',
        OWN + "package = 3\n",
        OWN + 'as_of = 2025-01-01T10:00:00\ntitle = 10:00:00\n[[package]]\nname = "p"\n',
    ],
)
def test_tables_where_lists_belong_are_told_and_never_a_fault(client, text):
    answer = client.post("/workbench/open", files={"file": ("deal.toml", text)})
    assert answer.status_code == 200
    assert 'data-stage="problems"' in answer.text
    form = {"s": draft_of_text(text).token, "package": "p", "kind": "visa", "clause.1.kind": "x"}
    for button in ("apply", "add", "copy:0", "copy:1", "remove:1", "copy-package"):
        answer = client.post("/workbench/edit", data={**form, "do": button}, headers=PARTIAL)
        assert answer.status_code in {200, 422}, button


def test_a_package_is_changed_where_it_stands_in_the_file():
    draft = draft_of_text(OWN + 'package = [3, { name = "p" }, { name = "q" }]\n')
    added = edits.add_clause(draft, "q", "visa")
    assert [len(table.get("clause", ())) for table in added.packages] == [0, 1]
    copied, name = edits.copy_package(draft, "p")
    assert [table["name"] for table in copied.packages] == ["p", name, "q"]


def test_a_file_is_saved_whatever_the_letters_of_its_name(client):
    draft = draft_of_text('name = "무역-deal"\n')
    answer = client.get(f"/workbench/deal.toml?s={draft.token}")
    assert answer.headers["content-disposition"] == 'attachment; filename="-deal.toml"'


@pytest.mark.parametrize(
    ("payoffs", "told"),
    [
        ({"A": 1, "B": -1}, "P: A gains, B loses"),
        ({"A": 1, "B": 1, "C": -1}, "P: A and B gain, C loses"),
        ({"A": 1, "B": -1, "C": -1}, "P: A gains, B and C lose"),
        ({"A": 1, "B": 1, "C": 0}, "P: A and B gain"),
        ({"A": -1, "B": 0}, "P: A loses"),
        ({"A": 1, "B": 1}, "P: every side gains"),
    ],
)
def test_the_headline_says_who_gains_in_the_number_that_fits(payoffs, told):
    sides = [Side(name, name, float(payoff)) for name, payoff in payoffs.items()]
    assert tell_headline("P", sides) == told


def test_a_new_deal_begins_from_the_template(client):
    form = {"parties": "USA, CHE", "name": "my-deal"}
    answer = client.post("/workbench/new", data=form, follow_redirects=False)
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200
    assert client.post("/workbench/new", data={"parties": "USA"}).status_code == 422


@pytest.mark.parametrize("query", ["case=nothing", f"case={CASE}&s=xyz", "s=xyz"])
def test_an_address_that_is_none_is_refused(client, query):
    assert client.get(f"/workbench?{query}").status_code == 422


@pytest.mark.parametrize("kind", sorted(clause_tables()))
def test_every_field_of_the_schema_is_a_field_of_the_form(kind):
    table = clause_tables()[kind]
    known = deal_schema()["$defs"][table]["properties"]
    fields = {field.key: field for field in fields_of(table, {}, "clause.0")}
    assert set(known) - set(fields) == {"kind"}
    for key, field in fields.items():
        assert field.help == " ".join(known[key]["description"].split())


def test_every_clause_of_every_case_reads_back_as_it_is():
    from accord.cases.shipped import case_names

    for name in case_names():
        for package in Draft(name).packages:
            for clause in package.get("clause", []):
                for field in fields_of(clause_tables()[clause["kind"]], clause, "c"):
                    if field.key in clause and field.value:
                        value, read = clause[field.key], read_field(field, field.value)
                        assert read in (value, [value]), field.name


def test_the_drawing_needs_no_style_that_the_policy_forbids(client):
    for package in ("signed", "korea_counter", "us_demand", "status_quo"):
        solve(package)
    drawing = client.get(f"/workbench/plane?case={CASE}&package=signed").text
    assert drawing.count("<svg") == 2
    assert "style=" not in drawing
