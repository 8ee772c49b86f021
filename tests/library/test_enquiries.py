"""Enquiries: checked, counted without knowing whom, gone for good after their time."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.core.errors import InputError
from accord.library.enquiries import (
    A_DAY,
    LONGEST_QUESTION,
    TooManyError,
    open_enquiries,
    read_form,
)
from tests.library.contents import NOON

FORM = {
    "name": "Ann Lee",
    "address": "ann@example.org",
    "question": "Which tariff on cars does the figure take?",
    "consent": "yes",
}
DAY = dt.timedelta(days=1)


@pytest.fixture
def book(tmp_path):
    return open_enquiries(tmp_path, keep_days=30)


def ask(book, client="192.0.2.1", now=NOON, **changes):
    return book.add({**FORM, **changes}, briefing="a-deal", client=client, now=now)


def test_an_enquiry_is_kept_as_it_was_written(book):
    kept = ask(book, question="Why?\r\nHow much is it worth?")
    assert book.list(now=NOON) == (kept,)
    assert kept.question == "Why?\nHow much is it worth?"
    assert (kept.briefing, kept.name, kept.asked_at) == ("a-deal", "Ann Lee", NOON)


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"name": ""}, ["name"]),
        ({"name": " \n "}, ["name"]),
        ({"name": "a" * 101}, ["name"]),
        ({"address": "ann"}, ["address"]),
        ({"address": "ann@example"}, ["address"]),
        ({"address": "a b@example.org"}, ["address"]),
        ({"address": "ann@example.org\nBcc: all@example.org"}, ["address"]),
        ({"address": f"{'a' * 260}@example.org"}, ["address"]),
        ({"question": "why"}, ["question"]),
        ({"question": "a" * (LONGEST_QUESTION + 1)}, ["question"]),
        ({"consent": ""}, ["consent"]),
        ({"consent": "no"}, ["consent"]),
        (dict.fromkeys(FORM, ""), ["name", "address", "question", "consent"]),
    ],
)
def test_every_field_that_is_wrong_is_told_at_once(book, changes, paths):
    with pytest.raises(InputError) as caught:
        ask(book, **changes)
    assert [problem.path for problem in caught.value.problems] == paths
    assert all(problem.remedy for problem in caught.value.problems)
    assert book.list(now=NOON) == ()


def test_a_form_without_fields_is_refused():
    with pytest.raises(InputError):
        read_form({})


@given(name=st.text(), question=st.text(), address=st.text())
def test_no_text_breaks_the_check(name, question, address):
    try:
        fields = read_form({**FORM, "name": name, "question": question, "address": address})
    except InputError:
        return
    assert all(text.isprintable() or "\n" in text or "\t" in text for text in fields.values())


def test_a_client_may_ask_a_few_times_a_day_and_others_still_may(book):
    for _ in range(A_DAY):
        ask(book)
    with pytest.raises(TooManyError, match="tomorrow"):
        ask(book)
    ask(book, client="192.0.2.2")
    ask(book, now=NOON + DAY)
    assert len(book.list(now=NOON + DAY)) == A_DAY + 2


def test_the_book_is_bounded(book, monkeypatch):
    monkeypatch.setattr("accord.library.enquiries.AT_MOST", 3)
    for number in range(3):
        ask(book, client=str(number))
    with pytest.raises(TooManyError):
        ask(book, client="other")


def held(book):
    """Return every byte that the file and its helpers hold."""
    folder = book.database.path.parent
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_what_is_past_its_time_is_gone_to_the_last_byte(book):
    ask(book, question="A secret that was asked")
    ask(book, now=NOON + 20 * DAY, question="Another that is kept")
    assert b"A secret that was asked" in held(book)
    assert len(book.list(now=NOON + 30 * DAY)) == 2
    assert [kept.question for kept in book.list(now=NOON + 31 * DAY)] == ["Another that is kept"]
    assert b"A secret" not in held(book)
    assert b"Another that is kept" in held(book)


def test_an_enquiry_is_deleted_to_the_last_byte(book):
    number = ask(book, question="A secret that was asked").number
    book.delete(number)
    assert book.list(now=NOON) == ()
    assert b"A secret" not in held(book)
    assert ask(book).number > number, "a number is never used again"
    with pytest.raises(InputError, match=f"no enquiry {number}"):
        book.delete(number)


def test_opening_deletes_what_is_past_its_time(tmp_path):
    old = dt.datetime.now(tz=dt.UTC) - 8 * DAY
    ask(open_enquiries(tmp_path, keep_days=10), now=old, question="A secret that was asked")
    assert len(open_enquiries(tmp_path, keep_days=9).list()) == 1
    assert b"A secret" not in held(open_enquiries(tmp_path, keep_days=7))


def test_no_address_of_a_client_is_kept(book):
    ask(book, client="203.0.113.77")
    assert b"203.0.113.77" not in held(book)
    with book.database.read() as connection:
        first = connection.execute("SELECT client FROM enquiry").fetchone()[0]
    ask(book, client="203.0.113.77", now=NOON + DAY)
    with book.database.read() as connection:
        both = {row[0] for row in connection.execute("SELECT client FROM enquiry")}
        keys = connection.execute("SELECT count(*) FROM secret").fetchone()[0]
    assert first in both
    assert len(both) == 2, "the same client is another one the next day"
    assert keys == 1, "the key of yesterday is gone"


def test_a_day_without_questions_leaves_no_key_and_a_new_question_no_trace_of_old_ones(book):
    ask(book, question="A secret that was asked")
    with book.database.read() as connection:
        key = bytes(connection.execute("SELECT key FROM secret").fetchone()[0])
    assert key in held(book)
    book.expire(now=NOON + DAY)
    assert key not in held(book)
    ask(book, now=NOON + 31 * DAY, question="Another that is kept")
    assert b"A secret" not in held(book)


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_a_time_that_is_none_is_refused(tmp_path, days):
    with pytest.raises(InputError, match="--keep-enquiries"):
        open_enquiries(tmp_path, keep_days=days)
