"""Commitments at the edges: what is committed, called, finished, and by when; saved and read."""

import datetime as dt

import numpy as np
import pytest

import accord as ac
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.tables.tables import TABLES
from accord.core.errors import InputError
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.load import read_deal
from accord.finance.config import FinanceConfig
from tests.deal.examples import DEAL, small_world

WORLD = small_world()
FIRST = dt.date(2026, 1, 1)
HORIZON = dt.date(2060, 12, 31)
WINDOW = "[assessment]\nevaluate_on = 2025-12-01\nyears = 4\nhorizon = {horizon}\n"
THREE = DEAL.replace('["USA", "KOR"]', '["USA", "KOR", "JPN"]')


def money(more="", *, payer="KOR", host="USA", amount="30e9", instrument="equity"):
    """Return the text of one more clause of investment."""
    return f"""
[[package.clause]]
kind = "investment"
payer = "{payer}"
host = "{host}"
amount = {amount}
instrument = "{instrument}"
{more}
"""


def first_clause(more, cap="annual_cap = 20e9"):
    """Return the small deal with something else in its clause of investment of 200 bn."""
    assert cap in DEAL
    return DEAL.replace(cap, more)


EDGES = {
    "until before the first call": first_clause("until = 2026-01-01"),
    "until in the first quarter": first_clause("from = 2026-06-01\nuntil = 2026-06-15"),
    "until within a notice": first_clause("notice_business_days = 100\nuntil = 2026-03-01"),
    "two clauses of one payer": DEAL + money() + money("loan_years = 10", instrument="loan"),
    "two equal clauses": DEAL + money("annual_cap = 20e9", amount="200e9"),
    "unfinished at the end": DEAL + WINDOW.format(horizon=6),
    "not called at the end": DEAL + WINDOW.format(horizon=4),
    "up front": first_clause("up_front = true"),
    "up front later": first_clause("up_front = true\nfrom = 2030-07-01"),
    "calls missed": first_clause(
        "annual_cap = 20e9\nmissed = [{ from = 2026-01-01, until = 2027-12-31, share = 1.0 }]"
    ),
    "three parties": THREE
    + money(payer="JPN", amount="50e9")
    + money(payer="JPN", host="KOR", amount="5e9")
    + money(host="JPN", amount="5e9"),
    "guarantee and direct": DEAL + money(instrument="guarantee") + money(instrument="direct"),
}


@pytest.mark.parametrize("text", EDGES.values(), ids=EDGES)
def test_what_is_called_is_committed_and_what_is_finished_is_called_in_time(text):
    deal = read_deal(text, world=WORLD)
    checked = ac.check(deal, world=WORLD)
    told = {notice.path for notice in checked.notices}
    clauses = [c for c in deal.package("signed").clause if isinstance(c, InvestmentClause)]
    assert len(checked.commitments) == len(clauses)
    for commitment, clause in zip(checked.commitments, clauses, strict=True):
        assert commitment.committed == pytest.approx(clause.amount / 1e9)
        assert -1e-9 <= commitment.called <= commitment.committed * (1 + 1e-9)
        assert -1e-9 <= commitment.finished <= commitment.committed * (1 + 1e-9)
        begin = clause.from_ or FIRST
        for day, done in (
            (commitment.last_call, commitment.called),
            (commitment.last_finish, commitment.finished),
        ):
            assert (day is None) == (done == 0)
            assert day is None or begin <= day <= commitment.horizon
        if commitment.last_call is not None and not clause.missed:
            assert commitment.finished <= commitment.called * (1 + 1e-6)
        whole = commitment.is_called and commitment.is_finished
        assert whole == (commitment.path not in told)


@pytest.mark.parametrize("text", EDGES.values(), ids=EDGES)
def test_the_echo_is_the_central_path_of_the_engine_pair_by_pair(text):
    deal = read_deal(text, world=WORLD)
    backed = [
        clause.path
        for clause in deal.package("signed").clause
        if isinstance(clause, InvestmentClause) and clause.instrument == "guarantee"
    ]  # what stands behind others' money: none of it is called on the central path
    told = [c for c in ac.check(deal, world=WORLD).commitments if c.path not in backed]
    for money in solve_package_finance(deal, ["signed"], FinanceConfig(paths=0)):
        sides = money.pair.payer, money.pair.host
        called = sum(c.called for c in told if (c.payer, c.host) == sides)
        assert called == pytest.approx(float(money.solution.value.called[0]), rel=1e-12)


def test_money_that_may_not_be_called_any_more_is_told_to_be_never_called():
    for name in ("until before the first call", "until within a notice"):
        checked = ac.check(read_deal(EDGES[name], world=WORLD), world=WORLD)
        (commitment,) = checked.commitments
        assert (commitment.called, commitment.last_call, commitment.finished) == (0.0, None, 0.0)
        (notice,) = checked.notices
        assert "0 of 200 bn are called" in notice.message
        assert "`select_until`" in notice.remedy


def test_each_clause_of_a_payer_is_followed_on_its_own():
    alone = ac.check(read_deal(DEAL, world=WORLD), world=WORLD).commitments[0]
    for name in ("two clauses of one payer", "two equal clauses"):
        first, *rest = ac.check(read_deal(EDGES[name], world=WORLD), world=WORLD).commitments
        assert first == alone
        assert {other.payer for other in rest} == {"KOR"}
        assert all(other.is_called and other.is_finished for other in rest)


def test_a_short_horizon_leaves_projects_unfinished_and_money_uncalled():
    for name in ("unfinished at the end", "not called at the end"):
        checked = ac.check(read_deal(EDGES[name], world=WORLD), world=WORLD)
        (commitment,) = checked.commitments
        assert commitment.last_call == commitment.horizon
        assert 0 < commitment.called < 200
        assert not commitment.is_finished
        assert "lengthen `horizon`" in " ".join(notice.remedy for notice in checked.notices)


def test_money_paid_up_front_is_called_at_once_on_its_first_day():
    (now,) = ac.check(read_deal(EDGES["up front"], world=WORLD), world=WORLD).commitments
    (later,) = ac.check(read_deal(EDGES["up front later"], world=WORLD), world=WORLD).commitments
    assert [now.called, later.called] == pytest.approx([200, 200])
    assert now.last_call == dt.date(2026, 3, 31)
    assert later.last_call is not None
    assert dt.date(2030, 7, 1) <= later.last_call <= dt.date(2030, 9, 30)


@pytest.mark.parametrize("field", ["amount = 200e9", "annual_cap = 20e9"])
@pytest.mark.parametrize("zero", ["0", "0.0", "-0.0"])
def test_a_commitment_of_nothing_is_refused(field, zero):
    key = field.partition(" ")[0]
    with pytest.raises(InputError, match=rf"package\[1\]\.clause\[2\]\.{key}: -?0 is"):
        read_deal(DEAL.replace(field, f"{key} = {zero}"), world=WORLD)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("200 bn by the end of 2028", True),
        ("200 bn by end of 2028", True),
        ("200 bn by the close of 2028", True),
        ("200 bn by 2028", True),
        ("200 bn, END 2028", True),
        ("200 bn until 2040", False),
        ("200 bn under the agreement of 2027", False),
        ("200 bn from 2027", False),
    ],
)
def test_an_end_that_the_title_names_is_held_against_the_last_call(title, told):
    text = DEAL.replace("amount = 200e9", f'title = "{title}"\namount = 200e9')
    notices = ac.check(read_deal(text, world=WORLD), world=WORLD).notices
    assert any("the title names 20" in notice.message for notice in notices) == told


@pytest.mark.parametrize("name", ["until before the first call", "up front later", "three parties"])
def test_a_saved_assessment_keeps_its_commitments_and_every_table(name, tmp_path):
    deal = read_deal(EDGES[name], world=WORLD)
    settings = ac.AssessSettings(draws=4, paths=100, ranges=False)
    fresh = ac.assess(deal, world=WORLD, settings=settings)
    saved = ac.load_assessment(fresh.save(tmp_path / "edge.accord"))
    assert ac.check(saved.deal, world=saved.world).commitments == (
        ac.check(deal, world=WORLD).commitments
    )
    for table in TABLES:
        before, after = fresh.to_frame(table), saved.to_frame(table)
        assert list(after.columns) == list(before.columns)
        for column in before.columns:
            np.testing.assert_array_equal(after[column].to_numpy(), before[column].to_numpy())
