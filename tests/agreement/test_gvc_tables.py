"""Contents of exports against tables of other programs, and the inverse against pymrio's.

The two small tables and every component were computed by decompr 6.8.0 and exvatools 0.9.0, which
are programs in R. Their licence lets nobody ship the tables, so they are read where they are.
"""

import csv

import numpy as np
import pytest

from accord.chains.exports import KWW_TERMS
from accord.chains.plan import ChainsPlan
from accord.chains.solver import solve_chains
from tests.chains.plans import random_plan
from tests.reference import reference_file

PRINTED = 5e-13  # of the largest figure: tables have fifteen digits
TWICE = {"MEX": ("MX1", "MX2"), "CHN": ("CN1", "CN2")}  # countries with two kinds of firms


def read(name):
    """Return columns, rows and figures of a table."""
    with reference_file(f"gvc_anchors/{name}.csv").open(encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    figures = np.array([[float(cell) for cell in row[1:]] for row in rows])
    return head[1:], [row[0] for row in rows], figures


@pytest.fixture(scope="module")
def leather():
    _, _, use = read("leather_intermediate")
    _, rows, final = read("leather_final")
    regions = tuple(dict.fromkeys(row.partition(".")[0] for row in rows))
    sectors = tuple(row.partition(".")[2] for row in rows[:3])
    return solve_chains(
        ChainsPlan(use.reshape(3, 3, 3, 3), final.reshape(3, 3, 3), regions, sectors)
    )


@pytest.fixture(scope="module")
def spain():
    """Six countries; Mexico and China have firms of two kinds, here sectors that others lack."""
    columns, rows, final = read("exva_iciotest_Y")
    _, _, use = read("exva_iciotest_Z")
    places = []
    for country in columns:
        for kind in range(2):
            named = TWICE.get(country, (country, None))[kind]
            places += [rows.index(f"{named}_{s}") if named else -1
                       for s in ("01T09", "10T39", "41T98")]  # fmt: skip
    there = np.array(places) >= 0
    whole_use = np.where(there[:, None] & there[None, :], use[np.ix_(places, places)], 0.0)
    whole_final = np.where(there[:, None], final[places], 0.0)
    shape = (len(columns), 6)
    plan = ChainsPlan(
        whole_use.reshape(*shape, *shape), whole_final.reshape(*shape, len(columns)),
        tuple(columns), tuple(f"sector {j}" for j in range(6)),
    )  # fmt: skip
    return solve_chains(plan)


def test_nine_terms_are_those_of_decompr(leather):
    columns, rows, table = read("leather_kww")
    assert rows == list(leather.plan.regions)
    assert tuple(columns) == KWW_TERMS[:9]
    assert leather.value.exports.kww[:, :9] == pytest.approx(table, abs=table.max() * PRINTED)
    assert leather.value.exports.kww[:, 9] == pytest.approx(0.0, abs=1e-12)


def test_value_added_in_exports_is_that_of_decompr(leather):
    """Value added of each cell in the exports of each, by the Leontief inverse."""
    with reference_file("gvc_anchors/leather_leontief.csv").open(encoding="utf-8") as file:
        table = np.array([float(row["FVAX"]) for row in csv.DictReader(file)])
    value, plan = leather.value, leather.plan
    exports = (plan.use.sum(axis=3) + plan.final).copy()
    exports[np.arange(3), :, np.arange(3)] = 0.0
    share = 1 - plan.inputs / plan.output
    ours = share[:, :, None, None] * value.inverse * exports.sum(axis=2)
    assert ours.ravel() == pytest.approx(table, abs=table.max() * PRINTED)


@pytest.mark.parametrize("kind", ["src", "snk"])
def test_flows_of_spain_hold_what_exvatools_says(spain, kind):
    content = {"src": spain.value.exports.by_source, "snk": spain.value.exports.by_sink}[kind]
    parts = {"DVA": content.domestic, "DDC": content.domestic_double, "FVA": content.foreign,
             "FDC": content.foreign_double, "EXGR": content.total}  # fmt: skip
    for name, part in parts.items():
        if kind == "snk" or name != "EXGR":
            columns, _, table = read(f"exva_ESP_bm_{kind}_{name}")
            assert columns == list(spain.plan.regions)
            whole = table.sum(axis=0)
            assert part[0] == pytest.approx(whole, abs=whole.max() * PRINTED), name


def test_terms_of_spain_are_those_of_exvatools(spain):
    terms = dict(zip(KWW_TERMS, spain.value.exports.kww[0], strict=True))
    groups = {
        "DVA": KWW_TERMS[:5], "VAX": KWW_TERMS[:3], "REF": KWW_TERMS[3:5], "DDC": ("DDC",),
        "FVA": ("FVA_FIN", "FVA_INT"), "FDC": ("FDC",), "EXGR": KWW_TERMS[:9],
    }  # fmt: skip
    for name, group in groups.items():
        _, _, table = read(f"exva_ESP_kww_{name}")
        assert sum(terms[term] for term in group) == pytest.approx(table.sum(), rel=1e-12), name


def test_sums_of_terms_are_those_of_exvatools(spain):
    """Domestic and foreign content, and what gross exports are, flow by flow."""
    content = {"src": spain.value.exports.by_source, "snk": spain.value.exports.by_sink}
    for kind, of in content.items():
        for name, whole in (("DC", of.domestic + of.domestic_double),
                            ("FC", of.foreign + of.foreign_double)):  # fmt: skip
            _, _, table = read(f"exva_ESP_bm_{kind}_{name}")
            assert whole[0].sum() == pytest.approx(table.sum(), rel=1e-12), (kind, name)
    for kind in ("bm_src", "bm_snk", "kww"):
        _, _, table = read(f"exva_ESP_{kind}_EXGR")
        assert spain.value.exports.gross[0].sum() == pytest.approx(table.sum(), rel=1e-12)


def test_looking_through_is_the_inverse_of_exvatools(spain):
    """Output of a country in a unit of each cell's output, less the unit: sums of B - I."""
    columns, rows, inverse = read("exva_iciotest_B")
    assert columns == rows
    beyond = inverse - np.eye(len(rows))
    firms = {name: [at for at, row in enumerate(rows) if row.startswith(name)] for name in
             ("ESP", "FRA", "USA", "ROW")}  # fmt: skip
    for supplier in firms:
        told = beyond[firms[supplier]].sum(axis=0)
        for user, places in firms.items():
            ours = spain.value.look_through[
                spain.plan.regions.index(supplier), spain.plan.regions.index(user)
            ]
            assert ours[:3] == pytest.approx(told[places], abs=PRINTED), (supplier, user)


def test_the_inverse_is_that_of_pymrio():
    pymrio = pytest.importorskip(
        "pymrio", reason="pymrio is not installed: it comes with the development dependencies"
    )
    plan = random_plan(regions=5, sectors=4, seed=12, idle=0.2)
    cells = plan.output.size
    use, output = plan.use.reshape(cells, cells), plan.output.ravel()
    theirs = pymrio.calc_L(pymrio.calc_A(use, output))
    ours = solve_chains(plan).value.inverse.reshape(cells, cells)
    assert ours == pytest.approx(np.asarray(theirs), abs=1e-12)
