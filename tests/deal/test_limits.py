"""Files too large, figures no deal has, times beyond the horizon: refused with their place."""

import tomllib

import pytest

from accord.core.errors import InputError
from accord.deal.checks import contradictions
from accord.deal.checks.check import find_problems
from accord.deal.checks.text.limits import MOST_BYTES, MOST_CLAUSES, MOST_PROBLEMS
from accord.deal.load import load_deal, read_deal
from accord.lowering.finance import lower_finance
from tests.deal.examples import DEAL, small_world

WORLD = small_world()
CAP = "annual_cap = 20e9\n"
AMOUNT = "amount = 200e9\n"
TARIFF = """
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["food"]
rate = 0.1
rule = "RULE"
basis = "301"
"""


def problems_of(text):
    with pytest.raises(InputError) as caught:
        read_deal(text, world=WORLD)
    assert len(str(caught.value)) < 40_000
    return {problem.path: str(problem) for problem in caught.value.problems}


def with_line(line, after=AMOUNT):
    assert after in DEAL
    return DEAL.replace(after, f"{after}{line}\n", 1)


@pytest.mark.parametrize(
    "text",
    [
        with_line(f"fee = {'9' * 400}"),
        with_line(f"fee = {'9' * 5000}"),
        with_line(f"fee = {'[' * 900}{']' * 900}"),
        with_line(f"fee = {'{ a = ' * 900}1{' }' * 900}"),
        with_line(f"fee = {'[' * 5000}"),
        with_line(f"{'a.' * 200_000}a = 1"),
        with_line(f'title = "{"x" * 200_000}"'),
        with_line(f"{'k' * 200_000} = 1"),
        with_line("".join(f"k{at} = 1\n" for at in range(20_000))),
        with_line(f'interest = "ust20{" " * 60_000}x"'),
        DEAL.replace('name = "signed"', f'name = "{"x" * 200_000}"'),
        DEAL + '\n[[package]]\nname = "p"\n' * 1000,
        DEAL + TARIFF.replace("RULE", "add") * (MOST_CLAUSES + 1),
        DEAL + "#" * MOST_BYTES,
    ],
    ids=range(14),
)
def test_what_is_too_large_is_refused_in_few_words(text):
    problems = problems_of(text)
    assert len(problems) <= MOST_PROBLEMS + 1
    assert all(len(text) < 2000 for text in problems.values())


def test_a_file_is_not_read_beyond_the_limit(tmp_path):
    path = tmp_path / "deal.toml"
    path.write_bytes(b"#" * (3 * MOST_BYTES))
    with pytest.raises(InputError, match="is larger than 1 MB"):
        load_deal(path, WORLD)


@pytest.mark.parametrize("rule", ["floor", "level"])
def test_clauses_are_compared_a_few_times_each(rule, monkeypatch):
    """The number of comparisons grows with the number of clauses, not with its square."""
    counts: list[int] = []
    compare = contradictions._conflict

    def count(*given):
        counts[-1] += 1
        return compare(*given)

    monkeypatch.setattr(contradictions, "_conflict", count)
    for number in (50, 200):
        counts.append(0)
        problems = problems_of(DEAL + TARIFF.replace("RULE", rule) * number)
        assert f"at {number - 2} other places" in next(iter(problems.values()))
    assert counts[1] <= 5 * counts[0]


@pytest.mark.parametrize(
    ("line", "path", "words"),
    [
        ("amount = 200", "amount", "did you mean 200e9 (200 billion)?"),
        ("amount = 1e308", "amount", "more than the world makes"),
        ("amount = 200e12", "amount", "did you mean 200e9 (200 billion)?"),
        ("amount = 200e9\nloan_years = 1e6", "loan_years", "above 200"),
        ("amount = 200e9\nselect_until = 2199-01-01", "select_until", "beyond the horizon"),
        ("amount = 200e9\nfrom = 2150-01-01", "from", "beyond the horizon"),
        ("amount = 200e9\nuntil = 2020-01-01", "until", "before the first year"),
        ("amount = 200e9\nfrom = 9999-12-31", "from", "not between 1900 and 2200"),
        ("amount = 200e9\nnotice_business_days = 1000000", "notice_business_days", "above 2500"),
        ("amount = 200e9\ninterest = 5.0", "interest", "did you mean 0.05 (5 %)?"),
        ('amount = 200e9\ninterest = "ust20 + 1"', "interest", 'did you mean "ust20 + 0.01"'),
    ],
)
def test_figures_and_times_that_no_deal_has(line, path, words):
    text = DEAL.replace("annual_cap = 20e9\n", "").replace(AMOUNT, f"{line}\n")
    problems = problems_of(text)
    assert words in problems[f"package[1].clause[2].{path}"]


@pytest.mark.parametrize("quota", ["37000", "99e3"])
def test_a_quota_in_pieces_or_tonnes_is_told_to_be_money(quota):
    table = f"quota = {{ amount = {quota}, in_quota_rate = 0.1 }}\n"
    problems = problems_of(DEAL.replace('rule = "floor"\n', f'rule = "level"\n{table}'))
    told = problems["package[1].clause[1].quota.amount"]
    assert "not tonnes or pieces" in told
    assert "billion)?" not in told


@pytest.mark.parametrize("size", ["1e5", "1e6", "1e7"])
def test_a_million_projects_are_refused(size):
    kind = f'[[project]]\nname = "tiny"\nsize = {size}\n'
    text = with_line("sectors = { tiny = 1.0 }") + kind
    assert "projects are more than 1,000" in problems_of(text)["package[1]"]


@pytest.mark.parametrize("horizon", range(1, 12))
def test_what_passes_the_check_makes_a_plan_the_engine_accepts(horizon):
    settings = f"[assessment]\nhorizon = {horizon}\n[no_deal]"
    text = DEAL.replace("[no_deal]", settings, 1)
    for line in ("", "select_until = 2028-12-31", "from = 2030-01-01", "up_front = true"):
        changed = text.replace(AMOUNT, f"{AMOUNT}{line}\n").replace("annual_cap = 20e9\n", "")
        raw = tomllib.loads(changed)
        problems = find_problems(raw, WORLD)
        assert all("horizon" in str(problem) for problem in problems)
        if not problems:
            pairs = lower_finance(read_deal(changed, world=WORLD), "signed")
            assert not [slip for pair in pairs for slip in pair.plan.problems()]


def test_a_year_of_prices_far_from_the_deal_is_refused():
    problems = problems_of(DEAL.replace("price_year = 2024", "price_year = 1900"))
    assert "Did you mean 2025?" in problems["price_year"]


def test_more_than_a_party_could_pay_is_refused():
    problems = problems_of(DEAL.replace("amount = 200e9", "amount = 2e13").replace(CAP, ""))
    assert "more than half of its income" in problems["package[1]"]
