"""The figures of the car market against what is published, and the duties of a deal on it."""

from dataclasses import replace

import numpy as np
import pytest

from accord.core.provenance import GRADES
from accord.data.store import load_world
from accord.deal.load import load_deal
from accord.deal.products import build_cells
from accord.lowering.cars.market import CarQuota, load_car_market
from accord.lowering.cars.plan import (
    CarDuties,
    central_unknowns,
    draw_unknowns,
    lower_cars,
)
from accord.lowering.cars.rates import CarRates, name_in_world, rates_on
from accord.markets.checks import check_plan, count_draws
from accord.markets.solver import solve_market

WORLD = load_world()
MARKET = load_car_market()
DEAL = load_deal("us-korea-2025", WORLD)
NOTHING = CarRates(
    cars=dict.fromkeys(set(MARKET.countries) - {"USA"}, 0.0),
    parts=dict.fromkeys(set(MARKET.countries) - {"USA"}, 0.0),
)

# Built in the United States, in Canada or Mexico, and elsewhere, per cent of the units of 2024
# (Barclays and The Economist, January to September).
ASSEMBLED = {
    "Ford": (77, 21, 2), "GM": (52, 30, 18), "Stellantis": (57, 39, 4), "Toyota": (48, 27, 25),
    "Nissan": (52, 31, 17), "Hyundai-Kia": (33, 8, 59), "VW": (21, 43, 36), "Tesla": (100, 0, 0),
}  # fmt: skip
# Thousands sold in 2024, as makers published them.
SOLD = {"GM": 2_708, "Toyota": 2_330, "Ford": 2_080, "Hyundai-Kia": 836.8 + 75.0 + 796.5,
        "Mazda": 424, "BMW": 371.3 + 26.3}  # fmt: skip


@pytest.mark.parametrize("maker", ASSEMBLED)
def test_where_cars_are_built_is_as_published(maker):
    whole = MARKET.units_of(maker=maker)
    home = MARKET.units_of(maker=maker, country="USA") / whole
    near = sum(MARKET.units_of(maker=maker, country=c) for c in ("CAN", "MEX")) / whole
    told = [100 * part for part in (home, near, 1 - home - near)]
    assert told == pytest.approx(ASSEMBLED[maker], abs=2.0)


@pytest.mark.parametrize("maker", SOLD)
def test_units_by_maker_are_as_published(maker):
    assert 1000 * MARKET.units_of(maker=maker) == pytest.approx(SOLD[maker], rel=0.01)


def test_the_market_is_that_of_2024():
    assert MARKET.units.sum() == pytest.approx(16.0, rel=0.01)
    mean = MARKET.price @ MARKET.units / MARKET.units.sum()
    assert 44 < mean < 50  # Kelley Blue Book: 48 to 49 thousand dollars with electric and luxury
    assert MARKET.units.sum() < MARKET.potential


def test_every_figure_has_a_source_with_date_licence_and_grade():
    assert len(MARKET.sources) > 8
    for source in MARKET.sources:
        assert source.title
        assert source.date
        assert source.licence
        assert source.grade in GRADES


def test_duties_before_are_those_that_were_paid_and_the_deal_sets_those_after():
    before = rates_on((), WORLD, MARKET, None)
    assert before.cars["KOR"] == pytest.approx(0.0, abs=1e-3)
    assert before.cars["JPN"] == pytest.approx(0.025, abs=1e-3)
    day = DEAL.evaluate_on
    signed = rates_on(DEAL.clauses("signed"), WORLD, MARKET, day)
    without = rates_on(DEAL.clauses("no_deal"), WORLD, MARKET, day)
    assert signed.cars["KOR"] == pytest.approx(0.15, abs=1e-3)
    assert without.cars["KOR"] == pytest.approx(0.25, abs=1e-3)
    assert {place: rate for place, rate in signed.cars.items() if place != "KOR"} == {
        place: rate for place, rate in without.cars.items() if place != "KOR"
    }
    assert "USA" not in signed.cars


@pytest.fixture
def no_cells():
    """Forget the cells of other worlds: worlds that differ in their lines alone are equal."""
    build_cells.cache_clear()
    yield
    build_cells.cache_clear()


@pytest.mark.usefixtures("no_cells")
def test_a_world_without_lines_has_the_rate_of_the_sector():
    rates = rates_on((), replace(WORLD, lines=None), MARKET, None)
    home, japan = WORLD.region_index("USA"), WORLD.region_index("JPN")
    sector = WORLD.sector_index("motor_vehicles")
    assert rates.cars["JPN"] == pytest.approx(WORLD.tariff[home, japan, sector])


@pytest.mark.parametrize("run", ["short", "long"])
def test_the_plan_is_sound_at_the_centre_and_on_draws(run):
    duties = CarDuties(NOTHING, NOTHING, MARKET.offset)
    central = lower_cars(MARKET, duties, central_unknowns(MARKET), run)
    drawn = lower_cars(MARKET, duties, draw_unknowns(MARKET, 200, seed=3), run)
    assert check_plan(central) == check_plan(drawn) == []
    assert (count_draws(central), count_draws(drawn)) == (0, 200)


def test_draws_stay_within_their_ranges_and_no_one_hangs_on_another():
    drawn = draw_unknowns(MARKET, 5_000, seed=1)
    for name, (low, mode, high) in MARKET.ranges.items():
        assert low <= drawn[name].min() <= drawn[name].max() <= high
        assert drawn[name].mean() == pytest.approx((low + mode + high) / 3, rel=0.02)
    apart = np.corrcoef(np.stack(list(drawn.values())))
    assert np.abs(apart - np.eye(len(drawn))).max() < 0.06


def test_parts_that_are_imported_are_those_of_the_customs():
    duties = CarDuties(NOTHING, NOTHING, 0.0)
    plan = lower_cars(MARKET, duties, central_unknowns(MARKET) | {"parts_value": 1.0}, "short")
    assert plan.costs.parts_share is not None
    home = np.array(MARKET.country) == "USA"
    value = MARKET.home_value_share * MARKET.units * MARKET.price
    for place in ("MEX", "CAN", "JPN", "KOR", "EU"):
        share = plan.costs.parts_share[:, MARKET.countries.index(place)]
        imports = (share * value)[home].sum()
        assert imports == pytest.approx(MARKET.parts[place], rel=0.02)
    korean = plan.costs.parts_share[:, MARKET.countries.index("KOR")]
    assert set(np.array(MARKET.maker)[korean > 0]) == {"Hyundai-Kia"}


def test_customs_values_are_those_of_the_customs():
    duties = CarDuties(NOTHING, NOTHING, 0.0)
    plan = lower_cars(MARKET, duties, central_unknowns(MARKET), "short")
    value = plan.costs.customs_share * plan.price * MARKET.units
    for place in ("KOR", "JPN", "CAN"):
        own = np.array(MARKET.country) == place
        assert value[own].sum() == pytest.approx(MARKET.customs[place], rel=1e-9)


def test_plants_hold_what_is_made_today_and_what_is_published():
    duties = CarDuties(NOTHING, NOTHING, 0.0)
    plants = lower_cars(MARKET, duties, central_unknowns(MARKET), "long").plants
    assert plants is not None
    assert plants["Hyundai-Kia", "USA"] == pytest.approx(1.0)
    assert plants["Toyota", "JPN"] == float("inf")
    for (maker, place), capacity in plants.items():
        assert capacity >= MARKET.units_of(maker=maker, country=place)


@pytest.mark.parametrize(("name", "thailand"), [("world-2022", "THA"), ("world-2014", "ROW")])
def test_a_country_is_itself_where_the_world_has_it_and_the_rest_where_not(name, thailand):
    world = load_world(name)
    names = {place: name_in_world(place, MARKET, world) for place in MARKET.countries}
    assert names["THA"] == thailand
    assert names["UK"] == "GBR"
    assert names["EU"] == "EU"
    rates = rates_on((), world, MARKET, None)
    assert set(rates.cars) == set(MARKET.countries) - {"USA"}
    assert 0 <= rates.cars["THA"] < 0.05


def british(share, run="long", **terms):
    """Return the market under a quota on British cars, a share of what is sold of them."""
    rates = CarRates(cars={**NOTHING.cars, "UK": 0.1}, parts=NOTHING.parts)
    units = share * MARKET.units_of(country="UK")
    quota = {"UK": CarQuota(units, 0.1, 0.275)._replace(**terms)}
    duties = CarDuties(NOTHING, rates, 0.0, quota)
    return solve_market(lower_cars(MARKET, duties, central_unknowns(MARKET), run)).value


def test_the_quota_of_british_cars_can_be_said():
    """A hundred thousand at 10 per cent, 27.5 beyond; a rent only where it is tight."""
    quota = MARKET.quotas["UK"]
    assert (quota.units, quota.within, quota.beyond) == (0.1, 0.1, 0.275)
    own = np.array(MARKET.country) == "UK"
    makers = {name for name, place in zip(MARKET.maker, MARKET.country, strict=True)
              if place == "UK"}  # fmt: skip
    tight, loose = british(0.2), british(1.0)
    theta = [dict(zip(value.limits, value.scarcity, strict=True))["UK"] for value in (tight, loose)]
    assert 0 < theta[0] <= 1
    assert theta[1] == 0
    rent = dict(zip(MARKET.makers, tight.quota_rent, strict=True))
    assert {name for name, worth in rent.items() if worth > 0} == makers
    assert loose.quota_rent.sum() == 0
    assert np.all(tight.after.price[own] > loose.after.price[own])
    dearer = british(0.2, beyond=2.0)
    enters = ((1 - dearer.after.moved) * dearer.after.units)[own].sum()
    assert enters == pytest.approx(0.2 * MARKET.units_of(country="UK"), rel=1e-9)
