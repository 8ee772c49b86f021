"""The assessment of the flagship case: tables, parts, and what a reader would check first."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from accord.assessment.assess import assess
from accord.assessment.facade import Assessment
from accord.assessment.settings import AssessSettings
from accord.assessment.tables.tables import TABLES
from accord.assessment.tables.verdict import VERDICT_TABLES
from accord.core.errors import InputError, SolveError
from accord.core.status import Status
from accord.data.store import load_world
from accord.deal.load import load_deal, read_deal
from accord.lowering.trade import build_trade_model, lower_package
from accord.trade.config import Closure
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.assessment.verdicts import small_result
from tests.deal.examples import small_world
from tests.flagship import SETTINGS, flagship, flagship_with

pytestmark = pytest.mark.first

DOCUMENT = Path(__file__).parents[2] / "docs" / "assessment.md"


# For tests of the yearly equilibrium: the money on the path where everything takes its mean.
BRIEF: dict[str, Any] = {"ranges": False, "paths": 0, "draws": 0}


@pytest.fixture(scope="module")
def result() -> Assessment:
    return flagship()


def test_every_package_of_the_flagship_case_converges(result: Assessment) -> None:
    assert result.packages[0] == "no_deal"
    assert len(result.packages) == 5
    assert result.status is Status.CONVERGED
    assert (result.to_frame("solves")["residual"] < 1e-9).all()


@pytest.mark.parametrize("name", TABLES)
def test_tables_have_the_documented_columns(result: Assessment, name: str) -> None:
    row = next(line for line in DOCUMENT.read_text().splitlines() if line.startswith(f"| `{name}`"))
    documented = re.findall(r"`(\w+)`", re.sub(r"\(.*?\)", "", row))[1:]
    assert list(result.to_frame(name).columns) == documented


def test_parts_add_up_and_the_point_lies_in_its_range(result: Assessment) -> None:
    frame = result.to_frame("welfare")
    np.testing.assert_allclose(frame["tariff_part"] + frame["transfer_part"], frame["ev"])
    assert (frame["low"] <= frame["ev"] + 1e-12).all()
    assert (frame["high"] >= frame["ev"] - 1e-12).all()


def test_status_quo_is_the_baseline(result: Assessment) -> None:
    frame = result.to_frame("welfare")
    same = frame[(frame["package"] == "status_quo") & (frame["against"] == "baseline")]
    assert same["ev"].abs().max() < 1e-10
    other = frame[(frame["package"] == "status_quo") & (frame["against"] == "no_deal")]
    undone = frame[(frame["package"] == "no_deal") & (frame["against"] == "baseline")]
    np.testing.assert_allclose(other["ev"], -undone["ev"].to_numpy())


def test_differences_between_packages_do_not_depend_on_the_comparison(result: Assessment) -> None:
    gap = result.welfare("signed", "baseline") - result.welfare("no_deal", "baseline")
    np.testing.assert_allclose(gap, result.welfare("signed"))


def test_lower_tariffs_help_korea_and_a_bigger_transfer_costs_more(result: Assessment) -> None:
    rows = {
        row["package"]: row
        for row in result.to_frame("welfare").to_dict(orient="records")
        if row["region"] == "KOR" and row["against"] == "no_deal"
    }
    assert rows["signed"]["tariff_part"] > 1.0
    assert rows["us_demand"]["transfer_part"] < rows["signed"]["transfer_part"] < -17.0
    transfers = result.to_frame("transfers").groupby("package")["net"].agg(list)
    assert transfers["us_demand"] == [pytest.approx(35.0)]
    cash, ships = transfers["signed"]
    assert cash == pytest.approx(17.0, abs=0.5)
    # Of the 150 bn for ships only direct equity is paid out: less than a tenth of what cash is.
    assert 0.0 < ships < cash / 10


def test_terms_of_trade_follow_the_transfer(result: Assessment) -> None:
    change = {
        row["region"]: row["change"]
        for row in result.to_frame("terms_of_trade").to_dict(orient="records")
        if row["package"] == "us_demand" and row["against"] == "no_deal"
    }
    assert change["KOR"] < 0 < change["USA"]


def test_fifteen_points_on_all_korean_goods() -> None:
    world = load_world()
    model = build_trade_model(world, "fontagne")
    usa, korea = world.region_index("USA"), world.region_index("KOR")
    cars = world.sector_index("motor_vehicles")
    tariff = world.tariff.copy()
    tariff[usa, korea, [world.sector_index(name) for name in world.goods]] += 0.15
    value = solve_trade(model, TradeShock(tariff=tariff)).value
    assert -0.008 < value.welfare[korea] < -0.002
    sold = model.flows[usa, :, cars]
    ratio = np.divide(value.flows[usa, :, cars], sold, out=np.ones_like(sold), where=sold > 0)
    assert ratio[korea] < 2 / 3
    for rival in ("JPN", "DEU", "MEX"):
        assert ratio[world.region_index(rival)] > 1.02


def test_same_inputs_give_the_same_numbers(result: Assessment) -> None:
    again = assess(load_deal("us-korea-2025"), settings=SETTINGS)
    np.testing.assert_array_equal(again.result("signed").gains, result.result("signed").gains)


def test_data_set_and_summary_name_every_package(result: Assessment) -> None:
    data = result.to_dataset()
    assert list(data["package"].values) == list(result.packages)
    assert all("unit" in data[name].attrs for name in data.data_vars)
    korea = data["welfare"].sel(package="signed", region="KOR").item()
    assert korea == pytest.approx(
        result.welfare("signed", "baseline")[result.world.regions.index("KOR")]
    )
    for package in result.packages[1:]:
        assert package in result.summary()


@pytest.mark.parametrize(
    "chosen",
    [
        {"closure": "share"}, {"closure": "balanced"}, {"labour": "elastic"},
        {"elasticities": "ll2023"},
    ],
)  # fmt: skip
def test_other_settings_solve_and_move_the_figures(
    result: Assessment, chosen: dict[str, Any]
) -> None:
    other = assess(flagship_with("signed"), settings=AssessSettings(**chosen, **BRIEF))
    assert other.status is Status.CONVERGED
    korea = result.world.regions.index("KOR")
    assert other.welfare("signed")[korea] < 0
    assert other.welfare("signed")[korea] != pytest.approx(result.welfare("signed")[korea])


def test_unknown_names_are_refused_with_a_suggestion(result: Assessment) -> None:
    with pytest.raises(InputError, match="fontagne"):
        assess(result.deal, settings=AssessSettings(elasticities="fontange"))
    with pytest.raises(InputError, match="welfare"):
        result.to_frame("wellfare")
    with pytest.raises(InputError, match="signed"):
        result.result("sigend")


@pytest.mark.parametrize("closure", get_args(Closure))
def test_status_quo_is_nothing_in_every_table_under_every_closure(closure: Closure) -> None:
    settings = AssessSettings(closure=closure, **BRIEF)
    result = assess(flagship_with("status_quo"), settings=settings)
    if closure == "balanced":
        assert np.abs(result.model.deficit).max() == 0.0
    looked = 0
    for name in TABLES:
        frame = result.to_frame(name)
        if "against" in frame.columns:
            here = frame[(frame["package"] == "status_quo") & (frame["against"] == "baseline")]
            moved = [column for column in here.columns if column in MOVES]
            assert here[moved].abs().max().max() < 5e-9, name
            looked += len(moved)
    assert looked >= 10
    flows = result.to_dataset()["flows"].sel(package="status_quo").to_numpy()
    np.testing.assert_allclose(flows, result.flows("baseline"), rtol=1e-9, atol=1e-9)


MOVES = ("change", "ev", "tariff_part", "transfer_part", "low", "high", "change_value")


def test_ranges_share_one_baseline_when_trade_is_balanced() -> None:
    settings = AssessSettings(closure="balanced", paths=0, draws=0)
    result = assess(flagship_with("signed", "status_quo"), settings=settings)
    frame = result.to_frame("welfare")
    same = frame[(frame["package"] == "status_quo") & (frame["against"] == "baseline")]
    assert same[["low", "high"]].abs().max().max() < 1e-9
    assert (frame["low"] <= frame["ev"] + 1e-12).all()
    assert (frame["high"] >= frame["ev"] - 1e-12).all()


UNKNOWN = ("change", "ev", "tariff_part", "transfer_part", "low", "high", "value", "change_value")


def test_packages_without_an_equilibrium_leave_no_number() -> None:
    """Scale economies at full published strength: two packages have no equilibrium."""
    settings = AssessSettings("ll2023", competition="monopolistic", **BRIEF)
    result = assess(flagship_with("signed", "status_quo"), settings=settings, throw=False)
    unsolved = [solved.name for solved in result.results if not solved.status.ok]
    assert unsolved == ["no_deal", "signed"]
    status = result.to_frame("solves").set_index("package")["status"]
    assert set(status[unsolved]) == {"max_steps"}
    assert status["status_quo"] == "converged"
    for name in TABLES:
        if name in VERDICT_TABLES:  # every payoff rests on every year
            with pytest.raises(SolveError, match="residual"):
                result.to_frame(name)
            continue
        frame = result.to_frame(name)
        if "against" not in frame.columns:
            continue
        numbers = frame[[column for column in UNKNOWN if column in frame.columns]]
        known = (frame["package"] == "status_quo") & (frame["against"] == "baseline")
        assert numbers[known].notna().all().all(), name
        for column in numbers.columns:
            # The level of the status quo is known, whatever it is compared with.
            level = column == "value"
            unknown = ~known & ~(level & (frame["package"] == "status_quo"))
            assert numbers.loc[unknown, column].isna().all(), (name, column)
    text = result.summary()
    for name in unsolved:
        assert f"NOT SOLVED: {name} (max_steps): the residual was still above" in text
    assert "nan" not in text
    assert "NOT SOLVED: status_quo" not in text


def test_a_baseline_that_cannot_be_balanced_is_an_error_or_leaves_no_number() -> None:
    settings = AssessSettings("ll2023", closure="balanced", competition="monopolistic", **BRIEF)
    world = load_world("world-2014")  # the default one can be
    deal = flagship_with("signed", world=world)
    with pytest.raises(SolveError, match="closing the trade deficits of the baseline"):
        assess(deal, world=world, settings=settings)
    result = assess(deal, world=world, settings=settings, throw=False)
    assert {solved.status for solved in result.results} == {Status.MAX_STEPS}
    assert result.to_frame("welfare")["ev"].isna().all()
    assert result.to_frame("exports")["change_value"].isna().all()
    assert result.summary().count("NOT SOLVED") == 2


TRANSFER = """
schema = 1
name = "too-much"
title = "More than a region has"
parties = ["USA", "KOR"]
price_year = 2024

[no_deal]

[[package]]
name = "all"
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 90e12
instrument = "direct"
"""


def test_the_yearly_figures_are_the_mean_over_the_sets_each_solved() -> None:
    """The convention of the verdict: the centre is a mean of equilibria, inside their range."""
    deal = small_result().deal
    few: dict[str, Any] = {"paths": 0, "draws": 0}
    every = assess(deal, settings=AssessSettings(**few))
    alone = [
        assess(deal, settings=AssessSettings(**few, ranges=False, elasticities=name))
        for name in every.world.elasticities
    ]
    readers = (
        lambda item: item.welfare("deal"),
        lambda item: item.flows("deal"),
        lambda item: item.to_frame("revenue")["value"].to_numpy(),
    )
    for read in readers:
        mean = np.mean([read(item) for item in alone], axis=0)
        np.testing.assert_allclose(read(every), mean, rtol=1e-9, atol=1e-12)
    table = every.to_frame("welfare")
    assert (table["low"] <= table["ev"]).all()
    assert (table["ev"] <= table["high"]).all()


def test_an_impossible_transfer_is_an_error_or_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check refuses such an amount; a deal that came past it ends in a status, not a number."""
    world = small_world()
    with pytest.raises(InputError, match="more than half of its income"):
        read_deal(TRANSFER, world=world)
    monkeypatch.setattr("accord.deal.load.find_problems", lambda *_, **__: [])
    in_a_year = TRANSFER.replace("90e12", "4.5e12").replace(
        "2024\n", "2024\n[assessment]\nyears = 1\n"
    )
    deal = read_deal(f"{in_a_year}up_front = true\n", world=world)
    with pytest.raises(InputError, match="No equilibrium of the world economy is found at that"):
        assess(deal, world=world, settings=AssessSettings(**BRIEF))
    result = assess(deal, world=world, settings=AssessSettings(**BRIEF), throw=False)
    assert result.status is Status.NEGATIVE_INCOME
    assert np.isnan(result.welfare("all", "baseline")).all()
    assert np.isfinite(result.result("all").tariff_gain).all()
    assert "NOT SOLVED: all (negative_income)" in result.summary()


def test_a_transfer_alone_costs_what_it_moves_and_its_effect_on_prices() -> None:
    text = TRANSFER.replace("90e12", "100e9") + "up_front = true\n"
    deal = read_deal(text, world=load_world())
    result = assess(deal, settings=AssessSettings(**BRIEF))
    world = result.world
    transfers = result.result("all").transfers
    assert transfers[0].net == pytest.approx(10.0)
    shock = lower_package(deal, "all", world, transfers)
    assert shock.transfer is not None
    assert shock.transfer.sum() == 0
    gains = result.welfare("all")
    korea, usa = world.region_index("KOR"), world.region_index("USA")
    assert -13.0 < gains[korea] < -10.0
    assert 10.0 < gains[usa] < 12.0
    np.testing.assert_array_equal(shock.tariff, world.tariff)


SNAP = """
schema = 1
name = "snap"
title = "A tariff that comes back"
parties = ["USA", "KOR"]
price_year = 2024

[no_deal]

[[package]]
name = "signed"
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.15
rule = "floor"
basis = "232"
snap_back = { trigger = "calls_missed", rate = 0.25, rule = "add" }
"""


def test_a_snap_back_is_assessed_once_its_trigger_is_declared(tmp_path: Path) -> None:
    path = tmp_path / "snap.toml"
    path.write_text(SNAP, encoding="utf-8")
    deal = load_deal(path)
    asleep, awake = (
        assess(deal, settings=AssessSettings(triggered=triggered, **BRIEF))
        for triggered in ((), ("calls_missed",))
    )
    cell = (awake.world.region_index("USA"), awake.world.region_index("KOR"),
            awake.world.sector_index("motor_vehicles"))  # fmt: skip
    rates = [state.result("signed").solution.value.tariff[cell] for state in (asleep, awake)]
    assert rates[0] == pytest.approx(0.15, abs=1e-3)
    assert rates[1] == pytest.approx(0.25 + awake.world.tariff[cell], abs=1e-9)
    korea = cell[1]
    assert awake.welfare("signed")[korea] < asleep.welfare("signed")[korea] < 0
    assert "calls_missed" in awake.summary()
    assert "calls_missed" not in asleep.summary()
    assert awake.to_dataset().attrs["triggered"] == "calls_missed"
    assert "triggered=('calls_missed',)" in str(awake.reproduce["python"])
    command = assess(deal, settings=AssessSettings(triggered=("calls_missed",))).reproduce[
        "command"
    ]
    assert str(command).endswith("snap.toml --trigger calls_missed")
    assert "trigger" not in str(asleep.reproduce["python"])


def test_a_trigger_that_no_snap_back_waits_for_is_refused_with_a_suggestion() -> None:
    deal = read_deal(SNAP, world=load_world())
    assert deal.triggers == ("calls_missed",)
    with pytest.raises(InputError, match="Did you mean calls_missed") as caught:
        assess(deal, settings=AssessSettings("fontange", triggered=("call_missed",)))
    assert [problem.path for problem in caught.value.problems] == ["elasticities", "triggered"]
    plain = read_deal(TRANSFER.replace("90e12", "100e9"), world=load_world())
    with pytest.raises(InputError, match="There is none to choose"):
        assess(plain, settings=AssessSettings(triggered=("x",)))


def test_the_lines_that_reproduce_an_assessment_run_as_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "snap").write_text(SNAP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = AssessSettings("cp2015", closure="share", triggered=("calls_missed",))
    first = assess(load_deal(Path("snap")), settings=settings)
    held: dict[str, Any] = {}
    lines = first.reproduce["python"]
    assert isinstance(lines, tuple)
    exec("\n".join(lines), held)  # noqa: S102
    assert capsys.readouterr().out.strip() == first.summary().strip()


def test_a_package_result_can_be_replaced_without_touching_the_rest(result: Assessment) -> None:
    packages = result.results
    broken = replace(packages[1], status=Status.MAX_STEPS)
    snapshot = replace(result.snapshot, packages=(packages[0], broken, *packages[2:]))
    changed = replace(result, data=replace(result.data, snapshot=snapshot))
    assert changed.status is Status.MAX_STEPS
    assert result.status is Status.CONVERGED
