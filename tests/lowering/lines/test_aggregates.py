"""Aggregates over lines: against a CES nest that is solved good by good."""

import numpy as np
import pytest

from accord.lowering.lines.aggregates import aggregate_rates
from tests.lowering.lines.samples import BUTTER, CAR, CHEESE, THETA, TRUCK, cell, compile_texts


def demand(price, taste, sigma, spending):
    """Return spending on each good of a CES nest at buyers' prices."""
    weight = taste * price ** (1.0 - sigma)
    return spending * weight / weight.sum()


def index(price, taste, sigma):
    return float((taste * price ** (1.0 - sigma)).sum() ** (1.0 / (1.0 - sigma)))


@pytest.fixture(scope="module")
def nest():
    """Tastes, an old and a new tariff, and customs values under the old one."""
    random = np.random.default_rng(3)
    taste, old, new = (
        random.uniform(0.2, 2, 12),
        random.uniform(0, 0.6, 12),
        random.uniform(0, 2, 12),
    )
    sigma = 5.5
    value = demand(1.0 + old, taste, sigma, 100.0) / (1.0 + old)
    kwargs = {"bought_under": old, "theta": np.full(12, sigma - 1.0)}
    told = aggregate_rates(np.zeros(12, dtype=int), value, rate=new, **kwargs)
    return taste, new, sigma, {name: float(values[0]) for name, values in told.items()}


def test_one_aggregate_keeps_the_price_index(nest):
    taste, new, sigma, told = nest
    uniform = np.full(12, 1.0 + told["price_index"])
    assert index(uniform, taste, sigma) == pytest.approx(index(1.0 + new, taste, sigma), rel=1e-12)


def test_the_other_keeps_the_import_value_at_the_price_index_of_the_sector(nest):
    """The nest is a small part of its sector: its spending is P^(1 - sigma) of a fixed demand."""
    taste, new, sigma, told = nest

    def imports(price):
        spending = index(price, taste, sigma) ** (1.0 - sigma)
        return float((demand(price, taste, sigma, spending) / price).sum())

    uniform = np.full(12, 1.0 + told["import_value"])
    assert imports(uniform) == pytest.approx(imports(1.0 + new), rel=1e-12)


def test_the_mean_falls_short_of_both_by_the_variance():
    random = np.random.default_rng(5)
    rate, value = random.uniform(0, 0.02, 400), random.uniform(1, 9, 400)
    told = aggregate_rates(np.zeros(400, dtype=int), value, rate=rate, bought_under=rate,
                           theta=np.full(400, 4.0))  # fmt: skip
    variance = told["dispersion"] ** 2
    assert told["price_index"] - told["mean"] == pytest.approx(2.5 * variance, rel=0.02)
    assert told["import_value"] - told["mean"] == pytest.approx(2.0 * variance, rel=0.02)


def test_equal_rates_have_one_aggregate_and_no_spread(tmp_path):
    lines = f"hs, rate\n{CAR}, 0.1\n{TRUCK}, 0.1"
    trade = f"exporter, hs, value\nBBB, {CAR}, 7\nBBB, {TRUCK}, 5"
    compiled = compile_texts(tmp_path, lines, trade)
    for name in ("mean", "price_index", "import_value", "lowest", "highest"):
        assert cell(compiled, "BBB", "motor_vehicles", name) == pytest.approx(0.1)
    assert cell(compiled, "BBB", "motor_vehicles", "dispersion") == pytest.approx(0, abs=1e-12)


def test_the_elasticity_is_that_of_the_sector(tmp_path):
    lines = f"hs, rate\n{BUTTER}, 0.0\n{CHEESE}, 0.5\n{CAR}, 0.0\n{TRUCK}, 0.5"
    trade = "exporter, hs, value\n" + "\n".join(
        f"BBB, {hs}, 1" for hs in (BUTTER, CHEESE, CAR, TRUCK)
    )
    compiled = compile_texts(tmp_path, lines, trade)
    for sector, theta in THETA.items():
        ratio = (1 + 1.5 ** (1 + theta)) / 2.5
        expected = ratio ** (1 / theta) - 1
        assert cell(compiled, "BBB", sector, "price_index") == pytest.approx(expected)


def test_extreme_rates_stay_finite():
    rate = np.array([0.0, 50.0, 900.0])
    told = aggregate_rates(np.zeros(3, dtype=int), np.array([1.0, 1e-9, 0.0]), rate=rate,
                           bought_under=rate, theta=np.full(3, 64.85))  # fmt: skip
    assert all(np.isfinite(values).all() for values in told.values())
    assert told["mean"] == pytest.approx(5e-8, rel=1e-6)


def test_duty_paid_says_under_which_rates_the_goods_were_bought(tmp_path):
    """Cars came in free and trucks under 50 %: a new rate of a tenth on both is a tenth."""
    lines = f"hs, rate\n{CAR}, 0.1\n{TRUCK}, 0.3"
    trade = f"exporter, hs, value, duty\nBBB, {CAR}, 60, 0\nBBB, {TRUCK}, 40, 20"
    compiled = compile_texts(tmp_path, lines, trade)
    weight = np.array([60.0, 40 * 1.5**7])
    rate = np.array([0.1, 0.3])
    expected = (weight.sum() / (weight * (1 + rate) ** -6.0).sum()) ** (1 / 6) - 1
    assert cell(compiled, "BBB", "motor_vehicles", "price_index") == pytest.approx(expected)
