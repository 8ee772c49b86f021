"""The figures of a scenario are those of the assessment of the changed deal."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from accord.assessment.assess import assess
from accord.assessment.settings import AssessSettings
from accord.assessment.sweep.baseline import scale
from accord.assessment.sweep.sweep import sweep
from accord.data.files.world_file import open_world
from accord.deal.load import load_deal
from tests.assessment.sweep.plans import make_plan

CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a tariff": {"term.cars": 0.05},
    "money": {"term.amount": 50e9},
    "closure": {"setting.closure": "balanced"},
    "elasticity": {"elasticity.motor_vehicles": 1.5},
    "both": {"term.cars": 0.2, "elasticity.all": 0.8, "setting.closure": "share"},
}


def assessed(plan: dict[str, Any], changes: dict[str, Any], **settings: Any) -> Any:
    """Return the assessment that a scenario should agree with."""
    world = open_world(plan["world"])
    terms = {
        name.partition(".")[2]: value for name, value in changes.items() if name[:5] == "term."
    }
    deal = load_deal(plan["deal"], world).vary(terms, package="signed")
    factors = {"motor_vehicles": changes.get("elasticity.motor_vehicles", 1.0)}
    if "elasticity.all" in changes:
        factors = dict.fromkeys(world.sectors, changes["elasticity.all"])
    given = {
        name.partition(".")[2]: value for name, value in changes.items() if name[:8] == "setting."
    }
    chosen = AssessSettings(**{"paths": 0, "draws": 0, **settings, **given})
    return assess(deal, world=scale(world, factors), settings=chosen)


def picked(frame: pd.DataFrame, region: str, **where: str) -> pd.Series:
    """Return the one row of a region."""
    for name, value in {"region": region, **where}.items():
        frame = frame[frame[name] == value]
    (row,) = frame.to_dict("records")
    return pd.Series(row)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], pd.DataFrame]:
    folder = tmp_path_factory.mktemp("swept")
    listed = [{"name": name, **changes} for name, changes in CHANGES.items()]
    plan = make_plan(folder, scenario=listed, packages=["signed"], regions=["USA", "KOR", "DEU"])
    return plan, sweep(plan, output=folder / "table").to_frame()


@pytest.mark.parametrize("name", CHANGES)
def test_an_average_year_is_that_of_the_changed_deal(
    name: str, swept: tuple[dict[str, Any], pd.DataFrame]
) -> None:
    plan, frame = swept
    result = assessed(plan, CHANGES[name])
    welfare, revenue = result.to_frame("welfare"), result.to_frame("revenue")
    for region in ("USA", "KOR", "DEU"):
        row = picked(frame, region, name=name)
        there = picked(welfare, region, package="signed", against="no_deal")
        duty = picked(revenue, region, package="signed", against="no_deal")
        assert row["status"] == "converged"
        assert 0 <= row["residual"] < 1e-9
        figures = [row["welfare"], row["welfare_low"], row["welfare_high"]]
        np.testing.assert_allclose(figures, there[["ev", "low", "high"]].tolist(), atol=1e-7)
        np.testing.assert_allclose(row["duty"], duty["value"], atol=1e-7)
        np.testing.assert_allclose(row["duty_change"], duty["change_value"], atol=1e-7)
        assert np.isnan([row["gain"], row["gain_low"]]).all()


def test_gains_and_intervals_are_those_of_the_verdict(tmp_path: Path) -> None:
    changes = {"term.cars": 0.05, "elasticity.motor_vehicles": 1.2}
    plan = make_plan(
        tmp_path, scenario=[changes], figures="payoffs", settings={"paths": 50, "draws": 20}
    )
    frame = sweep(plan, output=tmp_path / "table").to_frame()
    result = assessed(plan, changes, paths=50, draws=20)
    payoffs = result.to_frame("payoffs")
    welfare = result.to_frame("welfare")
    for region in ("USA", "KOR"):
        row = picked(frame, region)
        there = picked(payoffs, region, package="signed", timeline="dated")
        figures = row[["gain", "gain_low", "gain_high", "gain_chance"]].astype(float)
        wanted = there[["payoff", "low", "high", "gain_chance"]].astype(float)
        np.testing.assert_allclose(figures, wanted, rtol=1e-9)
        assert figures["gain_low"] < figures["gain_high"]
        year = picked(welfare, region, package="signed", against="no_deal")
        np.testing.assert_allclose(row["welfare"], year["ev"], rtol=1e-9)


def test_a_term_may_be_declared_in_the_plan(tmp_path: Path) -> None:
    term = {
        "name": "food", "title": "a tariff on food", "where": {"kind": "tariff",
        "products": ["food"]}, "field": "rate", "low": 0.0, "high": 0.5, "step": 0.01, "unit": "%",
        "none": 0.0, "add": {"kind": "tariff", "importer": "USA", "exporters": ["KOR"],
        "products": ["food"], "rule": "add", "from": dt.date(2025, 11, 1)},
    }  # fmt: skip
    plan = make_plan(tmp_path, term=[term], grid={"term.food": [0.0, 0.1, 0.4]})
    frame = sweep(plan, output=tmp_path / "table").to_frame()
    assert set(frame["status"]) == {"converged"}
    korea = frame[frame["region"] == "KOR"].sort_values("term.food")["welfare"]
    assert korea.is_monotonic_decreasing
    assert korea.nunique() == 3


def test_worlds_of_one_name_are_priced_apart_and_told_apart(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    world = open_world(plan.pop("world"))
    worlds = [world, world.with_elasticities(dict.fromkeys(world.sectors, 9.0))]
    listed = [{"term.cars": 0.05, "world": each} for each in worlds]
    frame = sweep({**plan, "scenario": listed}, output=tmp_path / "both").to_frame()
    second = {**plan, "world": worlds[1], "scenario": [{"term.cars": 0.05}]}
    alone = sweep(second, output=tmp_path / "alone").to_frame()
    assert frame["welfare"].tolist()[2:] == alone["welfare"].tolist()
    assert frame["welfare"].nunique() == 4
    words = frame["world"].drop_duplicates().tolist()
    assert words == [f"{each.name} {each.sha256[:8]}" for each in worlds]
    again = sweep({**plan, "scenario": listed[1:]}, output=tmp_path / "both").to_frame()
    assert set(again["world"]) == {world.name}


def test_a_world_is_told_from_a_file_of_its_name(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    world = open_world(plan["world"])
    changed = world.with_elasticities(dict.fromkeys(world.sectors, 9.0))
    named = replace(changed, name=str(plan["world"]))
    listed = [{"world": plan["world"]}, {"world": named}]
    frame = sweep({**plan, "scenario": listed}, output=tmp_path / "table").to_frame()
    assert frame["welfare"].nunique() == 4
    assert frame["world"].nunique() == 2


def test_switches_and_words_stand_in_the_table_as_they_were_given(tmp_path: Path) -> None:
    grid = {"setting.ranges": [True, False], "setting.closure": ["fixed", "share"]}
    frame = sweep(make_plan(tmp_path, grid=grid), output=tmp_path / "table").to_frame()
    pairs = frame[["setting.ranges", "setting.closure"]].drop_duplicates()
    assert pairs.to_numpy().tolist() == [
        [True, "fixed"], [True, "share"], [False, "fixed"], [False, "share"],
    ]  # fmt: skip
