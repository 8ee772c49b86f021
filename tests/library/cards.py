"""The cards of the shipped cases, worked out and written.

`uv run python -m tests.library.cards [CASE ...]`, after a change that is meant to move figures. A
card takes the full assessment, under a minute.
"""

import datetime as dt
import sys
from pathlib import Path

from accord.assessment.assess import assess
from accord.briefing.brief import brief
from accord.cases.shipped import case_names
from accord.deal.load import load_deal
from accord.library import shipped_cases
from accord.library.content import Content
from accord.library.publish import describe

FOLDER = Path(shipped_cases.__file__).parent / "shipped"


def work_out(case: str, day: dt.date) -> Content:
    """Return the card of a case, dated `day`, with the standard settings."""
    result = assess(load_deal(case))
    return describe(brief(result, date=day).document, result)


if __name__ == "__main__":
    today = dt.datetime.now(tz=dt.UTC).date()
    for name in sys.argv[1:] or case_names():
        text = work_out(name, today).model_dump_json(indent=1)
        (FOLDER / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")
