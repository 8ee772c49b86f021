"""The interface for programs: the figures of the commands, one list of problems, one schema."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from accord.cases.shipped import case_names
from accord.web.drafts.draft import Draft
from tests.deal.examples import DEAL
from tests.flagship import flagship
from tests.web.opened import CASE, make_client, shared_desk

REAL = json.dumps(Draft("india-uk").tables, default=str)
ADDRESSES = ("check", "assess", "compare", "bargain", "prices", "explain")


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return make_client(tmp_path_factory.mktemp("library"))


def post(client, name, body):
    return client.post(f"/api/v1/{name}", json=body)


def test_the_document_is_one_and_names_every_address(client):
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    served = {
        route.path.replace("{job}", "{id}").replace("{number:int}", "{number}")
        for route in client.app.routes
        if getattr(route, "path", "").startswith("/api/v1/")
    }
    described = set(document["paths"])
    assert served - described == {"/api/v1/openapi.json", "/api/v1/docs"}
    assert described <= served
    for path, operations in document["paths"].items():
        for operation in operations.values():
            named = [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]
            assert named == re.findall(r"{(\w+)}", path)
    page = client.get("/api/v1/docs").text
    assert all(f" {path}</code>" in page for path in described)


def test_every_reference_of_the_document_leads_somewhere(client):
    document = client.get("/api/v1/openapi.json").json()

    def references(value):
        if isinstance(value, dict):
            for key, item in value.items():
                if key == "$ref":
                    yield item
                else:
                    yield from references(item)
        elif isinstance(value, list):
            for item in value:
                yield from references(item)

    for reference in references(document):
        here = document
        for part in reference.removeprefix("#/").split("/"):
            here = here[part]


def test_cases_are_those_of_the_command(client):
    assert [case["name"] for case in client.get("/api/v1/cases").json()] == list(case_names())
    assert client.get(f"/api/v1/cases/{CASE}").json()["name"] == CASE
    assert client.get("/api/v1/cases/nothing").status_code == 404


def test_a_deal_as_json_is_the_deal_as_text(client):
    sent = client.get(f"/api/v1/cases/{CASE}").json()
    told = [post(client, "check", body) for body in ({"case": CASE}, {"deal": sent},
                                                     {"text": Draft(CASE).text})]  # fmt: skip
    assert [answer.status_code for answer in told] == [200, 200, 200]
    assert told[0].json() == told[1].json() == told[2].json()


def test_central_figures_are_those_of_an_assessment(client):
    told = post(client, "assess", {"case": CASE}).json()
    verdict = flagship().verdict
    rows = {
        (row["package"], row["region"]): row
        for row in told["tables"]["payoffs"]
        if row["timeline"] == "dated"
    }
    for party in verdict.parties:
        payoff = verdict.payoff("signed")[verdict.regions.index(party)]
        assert rows["signed", party]["payoff"] == pytest.approx(payoff, rel=1e-9)
    compared = post(client, "compare", {"deals": [{"case": CASE}]}).json()
    own = next(row for row in compared if row["package"] == "signed")
    for party, value in own["payoffs"].items():
        assert value == pytest.approx(rows["signed", party]["payoff"], rel=1e-9)
    tree = post(client, "explain", {"case": CASE, "party": "KOR", "package": "signed"}).json()
    assert tree["value"] == pytest.approx(rows["signed", "KOR"]["payoff"], rel=1e-9)
    page = client.get(f"/workbench/explain?case={CASE}&package=signed&party=KOR&figure=payoff")
    assert page.status_code == 200
    assert f"{tree['value']:+.2f}".replace("-", "−") in page.text
    assert post(client, "bargain", {"case": CASE}).json()["packages"]
    ignored = post(client, "bargain", {"case": CASE, "package": "signed"})
    assert ignored.status_code == 422, "all packages are bargained over"


def test_draws_are_a_job(client):
    answer = post(client, "assess", {"case": CASE, "draws": 16})
    assert answer.status_code == 202
    job = client.get(answer.headers["location"]).json()
    assert job["state"] == "waiting"
    assert client.get(f"/api/v1/jobs/{job['id']}/result").status_code == 409
    assert client.delete(f"/api/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    assert client.get("/api/v1/jobs/nothing").status_code == 404


def test_problems_are_those_of_accord_check(client):
    text = Draft(CASE).text.replace("rate = 0.15", "rate = 15", 1)
    answer = post(client, "check", {"text": text})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    (problem,) = answer.json()["problems"]
    assert problem["path"].endswith(".rate")
    assert "0.15" in problem["remedy"]


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    "body",
    [b"", b"[", b"[]", b"3", b"[" * 9000, b'{"case": 3}', b'{"case": "x"}', b'{"deal": []}',
     b'{"deal": {}}', b'{"text": "a = ["}', b'{"case": "", "text": ""}', b'{"\xff": 1}',
     b'{"\\ud800": 1}', b'{"case": "\\ud800"}', b'{"text": "a = \\"\\ud800\\""}',
     b'{"deal": {"\\ud800": 1}}', b'{"deal": {"name": "\\udfff"}}', b'{"text": "\\ud800 ="}',
     b'{"deals": [3]}', b'{"deals": []}', b'{"deal": {"include": "../../etc/passwd"}}',
     b'{"case": "us-korea-2025", "draws": -1, "party": 3, "deals": 1}'],
)  # fmt: skip
def test_what_is_no_request_is_told_and_never_a_fault(client, name, body):
    answer = client.post(f"/api/v1/{name}", content=body)
    assert answer.status_code == 422
    assert answer.json()["problems"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@st.composite
def broken_deals(draw):
    """A real deal with a value somewhere in it that is anything."""
    deal = json.loads(REAL)
    here = deal
    while True:
        key = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not (isinstance(here[key], dict | list) and here[key] and draw(st.booleans())):
            here[key] = draw(JSON)
            return deal
        here = here[key]


@given(broken_deals())
@settings(max_examples=25)
def test_a_deal_that_is_broken_anywhere_is_told_and_never_a_fault(client, deal):
    answer = client.post("/api/v1/check", content=json.dumps({"deal": deal}))
    assert answer.status_code in {200, 422}, answer.text[:500]


def test_the_deal_of_the_tests_is_checked(client):
    assert post(client, "check", {"text": DEAL}).status_code == 200


def test_packages_are_compared_on_a_page(client):
    desk = shared_desk()
    for package in ("signed", "korea_counter"):
        desk.work_out(desk.open(Draft(CASE)), package)
    wanted = [f"case={CASE}&package={name}" for name in ("signed", "korea_counter")]
    page = client.get("/compare", params={"with": wanted})
    assert page.status_code == 200
    assert page.text.count("Gain of") == 2
    assert client.get(f"/compare?case={CASE}").status_code == 200
    assert client.get("/compare").status_code == 200
    answer = client.get("/compare", params={"with": "&".join("a=1" for _ in range(20))})
    assert answer.status_code == 422
