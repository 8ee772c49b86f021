"""What is collected of a duty: a share of it, and nothing while goods are at sea."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.core.errors import InputError
from accord.deal.load import load_deal
from accord.lowering.tariff_history import package_tariffs
from accord.lowering.tariff_path import tariff_path
from accord.lowering.tariff_schedule import added_rate, at_statute, effective_rates, tariff_on
from tests.deal.examples import CARS, DAY, KOR, small_world, tariff_clause

WORLD = small_world()
START = date(2025, 8, 31)
SPREAD = {"low": 0.5, "mode": 0.75, "high": 0.85}
DEAL = """
schema = 1
name = "made-up"
title = "A made-up deal"
price_year = 2024
parties = ["USA", "KOR"]

[assessment]
evaluate_on = 2025-11-14
first_year = 2025
horizon = 2
{duties}

[no_deal]
title = "No deal"

[[no_deal.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
rate = 0.2
rule = "add"
basis = "{basis}"
from = 2025-07-01
{collected}

[[package]]
name = "cut"
"""


def rate(*clauses, day=DAY):
    return float(tariff_on(clauses, WORLD, day)[0, KOR, CARS])


def deal(tmp_path, collected="take_up = 0.5", duties="", basis="IEEPA"):
    file = tmp_path / "deal.toml"
    file.write_text(DEAL.format(collected=collected, duties=duties, basis=basis))
    return load_deal(file, WORLD)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["add", "floor", "level"]))
def test_a_share_is_collected_of_what_a_clause_adds(take_up, charged, rule):
    whole = rate(tariff_clause(rate=charged, rule=rule)) - rate()
    part = rate(tariff_clause(rate=charged, rule=rule, take_up=take_up)) - rate()
    assert part == pytest.approx(take_up * whole, abs=1e-14)


def test_a_range_counts_as_its_middle():
    got = rate(tariff_clause(rate=0.25, take_up=SPREAD))
    middle = 0.5 + (0.25 * 0.35 / 2) ** 0.5  # half of the triangle lies below it
    assert got == pytest.approx(rate(tariff_clause(rate=0.25, take_up=middle)), abs=1e-15)


def test_all_of_it_without_a_lag_is_the_law_to_the_last_digit():
    plain = tariff_clause(rate=0.25, start=START)
    whole = tariff_clause(rate=0.25, start=START, take_up=1.0, lag_months=0)
    assert np.array_equal(tariff_on((plain,), WORLD, DAY), tariff_on((whole,), WORLD, DAY))
    assert plain.at_statute() is plain


@pytest.mark.parametrize(("months", "first"), [(1, date(2025, 9, 30)), (6, date(2026, 2, 28)),
                                               (18, date(2027, 2, 28))])  # fmt: skip
def test_nothing_is_collected_while_goods_are_at_sea(months, first):
    clause = tariff_clause(rate=0.25, start=START, lag_months=months, take_up=0.8)
    assert clause.collected_from == first
    assert rate(clause, day=first - timedelta(1)) == rate()
    assert rate(clause, day=first) == pytest.approx(rate() + 0.8 * 0.25)


def test_each_clause_has_its_own_share():
    cars = tariff_clause(rate=0.25)
    general = tariff_clause(rate=0.1, basis="IEEPA", products=("all",), take_up=0.5)
    both = rate(cars, general)
    assert both == pytest.approx(rate() + 0.25 + 0.5 * 0.1)
    assert both == rate(general, cars)
    shielded = tariff_clause(rate=0.1, basis="IEEPA", products=("all",), take_up=0.5,
                             unless_basis=("232",))  # fmt: skip
    assert rate(cars, shielded) == pytest.approx(rate() + 0.25)


def test_the_letter_of_the_law_stands_beside_what_is_collected():
    clause = tariff_clause(rate=0.25, take_up=0.6)
    (row,) = effective_rates((clause,), WORLD, [DAY], importer="USA", exporters=["KOR"])
    (law,) = effective_rates(at_statute((clause,)), WORLD, [DAY], importer="USA",
                             exporters=["KOR"])  # fmt: skip
    assert row.added == pytest.approx(0.6 * law.added)
    assert row.statutory == law.total == law.statutory
    assert added_rate((clause,), WORLD, DAY, importer="USA", exporter="KOR") == pytest.approx(
        law.added
    )


def test_the_years_follow_what_is_collected(tmp_path):
    made = deal(tmp_path, "take_up = 0.5\nlag_months = 2")
    path = tariff_path(made, "no_deal", WORLD, "dated")
    added = [path.regimes[at].tariff[0, KOR, CARS] - rate() for at in path.by_year]
    days = (date(2026, 1, 1) - date(2025, 9, 1)).days
    assert added == pytest.approx([0.5 * 0.2 * days / 365, 0.5 * 0.2])


def test_a_switch_takes_the_letter_of_the_law(tmp_path):
    collected = deal(tmp_path, "take_up = 0.5\nlag_months = 2")
    law = deal(tmp_path, "take_up = 0.5\nlag_months = 2", 'duties = "statutory"')
    plain = deal(tmp_path, "")
    for made, share in ((collected, 0.5), (law, 1.0), (plain, 1.0)):
        row = next(r for r in package_tariffs(made, WORLD) if r.package == "no_deal"
                   and r.importer == "USA")  # fmt: skip
        assert row.after - row.before == pytest.approx(share * (row.statutory - row.before))
    paths = [tariff_path(made, "no_deal", WORLD, "dated") for made in (law, plain)]
    assert paths[0].equals(paths[1])


@pytest.mark.parametrize("collected", ["take_up = 0.5", "lag_months = 2"])
def test_a_clause_that_changes_the_base_has_none(tmp_path, collected):
    with pytest.raises(InputError) as caught:
        deal(tmp_path, collected, basis="MFN")
    assert [problem.path for problem in caught.value.problems] == [
        f"no_deal.clause[1].{collected.split()[0]}"
    ]


def test_a_share_above_one_is_refused(tmp_path):
    with pytest.raises(InputError, match="take_up"):
        deal(tmp_path, "take_up = 1.5")
