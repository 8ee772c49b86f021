"""The search: words that readers type, whatever they type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.library.listing import MARK, UNMARK
from accord.library.opening import open_library
from tests.library.contents import make_content


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    library = open_library(tmp_path_factory.mktemp("search") / "library", shipped=False)
    library.add(make_content("ships", title="Shipyards and steel", body="Réserves of won."), {})
    library.add(
        make_content("cars", title="Cars", summary="Steel is dearer.", body="Nothing of ships."),
        {}, author="Ann Lee", tags=["a tag"],
    )  # fmt: skip
    return library


def slugs(page):
    return [listing.slug for listing in page.listings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shipy", ["ships"]),
        ("steel", ["ships", "cars"]),  # in a title before in a summary
        ("STEEL dearer", ["cars"]),
        ("reserves", ["ships"]),
        ("Ann Lee", ["cars"]),
        ("zzz", []),
        ("steel zzz", []),
        ("title: steel", []),
        ('"', []),
        ("---", []),
    ],
)
def test_a_search_finds_what_holds_every_word(library, text, expected):
    assert slugs(library.find(text)) == expected


def test_an_excerpt_marks_the_match(library):
    (listing,) = library.find("won shipy").listings
    assert f"{MARK}won{UNMARK}" in listing.excerpt


@given(text=st.text(max_size=300))
def test_no_text_breaks_the_search(library, text):
    page = library.find(text, count=99)
    assert page.total == len(page.listings)


@given(text=st.sampled_from(["NEAR(", "a OR b", "a AND", "NOT", "col:", "*", "^a", "'; DROP --"]))
def test_no_operator_is_obeyed(library, text):
    library.find(f"{text} steel")
    assert library.find("steel").total == 2


def test_lists_come_in_parts_newest_first(library):
    every = library.find(count=99)
    assert every.total == len(every.listings)
    moments = [listing.published_at for listing in every.listings]
    assert moments == sorted(moments, reverse=True)
    parts = [slugs(library.find(start=start, count=4)) for start in range(0, every.total, 4)]
    assert [slug for part in parts for slug in part] == slugs(every)


def test_tags_are_counted_and_found_by_their_whole_name(library):
    assert library.tags()["a tag"] == 1
    assert slugs(library.find(tag="a tag")) == ["cars"]
    assert slugs(library.find(tag="a")) == []
    counts = list(library.tags().values())
    assert counts == sorted(counts, reverse=True)
