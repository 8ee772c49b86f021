"""Investment as a yearly transfer, on numbers worked by hand."""

from datetime import date
from typing import Any

import pytest

from accord.deal.clauses import InvestmentClause
from accord.deal.load import load_deal
from accord.deal.transfers import build_calls, yearly_transfers

WINDOW = tuple(range(2026, 2036))


def investment(**fields):
    """200 bn of Korean equity in the USA unless told otherwise; `start` stands for `from`."""
    values: dict[str, Any] = {"kind": "investment", "payer": "KOR", "host": "USA"}
    values |= {"amount": 200e9, "instrument": "equity"} | fields
    if "start" in values:
        values["from"] = values.pop("start")
    return InvestmentClause.model_validate(values)


def gross(**fields):
    """Yearly transfer of one clause, bn USD."""
    return yearly_transfers([investment(**fields)], WINDOW)[0].gross


def test_capped_money_is_called_at_the_cap_until_it_is_used_up():
    calls = build_calls(investment(amount=50e9, annual_cap=20e9), WINDOW)
    assert calls == {2026: 20.0, 2027: 20.0, 2028: 10.0}
    assert gross(amount=50e9, annual_cap=20e9) == pytest.approx(5.0)


def test_what_the_cap_does_not_let_through_in_time_is_not_called():
    calls = build_calls(investment(annual_cap=20e9, until=date(2028, 6, 30)), WINDOW)
    assert sum(calls.values()) == pytest.approx(60.0)


def test_calls_beyond_the_window_do_not_count_in_its_average():
    assert gross(annual_cap=10e9) == pytest.approx(10.0)


def test_up_front_money_is_paid_in_the_first_year():
    assert build_calls(investment(up_front=True), WINDOW) == {2026: 200.0}
    assert gross(up_front=True) == pytest.approx(20.0)
    assert yearly_transfers([investment(up_front=True)], 2026)[0].gross == pytest.approx(200.0)


def test_money_without_a_pace_is_spread_over_its_years():
    clause = investment(start=date(2027, 3, 1), until=date(2030, 12, 31))
    assert build_calls(clause, WINDOW) == dict.fromkeys((2027, 2028, 2029, 2030), 50.0)
    assert gross() == pytest.approx(20.0)


def test_money_paid_before_the_window_does_not_count():
    assert gross(start=date(2025, 1, 1), up_front=True) == 0.0


def test_a_loan_flows_as_drawn_and_a_guarantee_only_when_called():
    assert gross(instrument="loan") == pytest.approx(20.0)
    assert gross(instrument="guarantee") == 0.0
    assert gross(instrument="guarantee", called_share=0.1) == pytest.approx(2.0)


def test_displacement_is_a_share_or_the_mean_of_a_triangle_and_nothing_by_default():
    (none,) = yearly_transfers([investment()], WINDOW)
    assert (none.displaced, none.net) == (0.0, none.gross)
    (half,) = yearly_transfers([investment(displacement=0.5)], WINDOW)
    assert [half.displaced, half.net] == pytest.approx([10.0, 10.0])
    spread = {"low": 0.0, "mode": 0.3, "high": 0.6}
    (some,) = yearly_transfers([investment(displacement=spread)], WINDOW)
    assert some.displaced == pytest.approx(20.0 * 0.3)


def test_an_empty_window_is_refused():
    with pytest.raises(ValueError, match="empty"):
        yearly_transfers([investment()], ())


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ("no_deal", 0.0),
        ("us_demand", 35.0),
        ("korea_counter", 18.375),
        ("signed", 20.0),
        ("status_quo", 0.0),
    ],
)
def test_the_shipped_packages(package, expected):
    deal = load_deal("us-korea-2025")
    transfers = yearly_transfers(deal.clauses(package), deal.window)
    assert sum(t.gross for t in transfers) == pytest.approx(expected)
    assert all((t.payer, t.host) == ("KOR", "USA") for t in transfers)
    assert all(t.path.startswith("package[") for t in transfers)
