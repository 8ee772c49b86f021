"""Drafts: a deal file and its changes go into an address and a file, and come back the same."""

import base64
import contextlib
import copy
import datetime as dt
import json
import tomllib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.cases.shipped import case_names
from accord.core.errors import InputError
from accord.web.drafts.changes import apply_changes, find_changes
from accord.web.drafts.draft import Draft, draft_of_text, read_case, read_draft
from accord.web.drafts.writing import write_tables

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 1, 1))
LEAF = st.one_of(
    st.booleans(), st.integers(-(10**15), 10**15), st.floats(allow_nan=False), TEXT,
    DAYS, st.times(), st.builds(dt.datetime.combine, DAYS, st.times()),
)  # fmt: skip
VALUE = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=25,
)
TABLES = st.dictionaries(TEXT, VALUE, max_size=6)


@given(TABLES)
def test_tables_that_are_written_are_read_as_they_were(tables):
    assert tomllib.loads(write_tables(tables)) == tables


@given(TABLES, TABLES)
def test_changes_make_one_file_of_another(before, after):
    assert apply_changes(before, tuple(find_changes(before, after))) == after


@given(TABLES, TABLES, TABLES)
def test_a_file_with_changes_shares_only_what_it_leaves_alone(before, after, other):
    kept = copy.deepcopy(before)
    changed = apply_changes(before, tuple(find_changes(before, after)))
    again = apply_changes(changed, tuple(find_changes(changed, other)))
    assert (before, changed, again) == (kept, after, other)


@pytest.mark.parametrize("name", ["us-korea-2025", ""])
@given(TABLES, TABLES)
def test_drafts_have_one_key_where_their_files_are_one(name, some, others):
    case = read_case(name)
    drafts = [Draft(name).with_tables({**case, **tables}) for tables in (some, others, some)]
    texts = [write_tables(draft.tables) for draft in drafts]
    assert (drafts[0].key == drafts[1].key) == (texts[0] == texts[1])
    assert drafts[0].key == drafts[2].key


@given(TABLES)
def test_an_address_holds_any_deal(tables):
    draft = Draft("").with_tables(tables)
    assert Draft("", read_draft_changes(draft.token)).tables == tables


def read_draft_changes(token):
    return read_draft("", token).changes if token else ()


@pytest.mark.parametrize("name", case_names())
def test_a_case_that_is_saved_and_opened_is_the_case(name):
    draft = draft_of_text(write_tables(read_case(name)))
    assert draft.case == name
    assert draft.token == ""
    assert draft.text == Draft(name).text


def test_a_changed_number_is_a_short_address():
    tables = copy.deepcopy(read_case("us-korea-2025"))
    tables["package"][0]["clause"][0]["rate"] = 0.2
    draft = Draft("us-korea-2025").with_tables(tables)
    assert len(draft.token) < 120
    assert read_draft("us-korea-2025", draft.token).digest == draft.digest


def packed(value):
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "x", "§§§§", "A" * 30_000, packed(b"0" * 50_000_000), packed([[[], 3]]), packed([[["a"]]]),
        packed([[["package", 99, "name"], "x"]]), packed([[["package", -1], {}]]), packed({}),
        packed([[["title"], "\ud800"]]), packed([[["\ud800"], 1]]), packed([[["\ud800", "a"], 1]]),
        packed([[["name"], None]]), packed(b"[" * 100_000), packed([["name", "x"]]),
        packed([[["title"], {"$day": "no day"}]]), packed([[["package", "0"], {}]]), packed([[1]]),
    ],
)  # fmt: skip
def test_letters_that_are_no_draft_are_refused(token):
    with pytest.raises(InputError):
        _ = read_draft("us-korea-2025", token).text


@given(st.text(alphabet="ABCabc019-_", max_size=60))
def test_any_letters_give_a_draft_or_a_list_of_problems(token):
    with contextlib.suppress(InputError):
        assert tomllib.loads(read_draft("us-korea-2025", token).text)
