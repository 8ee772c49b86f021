"""Parts of a value and parts of trade: shares that overlap, and rules applied before the mean."""

import numpy as np
import pytest

from accord.data.store import load_world
from accord.deal.clauses.tariff import Quota
from accord.deal.load import load_deal
from accord.deal.products import build_cells
from accord.lowering.roles import by_member
from accord.lowering.stacking.charges import AsOf
from accord.lowering.stacking.rates import added_by_cell, added_by_part
from accord.lowering.tariff_schedule import tariff_on
from tests.deal.examples import (
    CARS,
    DAY,
    DEU,
    FOOD,
    KOR,
    one_good_world,
    small_world,
    tariff_clause,
)

WORLD = small_world()
USA = 0
BASE_KOR_CARS = 0.1 / 40.0


def rate(*clauses, exporter=KOR, sector=CARS):
    """All-in rate of one cell of US imports."""
    return float(tariff_on(clauses, WORLD, DAY)[USA, exporter, sector])


STEEL = {"content_share": 0.30, "rate": 0.50}
ALUMINIUM = {"content_share": 0.20, "rate": 0.50}


@pytest.mark.parametrize(
    ("overlap", "shielded"),
    [(None, 0.5), ("disjoint", 0.5), ("independent", 0.44), ("nested", 0.3)],
)
def test_partial_shares_of_one_value_leave_the_rest_to_the_general_rate(overlap, shielded):
    """Contents of two metals are disjoint under section 232 unless a clause says otherwise."""
    metals = [tariff_clause(**fields, overlap=overlap) for fields in (STEEL, ALUMINIUM)]
    general = tariff_clause(rate=0.20, basis="IEEPA", unless_basis=("232",))
    expected = BASE_KOR_CARS + 0.15 + 0.10 + (1 - shielded) * 0.20
    assert rate(*metals, general) == pytest.approx(expected, abs=1e-15)
    assert rate(general, *reversed(metals)) == pytest.approx(expected, abs=1e-15)


def test_two_metals_in_one_lamp_pay_as_customs_entries_do():
    """Steel 30 % and aluminium 20 % at 50 %, the other half at 20 %, on an ordinary 2.9 %."""
    world = one_good_world(ordinary=0.029)
    fields = {"exporters": ("CHN",), "products": ("lamps",)}
    metals = [tariff_clause(**part, **fields) for part in (STEEL, ALUMINIUM)]
    general = tariff_clause(rate=0.20, basis="IEEPA", unless_basis=("232",), **fields)
    charged = tariff_on([*metals, general], world, DAY)[0, 1, 0]
    assert charged == pytest.approx(0.379, abs=1e-12)


def test_disjoint_parts_never_exceed_the_value():
    metals = [tariff_clause(rate=0.5, content_share=share) for share in (0.7, 0.6)]
    general = tariff_clause(rate=0.20, basis="IEEPA", unless_basis=("232",))
    assert rate(*metals, general) == pytest.approx(BASE_KOR_CARS + 0.65, abs=1e-15)


@pytest.mark.parametrize(
    ("overlap", "charged"),
    [(None, 0.4 * 0.7), ("independent", 0.4 * 0.7), ("nested", 0.1), ("disjoint", 0.4)],
)
def test_a_share_says_how_it_lies_against_what_shields_it(overlap, charged):
    """Of 40 % that would pay, 30 % of the value is under 232: inside, beside, or by chance."""
    steel = tariff_clause(**STEEL)
    partial = tariff_clause(
        rate=0.20, basis="IEEPA", unless_basis=("232",), content_share=0.4, overlap=overlap
    )
    expected = BASE_KOR_CARS + 0.15 + charged * 0.20
    assert rate(steel, partial) == pytest.approx(expected, abs=1e-15)


def pays(rule, base, charged):
    """What one dollar of trade pays under a rule, from its ordinary duty and the rate charged."""
    return {
        "floor": max(base, charged),
        "ceiling": min(base, charged),
        "level": charged,
        "add": base + charged,
    }[rule]


BRANCHES = (
    (0.10, 0.275, 4e9),
    (0.10, 0.25, 8e9),
    (0.25, 0.30, 4e9),
    (0.0, 0.0, 5e9),
    (0.3, 0.1, 10e9),
)


@pytest.mark.parametrize("branches", BRANCHES, ids=str)
@pytest.mark.parametrize("rule", ["floor", "ceiling", "level", "add"])
@pytest.mark.parametrize("basis", ["232", "MFN", "FTA"])
def test_a_rule_applies_in_the_quota_and_beyond_it_before_the_mean(branches, rule, basis):
    """Every dollar pays what the rule makes of its own rate; ordinary duty 20 % on 10 bn."""
    in_quota, beyond, amount = branches
    if rule == "ceiling":
        basis = "MFN"  # a ceiling of an add-on takes no quota
    world, base, share = one_good_world(ordinary=0.20), 0.20, amount / 10e9
    clause = tariff_clause(
        exporters=("CHN",),
        products=("lamps",),
        rule=rule,
        basis=basis,
        rate=beyond,
        quota=Quota(amount=amount, in_quota_rate=in_quota),
    )
    inside, outside = (pays(rule, base, charged) for charged in (in_quota, beyond))
    expected = share * inside + (1 - share) * outside
    assert tariff_on([clause], world, DAY)[0, 1, 0] == pytest.approx(expected, abs=1e-12)


def test_a_ceiling_caps_the_add_on_in_the_quota_and_beyond_it():
    quota = Quota(amount=20e9, in_quota_rate=0.05)
    charge = tariff_clause(rate=0.25, quota=quota, exporters=("DEU",))
    cap = tariff_clause(rate=0.10, rule="ceiling", exporters=("DEU",))
    # Germany pays 2.5 % on 20 bn of cars with lines; all of them are in the quota.
    assert rate(charge, cap, exporter=DEU) == pytest.approx(0.075, abs=1e-15)
    half = charge.model_copy(update={"quota": Quota(amount=10e9, in_quota_rate=0.05)})
    expected = 0.5 * 0.075 + 0.5 * 0.10
    assert rate(half, cap, exporter=DEU) == pytest.approx(expected, abs=1e-15)


def test_a_floor_meets_trade_with_a_preference_and_without_it_apart():
    """Above the floor's rate the ordinary duty leaves nothing to add, whatever others claim."""
    food = tariff_clause(
        products=("food",), rate=0.05, rule="floor", preference_share=0.5, exporters=("KOR",)
    )
    # Food pays 4 % on average; half claims the preference and owes 5 points, half pays 6.4 %.
    assert rate(food, sector=FOOD) == pytest.approx(0.04 + 0.5 * 0.05, abs=1e-15)
    agreement = food.model_copy(update={"basis": "FTA", "rate": 0.0, "rule": "level"})
    floor = tariff_clause(products=("food",), rate=0.05, rule="floor")
    expected = 0.5 * 0.05 + 0.5 * 0.064
    assert rate(agreement, floor, sector=FOOD) == pytest.approx(expected, abs=1e-15)


def test_what_claims_a_preference_is_first_in_the_quota():
    """Half of Korean food claims the preference; the quota holds a fifth, all of it claimed."""
    agreement = tariff_clause(
        products=("food",), basis="FTA", rule="level", rate=0.0, preference_share=0.5
    )
    floor = tariff_clause(
        products=("food",), rule="floor", rate=0.10, quota=Quota(amount=2e9, in_quota_rate=0.05)
    )
    expected = 0.2 * 0.05 + 0.3 * 0.10 + 0.5 * 0.10
    assert rate(agreement, floor, sector=FOOD) == pytest.approx(expected, abs=1e-15)


def test_korean_lines_with_high_duties_pay_what_each_group_of_trade_owes():
    """A floor of 15 % where 86 % claim the agreement: 12.9 points, since only the claimants owe.

    On these lines, whose ordinary duty is above 16 %, a floor against the mean of both adds 11.8.
    """
    world = load_world()
    cells = build_cells(world, "USA")
    high = (cells.mfn > 0.16) & (cells.exporter == world.region_index("KOR"))
    codes = tuple(sorted({f"{code:06d}" for code in cells.hs6[high].tolist()}))
    clause = tariff_clause(
        products=codes, rate=0.15, rule="floor", basis="IEEPA", preference_share=0.86
    )
    added = added_by_cell(cells, [clause], AsOf(DAY))[high]
    weights = cells.imports[high]
    assert (added * weights).sum() / weights.sum() == pytest.approx(0.129, abs=1e-12)


@pytest.mark.parametrize(
    ("case", "importer", "exporters"),
    [("eu-mercosur", "DEU", ("BRA",)), ("us-korea-2025", "USA", ("KOR", "JPN"))],
)
def test_some_cells_alone_are_charged_as_among_all_of_them(case, importer, exporters):
    """Quotas too: their room is shared out over all that their clauses cover."""
    world = load_world()
    deal = load_deal(case, world)
    cells = build_cells(world, importer)
    at = np.flatnonzero(cells.select_exporters(exporters))[::3]
    charged = False
    for name in deal.package_names:
        clauses = by_member(deal.clauses(name), world)
        whole = added_by_cell(cells, clauses, AsOf(deal.evaluate_on))
        part = added_by_part(cells, cells.part(at), clauses, AsOf(deal.evaluate_on))
        assert np.array_equal(part, whole[at])
        charged = charged or bool(part.any())
    assert charged


def test_a_code_selects_the_cells_whose_code_begins_so():
    cells = build_cells(load_world(), "USA")
    codes = np.array([f"{code:06d}" if code >= 0 else "" for code in cells.hs6.tolist()])
    for product in ("87", "99", "8703", "870323", "8703230190"):
        begins = np.char.startswith(codes, product[:6])
        assert np.array_equal(cells.select_products([product]), begins), product
        imports = np.bincount(cells.sector[begins], cells.imports[begins], len(cells.sectors))
        assert cells.by_sector(product) == pytest.approx(imports, rel=1e-12), product
    none = cells.part(np.zeros(0, dtype=np.int64))
    assert none.select_products(["87", "motor_vehicles"]).size == 0
