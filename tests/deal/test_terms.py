"""Terms of a deal: what they are now, the deal with them changed, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.core.errors import InputError
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.profit_split import ProfitSplitClause
from accord.deal.clauses.swap_line import SwapLineClause
from accord.deal.load import load_deal, read_deal
from accord.deal.terms.terms import apply_terms, current_terms, terms_of
from tests.deal.examples import DEAL, small_world

WORLD = small_world()
CASE = load_deal("us-korea-2025")
CARS = {
    "name": '"cars"',
    "title": '"the tariff on cars"',
    "where": '{ kind = "tariff", products = ["motor_vehicles"] }',
    "field": '"rate"',
    "low": "0.0",
    "high": "0.25",
    "step": "0.01",
    "unit": '"%"',
}


def entry(**changed):
    """One term as text; None leaves a field out."""
    fields = {**CARS, **changed}
    lines = [f"{key} = {value}" for key, value in fields.items() if value is not None]
    return "\n[[terms.term]]\n" + "\n".join(lines) + "\n"


def told(*entries):
    """Path and text of every problem of the example with terms, none if it is right."""
    try:
        read_deal(DEAL + "".join(entries), world=WORLD)
    except InputError as error:
        by_path: dict[str, str] = {}
        for problem in error.problems:
            by_path[problem.path] = f"{by_path.get(problem.path, '')} {problem}"
        return by_path
    return {}


def test_the_shipped_case_says_what_may_move():
    names = [term.name for term in terms_of(CASE, "signed")]
    assert {"cars", "country_rate", "cash", "annual_cap", "payer_after", "swap_line"} <= {*names}
    assert {"visas", "loan_share"} <= {*names}
    now = current_terms(CASE, "signed")
    assert now["cars"] == pytest.approx(0.15)
    assert now["cash"] == pytest.approx(200e9)
    assert now["swap_line"] == now["visas"] == now["loan_share"] == 0
    assert terms_of(CASE, "status_quo") == ()


@pytest.mark.parametrize("package", ["us_demand", "korea_counter", "signed"])
def test_the_values_of_now_give_back_the_same_clauses(package):
    same = apply_terms(CASE, package, current_terms(CASE, package))
    assert same.package(package).clause == CASE.package(package).clause
    assert same == CASE


@given(seed=st.integers(0, 10_000))
def test_what_is_applied_is_read_back_and_nothing_else_changes(seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    terms = [term for term in terms_of(CASE, "signed") if not term.is_division]
    values = {term.name: float(rng.uniform(term.low, term.high)) for term in terms}
    values["visas"] = float(round(values["visas"]))
    changed = apply_terms(CASE, "signed", values)
    read = current_terms(changed, "signed")
    assert {name: read[name] for name in values} == pytest.approx(values)
    assert changed.package("us_demand") == CASE.package("us_demand")
    assert changed.no_deal == CASE.no_deal
    split = next(
        clause
        for clause in changed.package("signed").clause
        if isinstance(clause, ProfitSplitClause)
    )
    assert sum(split.after_recovery.values()) == pytest.approx(1)
    assert sum(split.until_recovery.values()) == pytest.approx(1)
    back = apply_terms(changed, "signed", current_terms(CASE, "signed"))
    for clause, original in zip(back.package("signed").clause, CASE.package("signed").clause,
                          strict=True):  # fmt: skip
        now, then = clause.model_dump(), original.model_dump()
        for key in ("until_recovery", "after_recovery"):
            assert now.pop(key, None) == pytest.approx(then.pop(key, None))
        assert now == then


def test_money_is_divided_between_clauses():
    made = apply_terms(CASE, "signed", {"loan_share": 0.4, "cash": 100e9})
    money = [
        clause for clause in made.package("signed").clause if isinstance(clause, InvestmentClause)
    ]
    equity, loan = (clause for clause in money if clause.instrument in {"equity", "loan"})
    assert (equity.instrument, loan.instrument) == ("equity", "loan")
    assert [equity.amount, loan.amount] == pytest.approx([60e9, 40e9])
    assert (equity.annual_cap or 0.0) + (loan.annual_cap or 0.0) == pytest.approx(20e9)
    assert equity.path != loan.path
    assert loan.sectors == equity.sectors


def test_a_clause_is_added_and_taken_away():
    with_line = apply_terms(CASE, "signed", {"swap_line": 60e9})
    (line,) = (
        clause
        for clause in with_line.package("signed").clause
        if isinstance(clause, SwapLineClause)
    )
    assert (line.user, line.amount) == ("KOR", 60e9)
    without = apply_terms(with_line, "signed", {"swap_line": 0.0})
    assert without.package("signed").clause == CASE.package("signed").clause


LOAN = """
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 6e9
instrument = "loan"
"""


def test_money_moves_against_a_clause_that_is_there():
    share = entry(
        name='"loans"', title='"the loans"', field='"amount"', low="0.0", high="1.0",
        where='{ kind = "investment", instrument = "equity" }',
        against='{ kind = "investment", instrument = "loan" }',
    )  # fmt: skip
    deal = read_deal(DEAL + LOAN + share, world=WORLD)
    money = (
        clause for clause in deal.package("signed").clause if isinstance(clause, InvestmentClause)
    )
    equity = next(money).amount
    now = current_terms(deal, "signed")["loans"]
    assert now == pytest.approx(6e9 / (equity + 6e9))
    half = apply_terms(deal, "signed", {"loans": 0.5})
    amounts = [
        clause.amount
        for clause in half.package("signed").clause
        if isinstance(clause, InvestmentClause)
    ]
    assert amounts == pytest.approx([(equity + 6e9) / 2] * 2)
    none = apply_terms(deal, "signed", {"loans": 0.0})
    (left,) = (
        clause for clause in none.package("signed").clause if isinstance(clause, InvestmentClause)
    )
    assert left.amount == pytest.approx(equity + 6e9)


def test_values_outside_and_unknown_terms_are_told_together():
    with pytest.raises(InputError) as caught:
        apply_terms(CASE, "signed", {"cash": 1e12, "car": 0.1})
    told_of = {problem.path: str(problem) for problem in caught.value.problems}
    assert "outside 1e+10 to 3.5e+11" in told_of["cash"]
    assert "Did you mean cars?" in told_of["car"]


WRONG = {
    "twice": ((entry(), entry()), "terms.term[2].name", "already given at terms.term[1].name"),
    "unknown package": ((entry(package='"sined"'),), "terms.term[1].package", "mean signed?"),
    "no clause": (
        (entry(where='{ kind = "tariff", products = ["food"] }', package='"signed"'),),
        "terms.term[1].where",
        "no clause of signed matches",
    ),
    "no clause anywhere": (
        (entry(where='{ kind = "tariff", products = ["food"] }'),),
        "terms.term[1].where",
        "no clause of any package",
    ),
    "no kind": ((entry(where='{ rule = "add" }'),), "terms.term[1].where", "has no kind"),
    "unknown kind": (
        (entry(where='{ kind = "tarif" }'),),
        "terms.term[1].where",
        "Did you mean tariff?",
    ),
    "unknown field of the clause": (
        (entry(field='"rat"'),),
        "terms.term[1].field",
        "Did you mean rate?",
    ),
    "a field that is no number": (
        (entry(field='"rule"'),),
        "terms.term[1].field",
        "has no number there",
    ),
    "unknown key to pick by": (
        (entry(where='{ kind = "tariff", product = "food" }'),),
        "terms.term[1].where.product",
        "Did you mean products?",
    ),
    "bounds the wrong way": (
        (entry(low="0.3", high="0.1"),),
        "terms.term[1].high",
        "Swap the two",
    ),
    "now outside": ((entry(high="0.1"),), "terms.term[1].low", "signed has 0.15, outside"),
    "per cent": ((entry(high="25.0"),), "terms.term[1].high", "did you mean 0.25?"),
    "negative rate": ((entry(low="-0.1"),), "terms.term[1].low", "cannot take it"),
    "step": ((entry(step="1.0"),), "terms.term[1].step", "more than all"),
    "no step at all": ((entry(step=None),), "terms.term[1].step", "is missing"),
    "unknown key": ((entry(lowest="0.0"),), "terms.term[1].lowest", "Did you mean low?"),
    "source": ((entry(source='"notise"'),), "terms.term[1].source", "Did you mean notice?"),
    "add without none": (
        (entry(add='{ kind = "tariff" }'),),
        "terms.term[1].none",
        "which value means",
    ),
    "two ways": (
        (entry(into='{ rule = "add" }', against='{ kind = "tariff" }', field='"amount"'),),
        "terms.term[1].against",
        "does not go together with into",
    ),
    "division of a rate": ((entry(into='{ rule = "add" }'),), "terms.term[1].field", "divides"),
}


@pytest.mark.parametrize(("entries", "path", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_with_its_place(entries, path, words):
    problems = told(*entries)
    assert path in problems, problems
    assert words in problems[path]


def test_every_problem_comes_at_once():
    problems = told(entry(package='"sined"'), entry(name='"b"', field='"rat"'), entry(name='"c"',
                 low="0.3", high="0.1"))  # fmt: skip
    assert {"terms.term[1].package", "terms.term[2].field", "terms.term[3].high"} <= {*problems}
    assert told(entry()) == {}


def test_a_deal_is_varied_by_name_or_by_mapping():
    by_name = CASE.vary(cars=0.10, cash=100e9)
    assert by_name == CASE.vary({"cars": 0.10, "cash": 100e9}, package="signed")
    assert current_terms(by_name, "signed")["cars"] == pytest.approx(0.10)
    assert CASE.vary() is CASE
    swept = [current_terms(CASE.vary(cars=rate), "signed")["cars"] for rate in (0.05, 0.1, 0.2)]
    assert swept == pytest.approx([0.05, 0.1, 0.2])


def test_another_package_than_the_one_in_focus_is_varied_by_its_name():
    changed = CASE.vary(package="us_demand", cash=300e9)
    assert current_terms(changed, "us_demand")["cash"] == pytest.approx(300e9)
    assert changed.package("signed") == CASE.package("signed")


def test_slips_in_varied_terms_are_told_together():
    with pytest.raises(InputError) as caught:
        CASE.vary({"car": 0.1, "cash": 1.0, "visas": "many"})  # type: ignore[dict-item]
    told = str(caught.value)
    assert "Did you mean cars?" in told
    assert "is outside" in told
    assert "is not a number" in told
