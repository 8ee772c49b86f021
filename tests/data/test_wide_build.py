"""The recipe of the world of 80 economies, piece by piece, and the whole of it again."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from accord.core.errors import InputError
from accord.data.build.readers import WIOD_FILE, read_wiod_2014
from accord.data.build.wide.build import RAW_FILES, build_wide_world
from accord.data.build.wide.divergence import Programme, find_nearest
from accord.data.build.wide.figures import (
    by_region,
    latest_by_region,
    read_wide_figures,
    read_wide_sources,
)
from accord.data.build.wide.final_demand import UsImports, estimate_final_demand
from accord.data.build.wide.move import MoveTarget, move_world
from accord.data.build.wide.prior import Prior, build_prior
from accord.data.build.wide.table import ICIO_FILE, Icio, read_icio_2022
from accord.data.build.wide.technology import build_structure
from accord.data.store import load_world, read_world
from tests.data.test_build import check_same_macro
from tests.reference import reference_file

pytestmark = pytest.mark.first


def margins(prior, rows, columns, **changes):
    """A table with given row and column sums, as a programme."""
    n, m = prior.shape
    row, column = np.indices(prior.shape).reshape(2, -1)
    flow = np.arange(n * m)
    entries = (np.concatenate([flow, flow]), np.concatenate([row, n + column]))
    own = sparse.coo_array((np.ones(2 * n * m), entries), shape=(n * m, n + m)).tocsr()
    right = np.concatenate([rows, columns])
    plain = np.zeros(n + m)
    programme = Programme(
        prior.ravel(), own, right, plain.astype(bool), plain, np.ones(n + m), right + 1.0
    )
    return replace(programme, **changes)


PRIOR = np.array([[4.0, 1.0, 2.0], [1.0, 5.0, 3.0]])
ROWS, COLUMNS = np.array([9.0, 10.0]), np.array([6.0, 6.0, 7.0])


def test_hard_margins_give_the_table_of_proportional_fitting():
    table = PRIOR.copy()
    for _ in range(500):
        table *= (ROWS / table.sum(axis=1))[:, None]
        table *= COLUMNS / table.sum(axis=0)
    reached = find_nearest(margins(PRIOR, ROWS, COLUMNS))
    np.testing.assert_allclose(reached.flows.reshape(2, 3), table, rtol=1e-9)
    assert reached.residual < 1e-10


def test_a_soft_total_lies_between_its_prior_and_that_of_the_flows():
    soft = np.array([True, False, False, False, False])
    ends = []
    for weight in (1e-6, 1.0, 1e6):
        programme = margins(
            PRIOR, np.array([0.0, 9.0]), np.array([5.0, 6.0, 5.0]),
            soft=soft, total=np.where(soft, 4.0, 0.0), weight=np.where(soft, weight, 1.0),
        )  # fmt: skip
        # Row 1 and the columns are hard, so that row 0 must be 16 - 9 = 7 whatever its weight.
        ends.append(find_nearest(programme).flows[:3].sum())
    np.testing.assert_allclose(ends, 7.0, rtol=1e-9)
    free = []
    for weight in (1e-6, 1.0, 1e6):
        keep = [0, 1]
        programme = margins(PRIOR, np.array([0.0, 9.0]), np.zeros(3))
        programme = Programme(
            programme.prior, programme.own[:, keep], programme.right[keep], soft[keep],
            np.array([14.0, 0.0]), np.array([weight, 1.0]), np.array([7.0, 9.0]),
        )  # fmt: skip
        free.append(find_nearest(programme).flows[:3].sum())
    assert free[0] == pytest.approx(7.0, rel=1e-4)
    assert free[2] == pytest.approx(14.0, rel=1e-4)
    assert free[1] == pytest.approx(np.sqrt(7.0 * 14.0), rel=1e-9)


def test_shared_rows_do_what_the_same_rows_of_each_flow_do():
    generator = np.random.default_rng(3)
    plain = margins(PRIOR, ROWS, COLUMNS)
    group = np.array([0, 1, 0, 1, 0, 1])
    shared = sparse.csr_array(generator.uniform(-0.2, 0.2, (2, 5)))
    members = sparse.coo_array((np.ones(6), (np.arange(6), group)), shape=(6, 2)).tocsr()
    together = replace(plain, own=(plain.own + members @ shared).tocsr())
    apart = replace(plain, group=group, shared=shared)
    at = generator.uniform(-0.3, 0.3, 5)
    for programme in (together, apart):
        flows, totals = programme.flows(at), programme.totals(at)
        step = 1e-6
        slope = [
            (programme.value(at + step * unit) - programme.value(at - step * unit)) / (2 * step)
            for unit in np.eye(5)
        ]
        np.testing.assert_allclose(programme.gap(flows, totals), slope, rtol=1e-6, atol=1e-7)
    pairs = [(p.flows(at), p.totals(at)) for p in (together, apart)]
    np.testing.assert_allclose(pairs[0][0], pairs[1][0], rtol=1e-13)
    np.testing.assert_allclose(
        together.curvature(*pairs[0]), apart.curvature(*pairs[1]), rtol=1e-12
    )


def test_margins_that_nothing_meets_are_refused():
    with pytest.raises(ArithmeticError, match="the search stopped"):
        find_nearest(margins(PRIOR, ROWS, COLUMNS + 1.0))


def small_table(seed: int = 5) -> Icio:
    """Three economies and two industries, balanced."""
    generator = np.random.default_rng(seed)
    trade = generator.uniform(1.0, 2.0, (3, 3, 2)) + 20.0 * np.eye(3)[:, :, None]
    use = np.repeat(trade.sum(axis=1)[:, :, None] / 2, 2, axis=2)
    rest = generator.uniform(30.0, 50.0, (3, 2))
    return Icio(("USA", "AAA", "BBB"), ("one", "two"), trade, use, trade.sum(axis=0) + rest, rest)


def small_estimate(table: Icio):
    generator = np.random.default_rng(1)
    final = generator.uniform(1.0, 3.0, (4, 3, 2))
    final[np.arange(3), np.arange(3)] += 20.0
    prior = Prior(final, generator.uniform(1.0, 2.0, (3, 2)), np.full((3, 2), 0.5))
    counted = table.trade[0, 1:2] + np.array([[2.0, 7.0]])
    counted[0, 1] = table.trade[0, 1, 1] * 0.5  # less than the table has: cannot be held
    imports = UsImports(
        np.array([1]), counted, np.array([2]), table.trade[0, 2] + 4.0, np.array([1.5, 0.0])
    )
    exports = np.array([20.0, 18.0, 16.0])
    balance = np.array([-3.0, 2.0, 1.5])
    return estimate_final_demand(
        table, prior, imports, exports=exports, balance=balance
    ), balance  # fmt: skip


def test_final_sales_meet_rows_balances_and_the_census():
    table = small_table()
    estimate, balance = small_estimate(table)
    np.testing.assert_allclose(estimate.final.sum(axis=0), table.rest, rtol=1e-10)
    bought = table.foreign.sum(axis=(1, 2)) + estimate.from_rest.sum(axis=1)
    sold = table.foreign.sum(axis=(0, 2))
    for n in range(3):
        bought[n] += estimate.final[n].sum() - estimate.final[n, n].sum()
        sold[n] += estimate.final[:, n].sum() - estimate.final[n, n].sum()
    np.testing.assert_allclose(sold - bought, balance, rtol=1e-8)
    assert estimate.final[0, 1, 0] == pytest.approx(2.0, rel=1e-9)
    np.testing.assert_allclose(estimate.final[0, 2], 4.0, rtol=1e-9)
    assert estimate.exceeded == (("AAA", "two"),)
    assert 0 < estimate.final[0, 1, 1] < 0.2
    assert estimate.held == 3


def test_the_world_of_2022_balances_and_moves_to_what_is_asked_for():
    table = small_table()
    estimate, _ = small_estimate(table)
    tariff = np.full((4, 4, 2), 0.05)
    tariff[np.arange(4), np.arange(4)] = 0.0
    gdp = np.array([60.0, 55.0, 50.0, 20.0])
    older = np.array([1.0, 0.0, 0.0])
    structure = build_structure(table, estimate, tariff, gdp, older=older)
    np.testing.assert_allclose(structure.beta + structure.gamma.sum(axis=1), 1.0, rtol=1e-12)
    np.testing.assert_allclose(structure.flows[:, :3].sum(axis=0), table.output, rtol=1e-9)
    spent = (structure.flows * (1 + tariff)).sum(axis=1)
    used = np.einsum("nkj,nj->nk", structure.gamma, structure.flows.sum(axis=0))
    np.testing.assert_allclose((spent - used)[:3], structure.final[:3], rtol=1e-9)
    growth = np.array([1.1, 1.05, 0.97, 1.2])
    fixed = np.zeros(structure.flows.shape, dtype=bool)
    fixed[0, 1] = True
    aim = MoveTarget(
        structure.flows, structure.final, fixed, tariff, structure.beta, structure.gamma,
        structure.value_added * growth, np.array([2.0, -1.0, np.nan, np.nan]),
        np.array([np.nan, 20.0, np.nan, np.nan]),
    )  # fmt: skip
    moved = move_world(aim)
    np.testing.assert_array_equal(moved.flows[0, 1], structure.flows[0, 1])
    added = (aim.beta * moved.flows.sum(axis=0)).sum(axis=1)
    np.testing.assert_allclose(added, aim.value_added, rtol=1e-9)
    gap = moved.flows.sum(axis=(1, 2)) - moved.flows.sum(axis=(0, 2))
    np.testing.assert_allclose(gap[:2], [2.0, -1.0], rtol=1e-8)
    spent = (moved.flows * (1 + tariff)).sum(axis=1)
    used = np.einsum("nkj,nj->nk", aim.gamma, moved.flows.sum(axis=0))
    np.testing.assert_allclose(spent - used, moved.final, rtol=1e-8)
    harder = move_world(replace(aim, exports=np.array([np.nan, 200.0, np.nan, np.nan])))
    assert harder.flows[[0, 2, 3], 1].sum() > moved.flows[[0, 2, 3], 1].sum()


def test_the_table_of_2022_is_read_in_billions_with_rows_that_add_up():
    table = read_icio_2022(reference_file(ICIO_FILE))
    assert table.trade.shape == (80, 80, 50)
    np.testing.assert_allclose(table.trade.sum(axis=0) + table.rest, table.output, atol=2e-3)
    np.testing.assert_allclose(table.trade.sum(axis=1), table.use.sum(axis=2), atol=1e-4)
    assert table.output.sum() == pytest.approx(192_418.7, rel=1e-6)
    # Importer first: the United States buys more oil and gas from Canada than it sells there.
    usa, canada = table.economies.index("USA"), table.economies.index("CAN")
    oil = table.industries.index("oil_gas")
    assert table.trade[usa, canada, oil] > table.trade[canada, usa, oil]


def test_priors_take_the_older_rest_of_the_world_apart():
    table = read_icio_2022(reference_file(ICIO_FILE))
    older = read_wiod_2014(reference_file(WIOD_FILE))
    prior = build_prior(table, older, np.ones(44), 0.35)
    known = [place for place, code in enumerate(table.economies) if code in older.regions]
    other = [place for place in range(80) if place not in known]
    germany, korea = table.economies.index("DEU"), older.regions.index("KOR")
    buyer = table.economies.index("KOR")
    held = older.final[korea, older.regions.index("DEU")].sum()
    assert prior.final[buyer, germany].sum() == pytest.approx(held, rel=0.02)
    rest = older.final[korea, -1].sum()
    assert 0.4 * rest < prior.final[buyer, other].sum() < 0.66 * rest
    assert (prior.final >= 0).all()
    assert ((prior.intermediate >= 0) & (prior.intermediate <= 1)).all()


def test_figures_of_eighty_economies_are_graded_and_sourced():
    figures = read_wide_figures()
    sources = {source.id for source in read_wide_sources()}
    assert {figure.source for figure in figures} <= sources
    regions = load_world("world-2022").regions
    for year in (2022, 2024):
        assert not np.isnan(by_region(figures, regions, "gdp", year)).any()
    for what in ("exports", "imports"):
        assert not np.isnan(latest_by_region(figures, regions[:-1], what)).any()
    keys = [(figure.region, figure.variable) for figure in figures]
    assert len(keys) == len(set(keys))


def test_missing_raw_files_are_all_listed(tmp_path):
    with pytest.raises(InputError) as caught:
        build_wide_world(tmp_path, tmp_path)
    assert len(caught.value.problems) == len(RAW_FILES)


def test_the_recipe_gives_the_embedded_world_again(tmp_path):
    raw: Path = reference_file(ICIO_FILE).parents[1]
    said: list[str] = []
    report = build_wide_world(raw, tmp_path, tell=said.append)
    built, embedded = read_world(tmp_path, "world-2022"), load_world("world-2022")
    # Another linear-algebra library may change the last stored digit of a balanced flow.
    np.testing.assert_allclose(built.flows, embedded.flows, rtol=1e-5, atol=1e-12)
    np.testing.assert_array_equal(built.tariff, embedded.tariff)
    assert built.lines is not None
    assert embedded.lines is not None
    np.testing.assert_allclose(built.lines.imports, embedded.lines.imports, rtol=1e-6)
    check_same_macro(built, embedded)
    rounding = re.compile(r"\b\de-1[3-9]\b")
    assert [rounding.sub("rounding", note) for note in built.notes] == [
        rounding.sub("rounding", note) for note in embedded.notes
    ]
    assert all(check.ok for check in report.checks)
    assert report.residual < 1e-10
    assert len(said) == report.steps + 2
