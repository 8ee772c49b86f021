"""The world: loading, labels, checks of arrays, names, datasets, reports."""

import json
import pickle
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.data.labels import EU27, SECTORS
from accord.data.lines.lines import GROUPS, TariffLines
from accord.data.report import world_report
from accord.data.store import embedded_worlds, load_world, read_world
from accord.data.world import World

EMBEDDED = Path(__file__).parents[2] / "src" / "accord" / "data" / "embedded"


def older() -> World:
    """The older world; `test_wide_world` is about the default one."""
    return load_world("world-2014")


def us_lines() -> TariffLines:
    """The US import lines of the embedded world."""
    lines = older().lines
    assert lines is not None
    return lines


def small_arrays():  # two regions and two sectors whose accounts balance
    flows = np.array([[[8.0, 5.0], [1.0, 2.0]], [[2.0, 1.0], [6.0, 4.0]]])
    return {
        "flows": flows,
        "tariff": np.array([[[0.0, 0.0], [0.1, 0.2]], [[0.05, 0.0], [0.0, 0.0]]]),
        "value_added_share": np.full((2, 2), 0.6),
        "input_share": np.full((2, 2, 2), 0.2),
        "elasticity": np.array([4.0, 6.0]),
    }


def small_world(**changes):
    return World.from_arrays(["AAA", "BBB"], ["goods", "other"], **{**small_arrays(), **changes})


def test_embedded_world_has_the_promised_axes():
    world = older()
    assert embedded_worlds() == ("world-2014", "world-2022")
    assert (len(world.regions), len(world.sectors)) == (44, 20)
    assert world.sectors == SECTORS
    assert world.regions[-1] == "ROW"
    assert set(EU27) <= set(world.regions)
    assert (world.base_year, world.price_year) == (2014, 2024)


def test_embedded_world_is_frozen():
    world: Any = older()
    with pytest.raises(ValueError, match="read-only"):
        world.flows[0, 0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        us_lines().imports[0] = 1.0
    with pytest.raises(AttributeError):
        world.name = "other"
    with pytest.raises(TypeError):
        world.elasticities["mine"] = np.ones(20)


def test_the_european_union_is_a_customs_union_in_the_embedded_world():
    world = older()
    members = [world.region_index(code) for code in (*EU27, "GBR")]
    outside = [n for n in range(44) if n not in members]
    assert world.tariff[np.ix_(members, members)].max() == 0.0
    external = world.tariff[np.ix_(members, outside)]
    assert np.abs(external - external[0]).max() < 1e-9
    rates = {row.region: row.after for row in world.adjustments if "2014 table" in row.what}
    assert rates["BGR"] < 0.02
    assert rates["BRA"] > 0.09
    brazil = world.tariff[world.region_index("BRA")]
    assert brazil[world.region_index("USA"), world.sector_index("textiles")] == pytest.approx(
        0.28, abs=0.001
    )
    for words in ("Bulgaria and Brazil", "set to the common ones: HRV"):
        assert any(words in note for note in world.notes)


def test_services_pay_no_duty_and_have_no_line():
    world = older()
    services = world.sector_index("services")
    assert world.tariff[:, :, services].max() == 0.0
    assert (us_lines().sector != services).all()


def test_every_identity_of_the_embedded_world_holds():
    world = older()
    failed = [check for check in world.checks() if not check.ok]
    assert not failed
    assert world.final_demand().min() >= 0.0
    assert abs(world.deficit.sum()) < 1e-6


def test_a_broken_account_is_seen():
    world = older()
    flows = world.flows.copy()
    flows[:, :, 1] *= 0.2
    broken = World(
        **{name: getattr(world, name) for name in world.__dataclass_fields__ if name != "sha256"}
        | {"flows": flows}
    )
    assert any(not check.ok for check in broken.checks())


def test_us_imports_from_korea_are_those_of_the_census():
    world = older()
    usa, korea = world.region_index("USA"), world.region_index("KOR")
    lines = us_lines()
    here = lines.exporter == korea
    assert lines.imports[here].sum() == pytest.approx(130.46, abs=0.005)
    assert lines.duty[here].sum() / lines.imports[here].sum() == pytest.approx(0.0019, abs=5e-5)
    cars = here & (lines.hs6 // 100 == 8703)
    assert lines.imports[cars].sum() == pytest.approx(36.86, abs=0.005)
    assert world.flows[usa, korea, :19].sum() == pytest.approx(130.46, abs=0.005)


@pytest.mark.parametrize(("region", "rate"), [("KOR", 0.0001), ("JPN", 0.025), ("DEU", 0.025)])
def test_duty_paid_on_cars(region, rate):
    world = older()
    lines = us_lines()
    cars = (lines.exporter == world.region_index(region)) & (lines.hs6 // 100 == 8703)
    assert lines.duty[cars].sum() / lines.imports[cars].sum() == pytest.approx(rate, abs=0.001)


def test_totals_by_partner_match_the_published_table():
    world = older()
    imports, _ = us_lines().by_cell(44, 20)
    wanted = {"JPN": 151.34, "MEX": 503.44, "CAN": 411.69, "TWN": 115.27}
    for region, value in wanted.items():
        assert imports[world.region_index(region)].sum() == pytest.approx(value, abs=0.006)
    members = [world.region_index(region) for region in EU27]
    assert imports[members].sum() == pytest.approx(597.47, abs=0.005)


def test_slovakia_is_counted_once():
    world = older()
    imports, _ = us_lines().by_cell(44, 20)
    assert imports[world.region_index("SVK")].sum() == pytest.approx(8.141, abs=0.001)


def test_flows_and_rates_of_the_us_are_the_sums_of_its_lines():
    world = older()
    usa = world.region_index("USA")
    imports, duty = us_lines().by_cell(44, 20)
    goods = np.arange(19)
    abroad = np.arange(44) != usa
    np.testing.assert_array_equal(world.flows[usa][abroad][:, goods], imports[abroad][:, goods])
    paid = world.flows[usa] * world.tariff[usa]
    np.testing.assert_allclose(paid[abroad][:, goods], duty[abroad][:, goods], rtol=1e-12)


def test_value_added_grew_with_gdp():
    world = older()
    gdp = {(row.region, row.variable): row.value for row in world.macro}
    rows = {
        row.region: row for row in world.adjustments if row.what == "value added" and row.region
    }
    for place, region in enumerate(world.regions):
        growth = gdp[region, "gdp_2024"] / gdp[region, "gdp_2014"]
        assert rows[region].after / rows[region].before == pytest.approx(growth, rel=1e-5)
        assert world.value_added[place] == pytest.approx(rows[region].after, rel=1e-5)


def test_every_figure_names_a_source_and_a_grade():
    world = older()
    known = {source.id for source in world.sources}
    assert {row.source for row in world.macro} <= known
    assert all(source.licence and source.date and source.title for source in world.sources)
    taiwan = [row for row in world.macro if (row.region, row.variable) == ("TWN", "gdp_2024")]
    assert [row.grade for row in taiwan] == ["U"]


def test_exchange_rates_are_local_currency_per_dollar():
    rates = {row.region: row for row in older().macro if row.variable == "exchange_rate_2024"}
    assert rates["KOR"].value == pytest.approx(1363.5, abs=1.0)
    assert rates["KOR"].unit == "KRW per USD"
    assert rates["DEU"].value == pytest.approx(0.924, abs=0.001)
    assert rates["TWN"].source == "fred-exchange-rates"


def test_elasticities_are_minus_epsilon_and_positive():
    world = older()
    assert set(world.elasticities) == {"fontagne", "ll2023", "cp2015", "boehm2023"}
    np.testing.assert_array_equal(world.elasticity, world.elasticities["fontagne"])
    assert all((values > 0).all() for values in world.elasticities.values())
    assert world.elasticity[world.sector_index("motor_vehicles")] == pytest.approx(8.980652)
    assert world.elasticity[world.sector_index("services")] == 5.0
    assert world.elasticities["ll2023"][world.sector_index("petroleum")] == 1.0
    filled = [world.elasticities["cp2015"][world.sector_index(name)]
              for name in ("motor_vehicles", "other_transport", "services")]  # fmt: skip
    assert (
        filled == [pytest.approx(6.382563)] * 3
    )  # 8.22 in the authors' file stands for no estimate
    assert (world.elasticities["boehm2023"] == 1.0).all()  # 2 before duty, of which duty takes 1


def test_lines_have_known_groups_and_axes():
    lines = us_lines()
    assert lines.groups == GROUPS
    assert lines.group.min() >= 0
    assert lines.group.max() < len(GROUPS)
    assert lines.exporter.max() < 44
    assert (lines.imports > 0).all()
    assert lines.group_index("vehicles_232") == 4
    with pytest.raises(KeyError):
        lines.group_index("vehicles")


def test_unknown_labels_come_with_a_suggestion():
    with pytest.raises(InputError, match="Did you mean KOR"):
        older().region_index("KOREA")
    with pytest.raises(InputError, match="Did you mean motor_vehicles"):
        older().sector_index("motor_vehicle")
    with pytest.raises(InputError, match="Did you mean world-20"):
        load_world("world-2018")


def test_loading_needs_neither_pandas_nor_jax():
    code = (
        "import sys; from accord.data.store import load_world; load_world();"
        "print([m for m in ('jax', 'pandas', 'xarray', 'scipy', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_embedded_files_are_small():
    assert sum(path.stat().st_size for path in EMBEDDED.iterdir() if path.is_file()) < 5_000_000


@pytest.fixture
def copied(tmp_path):
    for suffix in (".json", ".npz"):
        source = EMBEDDED / f"world-2014{suffix}"
        (tmp_path / source.name).write_bytes(source.read_bytes())
    return tmp_path


def test_a_copy_reads_as_the_same_world(copied):
    assert read_world(copied, "world-2014") == older()


def test_a_corrupted_array_file_is_refused(copied):
    path = copied / "world-2014.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match=r"differ from the digest.*Reinstall"):
        read_world(copied, "world-2014")


def test_a_changed_number_in_the_metadata_is_refused(copied):
    path = copied / "world-2014.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["elasticities"]["fontagne"][0] += 1.0
    path.write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(InputError, match="content differs from the digest"):
        read_world(copied, "world-2014")


@pytest.mark.parametrize("broken", ["{", "[]", "{}"])
def test_unreadable_metadata_is_refused(copied, broken):
    (copied / "world-2014.json").write_text(broken, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        read_world(copied, "world-2014")


def test_a_missing_file_is_refused(copied):
    (copied / "world-2014.npz").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read_world(copied, "world-2014")


def test_a_world_can_be_copied_and_sent_to_another_process():
    world = older()
    sent = pickle.loads(pickle.dumps(world))
    for copy in (deepcopy(world), sent):
        assert copy == world
        assert copy.region_names == world.region_names
        assert not copy.flows.flags.writeable


def test_from_arrays_copies_and_freezes():
    arrays = small_arrays()
    world = small_world(**arrays)
    arrays["flows"][0, 0, 0] = 99.0
    assert world.flows[0, 0, 0] == 8.0
    assert small_world() == small_world()
    assert hash(small_world()) == hash(small_world())
    assert small_world() != small_world(elasticity=np.array([4.0, 6.5]))
    assert world.name == "custom"
    assert "custom" in repr(world)


def test_from_arrays_lists_every_problem_at_once():
    arrays = small_arrays()
    arrays["flows"][0, 1, 0] = np.nan
    arrays["flows"][1, 0, 1] = -1.0
    arrays["tariff"] = np.zeros((2, 2))
    arrays["value_added_share"][0, 0] = 0.5
    arrays["elasticity"][1] = 0.0
    with pytest.raises(InputError) as caught:
        World.from_arrays(["AAA", "BBB"], ["goods", "other"], **arrays, nmae="x")
    paths = [problem.path for problem in caught.value.problems]
    assert paths == [
        "flows[AAA,BBB,goods]",
        "flows[BBB,AAA,other]",
        "tariff",
        "elasticity[other]",
        "value_added_share[AAA,goods]",
        "details",
    ]
    assert all(problem.remedy for problem in caught.value.problems)
    assert caught.value.exit_code == 2


def test_rates_in_per_cent_are_noticed():
    tariff = np.full((2, 2, 2), 15.0)
    with pytest.raises(InputError, match="did you mean per cent"):
        small_world(tariff=tariff)


def test_inputs_that_exceed_supply_are_refused():
    flows = small_arrays()["flows"].copy()
    flows[:, :, 0] *= 0.01
    with pytest.raises(InputError, match=r"exceed all spending.*rebalance"):
        small_world(flows=flows)


def test_many_wrong_shares_are_summarised():
    load = older()
    with pytest.raises(InputError) as caught:
        World.from_arrays(
            load.regions,
            load.sectors,
            flows=load.flows,
            tariff=load.tariff,
            value_added_share=load.value_added_share * 0.9,
            input_share=load.input_share,
            elasticity=load.elasticity,
        )
    assert len(caught.value.problems) == 6


def test_display_names_can_be_changed_without_changing_the_world():
    world = older()
    renamed = world.with_names(regions={"TWN": "Chinese Taipei"})
    assert renamed.region_names["TWN"] == "Chinese Taipei"
    assert renamed == world
    with pytest.raises(InputError, match="unknown identifier"):
        world.with_names(regions={"TAIWAN": "x"})


def test_one_elasticity_or_all_can_be_changed():
    world = older()
    cars = world.sector_index("motor_vehicles")
    steep = world.with_elasticities({"motor_vehicles": 8.0}, name="steep")
    assert steep != world
    assert steep.elasticity[cars] == 8.0
    assert steep.default_elasticities == "steep"
    assert np.array_equal(np.delete(steep.elasticity, cars), np.delete(world.elasticity, cars))
    assert set(steep.elasticities) == {"steep", *world.elasticities}
    named = world.with_elasticities("cp2015")
    assert named.default_elasticities == "cp2015"
    assert len({world.sha256, steep.sha256, named.sha256}) == 3
    assert world.with_elasticities(world.default_elasticities) == world
    assert np.array_equal(world.with_elasticities(steep.elasticity).elasticity, steep.elasticity)


def test_dataset_is_labelled_with_units():
    world = older()
    data = world.to_dataset()
    cars = data.flows.sel(importer="USA", exporter="KOR", sector="motor_vehicles")
    assert float(cars) == pytest.approx(45.5, abs=0.1)
    assert data.flows.attrs["units"] == "bn USD"
    assert all("units" in data[name].attrs for name in data.data_vars)
    assert data.attrs["sha256"] == world.sha256


def test_report_gives_rows_for_a_table():
    report = world_report(older())
    assert [row.shown for row in report.dimensions[:3]] == ["44", "20", "2014"]
    assert all(check.ok for check in report.checks)
    assert "deficit" in report.kinds()
    largest = report.largest("value added", 3)
    assert [row.region for row in largest] == ["USA", "CHN", "ROW"]
    assert "Checks" in report.text()
    assert older().summary() == report.text()
