"""The interface against its own document, with requests made from its schemas, right and wrong.

A handful for each address in the normal run; thousands with `pytest --long`, and then the fuzzed
deal files of the room `deal` as well in full.
"""

import json
from contextlib import suppress
from copy import deepcopy
from typing import Any
from urllib.parse import urljoin

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from accord.cases.shipped import case_names
from tests.deal.test_attacks import CHANGE, PARSED, RICH, SCRAPS, mutate
from tests.web.opened import HERE, make_client

SOLVE = ("assess", "compare", "bargain", "prices", "explain")  # a right request takes seconds
TAKEN_BACK = {404, 409, 422}  # a case or a job that is not there, a deal that is wrong
HEADERS = {"host": "localhost"}
SPEED = {"rate": 1e9, "burst": 10**9}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return make_client(tmp_path_factory.mktemp("library") / "library", **SPEED)


@pytest.fixture(scope="module")
def operations(client):
    """Every address and method of the document by its name."""
    document = client.get("/api/v1/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    schema.app = client.app
    described: list[Any] = list(map(take, schema.get_all_operations()))
    return {operation.definition.raw["operationId"]: operation for operation in described}


def take(result: Any) -> Any:
    """Return an operation; what is wrong in its description is raised."""
    return result.ok()


def names_a_case(body):
    """Whether a request is right and would have an equilibrium solved."""
    if not isinstance(body, dict):
        return False
    return body.get("case") in case_names() or any(map(names_a_case, body.get("deals") or ()))


def keeps_to_the_document(operation, mode, examples):
    """Send requests made from the schemas; no answer is a fault, and each is as described."""

    @given(operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case):
        assume(operation.definition.raw["operationId"] not in SOLVE or not names_a_case(case.body))
        answer = case.call(base_url=HERE, headers=HEADERS)
        assert answer.status_code < 500, case.as_curl_command()
        if mode is GenerationMode.POSITIVE and answer.status_code not in TAKEN_BACK:
            assert answer.status_code < 300, case.as_curl_command()
        operation.validate_response(answer)
        if answer.status_code >= 400:
            assert answer.json()["problems"], case.as_curl_command()

    with suppress(Unsatisfiable):  # what takes no input cannot be asked wrongly
        send()


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_request_made_from_the_document_is_a_fault(operations, mode, long):
    assert set(SOLVE) < set(operations)
    for operation in operations.values():
        keeps_to_the_document(operation, mode, 300 if long else 4)


def test_the_document_says_where_its_addresses_are(tmp_path):
    for prefix in ("", "/accord"):
        client = make_client(tmp_path, prefix=prefix)
        place = f"{HERE}{prefix}/api/v1/openapi.json"
        document = client.get(place).json()
        (server,) = document["servers"]
        base = urljoin(place, server["url"]).rstrip("/")
        assert client.get(f"{base}/api/v1/cases").status_code == 200, base
        assert "/api/v1/cases" in document["paths"]


def test_a_request_names_one_deal_in_the_document_too(client):
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    for name in ("CheckRequest", "AssessRequest", "PackageRequest", "ExplainRequest"):
        ways = [way["required"] for way in schemas[name]["oneOf"]]
        assert ways == [["case"], ["text"], ["deal"]]


@given(changes=st.lists(CHANGE, min_size=1, max_size=4))
@settings(max_examples=settings().max_examples // 2)
def test_a_fuzzed_deal_is_checked_or_its_problems_are_told(client, changes):
    raw = deepcopy(PARSED)
    for change in changes:
        mutate(raw, change)
    try:
        body = json.dumps({"deal": raw}, default=str)
    except (RecursionError, TypeError, ValueError):  # a key that JSON cannot hold
        assume(False)
    tell(client.post("/api/v1/check", content=body))


@given(data=st.data())
@settings(max_examples=settings().max_examples)
def test_a_fuzzed_file_is_opened_or_its_problems_are_told(client, data):
    content = bytearray(RICH.encode())
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(content)))
        end = at + data.draw(st.integers(0, 40))
        content[at:end] = data.draw(st.sampled_from(SCRAPS) | st.binary(max_size=8))
    text = bytes(content).decode(errors="surrogateescape")
    tell(client.post("/api/v1/check", content=json.dumps({"text": text})))
    sent = client.post(
        "/workbench/open", files={"file": ("deal.toml", bytes(content))}, follow_redirects=False
    )
    assert sent.status_code in {303, 422}, text
    tell(client.post("/api/v1/check", content=bytes(content)))


def tell(answer):
    """Hold an answer to a check of a deal against what it may be."""
    assert answer.status_code in {200, 422}, answer.text[:500]
    if answer.status_code == 422:
        assert answer.headers["content-type"] == "application/problem+json"
        problems = answer.json()["problems"]
        assert problems
        assert all(problem["message"] for problem in problems)
        assert len(answer.content) < 200_000
