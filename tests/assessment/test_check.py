"""The check of a deal: what is committed, called and finished, and what it warns of."""

import datetime as dt

import pytest

import accord as ac
from accord.assessment.snapshot.finance import solve_package_finance
from accord.core.errors import InputError, Notice
from accord.data.store import load_world
from accord.deal.checks.notices import find_notices
from accord.deal.load import read_deal
from accord.finance.config import FinanceConfig
from tests.deal.examples import DEAL, clause_text, small_world

WORLD = small_world()
AMOUNT = "amount = 200e9\n"


def checked(text):
    return ac.check(read_deal(text, world=WORLD), world=WORLD)


def test_a_commitment_is_followed_to_its_last_call_and_its_last_project():
    (commitment,) = checked(DEAL).commitments
    assert (commitment.package, commitment.path, commitment.payer) == (
        "signed",
        "package[1].clause[2]",
        "KOR",
    )
    assert commitment.committed == pytest.approx(200)
    assert commitment.called == pytest.approx(200, abs=1e-6)
    assert commitment.finished == pytest.approx(200, abs=1e-6)
    # 20 bn a year at most: ten years at the least
    assert commitment.last_call is not None
    assert commitment.last_call >= dt.date(2026 + 9, 12, 31)
    assert checked(DEAL).notices == ()


def test_the_echo_is_what_the_finance_engine_pays_on_its_central_path():
    deal = read_deal(DEAL.replace(AMOUNT, AMOUNT + "until = 2029-06-30\n"), world=WORLD)
    (money,) = solve_package_finance(deal, ["signed"], FinanceConfig(paths=0))
    (commitment,) = ac.check(deal, world=WORLD).commitments
    assert commitment.called == pytest.approx(float(money.solution.value.called[0]), rel=1e-12)


def test_a_promise_by_a_day_written_as_the_last_day_of_calls_is_told():
    text = DEAL.replace(AMOUNT, AMOUNT + "until = 2028-12-31\n")
    outcome = checked(text)
    (commitment,) = outcome.commitments
    assert commitment.called < 0.5 * commitment.committed
    told = [str(notice) for notice in outcome.notices]
    assert all(isinstance(notice, Notice) for notice in outcome.notices)
    assert {notice.path for notice in outcome.notices} == {"package[1].clause[2]"}
    assert any("of 200 bn are called" in text and "`select_until`" in text for text in told)
    assert any("are finished by" in text for text in told)


def test_a_cap_too_low_for_the_horizon_is_told():
    (notice,) = checked(DEAL.replace("annual_cap = 20e9", "annual_cap = 2e9")).notices[:1]
    assert "Raise `annual_cap`" in str(notice)


def test_a_day_on_which_no_package_applies_is_told():
    text = DEAL.replace("[no_deal]", "[assessment]\nevaluate_on = 2024-12-31\n[no_deal]", 1)
    (notice,) = checked(text).notices
    assert notice.path == "assessment.evaluate_on"
    assert "no tariff of signed is in force on 2024-12-31" in str(notice)


def test_a_figure_far_from_that_of_the_world_is_told():
    own = '[[external]]\nparty = "KOR"\ngdp = GDP\n[no_deal]'
    for given, count in (("1.9e12", 0), ("25e12", 1), ("2.5e11", 0)):
        text = DEAL.replace("[no_deal]", own.replace("GDP", given), 1)
        notices = find_notices(read_deal(text, world=load_world()), load_world())
        assert len(notices) == count
    (notice,) = find_notices(
        read_deal(DEAL.replace("[no_deal]", own.replace("GDP", "1.9e10"), 1)), load_world()
    )
    assert notice.path == "external[1].gdp"
    assert "did you mean" in notice.remedy


BOUGHT = """
[[package.clause]]
kind = "purchase"
buyer = "KOR"
seller = "USA"
products = PRODUCTS
amount = AMOUNT
from = 2026-01-01
until = 2029-12-31
"""


@pytest.mark.parametrize(
    ("products", "amount", "told"),
    [
        ('["27"]', "400e9", True),
        ('["27"]', "8e9", False),
        ('["mining", "petroleum"]', "400e9", True),
        ('["other_transport"]', "14e9", False),
        ('["other_transport"]', "140e9", True),
        ('["defence equipment"]', "900e9", False),  # no good of the data: nothing to hold it to
    ],
)
def test_a_purchase_far_above_what_is_traded_is_told(products, amount, told):
    world = load_world()
    text = DEAL + BOUGHT.replace("PRODUCTS", products).replace("AMOUNT", amount)
    notices = [
        n for n in find_notices(read_deal(text, world=world), world) if "bn a year" in str(n)
    ]
    assert len(notices) == told
    assert all(n.path == "package[1].clause[3].amount" for n in notices)


def test_the_bound_of_a_purchase_is_three_times_what_is_bought():
    world = load_world()
    buyer, seller = (world.regions.index(name) for name in ("KOR", "USA"))
    today = world.flows[buyer, seller, world.sectors.index("food")]
    for times, told in ((2.9, False), (3.1, True)):
        bought = BOUGHT.replace("PRODUCTS", '["food"]')
        text = DEAL + bought.replace("AMOUNT", f"{times * today * 4:.6f}e9")
        notices = find_notices(read_deal(text, world=world), world)
        assert any("bn a year" in str(notice) for notice in notices) == told


def test_the_commitments_are_a_table():
    frame = checked(DEAL).to_frame()
    assert list(frame.package) == ["signed"]
    assert frame.committed[0] == pytest.approx(200)


def test_summary_and_repr_hold_the_warnings_and_the_amounts():
    outcome = checked(DEAL.replace(AMOUNT, AMOUNT + "until = 2028-12-31\n"))
    assert "warning: package[1].clause[2]" in outcome.summary()
    assert "of 200 bn called" in outcome.summary()
    assert repr(outcome) == "DealCheck('small': no problem, 2 warnings)"


@pytest.mark.parametrize("name", ["us-korea-2025", "us-japan-2025"])
def test_shipped_cases_call_and_finish_what_they_commit(name):
    outcome = ac.check(name)
    assert outcome.commitments
    assert all(
        commitment.is_called and commitment.is_finished for commitment in outcome.commitments
    )


def test_problems_are_raised_and_not_returned():
    with pytest.raises(InputError, match="Did you mean KOR"):
        ac.check(read_deal(DEAL.replace('"KOR"', '"KORR"'), world=WORLD), world=WORLD)


def test_a_loan_of_which_nothing_falls_due_is_told_and_still_solved():
    loan = DEAL.replace('instrument = "equity"', 'instrument = "loan"\nselect_until = 2026-12-31')
    text = loan.replace("[no_deal]", "[assessment]\nhorizon = 4\n[no_deal]", 1)
    outcome = checked(text)
    assert "nothing falls due within the 4 years" in outcome.summary()
    (money,) = solve_package_finance(outcome.deal, ["signed"], FinanceConfig(paths=0))
    assert money.solution.value.mean_flow("principal").sum() == 0.0
    assert money.solution.value.mean_flow("loans_drawn").sum() > 0.0


def test_a_title_in_per_cent_beside_the_same_number_as_a_fraction_is_told():
    text = DEAL.replace("rate = 0.15", 'rate = 0.5\ntitle = "0.5 % on cars"')
    (notice,) = [notice for notice in checked(text).notices if notice.path.endswith("rate")]
    assert "did you mean 0.005?" in str(notice)
    text = DEAL.replace("rate = 0.15", 'rate = 0.15\ntitle = "15 % on cars"')
    assert checked(text).notices == ()


def test_prices_of_years_ago_are_told():
    (notice,) = [
        notice
        for notice in checked(DEAL.replace("price_year = 2024", "price_year = 2010")).notices
        if notice.path == "price_year"
    ]
    assert "prices of 2010" in str(notice)


@pytest.mark.parametrize(
    "day", ["2026-12-31", "2027-12-31", "2028-12-31", "2029-12-31", "2030-06-30"]
)
def test_no_money_is_called_after_the_last_day_of_calls(day):
    (commitment,) = checked(DEAL.replace(AMOUNT, f"{AMOUNT}until = {day}\n")).commitments
    assert commitment.last_call is not None
    assert commitment.last_call <= dt.date.fromisoformat(day)


def test_a_group_as_importer_is_checked_like_a_region():
    clause = clause_text(
        "package", "tariff", importer="EU", exporters=["USA"], products=["food"], rate=0.1,
        rule="level", basis="MFN",
    )  # fmt: skip
    assert checked(DEAL + clause).notices == ()
    with pytest.raises(InputError, match="contradicts"):
        checked(DEAL + clause + clause.replace("0.1", "0.2"))


@pytest.mark.parametrize(("title", "count"), [("", 1), ("Whisky at 75 %", 0), ("From 150 %", 1)])
def test_a_high_agreed_rate_is_asked_about_unless_the_title_says_it(title, count):
    clause = clause_text(
        "package", "tariff", title=title, importer="JPN", exporters=["USA"], products=["food"],
        rate=0.75, rule="level", basis="FTA",
    )  # fmt: skip
    told = [
        notice
        for notice in checked(DEAL + clause).notices
        if notice.path.endswith("clause[3]") and "did you mean 0.0075?" in notice.remedy
    ]
    assert len(told) == count
