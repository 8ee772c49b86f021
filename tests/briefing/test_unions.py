"""A page on a deal with a union, and on one of three parties, names every party."""

import datetime as dt

import pytest

from accord.briefing.brief import brief
from tests.assessment.parties import THREE, UNION, assessed

DATE = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (UNION, ("United States", "European Union")),
        (THREE, ("United States", "Japan", "South Korea")),
    ],
    ids=["union", "three"],
)
def test_a_page_names_every_party(text, names):
    result = assessed(text)
    page = brief(result, date=DATE, bargain=result.bargain(terms=False))
    assert all(name in page.html for name in names)
    assert ">nan<" not in page.html.lower()
