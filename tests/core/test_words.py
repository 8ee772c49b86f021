"""The words of messages: they agree with their count, and with how a word is spoken."""

import pytest

from accord.cli.printing import cell_text, print_rows
from accord.core.boundary.economy import read_economy
from accord.core.errors import InputError, Problem
from accord.core.words import counted, with_article
from accord.deal.load import read_deal
from tests.deal.examples import DEAL, small_world


@pytest.mark.parametrize(
    ("word", "spoken"),
    [("IEEPA", "an IEEPA"), ("MFN", "an MFN"), ("232", "a 232"), ("floor", "a floor"),
     ("add", "an add"), ("other", "an other")],
)  # fmt: skip
def test_an_article_follows_the_sound(word, spoken):
    assert with_article(word) == spoken


def test_a_count_agrees_with_its_verb():
    assert (counted(1), counted(2)) == ("1 value is", "2 values are")
    problems: list[Problem] = []
    read_economy({"elasticity": [1.0, -1.0]}, ["A"], ["x", "y"], problems)
    assert problems[0].message == "1 value is at or below 0"


def test_no_zero_has_a_sign():
    assert cell_text("change", -1e-6) == "0.00 %"
    assert cell_text("change", -0.012) == "-1.20 %"
    assert cell_text("rate", -1e-9) == "0.00 %"
    assert cell_text("ev", -0.001) == "0.00"
    assert cell_text("residual", 3e-12) == "3.0e-12"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("price_year = 2024", "price_year = 2024\n[assessment]\nyears = 0", "Give at least 1"),
        ("annual_cap = 20e9", "annual_cap = 0.0", "Give more than 0"),
    ],
)
def test_a_bound_is_told_as_it_is(old, new, words):
    with pytest.raises(InputError, match=words):
        read_deal(DEAL.replace(old, new), world=small_world())


def test_a_contradiction_is_told_in_good_english():
    first = DEAL[DEAL.index("[[package.clause]]") : DEAL.rindex("[[package.clause]]")]
    first = first.replace('"232"', '"IEEPA"')
    with pytest.raises(InputError, match=r"sets an IEEPA floor of 0.1 where a floor of 0.15"):
        read_deal(DEAL + first + first.replace("0.15", "0.1"), world=small_world())


@pytest.mark.parametrize(
    ("remedy", "printed"),
    [
        ("did you mean KOR?", "x: is wrong. Did you mean KOR?"),
        ("ac.compare(result)", "x: is wrong. ac.compare(result)"),
        ('basis = "232"', 'x: is wrong. basis = "232"'),
        ("`until` ends the calls", "x: is wrong. `until` ends the calls"),
    ],
)
def test_a_remedy_is_a_sentence_of_its_own_and_code_stays_as_it_is(remedy, printed):
    assert str(Problem("x", "is wrong", remedy)) == printed


def test_what_rounds_to_zero_has_no_sign_in_any_table(capsys):
    print_rows("", ["name", "move"], [["-0", "-0.00"], ["b", "+0.0"], ["c", "-0.01"]], numeric=1)
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["-0", "0.00"] in printed
    assert ["b", "0.0"] in printed
    assert ["c", "-0.01"] in printed
