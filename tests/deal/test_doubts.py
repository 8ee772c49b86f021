"""Figures that pass the format and are probably slips: each is asked about once, with a guess."""

import tomllib
from collections import Counter
from copy import deepcopy
from typing import Any

import pytest

from accord.assessment.check import check
from accord.cases.shipped import case_names
from accord.data.store import load_world
from accord.deal.checks.check import find_problems
from accord.deal.checks.doubts.rates import find_rates
from accord.deal.checks.doubts.titles import amounts_in, find_titles
from accord.deal.load import load_deal, read_deal
from tests.deal.examples import DEAL, small_world
from tests.deal.test_attacks import PLACES, RICH, mutate

WORLD = small_world()
MONEY = 'instrument = "equity"\nannual_cap = 20e9\n'


def change(*pairs):
    text = DEAL
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def notices_of(text, ending):
    deal = read_deal(text, world=WORLD)
    return [notice for notice in check(deal, world=WORLD).notices if notice.path.endswith(ending)]


@pytest.mark.parametrize("case", case_names())
def test_nothing_in_a_shipped_case_is_asked_about(case):
    deal = load_deal(case, load_world())
    assert list(find_titles(deal)) == []
    assert list(find_rates(deal, tomllib.loads(deal.text))) == []


def numbers():
    """The places of numbers and of rates in a rich deal."""
    parsed = tomllib.loads(RICH)
    for place in PLACES:
        here: Any = parsed
        for step in place:
            here = here[step]
        is_rate = isinstance(here, str) and "ust20" in here
        if is_rate or (isinstance(here, int | float) and not isinstance(here, bool)):
            yield pytest.param(place, here, id=".".join(map(str, place)))


@pytest.mark.parametrize(("place", "was"), list(numbers()))
def test_a_slip_for_per_cent_is_told_once(place, was):
    """Whatever number is written a hundred times too large: at most one problem is at its place."""
    slips = (1.5, 15.0, 150.0, 1500.0) if not isinstance(was, str) else ("ust20 + 5", "ust20 + 25")
    for slip in slips:
        raw = deepcopy(tomllib.loads(RICH))
        mutate(raw, ("replace", place, int(slip) if isinstance(was, int) else slip, place))
        counted = Counter(problem.path for problem in find_problems(raw, WORLD))
        assert [path for path, times in counted.items() if times > 1] == []
        if str(place[-1]) == "rate" and place[0] != "terms":
            assert len(counted) == 1, "a term or a bound tells the slip again"


@pytest.mark.parametrize("rate", ["0.5", "0.75", "1.0"])
def test_a_rate_that_the_title_says_as_per_cent_is_told_once(rate):
    text = change(
        ('rate = 0.15\nrule = "floor"\nbasis = "232"',
         f'rate = {rate}\nrule = "level"\nbasis = "FTA"\ntitle = "Cars and parts: {rate} %"'),
    )  # fmt: skip
    notices = notices_of(text, "")
    (slip,) = [notice for notice in notices if notice.path.startswith("package[1].clause[1]")]
    assert slip.path == "package[1].clause[1].rate"
    assert f"did you mean {float(rate) / 100:g}?" in slip.remedy


@pytest.mark.parametrize(
    ("title", "fields", "asked"),
    [
        ("Cars 25 %", "rate = 0.15", "the title says 25 %, and the clause charges 15 %"),
        ("Cars at 7.5 % in the quota",
         "rate = 0.4\nquota = { amount = 1e9, in_quota_rate = 0.75 }", "charges 40 % and 75 %"),
        ("Cars at 7.5 % in the quota",
         "rate = 0.4\nquota = { amount = 1e9, in_quota_rate = 0.075 }", ""),
        ("Cars to 10 %", "rate = 0.2\nsteps = [{ from = 2028-01-01, rate = 0.1 }]", ""),
        ("Cars, down from 25 %", "rate = 0.15", ""),
        ("Cars, a cut of 10 %", "rate = 0.15", ""),
        ("15 % on 30 % of the value", "rate = 0.25", ""),
        ("40 % of the value is exempt", "rate = 0.15\ncontent_share = 0.6", ""),
        ("Cars\u202f: 15\u202f%", "rate = 0.15", ""),
        ("Cars", "rate = 0.15", ""),
    ],
)  # fmt: skip
def test_the_only_figure_of_a_title_that_the_clause_does_not_have_is_told(title, fields, asked):
    text = change(("rate = 0.15\n", f'{fields}\ntitle = "{title}"\n'))
    told = notices_of(text, "clause[1].rate")
    assert len(told) == bool(asked)
    assert all(asked in notice.message for notice in told)


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ('rate = 0.0\nrule = "add"\n', True),
        ('rate = 0\nrule = "add"\nsteps = [{ from = 2028-01-01, rate = 0.0 }]\n', True),
        ('rate = 0.0\nrule = "add"\nsteps = [{ from = 2028-01-01, rate = 0.1 }]\n', False),
        ('rate = 0.0\nrule = "floor"\n', True),
        ('rate = 0.0\nrule = "level"\n', False),
        ('rate = 0.0\nrule = "ceiling"\n', False),
    ],
)
def test_a_clause_that_adds_nothing_by_its_rule_is_told(fields, asked):
    told = notices_of(change(('rate = 0.15\nrule = "floor"\n', fields)), "clause[1].rate")
    assert len(told) == asked
    assert all('rule = "level"' in notice.remedy for notice in told)


@pytest.mark.parametrize(
    ("rate", "steps", "asked"),
    [
        (0.08, [0.41, 0.0], {1: 0.41}),
        (0.08, [0.0, 0.41], {}),
        (0.1, [0.05, 0.25, 0.0], {2: 0.25}),
        (0.01, [0.41], {1: 0.41}),
        (0.0041, [0.41], {1: 0.41}),
        (0.25, [0.15, 0.25], {}),
        (0.25, [0.5], {}),
        (0.1, [0.25], {}),
        (0.5, [0.1, 0.02, 0.0], {}),
        (0.1, [0.3, 0.1], {}),
        (0.0, [0.25], {}),
    ],
)
def test_a_step_that_would_fit_the_others_at_a_hundredth_is_asked_about(rate, steps, asked):
    rows = ", ".join(f"{{ from = {2027 + n}-01-01, rate = {s} }}" for n, s in enumerate(steps))
    text = change(("rate = 0.15", f"rate = {rate}\nsteps = [{rows}]"))
    told = {notice.path: notice.remedy for notice in notices_of(text, "rate")}
    assert set(told) == {f"package[1].clause[1].steps[{number}].rate" for number in asked}
    for number, step in asked.items():
        remedy = told[f"package[1].clause[1].steps[{number}].rate"]
        assert f"did you mean {step / 100:g}?" in remedy


def test_steps_are_read_by_their_days_and_named_by_their_place():
    rows = "{ from = 2029-01-01, rate = 0.0 }, { from = 2027-01-01, rate = 0.41 }"
    text = change(("rate = 0.15", f"rate = 0.08\nsteps = [{rows}]"))
    (notice,) = notices_of(text, "rate")
    assert notice.path == "package[1].clause[1].steps[2].rate"


@pytest.mark.parametrize(
    ("line", "guess"),
    [
        ('interest = "ust20 + 0.5"', '"ust20 + 0.005"'),
        ('interest = "ust20 - 0.21"', '"ust20 - 0.0021"'),
        ('interest = "ust20 + 0.2"', None),
        ("interest = 0.5", "0.005"),
        ("interest = 0.25", None),
        ("fee = 0.5", "0.005"),
        ("fee = 0.1", None),
    ],
)
def test_fees_and_spreads_that_read_like_per_cent_are_asked_about(line, guess):
    lent = f'instrument = "guarantee"\n{line}\n'
    told = notices_of(change((MONEY, lent)), line.partition(" ")[0])
    assert len(told) == (guess is not None)
    for notice in told:
        assert notice.path.startswith("package[1].clause[2].")
        assert f"did you mean {guess}?" in notice.remedy


@pytest.mark.parametrize(
    "text",
    [
        '[assessment]\ndiscount_rates = { KOR = "ust20 + 0.5" }\n',
        "[assessment]\ndiscount_rates = { KOR = 0.5 }\n",
        (
            '[[package.clause]]\nkind = "investment"\npayer = "KOR"\nhost = "USA"\namount = 1e9\n'
            'instrument = "mix"\nmix = [{ instrument = "equity", share = 0.5 }, '
            '{ instrument = "loan", share = 0.5, interest = "ust20 + 0.5" }]\n'
        ),
        (
            '[[package.clause]]\nkind = "profit_split"\nuntil_recovery = { USA = 0.5, KOR = 0.5 }\n'
            "after_recovery = { USA = 0.9, KOR = 0.1 }\ndeemed_rate = 0.5\nreview_year = 10\n"
        ),
    ],
    ids=["spread of a party", "rate of a party", "part of a mix", "deemed rate"],
)
def test_rates_are_asked_about_wherever_they_stand(text):
    deal = read_deal(DEAL + text, world=WORLD)
    (notice,) = find_rates(deal, tomllib.loads(deal.text))
    assert "did you mean" in notice.remedy
    assert "0.005" in notice.remedy


@pytest.mark.parametrize(
    ("title", "amount", "meant"),
    [
        ("600 bn", "250e6", "600e9"),
        ("250 billion dollars", "250e6", "250e9"),
        ("USD 1.2 trillion", "1.2e9", "1200e9"),
        ("1,200 million for yards", "1200e9", "1.2e9"),
        ("250\u202fbn", "250e6", "250e9"),
        ("600 bn", "6e9", "600e9"),
        ("600 bn", "7e9", None),
        ("350 bn, of which 3 bn at once", "3e9", None),
        ("1 % of 350 bn", "3.5e9", None),
        ("the memorandum of 2025", "200e9", None),
        ("99 000 tonnes", "200e9", None),
    ],
)
def test_money_in_the_title_far_from_the_amount_is_asked_about(title, amount, meant):
    text = change((f"amount = 200e9\n{MONEY}",
                   f'amount = {amount}\ninstrument = "equity"\ntitle = "{title}"\n'))  # fmt: skip
    told = notices_of(text, "clause[2].amount")
    assert len(told) == (meant is not None)
    for notice in told:
        assert f"did you mean {meant}?" in notice.remedy


def test_money_in_a_note_or_in_the_title_of_the_package_counts_too():
    slip = (f"amount = 200e9\n{MONEY}", 'amount = 250e6\ninstrument = "equity"\n')
    noted = change((slip[0], slip[1] + 'note = "250 bn in all"\n'))
    named = change(slip, ('name = "signed"', 'name = "signed"\ntitle = "250 bn for cars"'))
    for text, place in ((noted, "the note"), (named, "the title of the package")):
        (notice,) = notices_of(text, "amount")
        assert f"{place} says 250 bn" in notice.message
    more = named + '[[package.clause]]\nkind = "swap_line"\nprovider = "USA"\nuser = "KOR"\n'
    assert notices_of(more + "amount = 250e9\n", "clause[2].amount") == []


def test_a_cap_a_year_is_held_against_the_title_that_says_a_year():
    text = change((f"amount = 200e9\n{MONEY}",
                   ('amount = 200e9\ninstrument = "equity"\nannual_cap = 20e6\n'
                   'title = "200 bn, at most 20 bn a year"\n')))  # fmt: skip
    (notice,) = notices_of(text, "annual_cap")
    assert "did you mean 20e9?" in notice.remedy


def test_sums_of_money_are_read_as_people_write_them():
    assert amounts_in("12 bn, 1.5 trillion and 300 million") == {
        "12 bn": 12e9, "1.5 trillion": 1.5e12, "300 million": 300e6,
    }  # fmt: skip
    assert amounts_in("in 2026 350 bn") == {"350 bn": 350e9}
    assert amounts_in("a third of 350 bn; 5 bnx; 3.5.1 bn") == {}


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2025-11-01", ""),
        ("2025-10-31", "no tariff of signed is in force on 2025-10-31, the first from 2025-11-01"),
        ("2025-03-01", "no tariff of signed is in force"),
    ],
)
def test_a_package_that_does_not_apply_yet_is_told_beside_a_no_deal_that_does(day, words):
    text = change(("[no_deal]", f"[assessment]\nevaluate_on = {day}\nfirst_year = 2026\n[no_deal]"))
    told = notices_of(text, "evaluate_on")
    assert len(told) == bool(words)
    assert all(words in notice.message for notice in told)
