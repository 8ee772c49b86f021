"""Investment as a yearly transfer: what the finance engine pays, averaged over the window."""

import numpy as np
import pytest

from accord.deal.load import load_deal, read_deal
from accord.finance.config import FinanceConfig
from accord.finance.solver import solve_finance
from accord.lowering.finance import lower_finance
from accord.lowering.transfers import yearly_transfers
from tests.deal.examples import DEAL

CENTRAL = FinanceConfig(paths=0)
EVEN = 'phases = [{ name = "all", years = 2.0, cost = 1.0 }]\ndelay = { mean = 0.0 }'


def transfers(extra="", window=range(2026, 2036), **fields):
    """Transfers of 200 bn of Korean equity whose projects are built evenly in two years."""
    text = DEAL.replace('amount = 200e9\ninstrument = "equity"\nannual_cap = 20e9\n', "")
    values = {"amount": "200e9", "instrument": '"equity"', "from": "2026-01-01"} | fields
    text += "".join(f"{key} = {value}\n" for key, value in values.items()) + extra
    text += f'\n[[project]]\nname = "average"\n{EVEN}\n'
    (pair,) = lower_finance(read_deal(text), "signed")
    return yearly_transfers(pair, solve_finance(pair.plan, CENTRAL), window)


def gross(window=range(2026, 2036), **fields):
    """Gross yearly transfer, bn USD."""
    return sum(yearly.gross for yearly in transfers(window=window, **fields))


def test_capped_money_is_called_at_the_cap_until_it_is_used_up():
    at_once = {"up_front": "true"}
    assert gross(window=[2026], annual_cap="20e9", select_until="2026-01-01") == pytest.approx(20.0)
    assert gross(annual_cap="20e9", select_until="2026-01-01") == pytest.approx(20.0)
    assert gross(window=[2026], **at_once) == pytest.approx(200.0)
    assert gross(**at_once) == pytest.approx(20.0)


def test_money_follows_the_building_of_the_projects():
    """Selected evenly over three years, each built in two: 1/6 of a year's worth in the first."""
    by_year = [gross(window=[year]) for year in range(2026, 2032)]
    assert sum(by_year) == pytest.approx(200.0)
    assert by_year[0] == pytest.approx(200 / 3 / 4, rel=0.1)
    assert by_year[2] == pytest.approx(200 / 3, rel=0.1)
    assert by_year[5] == pytest.approx(0.0, abs=1e-9)


def test_calls_after_the_last_day_are_void():
    assert gross(until="2026-12-31", select_until="2026-01-01") == pytest.approx(10.0)


def test_a_loan_flows_as_drawn_and_a_guarantee_only_when_called():
    assert gross(instrument='"loan"') == pytest.approx(20.0)
    safe = gross(instrument='"guarantee"', grace_years="15", loan_years="20")
    assert safe == pytest.approx(0.0, abs=1e-9)


def test_displacement_is_a_share_or_the_mean_of_a_triangle_and_nothing_by_default():
    (none,) = transfers()
    assert (none.displaced, none.net) == (0.0, none.gross)
    (half,) = transfers(displacement="0.5")
    assert [half.displaced, half.net] == pytest.approx([10.0, 10.0])
    (some,) = transfers(displacement="{ low = 0.0, mode = 0.3, high = 0.6 }")
    assert some.displaced == pytest.approx(20.0 * 0.3)


def test_an_empty_window_is_refused():
    with pytest.raises(ValueError, match="empty"):
        transfers(window=())


def test_the_shipped_packages():
    deal = load_deal("us-korea-2025")
    totals = {}
    for name in deal.package_names:
        paid = [
            transfer
            for pair in lower_finance(deal, name)
            for transfer in yearly_transfers(
                pair, solve_finance(pair.plan, FinanceConfig(paths=100)), deal.window
            )
        ]
        totals[name] = sum(transfer.gross for transfer in paid)
        assert all((transfer.payer, transfer.host) == ("KOR", "USA") for transfer in paid)
        assert all(transfer.path.startswith("package[") for transfer in paid)
    assert totals["no_deal"] == totals["status_quo"] == 0.0
    assert totals["us_demand"] == pytest.approx(35.0)
    assert 14.0 < totals["signed"] < 20.0
    assert 14.0 < totals["korea_counter"] < 18.4


def test_the_cap_of_the_memorandum_binds_for_years():
    (pair,) = lower_finance(load_deal("us-korea-2025"), "signed")
    cash = pair.plan.facilities[0].name
    value = solve_finance(pair.plan, FinanceConfig(paths=100)).value
    flow = value.by_facility[cash]["equity_called"]
    assert flow.max() <= 20.0 + 1e-9
    assert (np.isclose(flow, 20.0).sum(axis=1) >= 4).mean() > 0.9
    assert flow.sum(axis=1) == pytest.approx(200.0)
