"""Numbers in prose: signs, digits, units, and no number that is not a fact."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.briefing.document.blocks import Column, Row, RowGroup, Table
from accord.briefing.document.facts import (
    Cite,
    Fact,
    Name,
    fit_places,
    listed,
    number_text,
    number_words,
    quoted,
    sentence,
)

AMOUNTS = st.floats(-1e7, 1e7, allow_nan=False)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("fact", "style", "expected"),
    [
        (Fact(-0.0031, "share"), "", "−0.31 %"),
        (Fact(0.256, "share"), "", "25.6 %"),
        (Fact(0.15, "share"), "signed", "+15 %"),
        (Fact(-12.5, "bn USD a year"), "", "−12.5 bn USD"),
        (Fact(-12.5, "bn USD a year"), "size", "12.5 bn USD"),
        (Fact(350.0, "bn USD"), "", "350 bn USD"),
        (Fact(29184.9, "bn USD"), "", "29 185 bn USD"),
        (Fact(0.097, "points"), "", "9.7 points"),
        (Fact(0.0004, "bn USD"), "signed", "less than 0.01 bn USD"),
        (Fact(0.0, "bn USD"), "signed", "0 bn USD"),
        (Fact(9.96, "bn USD"), "", "10.0 bn USD"),
        (Fact(0.996, "bn USD"), "", "1.0 bn USD"),
        (Fact(99.96, "bn USD"), "", "100 bn USD"),
        (Fact(2024, "year"), "", "2024"),
        (Fact(44, "count"), "", "44"),
        (Fact(7, "minutes"), "", "7 minutes"),
        (Fact(dt.date(2026, 11, 24), "date"), "", "24 November 2026"),
    ],
)
def test_printed(fact, style, expected):
    assert plain(fact.text(style)) == expected


def test_no_line_breaks_inside_a_number_and_its_unit():
    for fact in (Fact(-1234.5, "bn USD"), Fact(0.1, "share"), Fact(dt.date(2025, 1, 2), "date")):
        assert " " not in str(fact)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((1.25, 3.1), "1.2–3.1"),
        ((-1.2, 3.4), "−1.2 to +3.4"),
        ((-3.4, -1.2), "−3.4 to −1.2"),
        ((2.0, 2.0), "2"),
        (None, ""),
    ],
)
def test_interval(interval, expected):
    assert plain(Fact(1.0, "bn USD", interval).interval_text()) == expected


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_cannot_be_printed_is_refused(value):
    with pytest.raises(ValueError, match="finite"):
        Fact(value, "share")
    with pytest.raises(ValueError, match="finite"):
        Fact(1.0, "share", (value, 1.0))


def test_a_reversed_interval_is_refused():
    with pytest.raises(ValueError, match="reversed"):
        Fact(1.0, "share", (2.0, 1.0))


@given(AMOUNTS)
def test_the_printed_number_is_close_and_keeps_its_sign(value):
    text = number_text(value)
    digits = text.replace("−", "-").replace("\u202f", "")
    if digits.startswith("less than"):
        assert 0 < abs(value) < 0.005
        return
    half_a_digit = 0.5001 * 10.0 ** -len(digits.partition(".")[2])
    assert abs(float(digits) - value) <= half_a_digit
    assert value.is_integer() or half_a_digit <= max(0.0051, 0.051 * abs(value))
    assert "-" not in text
    assert not digits.startswith("-0.00")


@given(AMOUNTS, st.integers(0, 4))
def test_fixed_decimals_line_up(value, decimals):
    text = number_text(value, "signed", decimals)
    assert len(text.partition(".")[2]) == decimals
    assert (text[0] in "+−") == (float(text[1:].replace("\u202f", "") or 0) != 0) or text[0] == "0"


@given(AMOUNTS)
def test_size_never_has_a_sign(value):
    assert not set("+−-") & set(number_text(value, "size"))


def test_a_sentence_keeps_its_facts():
    fact = Fact(-3.25, "bn USD", source="somewhere")
    prose = sentence("{who} loses {loss:size} a year{cite}.", who=Name("the payer"), loss=fact,
                     cite=Cite("somewhere"))  # fmt: skip
    assert plain(str(prose)) == "The payer loses 3.2 bn USD a year."
    assert prose.facts == (fact,)
    assert [piece.cite for piece in prose.pieces if piece.cite] == ["somewhere"]


def test_a_digit_in_the_words_of_a_sentence_is_refused():
    with pytest.raises(ValueError, match="must come as a Fact"):
        sentence("Exports fall by 12 bn USD.")


def test_names_in_a_list():
    assert listed(["a", "b", "c"]).text == "a, b and c"
    assert listed(["a"]).text == "a"


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("", "−1,024억 달러"),
        ("about", "1,000억 달러"),
        ("about_signed_bare", "−1,000"),
    ],
)
def test_korean_counts_dollars_in_hundred_millions(style, expected):
    assert plain(Fact(-102.4, "bn USD").text(style, words=number_words("ko"))) == expected


def test_a_cell_under_a_heading_keeps_the_unit_of_the_heading():
    assert Fact(-102.4, "bn USD").text(with_unit=False, words=number_words("ko")) == "−102"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 of 100"), (0.002, "fewer than 1 of 100"), (0.6, "60 of 100"),
     (0.996, "more than 99 of 100"), (1.0, "100 of 100")],
)  # fmt: skip
def test_none_and_all_futures_are_said_only_of_these(share, text):
    assert Fact(share, "share").text("frequency").replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("sizes", "usual", "places"),
    [((0.41, -0.4), 0, 2), ((2.36, 0.0), 0, 1), ((9.7,), 0, 0), ((250.0, 0.2), 0, 0),
     ((250.0,), 1, 1), ((0.0,), 0, 0), ((), 1, 1)],
)  # fmt: skip
def test_small_amounts_show_two_digits(sizes, usual, places):
    assert fit_places(sizes, usual) == places


def test_a_column_of_small_amounts_shows_two_digits_of_them():
    def table(*sizes):
        rows = tuple(Row(quoted("a"), (Fact(size, "bn USD"),)) for size in sizes)
        columns = (Column("a", numeric=False), Column("b", decimals=0))
        return Table("t", "t", quoted(""), columns, (RowGroup(None, rows),)).columns[1].decimals

    assert [table(0.4, -0.41), table(2.4, 0.1), table(40.0, 0.1)] == [2, 1, 0]


def test_less_than_the_smallest_amount_stands_around_number_and_unit():
    told = {
        language: Fact(1e-7, "bn USD").text(words=number_words(language)).replace("\u00a0", " ")
        for language in ("en", "ko")
    }
    assert told == {"en": "less than 0.01 bn USD", "ko": "0.01억 달러 미만"}
