"""Taxes on a day: which flows they reach, when they hold, and what several of them come to."""

from datetime import date

import numpy as np
import pytest

from accord.deal.clauses.tax import TaxClause
from accord.deal.load import read_deal
from accord.lowering.taxes.effects import find_idle_taxes, tax_effects
from accord.lowering.taxes.rates import Levies, covered_share, mean_levies, taxes_on
from accord.lowering.trade import lower_package
from tests.deal.examples import CARS, DEAL, DEU, FOOD, JPN, KOR, SERVICES, clause_text, small_world

WORLD, DAY = small_world(), date(2026, 6, 1)
USA, FRA = 0, 4


def tax(**fields):
    """A tax of Korea on its exports of cars unless told otherwise; `start` stands for `from`."""
    given = {"kind": "tax", "region": "KOR", "on": "exports", "products": ("motor_vehicles",),
             "rate": 0.2, **fields}  # fmt: skip
    if "start" in given:
        given["from"] = given.pop("start")
    return TaxClause.model_validate(given)


def test_an_export_tax_reaches_what_is_sold_abroad_and_nothing_at_home() -> None:
    (rate,) = taxes_on([tax()], WORLD, DAY).values()
    expected = np.zeros_like(rate)
    expected[:, KOR, CARS] = 0.2
    expected[KOR, KOR, CARS] = 0.0
    np.testing.assert_array_equal(rate, expected)


def test_members_of_a_group_do_not_tax_what_they_sell_each_other() -> None:
    share = covered_share(tax(region="EU", products=("all",), buyers=("all",)), WORLD)
    for member, other in ((DEU, FRA), (FRA, DEU)):
        assert not share[member, other].any()
        assert share[USA, member].tolist() == [1.0, 1.0, 0.0]  # services are named or left out
    assert not share[:, [USA, KOR, JPN]].any()


def test_buyers_left_out_pay_nothing() -> None:
    share = covered_share(tax(buyers=("EU", "JPN"), except_buyers=("DEU",)), WORLD)
    assert np.flatnonzero(share[:, KOR, CARS]).tolist() == [JPN, FRA]


def test_codes_are_weighted_by_the_imports_of_their_sector() -> None:
    share = covered_share(tax(buyers=("USA",), products=("870323",)), WORLD)
    assert share[USA, KOR, CARS] == pytest.approx(30 / 40)
    rest = covered_share(tax(buyers=("USA",), except_products=("870323",)), WORLD)
    assert rest[USA, KOR, CARS] == pytest.approx(10 / 40)


@pytest.mark.parametrize(("on", "name"), [("production", "production_tax"),
                                          ("consumption", "consumption_tax")])  # fmt: skip
def test_taxes_on_making_and_using_reach_a_region_and_its_sectors(on, name) -> None:
    clauses = [tax(on=on, products=("all",), except_products=("food",), rate=-0.1)]
    rates = taxes_on(clauses, WORLD, DAY)
    assert [*rates] == [name]
    expected = np.zeros((5, 3))
    expected[KOR, CARS] = -0.1
    np.testing.assert_array_equal(rates[name], expected)
    named = taxes_on([tax(on=on, products=("services",))], WORLD, DAY)[name]
    assert np.flatnonzero(named[KOR]).tolist() == [SERVICES]


def test_rates_add_up_while_they_hold_and_cancel_to_nothing() -> None:
    every = [tax(start=date(2026, 1, 1)), tax(rate=0.05, until=date(2026, 12, 31))]
    rates = [taxes_on(every, WORLD, date(year, 6, 1)) for year in (2025, 2026, 2027)]
    charged = [float(rate["export_tax"][USA, KOR, CARS]) for rate in rates]
    assert charged == pytest.approx([0.05, 0.25, 0.2])
    assert taxes_on([tax(), tax(rate=-0.2)], WORLD, DAY) == {}


def test_a_year_has_the_mean_of_its_days() -> None:
    cube, table = np.ones((2, 2, 1)), np.full((2, 1), 0.3)
    some = mean_levies([(Levies(cube), 100), (Levies(3 * cube, production_tax=table), 300)])
    np.testing.assert_allclose(some.tariff, 2.5)
    assert some.production_tax == pytest.approx(0.225)
    assert some.export_tax is None
    same = Levies(cube)
    assert mean_levies([(same, 10), (Levies(cube.copy()), 20)]) is same


def test_rates_on_other_bases_are_other_levies() -> None:
    cube, table = np.zeros((2, 2, 1)), np.full((2, 1), 0.3)
    digests = {
        Levies(cube).digest,
        Levies(cube, production_tax=table).digest,
        Levies(cube, consumption_tax=table).digest,
        Levies(cube, production_tax=table, consumption_tax=table).digest,
    }
    assert len(digests) == 4


def test_a_package_is_lowered_with_its_taxes_and_one_without_has_none() -> None:
    text = clause_text(
        "package", "tax", region="KOR", on="exports", products=["motor_vehicles"], rate=0.2
    )
    deal = read_deal(DEAL + text, world=WORLD)
    shock = lower_package(deal, "signed", WORLD, ())
    assert shock.export_tax is not None
    assert shock.export_tax[USA, KOR, CARS] == 0.2
    assert shock.production_tax is None
    assert lower_package(deal, "no_deal", WORLD, ()).export_tax is None


def test_the_check_says_what_was_charged_before_and_what_is_charged_after() -> None:
    kept = {"region": "KOR", "on": "exports", "products": ["motor_vehicles"], "buyers": ["USA"]}
    text = DEAL.replace(
        "\n[[package]]", clause_text("no_deal", "tax", rate=0.3, **kept) + "\n[[package]]", 1
    )
    text += clause_text("package", "tax", rate=0.1, **kept)
    text += clause_text("package", "tax", region="JPN", on="consumption", rate=-0.05)
    before, after, use = tax_effects(read_deal(text, world=WORLD), WORLD)
    assert before.package == "no_deal"
    assert [before.before, before.after] == [0.0, 0.3]
    assert after.package == "signed"
    assert [after.before, after.after] == pytest.approx([0.3, 0.1])
    assert after.value == pytest.approx(40.0)  # of US imports of Korean cars
    home = WORLD.absorption[JPN, [FOOD, CARS]].sum()
    assert [use.value, use.before, use.after] == pytest.approx([home, 0.0, -0.05])
    assert not [*find_idle_taxes((before, after, use))]


def test_a_tax_on_nothing_is_told() -> None:
    world = small_world()
    flows = np.array(world.flows)
    assert flows[FRA, KOR, CARS] > 0
    text = clause_text(
        "package", "tax", region="FRA", on="exports", products=["870323"], buyers=["USA"], rate=0.1
    )
    effects = tax_effects(read_deal(DEAL + text, world=world), world)
    (notice,) = find_idle_taxes(effects)
    assert "covers nothing" in str(notice)
