"""What must hold of the schedule whatever the clauses."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from accord.deal.clauses.tariff import TariffClause
from accord.deal.products import build_cells
from accord.lowering.tariff_schedule import added_rate, effective_rates, tariff_on
from tests.deal.examples import DAY, GROUPS, SECTORS, ruling, small_world, tariff_clause

WORLD = small_world()
KOREAN_FOOD = build_cells(WORLD, "USA").select(tariff_clause(rate=0.0, products=("food",)))
PRODUCTS = ("all", *SECTORS[:2], *GROUPS, "8703", "1905", "87")
BASES = ("IEEPA", "232", "122", "MFN", "FTA", "other")
FIELDS = set(TariffClause.model_fields) - {"kind"}
EXPORTERS = ("KOR", "JPN", "DEU", "EU", "all")
rates = st.floats(0.0, 1.5, allow_nan=False)
days = st.dates(date(2025, 1, 1), date(2026, 12, 31))


@st.composite
def clauses(draw: st.DrawFn) -> TariffClause:
    start = draw(days)
    return tariff_clause(
        importer=draw(st.sampled_from(("USA", "USA", "KOR"))),
        exporters=(draw(st.sampled_from(EXPORTERS)),),
        products=(draw(st.sampled_from(PRODUCTS)),),
        except_products=draw(st.sampled_from(((), ("8703",), ("food",)))),
        rate=draw(rates),
        rule=draw(st.sampled_from(("add", "level", "floor", "ceiling"))),
        basis=draw(st.sampled_from(BASES)),
        start=start,
        until=start + timedelta(days=draw(st.integers(0, 400))),
        unless_basis=draw(st.sampled_from(((), ("MFN",), ("301",)))),
        content_share=draw(st.floats(0.0, 1.0)),
        preference_share=draw(st.sampled_from((None, None, 0.6))),
        overlap=draw(st.sampled_from((None, "disjoint", "independent", "nested"))),
        quota=draw(st.sampled_from((None, None, {"amount": 5e9, "in_quota_rate": 0.01}))),
    )


some = st.lists(clauses(), max_size=5)


@given(day=days)
def test_no_clause_is_no_change(day):
    assert np.array_equal(tariff_on((), WORLD, day), WORLD.tariff)


@given(listed=some, day=days, seed=st.randoms(use_true_random=False))
def test_the_order_of_clauses_does_not_matter(listed, day, seed):
    shuffled = list(listed)
    seed.shuffle(shuffled)
    ours, theirs = tariff_on(listed, WORLD, day), tariff_on(shuffled, WORLD, day)
    assert np.allclose(ours, theirs, rtol=0, atol=1e-12)


@given(listed=some, day=days)
def test_a_clause_outside_its_dates_changes_nothing(listed, day):
    future = [clause.model_copy(update={"from_": day + timedelta(days=1)}) for clause in listed]
    assert np.array_equal(tariff_on(future, WORLD, day), WORLD.tariff)


@given(listed=some, day=days, basis=st.sampled_from(BASES))
def test_a_ruling_is_the_same_as_striking_the_clauses_out(listed, day, basis):
    struck = [c for c in listed if c.basis != basis or c.importer != "USA"]
    voided = tariff_on([*listed, ruling(basis, day)], WORLD, day)
    assert np.allclose(voided, tariff_on(struck, WORLD, day), rtol=0, atol=1e-12)


@given(listed=some, other=clauses(), day=days, name=st.sampled_from(sorted(FIELDS)))
def test_what_is_kept_of_other_duties_is_never_taken(listed, other, day, name):
    """Clauses that differ in a single field are told apart by what is kept between questions."""
    changed = [c.model_copy(update={name: getattr(other, name)}) for c in listed]
    tariff_on(listed, WORLD, day)
    kept = tariff_on(changed, WORLD, day)
    build_cells.cache_clear()
    assert np.array_equal(kept, tariff_on(changed, WORLD, day))


@given(first=rates, second=rates, product=st.sampled_from(PRODUCTS))
def test_two_add_ons_are_one_of_their_sum(first, second, product):
    apart = [
        tariff_clause(rate=first, products=(product,), basis="232"),
        tariff_clause(rate=second, products=(product,), basis="301"),
    ]
    joint = tariff_clause(rate=first + second, products=(product,))
    assert np.allclose(
        tariff_on(apart, WORLD, DAY), tariff_on([joint], WORLD, DAY), rtol=0, atol=1e-12
    )


@given(listed=some, day=days, rate=rates)
def test_one_more_add_on_never_lowers_a_rate(listed, day, rate):
    more = tariff_clause(rate=rate, exporters=("all",), products=("all",), basis="301")
    plain = [c.model_copy(update={"unless_basis": ()}) for c in listed]
    assert (tariff_on([*plain, more], WORLD, day) >= tariff_on(plain, WORLD, day) - 1e-12).all()


@given(listed=some, day=days)
def test_sector_rates_and_the_weighted_mean_tell_the_same_revenue(listed, day):
    extra = tariff_on(listed, WORLD, day) - WORLD.tariff
    goods = [SECTORS.index("food"), SECTORS.index("motor_vehicles")]
    for n, importer in enumerate(("USA", "KOR")):
        (row,) = effective_rates(listed, WORLD, [day], importer=importer, exporters=["all"])
        flows = np.delete(WORLD.flows[n], n, axis=0)[:, goods]
        paid = (np.delete(extra[n], n, axis=0)[:, goods] * flows).sum()
        assert np.isclose(row.added * flows.sum(), paid, rtol=0, atol=1e-9)


@given(rate=rates, product=st.sampled_from(PRODUCTS))
def test_nothing_pays_less_than_a_floor(rate, product):
    floor = tariff_clause(rate=rate, rule="floor", products=(product,), exporters=("EU",))
    added = added_rate([floor], WORLD, DAY, importer="USA", exporter="EU")
    assert added >= 0.0
    if product == "motor_vehicles":
        charged = tariff_on([floor], WORLD, DAY)[0, 3:, 1]
        assert (charged >= rate - 1e-12).all()


@given(listed=some, day=days, pair=st.tuples(rates, rates), share=st.floats(0.01, 0.99))
def test_a_quota_is_the_mean_of_two_worlds(listed, day, pair, share):
    """In one all of the trade is in the quota, in the other all of it is beyond."""
    rate, quota_rate = pair
    plain = [c.model_copy(update={"quota": None, "preference_share": None}) for c in listed]
    fields = {"products": ("food",), "basis": "IEEPA", "rule": "floor"}
    imports = float(build_cells(WORLD, "USA").imports[KOREAN_FOOD].sum())
    quota = {"amount": share * imports * 1e9, "in_quota_rate": quota_rate}
    both, inside, beyond = (
        tariff_on([*plain, tariff_clause(**fields, **more)], WORLD, day)
        for more in ({"rate": rate, "quota": quota}, {"rate": quota_rate}, {"rate": rate})
    )
    mean = share * inside + (1 - share) * beyond
    assert np.allclose(both, mean, rtol=0, atol=1e-9)
