"""Reserve metrics and the debt recursion against figures worked out by hand; wrong inputs."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.external.balance import BalanceSheet, DebtTerms
from accord.external.capacity import safe_capacity
from accord.external.config import ExternalConfig
from accord.external.equations import adequacy, ara_norm, project_debt
from accord.external.plan import FALL, Financing, Floor, PaceAdjustment, SwapLine
from accord.external.solver import solve_external
from tests.external.plans import KOREA, korea_plan


def test_the_norm_of_the_fund_for_korea():
    """5 % of 850, 5 % of 2,835.8, 30 % of 179.0, 15 % of 1,476.7."""
    assert ara_norm(KOREA) == pytest.approx(42.5 + 141.79 + 53.7 + 221.505)
    assert ara_norm(KOREA, "ara_fixed") == pytest.approx(85 + 283.58 + 53.7 + 295.34)


@pytest.mark.parametrize(
    ("paid", "floating", "guidotti"),
    [(0, 93, 2.39), (350, 17, 0.44), (20, 89, 2.28), (200, 50, 1.27)],
)
def test_korea_at_the_end_of_2025_and_after_a_payment(paid, floating, guidotti):
    left = 428.2 - paid
    assert round(100 * float(adequacy("ara_floating", KOREA, left))) == floating
    assert round(float(adequacy("guidotti", KOREA, left)), 2) == guidotti


def test_the_other_metrics():
    assert round(100 * float(adequacy("ara_fixed", KOREA, 428.2))) == 60
    assert adequacy("import_months", KOREA, 428.2) == pytest.approx(428.2 / (758.7 / 12))
    assert adequacy("money", KOREA, 428.2) == pytest.approx(0.151, abs=5e-4)
    assert adequacy("guidotti", KOREA, 428.2, 10.0) == pytest.approx(428.2 / 189.0)


def test_debt_follows_the_recursion_by_hand():
    """d0 = 50 %; rates 3 and 5 %, 10 % abroad; growth 2 %, deflator 2 %; deficit 1 %; then a fall.

    Year 1: home 0.45, abroad 0.05; scale 1.0404; interest (0.03 x 0.45 + 0.05 x 0.05) / 1.0404 =
    0.015379; debt 0.5 / 1.0404 + 0.015379 + 0.01 = 0.505963. Year 2, dollar 20 % dearer, 0.02 from
    outside: home 0.455367, abroad 0.050596 x 1.2 = 0.060716; interest 0.016697 / 1.0404
    = 0.016049; debt 0.516083 / 1.0404 + 0.016049 + 0.01 + 0.02 = 0.542092.
    """
    terms = DebtTerms(0.02, 0.02, 0.03, 0.05, 0.10, 5.0)
    years = np.zeros((1, 2))
    path = project_debt(
        0.5, -0.01, terms, growth=years + 0.02,
        depreciation=np.array([[0.0, 0.2]]), more=np.array([[0.0, 0.02]]),
    )  # fmt: skip
    np.testing.assert_allclose(path.debt, [[0.505963, 0.542092]], atol=2e-6)
    np.testing.assert_allclose(
        path.financing_need[0, 0], 0.01 + 0.015379 + 0.5 / 5 / 1.0404, atol=2e-6
    )


def test_capacity_rises_with_the_limit_and_with_a_swap_line():
    plan = korea_plan(financing=Financing(("income", "reserves")), floors=(Floor("guidotti", 1.0),))
    config = ExternalConfig(600)
    tight, loose = safe_capacity(plan, limits=(0.05, 0.2), config=config)
    assert 0 < tight.amount < loose.amount
    assert tight.binding == "guidotti 1"
    assert tight.chances["guidotti 1"] - tight.idle["guidotti 1"] <= 0.05
    helped = replace(plan, swap=SwapLine(60.0, trigger=KOREA.short_term_debt))
    assert safe_capacity(helped, config=config)[0].amount >= tight.amount


def test_capacity_is_zero_or_unlimited_where_it_must_be():
    config = ExternalConfig(200)
    broke = replace(KOREA, reserves=0.0)
    far = (Floor(FALL, 9.9),)
    plan = korea_plan(sheet=broke, financing=Financing(("income", "reserves")), floors=far)
    assert safe_capacity(plan, config=config)[0].amount == 0.0
    calm = replace(korea_plan().stop, rate=0.0)
    free = korea_plan(financing=Financing(("spot",)), floors=(Floor("reserves", 1.0),), stop=calm)
    assert safe_capacity(free, config=config)[0].unlimited
    with pytest.raises(InputError, match="limit"):
        safe_capacity(free, limits=(1.5,))


def test_every_problem_of_a_plan_is_named_at_once():
    plan = korea_plan(
        sheet=BalanceSheet(-1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0),
        payments=np.array([1.0, np.nan]),
        financing=Financing(("spot", "spot"), (0.5, 0.1, 0.2), -1.0),
        process=replace(korea_plan().process, volatility=-1.0, arch=0.9, tail=1.0),
        price=replace(korea_plan().price, level=-1.0),
        stop=replace(korea_plan().stop, rate=2.0, months=0),
        swap=SwapLine(-5.0),
        adjustment=PaceAdjustment(2.0),
        floors=(Floor("guidoti", 1.0),),
    )
    with pytest.raises(InputError) as caught:
        solve_external(plan)
    text = str(caught.value)
    for words in (
        "reserves: -1 is negative", "short_term_debt: is zero", "cover 2 months", "not all finite",
        "names a source twice",
        "rising order", "borrowing_cap: is negative", "process.volatility", "do not sum to less",
        "degrees of freedom", "price.level", "stop.rate", "stop.months", "swap.amount: -5",
        "adjustment.chance", "Did you mean guidotti?",
    ):  # fmt: skip
        assert words in text, words
