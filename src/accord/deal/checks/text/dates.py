"""Slips of the pen in dates: months and years alone, other orders, days that are not there."""

import re
from calendar import monthrange
from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAY_KEYS = ("from", "until", "date", "dates", "evaluate_on", "as_of")
LAST_DAY_KEYS = ("until",)  # a month or year alone means its last day here
TEXT_KEYS = ("date",)  # a source may give a month or a year, as text
CENTURY = 2000
LONGEST = 100  # what is longer is no date
DIGITS = re.compile(r"(\d{1,4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,4})")
TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[t ]\d{2}:\d{2}.*")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
YEAR = re.compile(r"\d{4}")
MONTH = re.compile(r"(\d{4})\s?[-/.]\s?(\d{1,2})[-/.]?|(\d{1,2})\s?[-/.]\s?(\d{4})")
QUARTER = re.compile(r"(?:q([1-4])[\s/-]?(\d{4})|(\d{4})[\s/-]?q([1-4]))", re.IGNORECASE)
WORDS = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+)?([a-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})"
)
END = re.compile(r"(?:the )?(end|start|beginning) (?:of )?(.+)")
BARE = re.compile(
    r"(?:(\w+)\s*=\s*\[?|[\[,])\s*(\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?)\s*(?=[,\]}#]|$)"
)
SPELT = re.compile(r"\s*(\w+)\s*=\s*([^#\"'\[\]{}]*[^#\"'\[\]{}\s])\s*(?:#.*)?$")


def correct_date(text: str, key: str = "") -> str:
    """Return what to write for a date given in another way; "" where none can be made out.

    Args:
        text: What was written.
        key: The field it was written for: `until` means the last day of a month.

    >>> correct_date("08/07/2025")
    'write 2025-08-07 or 2025-07-08, whichever is meant'
    >>> correct_date("July 2025"), correct_date("2025", "until")
    ('a date has a day: write 2025-07-01', 'a date has a day: write 2025-12-31')
    """
    given = " ".join(text[:LONGEST].split()).casefold()
    edge = END.fullmatch(given)
    if edge:
        given, key = edge[2], "until" if edge[1] == "end" else "from"
    timed, compact, digits = (form.fullmatch(given) for form in (TIME, COMPACT, DIGITS))
    if timed:
        return f"write {timed[1]}"
    if compact:
        return _explain_day(*(int(part) for part in compact.groups()))
    if digits:
        return _explain_digits(*(int(digits[at]) for at in (1, 3, 4)))
    words = WORDS.fullmatch(given)
    if words:
        return _explain_words(words[1] or words[3], words[2], int(words[4]), key)
    span = _find_span(given)
    return _explain_span(*span, key) if span else ""


def find_date(line: str) -> tuple[str, str, str] | None:
    """Return the key, the value and the remedy of what is meant as a date in a line, or None.

    >>> find_date("missed = [{ from = 2027-01, until = 2027-06-30 }]")
    ('from', '2027-01', 'a date has a day: write 2027-01-01')
    """
    key = ""
    for match in BARE.finditer(line):
        key = match[1] or key
        told = correct_date(match[2], key)
        if told and not _is_date(match[2]):
            return key, match[2], told
    spelt = SPELT.match(line)
    if spelt is None or spelt[1] not in DAY_KEYS or spelt[2].isdigit():
        return None
    told = correct_date(spelt[2], spelt[1])
    return (spelt[1], spelt[2], told) if told and not _is_date(spelt[2]) else None


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text)) and len(text) == len("2025-01-01")
    except ValueError:
        return False


def _explain_digits(first: int, second: int, third: int) -> str:
    """Return what to write for three numbers with something between them."""
    if first > 999:
        return _explain_day(first, second, third)
    if third < 100:
        orders = [(first + CENTURY, second, third)]
        orders += [(third + CENTURY, first, second)]
        orders += [(third + CENTURY, second, first)]
    else:
        orders = [(third, first, second), (third, second, first)] if third > 999 else []
    days = list(dict.fromkeys(day for order in orders if (day := _day(*order))))
    if len(days) > 1:
        return f"write {', '.join(days[:-1])} or {days[-1]}, whichever is meant"
    return f"write {days[0]}" if days else ""


def _explain_day(year: int, month: int, day: int) -> str:
    """Return what to write for a year, a month and a day, also where there is no such day."""
    right = _day(year, month, day)
    if right:
        return f"write {right}"
    wrong = f"there is no day {year:04d}-{month:02d}-{day:02d}"
    if not date.min.year <= year <= date.max.year:
        return wrong
    swapped = _day(year, day, month)
    if month > len(MONTHS) and swapped:
        return f"{wrong}: write {swapped} if day and month are exchanged"
    if 1 <= month <= len(MONTHS) and day > 0:
        return f"{wrong}: write {_edge(year, month, last=True)}, the last of the month"
    return f"{wrong}: months are 01 to 12, days begin with 01"


def _explain_words(day: str | None, month: str, year: int, key: str) -> str:
    """Return what to write for a month by its name, with a day or without."""
    at = [number for number, name in enumerate(MONTHS, start=1) if name.startswith(month)]
    if len(at) != 1:
        return ""
    return _explain_day(year, at[0], int(day)) if day else _explain_span(year, at[0], at[0], key)


def _find_span(given: str) -> tuple[int, int, int] | None:
    """Return the year, the first and the last month of a year, a month or a quarter, or None."""
    if YEAR.fullmatch(given):
        return int(given), 1, len(MONTHS)
    month, quarter = MONTH.fullmatch(given), QUARTER.fullmatch(given)
    if month:
        number = int(month[2] or month[3])
        return int(month[1] or month[4]), number, number
    if quarter:
        last = 3 * int(quarter[1] or quarter[4])
        return int(quarter[2] or quarter[3]), last - 2, last
    return None


def _explain_span(year: int, first: int, last: int, key: str) -> str:
    """Return which day to write for some months of a year."""
    if not (date.min.year <= year <= date.max.year and 1 <= first <= last <= len(MONTHS)):
        return f"there is no month {first} in a year: dates are year-month-day, as in 2025-11-14"
    at_end = key in LAST_DAY_KEYS
    told = f"a date has a day: write {_edge(year, last if at_end else first, last=at_end)}"
    if key in TEXT_KEYS and last - first in (0, len(MONTHS) - 1):
        as_text = f"{year:04d}" if first != last else f"{year:04d}-{first:02d}"
        return f'{told}, or "{as_text}" in quotes'
    return told


def _edge(year: int, month: int, *, last: bool) -> str:
    return f"{year:04d}-{month:02d}-{monthrange(year, month)[1] if last else 1:02d}"


def _day(year: int, month: int, day: int) -> str:
    """Return a day as a deal file has it; "" for none."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
