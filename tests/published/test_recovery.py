"""What a 50:50 split demands of a project: closed forms for a level cash flow of twenty years.

The payer has recovered when its half of the cash has repaid principal and interest, so the
project needs twice the annuity of a loan: FCF / I = 2 / a(r, 20).
"""

import numpy as np
import numpy_financial as npf
import pytest
from scipy.optimize import brentq

from accord.finance.accounts.waterfall import SplitTerms, share_cash
from accord.finance.equations import internal_return

YEARS = 20


def level_project(cash, rate, *, whole=False, years=YEARS):
    """Return the waterfall of one dollar paid at the start and level cash at each year's end."""
    called, flow = np.zeros((1, years + 1)), np.full((1, years + 1), cash)
    called[0, 0], flow[0, 0] = 1.0, 0.0
    terms = SplitTerms(until_recovery=0.5, after_recovery=0.1, whole=whole)
    return share_cash(called, flow, terms, np.full(flow.shape, rate), steps_a_year=1)


# Interest, cash flow needed and internal return of the project, per cent of the investment.
@pytest.mark.parametrize(
    ("rate", "needed", "project"),
    [
        (0.040, 14.72, 13.6), (0.045, 15.38, 14.3), (0.050, 16.05, 15.1),
        (0.055, 16.74, 15.9), (0.060, 17.44, 16.6),
    ],
)  # fmt: skip
def test_level_cash_flow_that_recovers_in_twenty_years(rate, needed, project):
    def owed(cash):
        called = level_project(cash, rate)
        return float(called.balance[0, -1]) - 1e-9

    cash = brentq(owed, 0.10, 0.25)
    assert round(100 * cash, 2) == needed
    flow = np.array([-1.0, *[cash] * YEARS])
    assert round(100 * internal_return(flow, 1), 1) == project
    assert internal_return(flow, 1) == pytest.approx(npf.irr(flow), abs=1e-9)


def test_a_project_that_just_repays_on_its_whole_cash_returns_the_payer_half():
    rate = 0.05
    cash = float(npf.pmt(rate, YEARS, -1.0))
    by_whole = level_project(cash, rate, whole=True)
    assert by_whole.balance[0, -1] == pytest.approx(0.0, abs=1e-9)
    assert by_whole.balance[0, -2] > 0.01
    assert npf.npv(rate, by_whole.payer[0]) == pytest.approx(0.5, abs=1e-9)
    by_share = level_project(cash, rate)
    assert by_share.balance[0, -1] > 0.5
    assert npf.npv(rate, by_share.payer[0]) == pytest.approx(0.5, abs=1e-9)


def test_cash_that_clears_the_balance_within_a_year_is_split_both_ways():
    result = level_project(3.0, 0.05)
    owed = 1.05
    assert result.payer[0, 1] == pytest.approx(owed + 0.1 * (3.0 - 2 * owed))
    assert result.payer[0, 2] == pytest.approx(0.3)
    np.testing.assert_allclose(result.payer + result.host, [[0.0] + [3.0] * YEARS])
