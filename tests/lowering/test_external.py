"""From a deal file and the world's figures to the plans of the external engine."""

import numpy as np
import pytest

from accord.assessment.snapshot.external import solve_package_external
from accord.assessment.snapshot.finance import solve_package_finance
from accord.assessment.snapshot.safe_amounts import STRUCTURES, find_safe_amounts
from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.external_entries import WATCHED_LINES
from accord.deal.load import load_deal, read_deal
from accord.external.config import ExternalConfig
from accord.external.equations import adequacy
from accord.external.plan import FALL, LINES
from accord.finance.config import FinanceConfig
from accord.lowering.external import (
    build_sheet,
    find_missing,
    known_payers,
    lower_external,
    uncounted_clauses,
)
from accord.lowering.sudden_stops import lower_stop
from tests.deal.examples import DEAL, small_world

SHEET = """
reserves = 428.2e9
short_term_debt = 179e9
other_liabilities = 900e9
broad_money = 2900e9
exports = 840e9
imports = 759e9
gdp = 1870e9
volatility = 0.09
"""
DOLLARS = f"""
[[external]]
party = "KOR"
source = "notice"
{SHEET}
"""
SWAP = """
[[package.clause]]
kind = "swap_line"
provider = "USA"
user = "KOR"
amount = 60e9
rate = 0.03
from = 2027-01-15
until = 2028-12-31
"""
SAY = """
[[package.clause]]
kind = "fx_adjustment"
party = "KOR"
granted = 0.25
disorderly = 0.1
"""


def problems(text):
    with pytest.raises(InputError) as caught:
        read_deal(text, world=small_world())
    return str(caught.value)


def lowered(text, name="signed"):
    deal = read_deal(text)
    return lower_external(deal, name, "KOR", small_world(), money=())


def test_at_the_end_of_2025_by_hand():
    sheet = build_sheet(load_deal("us-korea-2025"), "KOR", load_world())
    expected = {428.2: (0.93, 0.60, 2.39), 408.2: (0.89, 0.57, 2.28), 78.2: (0.17, 0.11, 0.44)}
    for left, (floating, fixed, cover) in expected.items():
        assert adequacy("ara_floating", sheet, left) == pytest.approx(floating, abs=0.005)
        assert adequacy("ara_fixed", sheet, left) == pytest.approx(fixed, abs=0.005)
        assert adequacy("guidotti", sheet, left) == pytest.approx(cover, abs=0.005)


def test_twenty_economies_have_a_balance_sheet():
    deal, world = load_deal("us-korea-2025"), load_world()
    complete = {name for name in world.regions if not find_missing(deal, name, world)}
    assert len(complete) >= 20
    assert {"KOR", "JPN"} <= complete


def test_a_country_without_a_balance_sheet_is_told_what_is_missing():
    deal = read_deal(DEAL)
    assert known_payers(deal, small_world()) == ()
    with pytest.raises(InputError) as caught:
        lower_external(deal, "signed", "KOR", small_world(), money=())
    text = str(caught.value)
    for name in ("reserves", "short_term_debt", "broad_money", "exports", "imports", "gdp"):
        assert f"KOR.{name}" in text
    assert "[[external]]" in text


def test_own_figures_complete_it():
    plan = lowered(DEAL + DOLLARS)
    assert (plan.sheet.reserves, plan.sheet.short_term_debt) == (428.2, 179.0)
    assert plan.process.volatility == 0.09
    # One per cent of GDP raises the dollar by 1.85 %.
    assert plan.price.level * 18.7 == pytest.approx(np.log(1.0185))
    assert plan.financing.borrowing_cap == pytest.approx(0.007 * 1870)


def test_every_problem_of_the_table_is_named_at_once():
    text = problems(
        DEAL
        + DOLLARS.replace("428.2e9", "-1.0")
        .replace('"KOR"', '"KOREA"')
        .replace("volatility = 0.09", 'volatility = 0.09\norder = ["spot", "spot"]')
        + """
floors = { guidoti = 1.0 }
income = { low = 0.04, mode = 0.02, high = 0.05 }
borrowing_rate = "moon + 0.01"
"""
    )
    for words in (
        "external[1].reserves",
        '"KOREA" is not a party',
        "names a source twice",
        "Did you mean guidotti",
        "not in rising order",
        "external[1].borrowing_rate",
    ):
        assert words in text


def test_a_party_has_one_table():
    assert "has a table already" in problems(DEAL + DOLLARS + DOLLARS)


def test_a_swap_line_with_oneself_is_refused():
    assert "package[1].clause" in problems(DEAL + SWAP.replace('"USA"', '"KOR"'))


def test_lines_and_says_become_parts_of_the_plan():
    plan = lowered(DEAL + SWAP + SAY + DOLLARS)
    assert plan.swap is not None
    assert (plan.swap.amount, plan.swap.rate) == (60.0, 0.03)
    assert (plan.swap.first, plan.swap.last) == (12, 36)
    assert plan.swap.trigger == pytest.approx(0.75 * 458.9, rel=0.3)
    assert plan.adjustment is not None
    assert (plan.adjustment.chance, plan.adjustment.threshold) == (0.25, 0.1)
    right = lowered(DEAL + SAY + "right = true\n" + DOLLARS)
    assert right.adjustment is not None
    assert right.adjustment.chance == 1.0


def test_own_lines_to_watch():
    plan = lowered(DEAL + DOLLARS + "floors = { reserves = 300e9, fall = 0.3 }\n")
    assert [floor.metric for floor in plan.floors] == ["slide", "debt", "reserves", FALL]
    levels = [np.log(1.25), 0.85, 300.0, np.log(1.3)]
    assert [floor.level for floor in plan.floors] == pytest.approx(levels)


def test_clauses_on_a_currency_that_is_not_followed_are_named():
    deal = read_deal(DEAL + SWAP + SAY)
    kinds = [clause.kind for clause in uncounted_clauses(deal, "signed", small_world())]
    assert kinds == ["swap_line", "fx_adjustment"]
    known = read_deal(DEAL + SWAP + SAY + DOLLARS)
    assert uncounted_clauses(known, "signed", small_world()) == ()


def test_packages_share_random_numbers_and_payments_are_those_of_the_money():
    deal, world = load_deal("us-korea-2025"), load_world()
    names = ["no_deal", "us_demand", "signed"]
    money = solve_package_finance(deal, names, FinanceConfig(50))
    config = ExternalConfig(400)
    idle, demand, signed = solve_package_external(deal, names, world, finance=money, config=config)
    assert not idle.plan.payments.any()
    assert demand.plan.payments[:3].sum() == pytest.approx(350.0, rel=0.01)
    yearly = signed.plan.payments.reshape(-1, 12).sum(axis=1)
    # At most 20 bn of cash, and what is lent and invested for ships over ten years.
    ships = sum(clause.amount for clause in money[-1].pair.clauses[2:]) / 1e9
    assert 15.0 < yearly.max() <= 20.0 + ships / 5
    falls = [solved.solution.value.breach(FALL).by_year[0] for solved in (idle, signed, demand)]
    assert falls[0] <= falls[1] <= falls[2]
    assert falls[2] > 0.5


def test_safe_amounts_rise_with_the_limit_for_every_way_of_paying():
    deal, world = load_deal("us-korea-2025"), load_world()
    amounts = find_safe_amounts(deal, world, limits=(0.03, 0.1), config=ExternalConfig(200))
    assert len(amounts) == 2 * len(STRUCTURES)
    for strict, bold in zip(amounts[::2], amounts[1::2], strict=True):
        assert strict.structure is bold.structure
        assert 0.0 < strict.capacity.amount <= bold.capacity.amount


PRIVATE = """
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 50e9
instrument = "direct"
"""


def test_private_money_has_no_claim_on_reserves():
    """A package of private money is bought in the market; its payer has one way to pay."""
    text = DEAL[: DEAL.index("[[package.clause]]")] + PRIVATE + DOLLARS
    private = read_deal(text)
    public = read_deal(text.replace('"direct"', '"direct"\nfunds = "public"'))
    plans = []
    for deal in (private, public):
        money = solve_package_finance(deal, ["signed"], FinanceConfig(50))
        plans.append(lower_external(deal, "signed", "KOR", small_world(), money=money))
    assert plans[0].private is not None
    assert plans[1].private is not None
    assert not plans[0].payments.any()
    assert not plans[1].private.any()
    assert plans[0].private.sum() == pytest.approx(np.maximum(plans[1].payments, 0).sum(), rel=0.05)
    few = ExternalConfig(20)
    ways = [
        {amount.structure.name for amount in find_safe_amounts(deal, small_world(), config=few)}
        for deal in (private, public)
    ]
    assert ways == [{"market purchases"}, {structure.name for structure in STRUCTURES}]


def test_a_chance_of_a_stop_is_the_payers_own_or_that_of_its_class():
    """Korea's two in 35 years; none for an issuer of reserves; what a file says comes first."""
    deal = load_deal("us-korea-2025")
    own = lower_stop(deal, "KOR")
    assert (own.rate, own.shape) == pytest.approx((2.5 / 35, 2.5))
    assert lower_stop(deal, "CHE").rate == 0.0
    assert lower_stop(deal, "BRA").rate == pytest.approx(2.5 / 20.6)
    known = lower_stop(read_deal(DEAL + DOLLARS + "stop_rate = 0.03\n"), "KOR")
    assert (known.rate, known.shape) == (0.03, None)
    counted = read_deal(DEAL + DOLLARS + "stop_events = 1\nstop_years = 50\n")
    assert lower_stop(counted, "KOR").rate == pytest.approx(1.5 / 50)
    for text, words in (
        ("stop_events = 1\n", "stands alone"),
        ("stop_years = 0\nstop_events = 1\n", "is zero"),
        ("stop_events = 1\nstop_years = 9\nstop_rate = 0.1\n", "Keep one of the two"),
    ):
        assert words in problems(DEAL + DOLLARS + text)


def test_a_deal_file_can_watch_exactly_the_lines_the_engine_knows():
    assert LINES == WATCHED_LINES
