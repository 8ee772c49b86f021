"""From the money clauses of a deal file to the plans of the finance engine."""

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.deal.fields import Spread
from accord.deal.load import load_deal, read_deal
from accord.deal.projects import read_project_table, read_rate
from accord.finance.instruments import (
    BuyerCredit,
    Direct,
    Equity,
    Guarantee,
    Loan,
    RefundGuarantee,
)
from accord.lowering.finance import discount_rate, lower_finance
from tests.deal.examples import DEAL, small_world

SPLIT = """
[[package.clause]]
kind = "profit_split"
until_recovery = { USA = 0.5, KOR = 0.5 }
after_recovery = { USA = 0.9, KOR = 0.1 }
deemed_rate = "ust20 + 0.01"
"""


def problems(text):
    with pytest.raises(InputError) as caught:
        read_deal(text, world=small_world())
    return str(caught.value)


def test_the_memorandum_as_a_plan():
    deal = load_deal("us-korea-2025")
    (pair,) = lower_finance(deal, "signed")
    cash, refunds, credit, yards = pair.plan.facilities
    assert (pair.payer, pair.host) == ("KOR", "USA")
    assert cash.instrument == Equity(200.0)
    assert cash.pace.annual_cap == 20.0
    assert cash.pace.select_until == pytest.approx(3.05, abs=0.01)
    assert isinstance(cash.pace.notice, tuple)
    # 45 business days of two countries are 9 weeks and some holidays.
    assert all(63 / 365.25 <= wait <= 80 / 365.25 for wait in cash.pace.notice)
    assert isinstance(refunds.instrument, RefundGuarantee)
    assert isinstance(credit.instrument, BuyerCredit)
    assert isinstance(yards.instrument, Direct)
    assert (refunds.builds, credit.builds, yards.builds) == (False, False, True)
    assert yards.instrument.share == 1.0
    committed = sum(clause.amount for clause in pair.clauses[1:])
    assert 15.4e9 < committed < 150e9
    split = pair.plan.split
    assert split is not None
    assert (split.until_recovery, split.after_recovery) == (0.5, 0.1)
    assert split.covers == (cash.name,)
    assert split.deemed.reference == "ust20"
    assert split.review == 20.0
    assert split.pooled
    assert pair.plan.purchases[0].amount == pytest.approx(36.2)
    assert pair.plan.purchases[0].buyer_pays
    assert pair.plan.discount == pytest.approx((0.0523, 0.0473))
    assert pair.plan.labour.absences[0].people == 317
    assert pair.plan.labour.absences[0].start < 0


def test_the_counter_offer_has_three_instruments_and_no_split():
    (pair,) = lower_finance(load_deal("us-korea-2025"), "korea_counter")
    kinds = [type(facility.instrument) for facility in pair.plan.facilities]
    assert kinds == [Equity, Loan, Guarantee]
    assert pair.plan.split is None
    assert pair.plan.labour.staffed == 0.46


MIX = """
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 100e9
instrument = "mix"
interest = 0.06
default_rate = 0.02

[[package.clause.mix]]
instrument = "refund_guarantee"
share = { low = 0.4, mode = 0.7, high = 0.9 }
used = { low = 0.1, mode = 0.2, high = 1.0 }
recovery = 0.5

[[package.clause.mix]]
instrument = "buyer_credit"
share = { low = 0.0, mode = 0.2, high = 0.5 }
interest = 0.07

[[package.clause.mix]]
instrument = "direct"
share = 0.1
ownership = 0.6
"""


def test_the_parts_of_a_clause_divide_its_amount_at_every_draw():
    (pair,) = lower_finance(read_deal(DEAL + MIX, world=small_world()), "signed")
    clauses, portions = pair.clauses[-3:], pair.portions[-3:]
    assert [clause.path[-6:] for clause in clauses] == ["mix[1]", "mix[2]", "mix[3]"]
    u = np.array([0.0, 0.3, 0.5, 1.0])
    used = portions[0].used
    assert isinstance(used, Spread)
    # At the ends the shares are 0.4 of 0.4 + 0.5 + 0.1, and 0.9 of 0.9 + 0 + 0.1.
    ends = portions[0].taken(u, u * 0)[[0, 3]]
    np.testing.assert_allclose(ends, [0.4 * 0.1, 0.9 * 0.1])
    whole = portions[0].taken(u, u) / used.quantile(u)
    whole = whole + portions[1].taken(u, u) + portions[2].taken(u, u)
    np.testing.assert_allclose(whole, 1.0, rtol=1e-12)
    assert [portion.scale(u, u)[2] for portion in portions] == pytest.approx([1.0, 1.0, 1.0])
    for clause, portion in zip(clauses, portions, strict=True):
        assert clause.amount == portion.central
    refunds, credit, yards = (facility.instrument for facility in pair.plan.facilities[-3:])
    assert isinstance(refunds, RefundGuarantee)
    assert isinstance(credit, BuyerCredit)
    assert isinstance(yards, Direct)
    assert (refunds.default_rate, refunds.recovery) == (0.02, 0.5)
    assert credit.debt.interest.spread == 0.07
    assert yards.share == 0.6


@pytest.mark.parametrize(
    ("before", "after", "path", "words"),
    [
        ("share = 0.1", "share = 0.4", "mix", "sum to 1.3"),
        ("high = 0.9", "high = 0.6", "mix[1].share", "rising order"),
        ("ownership = 0.6", "sectors = { ships = 1.0 }", "mix[3].sectors", "not a kind"),
        ("interest = 0.07", 'interest = "libor"', "mix[2].interest", "libor"),
        ('instrument = "mix"', 'instrument = "loan"', "mix", "has parts"),
    ],
)
def test_what_is_wrong_in_a_part_is_told_with_its_place(before, after, path, words):
    assert before in MIX
    told = problems(DEAL + MIX.replace(before, after))
    assert f".{path}" in told
    assert words in told


def test_every_figure_of_a_kind_is_its_own_or_that_of_the_average():
    table = read_project_table()
    assert table.figure("energy", "overrun").mean == 0.23
    assert table.figure("energy", "failure") == table.kinds["average"].failure
    assert table.source_of("energy", "failure") == "moodys-2017"
    assert table.source_of("energy", "delay") == ""
    cited = {name for kind in table.kinds.values() for name in kind.sources.values()}
    assert cited <= {source.id for source in table.sources}


def test_a_file_can_change_a_kind_and_a_rate():
    own = """
sectors = { energy = 1.0 }
[[project]]
name = "energy"
planned_return = 0.2
[[rate]]
name = "ust20"
level = 0.03
"""
    deal = read_deal(DEAL + own)
    (pair,) = lower_finance(deal, "signed")
    (kind,) = pair.plan.kinds
    assert kind.planned_return == 0.2
    assert kind.overrun.mean == 0.23
    assert discount_rate(deal, "KOR") == 0.03


def test_loans_take_their_terms_from_the_clause():
    terms = """
interest = "sofr6m + 0.02"
floating = true
loan_years = 15
grace_years = 3
amortisation = "annuity"
"""
    text = DEAL.replace('instrument = "equity"', 'instrument = "loan"') + terms
    (pair,) = lower_finance(read_deal(text), "signed")
    loan = pair.plan.facilities[0].instrument
    assert isinstance(loan, Loan)
    assert (loan.interest.reference, loan.interest.spread, loan.interest.kind) == (
        "sofr6m", 0.02, "floating",
    )  # fmt: skip
    assert (loan.years, loan.grace, loan.amortisation) == (15.0, 3.0, "annuity")


def test_a_purchase_alone_is_a_plan_of_its_own():
    text = (
        DEAL[: DEAL.index('[[package.clause]]\nkind = "investment"')]
        + """
[[package.clause]]
kind = "purchase"
buyer = "KOR"
seller = "USA"
amount = 36.2e9
"""
    )
    (pair,) = lower_finance(read_deal(text), "signed")
    assert (pair.payer, pair.host, pair.plan.facilities) == ("KOR", "USA", ())


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("ust20", ("ust20", 0.0)),
        ("ust20+0.01", ("ust20", 0.01)),
        (" sofr6m - 0.002 ", ("sofr6m", -0.002)),
        (0.05, ("", 0.05)),
        ("5 %", None),
        ("ust20 + ust10", None),
        ("", None),
    ],
)
def test_rates_are_read_as_written(text, terms):
    assert read_rate(text) == terms


def test_every_problem_of_the_money_is_named_at_once():
    wrong = (
        DEAL.replace("annual_cap = 20e9", "annual_cap = 0.0")
        + """
sectors = { enrgy = 1.0 }
notice_business_days = 45
owner = "JPN"
"""
        + SPLIT.replace("KOR = 0.5", "KOR = 0.4").replace('"ust20 + 0.01"', '"ust20 - 3.0"')
        + """
review_year = 40
covers = ["equity", "guarantee"]
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "JPN"
amount = 1e9
instrument = "loan"
interest = "ust2"
loan_years = 5
grace_years = 5
[[project]]
name = "plant"
phases = [{ name = "all", years = 1, cost = 0.9 }]
sources = { phases = "nowhere" }
"""
    )
    text = problems(
        wrong.replace(
            "price_year = 2024",
            'price_year = 2024\nassessment = { discount_rates = { KRO = "5 %" } }',
        )
    )
    for words in (
        "annual_cap: 0 is too small",
        'sectors: "enrgy" is not a kind of project. Did you mean energy?',
        'owner: "JPN" is neither payer nor host', "until_recovery: shares sum to 0.9, not 1",
        "deemed_rate: a rate of -295% is below -20%",
        "review_year: a review after 40 years lies beyond the horizon of 35",
        "covers: a guarantee pays nothing in",
        'interest: "ust2" is not a market rate. Did you mean ust20?',
        "grace_years: 5 years are not within the 5", "phases: costs sum to 0.9, not 1",
        'sources.phases: "nowhere" is not a source', 'KRO: "KRO" is not a party of this file',
        'KRO: "5 %" is not a rate. Write 0.05',
    ):  # fmt: skip
        assert words in text, f"{words}\n{text}"


def test_notice_needs_holidays_of_both_countries():
    text = (
        DEAL.replace('host = "USA"\namount', 'host = "ROW"\namount') + "notice_business_days = 45\n"
    )
    with pytest.raises(InputError, match='notice_business_days: there are no holidays for "ROW"'):
        read_deal(text)


def test_a_split_without_an_investment_between_its_parties_is_refused():
    text = DEAL + SPLIT.replace("KOR", "JPN")
    assert "no investment here is between JPN and USA" in problems(text)
    assert "is a second split" in problems(DEAL + SPLIT + SPLIT)
