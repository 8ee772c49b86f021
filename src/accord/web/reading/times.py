"""When something was published, in words."""

import datetime as dt

from accord.web.words.sentences import tell

STEPS = (
    ("minute", 60, 60), ("hour", 3600, 24), ("day", 86_400, 7), ("week", 7 * 86_400, 5),
    ("month", 30.44 * 86_400, 12), ("year", 365.25 * 86_400, 10_000),
)  # fmt: skip


def tell_ago(moment: dt.datetime, now: dt.datetime) -> str:
    """Return how long ago a moment was, such as "3 days ago"; "just now" below a minute."""
    seconds = (now - moment).total_seconds()
    if seconds < STEPS[0][1]:
        return tell("library.ago.now")
    name, count = next(
        (name, max(1, int(seconds // length)))
        for name, length, most in STEPS
        if seconds // length < most
    )
    return tell(f"library.ago.{name}.{'one' if count == 1 else 'other'}", count=count)


def tell_day(moment: dt.datetime | dt.date) -> str:
    """Return a day such as "28 November 2026"."""
    return f"{moment.day} {tell('library.months').split()[moment.month - 1]} {moment.year}"


def tell_moment(moment: dt.datetime) -> str:
    """Return a day and the time of day, in UTC."""
    moment = moment.astimezone(dt.UTC)
    return tell("library.moment", day=tell_day(moment), time=f"{moment:%H:%M}")
