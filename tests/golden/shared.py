"""The example and its briefings, made once in a worker for every test that only reads them."""

import datetime as dt
from functools import cache

from accord.briefing.brief import Briefing, brief
from accord.briefing.document.length import SHORT
from tests.golden.example import ExampleAssessment, build_example
from tests.golden.regenerate import DATE


@cache
def shared_example() -> ExampleAssessment:
    """Return the made-up assessment as it is."""
    return build_example()


@cache
def shared_briefing(*, date: dt.date = DATE, length: str = SHORT, language: str = "en") -> Briefing:
    """Return a briefing of the example, whose chapters are written when they are first read."""
    return brief(shared_example(), date=date, length=length, language=language)
