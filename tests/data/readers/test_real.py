"""Readers on real files, and on files of other programs in raw layouts (with made-up values)."""

import csv

import numpy as np
import pytest

import accord as ac
from accord.data.readers import wiod
from accord.data.readers.caliendo_parro import read_caliendo_parro
from accord.data.readers.table.balance import balance_report
from accord.trade.welfare.decomposition import first_order_welfare
from tests.data.readers.rdata import read_rdata
from tests.reference import reference_file

MOCKS = "layouts/pymrio_mock"
FINALS = ("c37", "c38", "c39", "c41", "c42")
OWN = {"elasticities": {"manufactoring": 5.0, "other": 5.0}}
ARRAYS = ("flows", "tariff", "value_added_share", "input_share", "elasticity")


def make_model(world):
    """Return the trade model of a world."""
    return ac.TradeModel.from_arrays(**{name: getattr(world, name) for name in ARRAYS})


def check_world(world):
    """Check that the accounts hold, and that nothing moves without a change."""
    assert all(check.ok for check in world.checks())
    solution = ac.solve_trade(make_model(world), ac.TradeShock(tariff=world.tariff))
    for change in (solution.value.wage_change, solution.value.price_change):
        assert np.abs(change - 1).max() < 1e-12
    assert np.abs(solution.value.welfare).max() < 1e-12


@pytest.fixture(scope="module")
def wiod_2008():
    """The world of 2008, and what stands in its file."""
    return read_rdata(reference_file("wiod2013/wiot_2008.RData"))


def wiod_cells(held):
    """Return the sheet of a year: the figures of the file between the labels of the release."""
    countries, industries = held["countries"], held["industries"]
    users = [(n, j) for n in countries for j in industries]
    columns = [*users, *((n, use) for n in countries for use in FINALS)]
    size = len(users)
    figures = np.hstack([
        held["inter"].reshape((size, size), order="F"),
        held["final"].reshape((size, -1), order="F"),
    ])  # fmt: skip
    cells = np.full((size + 7, len(columns) + 4), None, dtype=object)
    cells[0, 0], cells[3, 0] = "World Input-Output Table for 2008", "(millions of US$)"
    cells[4, 4:], cells[5, 4:] = zip(*columns, strict=True)
    cells[6:-1, 2], cells[6:-1, 3] = zip(*users, strict=True)
    cells[6:-1, 4:] = figures
    cells[-1, 1:4], cells[-1, 4 : 4 + size] = ("Output", "TOT", "r69"), held["output"]
    return cells


@pytest.fixture(scope="module")
def world_2008(wiod_2008, tmp_path_factory):
    path = tmp_path_factory.mktemp("wiod") / "wiot08_row_apr12.xlsx"
    path.touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiod, "read_sheet", lambda _: wiod_cells(wiod_2008))
        return ac.read_world("wiod2013", path, year=2008)


def test_wiod_of_2008_has_the_totals_of_its_file(wiod_2008, world_2008):
    check_world(world_2008)
    assert world_2008.regions[-1] == "ROW"
    assert "ROU" in world_2008.regions
    output = wiod_2008["output"].reshape(41, 35) / 1e3
    assert world_2008.flows.sum() == pytest.approx(output.sum(), rel=1e-3)
    n = [world_2008.region_index(name) for name in ("USA", "DEU", "CHN")]
    places = [wiod_2008["countries"].index(name) for name in ("USA", "DEU", "CHN")]
    sold = world_2008.flows.sum(axis=0)[n].sum(axis=1)
    assert sold == pytest.approx(output[places].sum(axis=1), rel=2e-3)
    printed = output.sum(axis=1)
    report = {row.rule: row for row in balance_report(world_2008).totals}
    assert report["output"].before == pytest.approx(printed.sum(), rel=1e-9)


def test_wiod_of_2008_gives_the_published_content_of_german_cars(world_2008):
    """Timmer, Erumban, Los, Stehrer and de Vries (2014), Table 1: 66 % of German value added.

    Sources of inputs are those of all users here, so that the figure is 1 point off at most.
    """
    world = world_2008
    size = world.sales.size
    bought = world.flows.sum(axis=1, keepdims=True)
    share = np.divide(world.flows, bought, out=np.zeros_like(world.flows), where=bought > 0)
    inputs = np.einsum("nik,nkj->iknj", share, world.input_share).reshape(size, size)
    made = np.zeros(world.sales.shape)
    home = world.region_index("DEU")
    made[home, world.sector_index("c15")] = 1.0
    needed = np.linalg.solve(np.eye(size) - inputs, made.ravel())
    added = (world.value_added_share.ravel() * needed).reshape(made.shape).sum(axis=1)
    assert added.sum() == pytest.approx(1.0, abs=0.01)
    assert added[home] == pytest.approx(0.66, abs=0.015)


@pytest.mark.parametrize(
    ("name", "regions"),
    [("ICIO2018_2010.CSV", ("AUS", "MEX")), ("ICIO2018_2010.zip", ("AUS", "MEX")),
     ("ICIO2016_2003.csv", ("AUS", "CHN"))],
)  # fmt: skip
def test_files_of_the_oecd_have_the_totals_of_their_cells(name, regions):
    """Parts of China and Mexico are added to them; sums of cells are taken here by position."""
    path = reference_file(f"{MOCKS}/oecd_mock/{name}")
    with pytest.raises(ac.InputError, match="--unit"):  # values are made up: more than the world
        ac.read_world("icio", path)
    world = ac.read_world("icio", path, unit="USD")
    check_world(world)
    assert set(regions) <= set(world.regions)
    assert not {"MX1", "MX2", "MX3", "CN1", "CN2", "CHN.NPR"} & set(world.regions)
    text = reference_file(f"{MOCKS}/oecd_mock/{path.stem}{'.CSV' if '2018' in name else '.csv'}")
    with text.open(encoding="utf-8-sig") as stream:
        head, *lines = csv.reader(stream)
    sellers = [line for line in lines if line[0] in head and "_" in line[0]]
    labels = [line[0] for line in sellers]
    users = [at for at, label in enumerate(head) if label in labels]
    bought = sum(float(line[at]) for line in sellers for at in users)
    totals = {row.rule: row for row in balance_report(world).totals}
    assert totals["inputs of industries"].before == pytest.approx(bought * 1e-9, rel=1e-9)


def test_the_folder_of_exiobase_has_the_sums_of_its_final_use():
    folder = reference_file(f"{MOCKS}/exio3_mock")
    with pytest.raises(ac.InputError, match="--unit"):
        ac.read_world("exiobase", folder, OWN, year=2010)
    world = ac.read_world("exiobase", folder, OWN, unit="USD", year=2010)
    check_world(world)
    with (folder / "Y.txt").open(encoding="utf-8") as stream:
        rows = [row for row in csv.reader(stream, delimiter="\t") if row[0] in world.regions]
    printed = sum(float(cell) for row in rows for cell in row[2:])
    totals = {row.rule: row for row in balance_report(world).totals}
    assert totals["final use"].before == pytest.approx(printed * 1e-9, rel=1e-9)


def test_the_system_of_pymrio_is_the_same_by_label():
    system = pytest.importorskip("pymrio").load_test().calc_all()
    world = ac.read_world("zyx", system, OWN, unit="USD", year=2010)
    check_world(world)
    totals = {row.rule: row for row in balance_report(world).totals}
    for rule, frame in (("inputs of industries", system.Z), ("final use", system.Y)):
        printed = float(frame.to_numpy().sum()) * 1e-9
        assert totals[rule].before == pytest.approx(printed, rel=1e-9)


def test_the_files_of_caliendo_and_parro_give_the_published_gains():
    """Table 2: Mexico 1.31 %, Canada -0.06 %, United States 0.08 %, trade balanced first.

    From the table as it is read, final use cut at zero as the authors do. The world has output that
    meets what industries buy instead, which makes the gain of Mexico 1.04 %.
    """
    folder = reference_file("caliendo_parro_2015")
    check_world(ac.read_world("caliendo_parro", folder))
    table = read_caliendo_parro((folder,))
    flows = table.sold_to_industries + table.sold_to_final.sum(axis=0)
    output = flows.sum(axis=0)
    tariff = np.asarray(table.tariff)
    spent = flows * (1 + tariff)
    spending = spent.sum(axis=1)
    bought = table.bought * (spending / flows.sum(axis=1))[:, :, None]  # with duty
    final = np.maximum(spending - bought.sum(axis=2), 0)
    inputs = bought / output[:, None, :]
    added = 1 - inputs.sum(axis=1)
    world = ac.read_world("caliendo_parro", folder)
    model = ac.TradeModel.from_shares(
        trade_share=spent / spending[:, None, :], tariff=tariff,
        final_share=final / final.sum(axis=1, keepdims=True),
        value_added_share=added, input_share=inputs, elasticity=world.elasticity,
        value_added=(added * output).sum(axis=1),
        deficit=flows.sum(axis=(1, 2)) - flows.sum(axis=(0, 2)),
    )  # fmt: skip
    at = [table.regions.index(name) for name in ("MEX", "CAN", "USA")]
    later = np.zeros_like(tariff)
    printed = np.loadtxt(folder / "tariffs2005.txt").reshape(20, 31, 31)
    later[:, :, :20] = printed.transpose(1, 2, 0) / 100
    inside = np.ix_(at, at)
    new = tariff.copy()
    new[inside] = later[inside]
    solution = ac.solve_trade(model.balanced, ac.TradeShock(tariff=new))
    gains = 100 * first_order_welfare(solution).total[at]
    assert gains == pytest.approx([1.31, -0.06, 0.08], abs=0.006)
