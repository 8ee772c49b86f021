"""A share of a duty that is cut, and quotas in steps."""

from datetime import date

import pytest

from accord.core.errors import InputError
from accord.deal.clauses.tariff import Quota, TariffClause
from accord.deal.load import read_deal
from accord.lowering.roles import by_member
from accord.lowering.tariff_path import turns_of
from accord.lowering.tariff_schedule import tariff_on
from tests.deal.examples import CARS, DAY, DEAL, FOOD, KOR, small_world, tariff_clause

WORLD = small_world()
USA = 0
BASE_FOOD = 0.4 / 10.0
LATER = date(2031, 1, 1)
STEPPED = Quota(
    amount=2e9,
    in_quota_rate=0.05,
    steps=[{"from": LATER, "amount": 5e9}, {"from": date(2036, 1, 1), "amount": 8e9,
           "in_quota_rate": 0.0}],
)  # fmt: skip


def rate(*clauses, exporter=KOR, sector=FOOD, day=DAY):
    """All-in rate of one cell of US imports."""
    return float(tariff_on(clauses, WORLD, day)[USA, exporter, sector])


def cut(share, **fields):
    given = {"rate": share, "rule": "cut", "basis": "FTA", "products": ("food",)}
    return tariff_clause(**(given | fields))


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_cut_takes_its_share_off_the_duty_of_each_good(share):
    assert rate(cut(share)) == pytest.approx((1 - share) * BASE_FOOD, abs=1e-15)
    cars = cut(share, products=("motor_vehicles",))
    base = (0.0 * 30 + 0.1) / 40.0
    assert rate(cars, sector=CARS) == pytest.approx((1 - share) * base, abs=1e-15)


def test_a_cut_leaves_what_is_added_on_other_bases():
    more = tariff_clause(rate=0.10, products=("food",), basis="IEEPA")
    assert rate(cut(0.5), more) == pytest.approx(0.5 * BASE_FOOD + 0.10, abs=1e-15)


def test_a_cut_proceeds_by_steps_from_the_duty_of_the_base_year():
    gradual = cut(0.2, steps=[{"from": LATER, "rate": 0.6}])
    rates = [rate(gradual, day=day) for day in (DAY, LATER)]
    assert rates == pytest.approx([0.8 * BASE_FOOD, 0.4 * BASE_FOOD], abs=1e-15)


def test_in_a_quota_more_of_the_duty_is_cut():
    """Half of the food is in the quota and free; a quarter of the duty is cut on the rest."""
    clause = cut(0.25, quota=Quota(amount=5e9, in_quota_rate=1.0), exporters=("KOR",))
    assert rate(clause) == pytest.approx((0.5 * 0.0 + 0.5 * 0.75) * BASE_FOOD, abs=1e-12)


@pytest.mark.parametrize(
    ("day", "share", "inside"),
    [(DAY, 0.2, 0.05), (LATER, 0.5, 0.05), (date(2036, 1, 1), 0.8, 0.0)],
)
def test_a_quota_grows_on_its_days_and_keeps_its_rate_where_none_is_given(day, share, inside):
    clause = tariff_clause(rate=0.25, products=("food",), quota=STEPPED)
    expected = BASE_FOOD + share * inside + (1 - share) * 0.25
    assert rate(clause, day=day) == pytest.approx(expected, abs=1e-12)


def test_every_step_of_a_quota_is_a_turn_of_the_path():
    clause = tariff_clause(rate=0.25, quota=STEPPED)
    assert {step.from_ for step in STEPPED.steps} <= set(turns_of([clause]))


def test_members_of_a_group_share_every_step_of_its_quota():
    group = tariff_clause(importer="EU", exporters=("USA",), rate=0.25, quota=STEPPED)
    parts = by_member([group], WORLD)
    assert len(parts) == 2
    for at, amount in enumerate((5e9, 8e9)):
        quotas = [part.quota for part in parts if isinstance(part, TariffClause)]
        assert sum(quota.steps[at].amount for quota in quotas if quota) == pytest.approx(amount)


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"basis": "232"}, "package[1].clause[1].rule", "takes a share off the base duty"),
        ({"rate": "1.5", "more": "prohibitive = true"}, "package[1].clause[1].rate",
         "is not a share of the duty"),
        ({"more": "preference_share = 0.5"}, "package[1].clause[1].preference_share",
         "has no effect"),
        ({"more": 'from = 2026-01-01\nquota = { amount = 1e9, steps = [{ from = 2025-01-01, '
                  "amount = 2e9 }] }"}, "package[1].clause[1].quota.steps[1].from", "before"),
    ],
)  # fmt: skip
def test_a_cut_that_means_nothing_is_refused(changes, place, words):
    given = {"basis": "FTA", "rate": "0.5", "more": ""} | changes
    text = (
        DEAL.partition("[[package]]")[0]
        + f"""
[[package]]
name = "signed"
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["DEU"]
products = ["motor_vehicles"]
rule = "cut"
rate = {given["rate"]}
basis = "{given["basis"]}"
{given["more"]}
"""
    )
    with pytest.raises(InputError) as caught:
        read_deal(text, world=WORLD)
    assert [problem.path for problem in caught.value.problems] == [place]
    assert words in str(caught.value)
