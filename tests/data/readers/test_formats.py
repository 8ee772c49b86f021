"""Every reader on the same made-up table: the figures of the file, by label, in bn USD."""

from types import SimpleNamespace

import numpy as np
import pytest

import accord as ac
from accord.data.readers.table.balance import balance_report
from accord.data.readers.table.units import USD_PER_EUR
from accord.data.readers.wiod import read_wiod_2016
from tests.data.readers import samples

MILLION = 1e-3  # bn
EURO = USD_PER_EUR[2011]
SAMPLE = samples.draw_sample()
FINALS = {"wiod2013": ("c37", "c42"), "adb": ("F1", "F5")}


def read(kind, tmp_path):
    """Return the world that a reader makes of the sample."""
    if kind in FINALS:
        special = {
            "wiod2013": {"numbers": samples.NUMBERS, "regions": ("DEU", "USA", "RoW")},
            "adb": {"numbers": ("c1", "c2", "c20"), "regions": ("GER", "USA", "RoW")},
        }[kind]
        special.setdefault("regions", samples.REGIONS)
        if kind == "wiod2013":
            special["numbers"] = ("c1", "c2", "c20")
        path = samples.write_wide(
            SAMPLE, tmp_path / "wiot_2011.xlsx", finals=FINALS[kind], **special
        )
        return ac.read_world(kind, path)
    writers = {
        "wiod2016": lambda: (
            "wiod2016", samples.write_wiod_2016(SAMPLE, tmp_path / "WIOT2011_Nov16_ROW.xlsb")
        ),
        "wiod2016 as xlsx": lambda: (
            "wiod2016", samples.write_wiod_2016(SAMPLE, tmp_path / "WIOT2011_Nov16_ROW.xlsx")
        ),
        "icio": lambda: ("icio", samples.write_icio(SAMPLE, tmp_path / "2011.csv")),
        "figaro": lambda: ("figaro", samples.write_figaro(SAMPLE, tmp_path / "2011.csv")),
        "figaro flat": lambda: (
            "figaro", samples.write_figaro(SAMPLE, tmp_path / "flat_2011.csv", flat=True)
        ),
        "exiobase": lambda: ("exiobase", samples.write_exiobase(SAMPLE, tmp_path / "exio2011")),
        "exiobase of A": lambda: (
            "exiobase", samples.write_exiobase(SAMPLE, tmp_path / "a2011", only_shares=True)
        ),
        "long": lambda: ("long", samples.write_long(SAMPLE, tmp_path / "2011.csv")),
        "parquet": lambda: ("long", samples.write_long(SAMPLE, tmp_path / "2011.parquet")),
        "zyx": lambda: ("zyx", SimpleNamespace(**samples.frames(SAMPLE))),
    }  # fmt: skip
    name, path = writers[kind]()
    return ac.read_world(name, path, year=2011)


KINDS = (*FINALS, "wiod2016", "wiod2016 as xlsx", "icio", "figaro", "figaro flat", "exiobase",
         "exiobase of A", "long", "parquet", "zyx")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_reader_returns_the_figures_of_the_file_by_label(kind, tmp_path):
    world = read(kind, tmp_path)
    scale = MILLION * (EURO if kind.startswith(("figaro", "exiobase")) else 1.0)
    regions = [name for name in ("DEU", "USA", "ROW", "WF") if name in world.regions]
    n = [world.region_index(name) for name in regions]
    order = {
        "A01": 0,
        "A02": 1,
        "C29": 1,
        "G45T47": 2,
        "G45": 2,
        "J62_J63": 2,
        "c1": 0,
        "c2": 1,
        "c20": 2,
    }
    j = sorted(range(3), key=lambda at: order[world.sectors[at]])
    assert len(regions) == 3
    assert world.flows[np.ix_(n, n, j)] == pytest.approx(SAMPLE.flows * scale, rel=1e-12)
    added = (world.value_added_share * world.sales)[np.ix_(n, j)]
    assert added == pytest.approx(SAMPLE.added * scale, rel=1e-10)
    bought = (world.input_share * world.sales[:, None, :])[np.ix_(n, j, j)]
    expected = SAMPLE.inputs.sum(axis=0).transpose(1, 0, 2) * scale
    assert bought == pytest.approx(expected, rel=1e-10)
    assert all(check.value < 1e-9 for check in world.checks())
    assert world.base_year == 2011
    assert world.default_elasticities == "fontagne"


@pytest.mark.parametrize("kind", KINDS)
def test_totals_of_the_report_are_those_of_the_file_and_nothing_else_moved(kind, tmp_path):
    report = balance_report(read(kind, tmp_path))
    assert [row.rule for row in report.totals][:2] == ["output", "exports"]
    for row in report.totals:
        assert row.after == pytest.approx(row.before, rel=1e-9), row.rule
    told = {row.rule for row in report.rules}
    assert all("taxes, margins" in rule for rule in told)


def test_the_layout_of_caliendo_and_parro(tmp_path):
    folder = samples.write_caliendo_parro(SAMPLE, tmp_path / "cp")
    mapping = {"elasticities": {"service_1": 7.0}}
    world = ac.read_world("caliendo_parro", folder, mapping)
    assert world.base_year == 2011
    goods = SAMPLE.flows[:, :, :2] * MILLION
    assert world.flows[:, :, :2] == pytest.approx(goods, rel=1e-12)
    assert world.tariff[0, 1].tolist() == [0.1, 0.1, 0.0]
    assert world.value_added_share == pytest.approx(np.full((3, 3), 0.6), rel=1e-12)
    assert world.elasticity.tolist() == [4.0, 6.0, 7.0]
    assert world.services == ("service_1",)


def test_parts_of_a_country_are_added_to_it(tmp_path):
    path = samples.write_icio(SAMPLE, tmp_path / "2011.csv", regions=("CHN", "CN1", "ROW"))
    text = path.read_text(encoding="utf-8")
    lines = [line.split(",") for line in text.splitlines()]
    lost = [at for at, name in enumerate(lines[0]) if name in {"CN1_HFCE", "CN1_INVNT"}]
    kept = [",".join(cell for at, cell in enumerate(row) if at not in lost) for row in lines]
    path.write_text("\n".join(kept), encoding="utf-8")
    world = ac.read_world("icio", path, rules={"discrepancy": "drop"})
    assert world.regions == ("CHN", "ROW")
    sold = SAMPLE.inputs.sum(axis=3).transpose(2, 0, 1)
    final = SAMPLE.final.sum(axis=3).transpose(2, 0, 1)
    at_home = sold[:2, :2].sum(axis=(0, 1)) + final[0, :2].sum(axis=0)
    assert world.flows[0, 0] == pytest.approx(at_home * MILLION, rel=1e-12)


def test_nothing_changes_where_nothing_is_changed(tmp_path):
    world = read("icio", tmp_path)
    model = ac.TradeModel.from_arrays(
        **{name: getattr(world, name) for name in (
            "flows", "tariff", "value_added_share", "input_share", "elasticity")}
    )  # fmt: skip
    solution = ac.solve_trade(model, ac.TradeShock(tariff=world.tariff))
    assert np.abs(np.asarray(solution.value.welfare)).max() < 1e-12


def test_totals_of_a_binary_workbook_are_told_by_their_codes(tmp_path):
    """In 2016 the row r69 is purchases of non-residents; in 2013 it was output."""
    path = samples.write_wiod_2016(SAMPLE, tmp_path / "WIOT2011_Nov16_ROW.xlsb")
    table = read_wiod_2016((path,))
    assert table.output == pytest.approx(SAMPLE.output, rel=1e-12)
    assert table.value_added == pytest.approx(0.969 * SAMPLE.added, rel=1e-12)
    assert table.taxes == pytest.approx(0.031 * SAMPLE.added, rel=1e-12)
    assert table.uses == ("CONS_h", "CONS_g", "INVEN")
    assert table.sectors == ("A01", "A02", "J62_J63")
