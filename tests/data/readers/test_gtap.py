"""Header array files, and the GTAP data base in one."""

import numpy as np
import pytest

import accord as ac
from accord.data.readers.har import read_headers
from accord.lowering.trade import build_trade_model
from tests.architecture.repository import ROOT
from tests.data.readers.har_files import draw_gtap, write_array, write_gtap

LAYOUTS = ROOT.parent / "shared" / "data" / "layouts" / "har"
MILLION = 1e-3
ARRAYS = draw_gtap()
NAMES = ("USA", "DEU", "xrw")


def value(name):
    return ARRAYS[name][1]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    path = write_gtap(ARRAYS, tmp_path_factory.mktemp("gtap") / "basedata2017.har")
    return ac.read_world("gtap", path)


@pytest.mark.skipif(not LAYOUTS.is_dir(), reason="the layouts are not here")
def test_files_of_gempack_are_read_with_their_labels():
    headers = read_headers(LAYOUTS / "test.har")
    assert headers["NH01"].values == pytest.approx(np.array([[1, 3.14], [3.14, 5]]), rel=1e-6)
    assert headers["NH01"].labels == (("A", "B"), ("I", "II"))
    assert (headers["INTA"].values == np.arange(16).reshape(4, 4)).all()
    assert headers["ARR7"].values.shape == (2,) * 7
    assert headers["CHST"].values.tolist() == [f"{letter}_string" for letter in "ABCDE"]
    sets = read_headers(LAYOUTS / "setsnew7.har")
    assert len(sets["COM"].values) == 78
    assert sets["COM"].values[0] == "SheepCattle"


@pytest.mark.parametrize("sparse", [False, True])
def test_an_array_comes_back_as_it_was_written(tmp_path, sparse):
    values = np.random.default_rng(2).uniform(0, 1, (4, 3, 2))
    values[values < 0.4] = 0.0
    sets = tuple((f"SET{n}", tuple(f"e{n}{k}" for k in range(n))) for n in values.shape)
    path = tmp_path / "x.har"
    path.write_bytes(write_array("ABCD", values, sets, sparse=sparse))
    header = read_headers(path)["ABCD"]
    assert header.values == pytest.approx(values, rel=1e-6)
    assert header.labels == tuple(labels for _, labels in sets)


def test_flows_are_those_of_the_file(world):
    expected = value("VFOB").transpose(2, 1, 0).copy()
    own = np.arange(3)
    home = value("VDFB").sum(axis=1) + sum(value(name) for name in ("VDPB", "VDGB", "VDIB"))
    expected[own, own] += home.T
    share = value("VST")[0] / value("VST").sum()
    expected[:, :, 2] += value("VTWR").sum(axis=(0, 1, 2))[:, None] * share
    assert world.regions == NAMES
    assert world.flows == pytest.approx(MILLION * expected, rel=1e-6)
    duty = (value("VMSB") - value("VCIF")).sum(axis=(0, 1))
    assert world.duty == pytest.approx(MILLION * duty, rel=1e-5)


def test_inputs_are_those_of_the_file_before_duty(world):
    border = value("VFOB").sum(axis=1) / value("VMSB").sum(axis=1)
    cars, wheat = 1, 0
    bought = value("VDFB")[wheat, cars] + value("VMFB")[wheat, cars] * border[wheat]
    paid = world.input_share[:, wheat, cars] * world.sales[:, cars]
    firms = value("VDFB")[wheat].sum(axis=0)  # they buy from home and abroad
    part = value("VMFB")[wheat].sum(axis=0) / value("VMSB")[wheat].sum(axis=0)
    abroad = value("VFOB")[wheat].T * part[:, None]
    with_duty = (abroad * (1 + world.tariff[:, :, wheat])).sum(axis=1) + firms
    # duty on home trade of the rest of the world is a rate on all its own sales
    with_duty += firms * world.tariff[:, :, wheat].diagonal()
    ratio = with_duty / (abroad.sum(axis=1) + firms)
    assert paid == pytest.approx(MILLION * bought * ratio, rel=1e-5)


def test_the_accounts_hold_and_nothing_moves_without_a_change(world):
    assert all(check.ok for check in world.checks())
    model = build_trade_model(world, world.default_elasticities)
    solution = ac.solve_trade(model, ac.TradeShock(tariff=world.tariff))
    assert np.abs(solution.value.welfare).max() < 1e-9


def test_the_order_of_labels_and_sparse_arrays_change_nothing(world, tmp_path):
    turned = dict(ARRAYS)
    (goods, actors, regions), firms = turned["VDFB"]
    back = (regions[0], regions[1][::-1])
    turned["VDFB"] = ((goods, actors, back), firms[:, :, ::-1])
    again = ac.read_world("gtap", write_gtap(turned, tmp_path / "b2017.har", sparse=True))
    assert again.flows == pytest.approx(world.flows, rel=1e-12)
    assert again.input_share == pytest.approx(world.input_share, rel=1e-12)


def test_older_releases_have_other_names(world, tmp_path):
    older = {"VDFB": "VDFM", "VMFB": "VIFM", "VDPB": "VDPM", "VMPB": "VIPM", "VDGB": "VDGM",
             "VMGB": "VIGM", "VFOB": "VXWD", "VCIF": "VIWS", "VMSB": "VIMS"}  # fmt: skip
    arrays = {older.get(name, name): entry for name, entry in ARRAYS.items()}
    for side in ("D", "M"):  # investment is what the actor CGDS buys
        (goods, (name, actors), regions), firms = arrays[older[f"V{side}FB"]]
        stock = arrays.pop(f"V{side}IB")[1]
        both = np.concatenate([firms, stock[:, None]], axis=1)
        arrays[older[f"V{side}FB"]] = ((goods, (name, (*actors, "cgds")), regions), both)
    again = ac.read_world("gtap", write_gtap(arrays, tmp_path / "b2017.har"))
    assert again.flows == pytest.approx(world.flows, rel=1e-12)


def cut(content):
    return content[:-50]


def spoil(content):
    return content.replace(b"VCIF", b"VCIX", 1)


def relabel(content):
    return content.replace(b"mvh         ", b"mvx         ", 1)


@pytest.mark.parametrize(
    ("change", "word"),
    [(cut, "is cut short"), (spoil, "has no array VCIF"), (relabel, "has other labels"),
     (lambda _: b"importer,exporter", "no header array file"), (lambda _: b"", "is empty")],
)  # fmt: skip
def test_a_broken_file_is_told(tmp_path, change, word):
    path = write_gtap(ARRAYS, tmp_path / "b2017.har")
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(ac.InputError, match=word) as told:
        ac.read_world("gtap", path)
    assert len(told.value.problems) == 1
    assert "b2017.har" in str(told.value)
