"""What each field of a tariff clause does to the rate, on numbers worked by hand."""

import itertools
from datetime import date, timedelta

import numpy as np
import pytest

from accord.data.store import load_world
from accord.data.world import World
from accord.deal.clauses.tariff import Quota, Retroactive, SnapBack
from accord.deal.products import build_cells
from accord.lowering.tariff_schedule import added_rate, effective_rates, tariff_on
from tests.deal.examples import (
    CARS,
    DAY,
    DEU,
    FOOD,
    JPN,
    KOR,
    LINES,
    SERVICES,
    ruling,
    small_world,
    tariff_clause,
)

WORLD = small_world()
USA = 0


def rate(*clauses, exporter=KOR, sector=CARS, day=DAY, **options):
    """All-in rate of one cell of US imports."""
    return float(tariff_on(clauses, WORLD, day, **options)[USA, exporter, sector])


BASE_KOR_CARS = 0.1 / 40.0


def test_no_clause_gives_the_world_back_exactly():
    assert np.array_equal(tariff_on((), WORLD, DAY), WORLD.tariff)


def test_an_add_on_is_added_to_the_duty_paid():
    assert rate(tariff_clause(rate=0.25)) == pytest.approx(BASE_KOR_CARS + 0.25, abs=1e-15)


def test_other_cells_are_left_exactly_alone():
    rates = tariff_on([tariff_clause(rate=0.25)], WORLD, DAY)
    changed = rates != WORLD.tariff
    assert changed.sum() == 1
    assert changed[USA, KOR, CARS]


def test_a_floor_adds_only_what_is_missing_line_by_line():
    # Lines pay 0 and 1 %: the floor of 0.5 % lifts the first (30 bn) and leaves the second (10 bn).
    expected = (30 * 0.005 + 10 * 0.01) / 40
    assert rate(tariff_clause(rate=0.005, rule="floor")) == pytest.approx(expected, abs=1e-15)


def test_a_level_replaces_the_rate():
    assert rate(tariff_clause(rate=0.004, rule="level")) == pytest.approx(0.004, abs=1e-15)


def test_the_base_of_a_floor_blends_the_preference_with_the_ordinary_rate():
    clause = tariff_clause(rate=0.15, rule="floor", preference_share=0.8)
    base = 0.2 * 0.025
    assert rate(clause) == pytest.approx(BASE_KOR_CARS + 0.15 - base, abs=1e-15)


def test_without_an_ordinary_rate_the_duty_paid_is_the_base():
    clause = tariff_clause(
        rate=0.15, rule="floor", exporters=("JPN",), products=("food",), preference_share=0.8
    )
    assert rate(clause, exporter=JPN, sector=FOOD) == pytest.approx(0.15, abs=1e-15)


def test_a_ceiling_caps_the_add_ons_of_its_own_basis():
    cap = tariff_clause(rate=0.15, rule="ceiling")
    assert rate(tariff_clause(rate=0.25), cap) == pytest.approx(0.15, abs=1e-15)
    elsewhere = tariff_clause(rate=0.25, basis="IEEPA")
    assert rate(elsewhere, cap) == pytest.approx(BASE_KOR_CARS + 0.25, abs=1e-15)


def test_a_ceiling_never_cuts_the_ordinary_duty():
    cap = tariff_clause(rate=0.0, rule="ceiling")
    assert rate(tariff_clause(rate=0.25), cap) == pytest.approx(BASE_KOR_CARS, abs=1e-15)


def test_a_ceiling_alone_charges_nothing_and_shields_from_nothing():
    general = tariff_clause(rate=0.15, basis="IEEPA", products=("all",), unless_basis=("232",))
    cap = tariff_clause(rate=0.10, rule="ceiling")
    assert rate(general, cap) == pytest.approx(BASE_KOR_CARS + 0.15, abs=1e-15)


def test_add_ons_stack_unless_told_not_to():
    cars = tariff_clause(rate=0.25, products=("vehicles_232",))
    general = tariff_clause(rate=0.15, basis="IEEPA", products=("all",))
    both = 30 * 0.40 / 40 + 10 * 0.15 / 40
    assert rate(cars, general) == pytest.approx(BASE_KOR_CARS + both, abs=1e-15)
    apart = tariff_clause(rate=0.15, basis="IEEPA", products=("all",), unless_basis=("232",))
    alone = 30 * 0.25 / 40 + 10 * 0.15 / 40
    assert rate(cars, apart) == pytest.approx(BASE_KOR_CARS + alone, abs=1e-15)


def test_the_rest_of_the_value_pays_the_general_rate_when_only_the_content_is_charged():
    content = tariff_clause(rate=0.50, content_share=0.4)
    apart = tariff_clause(rate=0.10, basis="IEEPA", unless_basis=("232",))
    expected = BASE_KOR_CARS + 0.4 * 0.50 + 0.6 * 0.10
    assert rate(content, apart) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("product", ["8703", "870323", "87032301", "8703230140", "vehicles_232"])
def test_products_finer_than_sectors_are_weighted_by_imports(product):
    expected = BASE_KOR_CARS + 0.25 * 30 / 40
    assert rate(tariff_clause(rate=0.25, products=(product,))) == pytest.approx(expected, abs=1e-15)


def test_an_hs_chapter_takes_every_line_in_it():
    assert rate(tariff_clause(rate=0.25, products=("87",))) == rate(tariff_clause(rate=0.25))


def test_products_can_be_carved_out():
    clause = tariff_clause(rate=0.25, products=("all",), except_products=("8703", "food"))
    assert rate(clause) == pytest.approx(BASE_KOR_CARS + 0.25 * 10 / 40, abs=1e-15)
    assert rate(clause, sector=FOOD) == pytest.approx(0.04, abs=1e-15)


def test_all_products_means_goods():
    rates = tariff_on([tariff_clause(rate=0.25, products=("all",))], WORLD, DAY)
    assert rates[USA, KOR, SERVICES] == WORLD.tariff[USA, KOR, SERVICES]
    assert rates[USA, KOR, FOOD] > WORLD.tariff[USA, KOR, FOOD]


def test_a_line_of_services_does_not_stand_for_all_services():
    """A chapter that holds one line of services, such as electricity, leaves services alone."""
    power = (KOR, 271600, SERVICES, 0, 1.5, 0.0, 0.0)
    world = small_world((*LINES, power))
    clause = tariff_clause(rate=0.25, products=("27",))
    rates = tariff_on([clause], world, DAY)
    assert np.array_equal(rates, world.tariff)
    named = tariff_on([tariff_clause(rate=0.25, products=("services",))], world, DAY)
    assert named[USA, KOR, SERVICES] == pytest.approx(world.tariff[USA, KOR, SERVICES] + 0.25)


def test_a_tariff_on_fuels_leaves_services_alone_in_the_embedded_world():
    world = load_world()
    fuels = tariff_clause(rate=0.10, products=("27",), exporters=("CAN",))
    changed = tariff_on([fuels], world, DAY) != world.tariff
    usa, canada = world.region_index("USA"), world.region_index("CAN")
    assert changed[usa, canada, world.sector_index("oil_gas")]
    assert not changed[:, :, [world.sector_index(name) for name in world.services or ()]].any()


def test_exporters_can_be_a_group_all_or_all_but():
    european = tariff_on([tariff_clause(rate=0.25, exporters=("EU",))], WORLD, DAY)[USA, :, CARS]
    assert np.flatnonzero(european != WORLD.tariff[USA, :, CARS]).tolist() == [3, 4]
    clause = tariff_clause(rate=0.25, exporters=("all",), except_exporters=("KOR", "EU"))
    others = tariff_on([clause], WORLD, DAY)[USA, :, CARS]
    assert np.flatnonzero(others != WORLD.tariff[USA, :, CARS]).tolist() == [JPN]


def test_an_importer_without_lines_is_charged_by_sector():
    clause = tariff_clause(importer="KOR", exporters=("USA",), rate=0.0, rule="level", basis="FTA")
    rates = tariff_on([clause], WORLD, DAY)
    assert rates[KOR, USA, CARS] == 0.0
    assert rates[KOR, JPN, CARS] == WORLD.tariff[KOR, JPN, CARS]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 4, 2), 0.0),
        (date(2025, 4, 3), 0.25),
        (date(2025, 10, 31), 0.25),
        (date(2025, 11, 1), 0.0),
    ],
)
def test_a_clause_holds_from_its_first_to_its_last_day_inclusive(day, expected):
    clause = tariff_clause(rate=0.25, start=date(2025, 4, 3), until=date(2025, 10, 31))
    assert added_rate([clause], WORLD, day, importer="USA", exporter="KOR") == pytest.approx(
        expected * 40 / 50, abs=1e-15
    )


def test_a_ruling_voids_every_tariff_on_its_basis_from_its_day():
    void = ruling("IEEPA", DAY)
    ieepa, steel = tariff_clause(rate=0.15, basis="IEEPA"), tariff_clause(rate=0.25)
    before = rate(ieepa, steel, void, day=DAY - timedelta(days=1))
    assert before == pytest.approx(BASE_KOR_CARS + 0.40, abs=1e-15)
    assert rate(ieepa, steel, void) == pytest.approx(BASE_KOR_CARS + 0.25, abs=1e-15)
    assert rate(ieepa, ruling("IEEPA", DAY, importer="JPN")) > 0.15


def test_a_voided_tariff_shields_from_nothing():
    general = tariff_clause(rate=0.10, basis="122", unless_basis=("IEEPA",))
    ieepa = tariff_clause(rate=0.15, basis="IEEPA")
    assert rate(general, ieepa, ruling("IEEPA", DAY)) == pytest.approx(BASE_KOR_CARS + 0.10)


def test_a_quota_weights_the_two_rates_on_the_trade_of_the_base_year():
    clause = tariff_clause(rate=0.25, quota=Quota(amount=10e9, in_quota_rate=0.05))
    expected = BASE_KOR_CARS + 0.25 * 0.05 + 0.75 * 0.25
    assert rate(clause) == pytest.approx(expected, abs=1e-15)
    ample = tariff_clause(rate=0.25, quota=Quota(amount=500e9, in_quota_rate=0.05))
    assert rate(ample) == pytest.approx(BASE_KOR_CARS + 0.05, abs=1e-15)


def test_a_phase_in_moves_on_its_days():
    steps = [{"from": date(2027, 1, 1), "rate": 0.0}, {"from": date(2026, 1, 1), "rate": 0.10}]
    clause = tariff_clause(rate=0.25, steps=steps)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 6, 1))
    added = [rate(clause, day=day) - BASE_KOR_CARS for day in days]
    assert added == pytest.approx([0.25, 0.10, 0.10, 0.0], abs=1e-15)


def test_a_snap_back_sleeps_until_its_trigger():
    back = SnapBack(trigger="calls_missed", rate=0.25, rule="add")
    clause = tariff_clause(rate=0.15, rule="floor", snap_back=back)
    assert rate(clause) == pytest.approx(0.15, abs=1e-15)
    assert rate(clause, triggered=frozenset({"other"})) == pytest.approx(0.15, abs=1e-15)
    woken = rate(clause, triggered=frozenset({"calls_missed"}))
    assert woken == pytest.approx(BASE_KOR_CARS + 0.25, abs=1e-15)


def test_a_retroactive_cut_counts_at_once_but_is_refunded_later():
    late = Retroactive(decided=date(2025, 12, 4), charged_rate=0.25)
    clause = tariff_clause(rate=0.15, rule="floor", start=date(2025, 11, 1), retroactive=late)
    assert rate(clause) == pytest.approx(0.15, abs=1e-15)
    assert rate(clause, at_border=True) == pytest.approx(BASE_KOR_CARS + 0.25, abs=1e-15)
    assert rate(clause, day=date(2025, 12, 4), at_border=True) == pytest.approx(0.15, abs=1e-15)


def test_a_trade_agreement_changes_the_base_that_other_clauses_meet():
    agreement = tariff_clause(rate=0.0, rule="level", basis="FTA", preference_share=0.5)
    base = 0.5 * 0.025
    assert rate(agreement) == pytest.approx(base, abs=1e-15)
    floor = tariff_clause(rate=0.15, rule="floor")
    assert rate(agreement, floor) == pytest.approx(0.15, abs=1e-15)
    assert rate(agreement, tariff_clause(rate=0.10)) == pytest.approx(base + 0.10, abs=1e-15)


def test_an_agreement_departs_from_the_ordinary_duty_whichever_is_written_first():
    ordinary = tariff_clause(rate=0.08, rule="level", basis="MFN")
    agreement = tariff_clause(rate=0.0, rule="level", basis="FTA")
    assert rate(ordinary, agreement) == rate(agreement, ordinary) == 0.0
    half = tariff_clause(rate=0.0, rule="level", basis="FTA", preference_share=0.5)
    # The trade that claims no preference pays the new ordinary duty, not that of the base year.
    assert rate(half, ordinary) == pytest.approx(0.5 * 0.08, abs=1e-15)
    assert rate(ordinary, half) == pytest.approx(0.5 * 0.08, abs=1e-15)
    floor = tariff_clause(rate=0.15, rule="floor", preference_share=0.5)
    assert rate(floor, ordinary) == pytest.approx(0.08 + 0.15 - 0.5 * 0.08, abs=1e-15)


def test_within_a_basis_the_order_of_the_file_does_not_matter():
    clauses = [
        tariff_clause(rate=0.05, rule="level", basis="MFN"),
        tariff_clause(rate=0.04, rule="add", basis="MFN", content_share=0.5),
        tariff_clause(rate=0.10, rule="floor", basis="MFN", content_share=0.25),
        tariff_clause(rate=0.075, rule="ceiling", basis="MFN"),
    ]
    # 5 %, and 4 points on half of it; a quarter is lifted to 10 %; nothing pays above 7.5 %.
    expected = min(0.75 * 0.07 + 0.25 * 0.10, 0.075)
    for order in itertools.permutations(clauses):
        assert rate(*order) == pytest.approx(expected, abs=1e-15)


def test_a_ceiling_caps_the_content_it_covers_and_no_more():
    cap = tariff_clause(rate=0.10, rule="ceiling", content_share=0.4, exporters=("DEU",))
    charge = tariff_clause(rate=0.25, exporters=("DEU",))
    # Germany pays 2.5 % before: 7.5 points of room under the ceiling, on 40 % of the value.
    expected = 0.025 + 0.4 * 0.075 + 0.6 * 0.25
    assert rate(charge, cap, exporter=DEU) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("rule", "expected"), [("add", 0.045), ("level", 0.02), ("floor", 0.025), ("ceiling", 0.02)]
)
def test_every_rule_can_change_the_ordinary_duty(rule, expected):
    clause = tariff_clause(rate=0.02, rule=rule, basis="MFN", exporters=("DEU",))
    assert rate(clause, exporter=DEU) == pytest.approx(expected, abs=1e-15)


def test_effective_rates_are_import_weighted_over_goods_and_groups():
    clauses = [tariff_clause(rate=0.25, exporters=("all",))]
    rows = effective_rates(clauses, WORLD, [DAY], importer="USA", exporters=["KOR", "EU"])
    korea, europe = rows
    assert korea.added == pytest.approx(0.25 * 40 / 50, abs=1e-15)
    assert korea.total == pytest.approx(korea.added + 0.5 / 50, abs=1e-15)
    # Germany 20 bn of cars, France 2; food 2 bn each; services do not count.
    assert europe.added == pytest.approx(0.25 * 22 / 26, abs=1e-15)


def test_the_importers_own_goods_are_never_charged():
    rates = tariff_on([tariff_clause(rate=0.25, exporters=("all",))], WORLD, DAY)
    assert rates[USA, USA, CARS] == 0.0


@pytest.mark.parametrize("label", ["services", "Services", "tertiary"])
def test_a_tariff_on_all_goods_leaves_out_what_the_world_calls_services(label):
    world = small_world()
    named = World.from_arrays(
        world.regions,
        ("food", "motor_vehicles", label),
        flows=world.flows,
        tariff=world.tariff,
        value_added_share=world.value_added_share,
        input_share=world.input_share,
        elasticity=world.elasticity,
        **({"services": (label,)} if label == "tertiary" else {}),
    )
    assert named.goods == ("food", "motor_vehicles")
    cells = build_cells(named, "KOR")
    covered = cells.select(
        tariff_clause(rate=0.1, importer="KOR", exporters=("USA",), products=("all",))
    )
    assert {named.sectors[place] for place in cells.sector[covered]} == set(named.goods)
    charged = cells.select(
        tariff_clause(rate=0.1, importer="KOR", exporters=("USA",), products=(label,))
    )
    assert charged.size == 1
    merged = named.aggregate(sectors={"other": [label], "goods": ["food", "motor_vehicles"]})
    assert merged.goods == ("goods",)
