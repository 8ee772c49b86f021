"""The case us-japan-2025: what its clauses say, what they become, and its briefing."""

from datetime import date

import pytest

import accord as ac
from accord.briefing.document.blocks import Table
from accord.data.store import load_world
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.clauses.profit_split import ProfitSplitClause
from accord.deal.clauses.purchase import PurchaseClause
from accord.deal.clauses.tariff import TariffClause
from accord.deal.load import load_deal
from accord.finance.instruments import Equity, Guarantee, Loan
from accord.lowering.external import lower_external
from accord.lowering.finance import lower_finance

WORLD = load_world()
DEAL = load_deal("us-japan-2025", WORLD)
PACKAGES = ("no_deal", "us_reading", "japan_reading", "signed", "status_quo")


def plan(name):
    """Return the money of a package as the finance engine takes it."""
    (pair,) = lower_finance(DEAL, name)
    assert (pair.payer, pair.host) == ("JPN", "USA")
    return pair.plan


def clauses(name, kind):
    """Return the clauses of one kind in a package."""
    return [clause for clause in DEAL.package(name).clause if isinstance(clause, kind)]


def test_packages_and_days():
    assert DEAL.package_names == PACKAGES
    assert DEAL.parties == ("USA", "JPN")
    assert DEAL.evaluate_on == date(2025, 11, 14)


@pytest.mark.parametrize("name", ["us_reading", "japan_reading", "signed"])
def test_every_reading_is_of_550_bn_chosen_until_the_term_ends(name):
    money = clauses(name, InvestmentClause)
    assert sum(investment.amount for investment in money) == pytest.approx(550e9)
    for investment in money:
        assert investment.select_until == date(2029, 1, 19)
        assert investment.annual_cap is None


def test_the_memorandum_as_a_plan():
    signed = plan("signed")
    equity, loans, guarantees = signed.facilities
    assert equity.instrument == Equity(8.25)
    assert 0.01 <= equity.instrument.amount / 550 <= 0.02
    assert isinstance(loans.instrument, Loan)
    assert isinstance(guarantees.instrument, Guarantee)
    third = equity.instrument.amount + loans.instrument.amount
    assert third == pytest.approx(550 / 3, abs=0.01)
    assert guarantees.instrument.amount == pytest.approx(2 * third, abs=0.02)
    for facility in signed.facilities:
        assert isinstance(facility.pace.notice, tuple)
        # 45 business days of two countries are 9 weeks and some holidays.
        assert all(63 / 365.25 <= wait <= 85 / 365.25 for wait in facility.pace.notice)
    split = signed.split
    assert split is not None
    assert (split.until_recovery, split.after_recovery) == (0.5, 0.1)
    assert split.covers == (equity.name, loans.name)
    assert (split.deemed.reference, split.deemed.kind) == ("sofr6m", "floating")
    assert (split.counts, split.pooled, split.review) == ("share", False, None)


def test_the_readings_differ_in_what_is_shared():
    american, japanese = plan("us_reading"), plan("japan_reading")
    (cash,) = american.facilities
    assert cash.instrument == Equity(550.0)
    assert american.split is not None
    assert (american.split.until_recovery, american.split.after_recovery) == (0.1, 0.1)
    assert japanese.split is not None
    assert japanese.split.covers == (japanese.facilities[0].name,)
    amounts = [facility.instrument.amount for facility in japanese.facilities]
    assert amounts == [facility.instrument.amount for facility in plan("signed").facilities]


def test_purchases_are_part_of_the_memorandum_alone():
    assert not clauses("us_reading", PurchaseClause)
    yearly = sorted(purchase.amount / 10e9 for purchase in clauses("signed", PurchaseClause))
    assert yearly == pytest.approx([3.0, 3.51, 7.0, 8.0])


def test_a_missed_call_brings_back_25_per_cent():
    (split,) = clauses("signed", ProfitSplitClause)
    assert split.withhold
    rates = {
        clause.snap_back.rate
        for clause in DEAL.package("signed").clause
        if isinstance(clause, TariffClause) and clause.snap_back is not None
    }
    assert rates == {0.25}


def test_japan_has_a_standing_swap_line_whatever_happens():
    for name in PACKAGES[:-1]:
        external = lower_external(DEAL, name, "JPN", WORLD, money=())
        assert external.sheet.reserves == pytest.approx(1369.7)
        assert external.swap is not None
        assert external.stop.rate == 0.0
        assert external.adjustment is None
        assert [floor.metric for floor in external.floors] == [
            "slide", "debt", "import_months", "fall"
        ]  # fmt: skip


def test_sources_that_need_a_second_one_are_flagged():
    flagged = {source.id for source in DEAL.sources if source.flagged}
    assert flagged == {"mainichi-thirds", "second-projects", "assumption"}
    assert DEAL.source("eo-14345").grade == "A"


@pytest.fixture(scope="module")
def result():
    return ac.assess(DEAL, settings=ac.AssessSettings(ranges=False, paths=200, draws=8))


def test_who_gains_what(result):
    """Lower tariffs help Japan; what it pays is counted apart, and least where it lends."""
    welfare = result.to_frame("welfare")
    against = welfare[(welfare["region"] == "JPN") & (welfare["against"] == "no_deal")]
    japan = against.set_index("package")
    for name in ("us_reading", "japan_reading", "signed"):
        assert 3.0 < japan.loc[name, "tariff_part"] < 6.0
        assert japan.loc[name, "transfer_part"] < 0
    assert japan.loc["us_reading", "transfer_part"] < 2 * japan.loc["signed", "transfer_part"]


def test_japan_values_the_three_readings_in_its_own_order(result):
    finance = result.to_frame("finance")
    japan = finance[finance["party"] == "JPN"].set_index("package")
    worth = [japan.loc[name, "npv"] for name in ("us_reading", "signed", "japan_reading")]
    assert worth == sorted(worth)
    assert japan.loc[["signed", "japan_reading"], "internal_return"].abs().max() < 0.1


def test_a_briefing_tells_only_of_the_lines_that_are_watched(result):
    briefing = ac.brief(result, date=date(2026, 11, 24), length="full")
    (section,) = (part for part in briefing.document.sections if part.id == "currency")
    table = next(block for block in section.blocks if isinstance(block, Table))
    columns = [str(column.label) for column in table.columns]
    assert "Crash within ten years" in columns
    assert not {"Below the IMF line", "Reserves below short-term debt"} & {*columns}
    page = briefing.html
    assert "No sudden stop is assumed" in page
    assert "International Monetary Fund asks" not in page
