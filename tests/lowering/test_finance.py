"""From the money clauses of a deal file to the plans of the finance engine."""

import pytest

from accord.core.errors import InputError
from accord.deal.load import load_deal, read_deal
from accord.deal.projects import read_project_table, read_rate
from accord.finance.instruments import Equity, Guarantee, Loan
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
    cash, ships = pair.plan.facilities
    assert (pair.payer, pair.host) == ("KOR", "USA")
    assert cash.instrument == Equity(200.0)
    assert cash.pace.annual_cap == 20.0
    assert cash.pace.select_until == pytest.approx(3.05, abs=0.01)
    assert isinstance(cash.pace.notice, tuple)
    # 45 business days of two countries are 9 weeks and some holidays.
    assert all(63 / 365.25 <= wait <= 80 / 365.25 for wait in cash.pace.notice)
    assert isinstance(ships.instrument, Guarantee)
    assert ships.owner == "payer"
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
