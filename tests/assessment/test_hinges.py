"""What figures hang on, where it is known by construction."""

from dataclasses import replace

import numpy as np
import pytest

import accord as ac
from accord.assessment.assess import assess
from accord.assessment.cars.study import cars
from accord.assessment.exposure import makers
from accord.assessment.exposure.hinges import Hinge, attribute, count_draws, lead, mix_samples
from accord.assessment.exposure.money import INPUTS, KINDS, compare_ends, sample_ends
from accord.assessment.exposure.sectors import (
    ElasticityInputs,
    attribute_sets,
    choose_inputs,
    find_sector_hinges,
)
from accord.deal.deal import NO_DEAL

PAIR = ("signed", NO_DEAL)


@pytest.fixture(scope="module")
def result():
    return assess(ac.load_deal("us-korea-2025"))


def parties(snapshot):
    regions = snapshot.world.regions
    return {name: (regions.index(name),) for name in ("USA", "KOR")}


# ---- any figure ------------------------------------------------------------------------------


def test_a_figure_hangs_on_the_input_that_makes_it():
    first, second = np.random.default_rng(4).uniform(size=(2, 3, 1024))
    names = ["first", "second", "third"]
    every = mix_samples((dict(zip(names, sample, strict=True)) for sample in (first, second)),
                        [(name,) for name in names])  # fmt: skip
    figures = [np.stack([3 * x["second"] + x["third"], x["first"] + x["second"]]) for x in every]
    alone, shared = attribute(names, figures)
    assert (alone.name, alone.rival) == ("second", "")
    assert abs(alone.share - 0.9) < 3 * alone.error < 0.3
    assert {shared.name, shared.rival} == {"first", "second"}


def test_nothing_leads_where_nothing_varies():
    assert lead(["a", "b"], np.zeros(2), np.zeros(2)) == Hinge()
    assert count_draws(0) == count_draws(1) == 0
    assert [count_draws(draws) for draws in (2, 40, 1000)] == [2, 32, 512]


# ---- sectors ---------------------------------------------------------------------------------


def test_effects_of_elasticities_that_add_up_are_told_exactly():
    """Variances of 4 x, y and a constant over the values 1, 2, 3: shares of 16 and 1 of 17."""
    inputs = ElasticityInputs(
        ("x", "y", "z"), ((0,), (1,), (2,)), np.array([[1.0] * 3, [2.0] * 3, [3.0] * 3]),
        np.full(3, 2.0),
    )  # fmt: skip
    shares, misfit = attribute_sets(inputs, lambda e: np.array([[4 * e[0] + e[1]]]))
    assert shares[:, 0, 0] == pytest.approx([16 / 17, 1 / 17, 0.0])
    assert misfit[0, 0] == pytest.approx(0.0, abs=1e-20)
    shares, misfit = attribute_sets(inputs, lambda e: np.array([[e[0] * (e[1] - 2.0)]]))
    assert shares[0, 0, 0] == pytest.approx(0.0)
    # 2 (y - 2) has a variance of 8/3, and (x - 2) (y - 2), which nobody has alone, of 4/9.
    assert misfit[0, 0] == pytest.approx(1 / 7, rel=0.4)


def test_a_missing_equilibrium_leaves_nothing_to_hang_on():
    inputs = ElasticityInputs(("x", "y"), ((0,), (1,)), np.array([[1.0] * 2, [3.0] * 2]),
                              np.full(2, 2.0))  # fmt: skip
    shares, misfit = attribute_sets(
        inputs, lambda e: np.array([[e[0], e[1] if e[0] < 3 else np.nan]])
    )
    assert shares[:, 0, 0] == pytest.approx([1.0, 0.0])
    assert np.all(shares[:, 0, 1] == 0)
    assert lead(inputs.names, shares[:, 0, 1], misfit[[0, 0], 1]) == Hinge()


def test_a_sector_hangs_on_the_only_elasticity_that_differs(result):
    """Sets that are alike but in chemicals: every figure hangs on the elasticity of chemicals."""
    snapshot = result.snapshot
    world, names = snapshot.world, snapshot.settings.sets_in_play(snapshot.world)
    at = world.sector_index("chemicals")
    alike = {name: np.array(world.elasticities[names[0]]) for name in names}
    for number, name in enumerate(names):
        alike[name][at] = 2.0 + number
    changed = replace(snapshot, world=replace(world, elasticities=alike))
    hinges = find_sector_hinges(changed, PAIR, parties(snapshot))
    assert len(hinges) == 2 * len(world.sectors)
    assert {hinge.name for hinge in hinges.values()} == {"elasticity:chemicals"}
    assert min(hinge.share for hinge in hinges.values()) > 0.999


def test_korean_cars_hang_on_the_elasticity_of_cars(result):
    hinges = find_sector_hinges(result.snapshot, PAIR, parties(result.snapshot))
    hinge = hinges["KOR", "motor_vehicles"]
    assert (hinge.name, hinge.rival) == ("elasticity:motor_vehicles", "")
    assert hinge.share > 0.9
    assert hinge.error < 0.1


def test_every_sector_is_in_one_input(result):
    snapshot = result.snapshot
    values = np.array(list(snapshot.world.elasticities.values()))
    shocks = [snapshot.package(name).solution.shock for name in PAIR]
    inputs = choose_inputs(snapshot, shocks, values)
    columns = [column for columns in inputs.columns for column in columns]
    assert sorted(columns) == list(range(len(snapshot.world.sectors)))
    whole = inputs.moved(dict.fromkeys(range(len(inputs.names)), 1))
    assert whole == pytest.approx(values[1])
    assert inputs.moved({}) == pytest.approx(np.median(values, axis=0))


def test_one_set_of_elasticities_leaves_nothing_to_hang_on(result):
    snapshot = replace(result.snapshot, settings=replace(result.settings, ranges=False))
    assert find_sector_hinges(snapshot, PAIR, parties(snapshot)) == {}


# ---- the dollar and debt ---------------------------------------------------------------------


def plans(result):
    return [result.result(name).external[0].plan for name in PAIR]


def ends(pair, draws=256):
    changed, hinges = compare_ends(*(sample_ends(plan, draws=draws, seed=3) for plan in pair))
    return dict(zip(KINDS, zip(changed, hinges, strict=True), strict=True))


def test_without_stops_and_shocks_the_dollar_hangs_on_what_buying_does(result):
    """The one thing left that varies and bears on the rate; and growth on debt alone."""
    calm = [
        replace(plan, stop=replace(plan.stop, rate=0.0, shape=None),
                process=replace(plan.process, volatility=0.0),
                financing=replace(plan.financing, order=("spot",)),
                debt=replace(plan.debt, growth_spread=0.0))
        for plan in plans(result)
    ]  # fmt: skip
    told = ends(calm)
    for kind in KINDS:
        hinge = told[kind][1]
        assert hinge.name == "flow_price"
        assert abs(hinge.share - 1.0) <= 4 * hinge.error
    moving = [replace(plan, debt=replace(plan.debt, growth_spread=0.02)) for plan in calm]
    assert ends(moving)["debt"][1].name == "growth"
    assert ends(moving)["currency"][1].name == "flow_price"


def test_the_change_is_that_of_the_same_path(result):
    """A plan against itself changes nothing, on any path."""
    plan = plans(result)[0]
    changed, hinges = compare_ends(*(sample_ends(plan, draws=64, seed=3) for _ in range(2)))
    assert np.all(changed == 0)
    assert hinges == (Hinge(),) * len(KINDS)


def test_without_draws_there_is_one_path_and_nothing_to_hang_on(result):
    told = ends(plans(result), draws=0)
    for kind in KINDS:
        change, hinge = told[kind]
        assert change[0] == change[1] == change[2] > 0
        assert hinge == Hinge()


def test_inputs_are_all_the_random_numbers_of_the_engine(result):
    from accord.external.draws import draw_months

    drawn = draw_months(plans(result)[0], 2, 1)
    assert sorted(name for group in INPUTS.values() for name in group) == sorted(drawn)


# ---- makers ----------------------------------------------------------------------------------


def test_profits_hang_on_the_only_thing_that_is_unknown(result):
    study = cars(result.deal, world=result.world, draws=0)
    market = study.market
    known = {name: (mode - 1e-12, mode, mode + 1e-12) for name, (_, mode, _) in
             market.ranges.items()}  # fmt: skip
    market = replace(market, ranges=known | {"own_elasticity": market.ranges["own_elasticity"]})
    changed = replace(study, market=market)
    profits = [makers.sample_profits(changed, study.scenario(name), 32) for name in PAIR]
    hinges = makers.find_maker_hinges(changed, *profits)
    assert {hinge.name for hinge in hinges} == {"own_elasticity"}
    assert makers.sample_profits(changed, study.scenario("signed"), 0) == []
