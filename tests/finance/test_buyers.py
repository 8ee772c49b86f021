"""Refund guarantees, credits to buyers and investment by firms against their closed forms."""

import numpy as np
import pytest

from accord.finance.accounts.buyers import default_shares, lend_to_buyers, refund_buyers
from accord.finance.accounts.ledger import build_ledger
from accord.finance.config import FinanceConfig
from accord.finance.construction.projects import Phase, ProjectKind
from accord.finance.draws import central_draws, draw
from accord.finance.equations import discount_factors
from accord.finance.instruments import BuyerCredit, Direct, Guarantee, Loan, RefundGuarantee
from accord.finance.plan import Facility, Pace, ProfitSplit
from accord.finance.rates import STEPS, RateTerms
from accord.finance.solution import AGENTS, HOST, PAYER
from accord.finance.solver import solve_finance
from tests.finance.plans import cash_plan

YEARS = 40
RATE = 0.05
EVEN = ProjectKind("even", 10.0, (Phase("all", 1.0, 1.0),), 0.08, ramp_up=0.0, life=20.0)


def refunds(**changes) -> RefundGuarantee:
    """Return a guarantee of 40 bn at plain terms."""
    terms = {"fee": 0.0065, "default_rate": 0.01, "recovery": 0.5, "years": 2.0,
             "capital": 0.08, "capital_cost": 0.045}  # fmt: skip
    return RefundGuarantee(40.0, **(terms | changes))


def money(*instruments, until: float = 10.0, paths: int = 0, **changes):
    """Return the solution of a plan with a facility for each instrument."""
    pace = Pace(0.0, until)
    facilities = tuple(
        Facility(f"part {at}", instrument, pace,
                 {} if isinstance(instrument, RefundGuarantee | BuyerCredit) else {"even": 1.0})
        for at, instrument in enumerate(instruments)
    )  # fmt: skip
    given = {
        "facilities": facilities, "kinds": (EVEN,), "years": YEARS, "discount": (RATE, RATE),
        "split": None, "inflation": 0.0,
    }  # fmt: skip
    return solve_finance(cash_plan(**(given | changes)), FinanceConfig(paths=paths))


def test_a_guarantee_of_level_exposure_is_worth_margin_times_exposure_times_annuity():
    # Written at an even pace for ten years, each for two: 40 bn from year 2 to year 10.
    terms = refunds()
    (worth,) = money(terms).value.facility_npv["part 0"][PAYER]
    chance = (1 - (1 - terms.default_rate) ** (1 / STEPS)) * STEPS
    margin = terms.fee - chance * (1 - terms.recovery) - terms.capital * terms.capital_cost
    edges = np.arange(YEARS * STEPS + 1) / STEPS
    level = 40.0 * np.interp(edges, [0, 2, 10, 12, YEARS], [0, 1, 1, 0, 0])
    annuity = (level[1:] + level[:-1]) / 2 / STEPS @ discount_factors(RATE, YEARS * STEPS)
    assert worth == pytest.approx(margin * annuity, rel=1e-12)
    flat = refund_buyers(terms, Pace(-2.0, YEARS + 1.0), central_draws(YEARS * STEPS), 160)
    whole = margin * 40.0 * discount_factors(RATE, 160).sum() / STEPS
    net = flat.fee + flat.resold - flat.paid - flat.capital_cost
    assert net[0] @ discount_factors(RATE, 160) == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("kind", ["refund", "loan"])
def test_a_free_guarantee_does_not_exist(kind):
    debt = Loan(40.0, RateTerms(0.05), 12.0, 2.0)
    free = refunds(fee=0.0) if kind == "refund" else Guarantee(debt, 0.0, 0.01, 0.5, 0.08, 0.045)
    solution = money(free)
    assert solution.value.flows["capital_cost"].sum() > 0
    assert solution.value.npv[PAYER].mean() < -0.1
    if kind == "refund":
        assert solution.value.npv[HOST].tolist() == [0.0]


@pytest.mark.parametrize("kind", ["equal", "annuity", "bullet"])
def test_a_loan_whose_spread_pays_for_defaults_is_worth_par(kind):
    chance = 1 - (1 - 0.02) ** (1 / STEPS)
    step = (1 + RATE) ** (1 / STEPS) / (1 - chance * (1 - 0.6)) - 1
    terms = Loan(30.0, RateTerms((1 + step) ** STEPS - 1), 14.0, 2.0, kind)
    assert terms.interest.spread - RATE == pytest.approx(0.02 * 0.4 * 1.05, rel=0.02)
    solution = money(BuyerCredit(terms, 0.02, 0.6))
    assert solution.value.npv[PAYER][0] == pytest.approx(0.0, abs=1e-11)
    dear = money(BuyerCredit(terms, 0.03, 0.6)).value.npv[PAYER][0]
    assert dear < -0.5


def test_direct_investment_at_its_cost_of_capital_is_worth_what_is_paid_in():
    worth = money(Direct(20.0), discount=(EVEN.planned_return, RATE)).value.npv[PAYER][0]
    assert worth == pytest.approx(0.0, abs=0.02)
    part = money(Direct(20.0, 0.65), discount=(EVEN.planned_return, RATE))
    called = part.value.flows["equity_called"].sum(axis=0)
    assert part.value.npv[PAYER][0] < -0.2 * called.sum()
    shared = part.value.flows["paid_to_payer"] / part.value.flows["cash_flow"].clip(1e-12)
    np.testing.assert_allclose(shared[shared > 0], 0.65)


def test_defaults_on_the_paths_have_the_mean_of_the_central_path():
    luck = draw(4000, 40, 1)
    shares = default_shares(0.2, 5, luck, 40)
    chance = 1 - 0.8 ** (1 / STEPS)
    assert shares.mean() == pytest.approx(chance, rel=0.01)
    assert set(np.unique(shares * 5).round(9)) <= {0, 1, 2, 3, 4, 5}
    assert shares.var() == pytest.approx(chance * (1 - chance) / 5, rel=0.02)
    credit = BuyerCredit(Loan(30.0, RateTerms(0.06), 10.0, 1.0), 0.05, 0.5, borrowers=4)
    paths, centre = (
        lend_to_buyers(credit, Pace(0.0, 3.0), luck_of, 80) for luck_of in
        (draw(6000, 80, 2), central_draws(80))
    )  # fmt: skip
    for name in ("drawn", "served", "recovered"):
        mean, central = getattr(paths, name).sum(axis=1).mean(), getattr(centre, name).sum()
        assert mean == pytest.approx(central, rel=0.02), name


def test_no_more_is_outstanding_than_the_ceiling_nor_lent_than_the_amount():
    terms = refunds(years=2.5)
    out = refund_buyers(terms, Pace(1.0, 8.0), central_draws(80), 80).outstanding[0]
    assert out.max() == pytest.approx(40.0)
    assert (out[:4] == 0).all()
    assert (out[42:] == 0).all()
    assert out.sum() / STEPS == pytest.approx(40.0 / 2.5 * 7.0 * 2.5)
    short = refund_buyers(terms, Pace(0.0, 1.0), central_draws(80), 80).outstanding[0]
    assert short.max() == pytest.approx(40.0 / 2.5)
    credit = BuyerCredit(Loan(30.0, RateTerms(0.06)), 0.05, 0.5)
    capped = lend_to_buyers(credit, Pace(0.0, 3.0, annual_cap=4.0), central_draws(80), 80).drawn
    assert capped.reshape(-1, STEPS).sum(axis=1).max() <= 4.0 + 1e-12
    assert capped.sum() == pytest.approx(30.0)


def test_facilities_add_up_to_the_whole_and_money_is_conserved():
    loan = Loan(25.0, RateTerms(0.055), 12.0, 2.0)
    parts = (refunds(), BuyerCredit(loan, 0.02, 0.6), Direct(20.0, 0.7), loan,
             Guarantee(loan, 0.005, 0.01, 0.5, 0.08, 0.045))  # fmt: skip
    pooled = ProfitSplit(0.5, 0.1, RateTerms(0.05), covers=("part 2", "part 3"))
    for split in (None, pooled):
        solution = money(*parts, paths=40, split=split)
        value = solution.value
        for party in (PAYER, HOST):
            whole = sum(worth[party] for worth in value.facility_npv.values())
            np.testing.assert_allclose(whole, value.npv[party], rtol=1e-9)
            for name, worth in value.facility_values.items():
                mean = value.facility_npv[name][party].mean()
                assert sum(worth[party].values()) == pytest.approx(mean, rel=1e-9)
        for name, flow in value.flows.items():
            apart = [flows[name] for flows in value.by_facility.values() if name in flows]
            np.testing.assert_allclose(sum(apart, np.zeros_like(flow)), flow, atol=1e-11)
        assert np.max([*solution.residuals.values()]) < 1e-10, solution.residuals
        ledger = build_ledger(solution)
        assert not np.sum([ledger.net(agent) for agent in AGENTS], axis=0).any()
