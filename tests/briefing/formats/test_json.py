"""The JSON of a briefing: it follows its schema, and holds every number of the page."""

import datetime as dt
import json
import re
from html.parser import HTMLParser
from typing import Any

import jsonschema
import pytest

from accord.briefing.brief import brief
from accord.briefing.render.data import read_schema
from tests.flagship import flagship
from tests.golden.shared import shared_briefing, shared_example

DATE = dt.date(2026, 11, 24)
NUMBER = re.compile(r"[+−-]?\d[\d\u202f.,]*\d|[+−-]?\d")
CASES: dict[str, Any] = {"example": shared_example, "flagship": flagship}
PAGES = [
    ("example", "short", "en"), ("example", "full", "en"), ("example", "full", "ko"),
    ("flagship", "short", "en"), ("flagship", "short", "ko"),
]  # fmt: skip


class Text(HTMLParser):
    """The text that a reader sees on a page outside its drawings, and the values of its facts."""

    def __init__(self, page):
        super().__init__()
        self.hidden, self.words, self.values = 0, [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("svg", "style", "head")
        if tag == "data" and not self.hidden:
            self.values.append(dict(attrs)["value"])

    def handle_endtag(self, tag):
        self.hidden -= tag in ("svg", "style", "head")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def strings(data):
    """Every text in plain data."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from strings(item)


def values(data):
    """Every value of a fact, and the ends of its interval."""
    if isinstance(data, dict):
        for key in ("value", "low", "high"):
            if data.get(key) is not None:
                yield data[key]
    if isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from values(item)


@pytest.mark.parametrize(("case", "length", "language"), PAGES)
def test_it_follows_its_schema(case, length, language):
    briefing = brief(CASES[case](), date=DATE, length=length, language=language)
    data = json.loads(briefing.render("json"))
    jsonschema.Draft202012Validator.check_schema(read_schema())
    jsonschema.Draft202012Validator(read_schema()).validate(data)


def test_the_schema_knows_every_field_and_can_fail():
    data = json.loads(shared_briefing().render("json"))
    check = jsonschema.Draft202012Validator(read_schema())
    for wrong in ({**data, "more": 1}, {**data, "length": "long"},
                  {key: data[key] for key in data if key != "cards"}):  # fmt: skip
        assert not check.is_valid(wrong)


@pytest.mark.parametrize(("case", "length", "language"), PAGES)
def test_every_number_of_the_page_is_in_it(case, length, language):
    briefing = brief(CASES[case](), date=DATE, length=length, language=language)
    page, data = Text(briefing.html), json.loads(briefing.render("json"))
    told = {number for text in strings(data) for number in NUMBER.findall(text)}
    told |= {str(note["number"]) for note in data["sources"]}  # printed as marks of citations
    told |= {str(at) for at in range(1, len(briefing.document.key_points) + 1)}
    seen = {number for text in page.words for number in NUMBER.findall(text)}
    assert len(seen) > 40
    assert seen - told == set()
    held = {value if isinstance(value, str) else f"{value:.6g}" for value in values(data)}
    shown = {value if "-" in value[1:] and "e" not in value else f"{float(value):.6g}"
             for value in page.values}  # fmt: skip
    assert len(shown) > 20
    assert shown - held == set()


def test_the_walk_sees_a_number_that_is_missing():
    page = Text("<p>a 1.5 b</p><svg>7</svg><data value='3.25'>3.2</data>")
    assert {number for text in page.words for number in NUMBER.findall(text)} == {"1.5", "3.2"}
    assert page.values == ["3.25"]


def test_a_text_is_its_pieces():
    data = json.loads(shared_briefing(length="full").render("json"))

    def walk(item):
        if isinstance(item, dict) and "pieces" in item:
            assert "".join(piece["text"] for piece in item["pieces"]) == item["text"]
        for inner in item.values() if isinstance(item, dict) else item:
            if isinstance(inner, dict | list):
                walk(inner)

    walk(data)
