"""Plans: what they enumerate, and what is refused before any work."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accord.assessment.sweep import ground as ground_module
from accord.assessment.sweep.ground import open_grounds
from accord.assessment.sweep.plan import read_plan
from accord.assessment.sweep.scenario import scenarios_of
from accord.assessment.sweep.sweep import sweep
from accord.core.errors import InputError
from accord.data.files.world_file import open_world
from tests.assessment.sweep.plans import make_plan


def changes_of(**plan: Any) -> list[dict[str, Any]]:
    """Return what each scenario of a plan changes."""
    return [dict(s.changes) for s in scenarios_of(read_plan({"deal": "any", **plan}))]


def test_a_grid_holds_every_combination_the_last_change_fastest() -> None:
    grid = {"term": {"cars": [0.1, 0.2]}, "elasticity.all": {"low": 1, "high": 2, "steps": 3}}
    assert changes_of(grid=grid) == [
        {"term.cars": cars, "elasticity.all": factor}
        for cars in (0.1, 0.2)
        for factor in (1.0, 1.5, 2.0)
    ]


def test_a_sample_stays_in_its_ranges_and_a_larger_one_goes_on_from_it() -> None:
    table = {"term.cars": {"low": 0.1, "high": 0.3}, "elasticities": ["a", "b", "c"]}
    few, many = (
        changes_of(sample={"count": count, "seed": 5, **table}) for count in (20, 300)
    )  # fmt: skip
    assert few == many[:20]
    values = np.array([changes["term.cars"] for changes in many])
    assert values.min() >= 0.1
    assert values.max() <= 0.3
    assert abs(values.mean() - 0.2) < 0.005
    assert {changes["elasticities"] for changes in many} == {"a", "b", "c"}
    assert few != changes_of(sample={"count": 20, "seed": 6, **table})


def test_a_list_keeps_its_names_and_follows_grid_and_sample() -> None:
    plan = read_plan(
        {
            "deal": "any",
            "grid": {"term.cars": [0.1]},
            "sample": {"count": 2, "term.cars": [0.2]},
            "scenario": [{"name": "soft", "term": {"cars": 0.0}, "world": "world-2014"}],
        }
    )
    assert [(s.index, s.name) for s in scenarios_of(plan)] == [
        (0, ""), (1, ""), (2, ""), (3, "soft"),
    ]  # fmt: skip
    assert plan.size == 4
    assert plan.changed == ("term.cars", "world")


WRONG: dict[str, tuple[dict[Any, Any], str]] = {
    "key": ({"grids": {}}, "grids"),
    "nothing": ({}, ""),
    "name": ({"grid": {"terms.cars": [1]}}, "grid.terms.cars"),
    "setting": ({"grid": {"setting.closures": ["fixed"]}}, "grid.setting.closures"),
    "empty": ({"grid": {"term.cars": []}}, "grid.term.cars"),
    "text": ({"grid": {"term.cars": ["low"]}}, "grid.term.cars"),
    "factor": ({"grid": {"elasticity.all": [0]}}, "grid.elasticity.all"),
    "steps": ({"grid": {"term.cars": {"low": 0, "high": 1}}}, "grid.term.cars"),
    "order": (
        {"sample": {"count": 1, "term.cars": {"low": 1, "high": 0}}}, "sample.term.cars",
    ),
    "count": ({"sample": {"term.cars": [1]}}, "sample.count"),
    "too many": ({"sample": {"count": 2_000_000, "term.cars": [1]}}, ""),
    "figures": ({"figures": "daily", "grid": {"term.cars": [0.1]}}, "figures"),
    "settings": ({"settings": {"closures": "share"}, "grid": {"term.cars": [0.1]}},
                 "settings.closures"),
    "no deal": ({"deal": "", "grid": {"term.cars": [0.1]}}, "deal"),
    "no world": ({"world": "", "grid": {"term.cars": [0.1]}}, "world"),
    "one of no worlds": ({"grid": {"world": [""]}}, "grid.world"),
    "number as key": ({5: 1, "grid": {"term.cars": [0.1]}}, "5"),
    "number as name": ({"grid": {5: [0.1]}}, "grid.5"),
    "number as setting": ({"settings": {5: 1}, "grid": {"term.cars": [0.1]}}, "settings.5"),
    "twice in a grid": (
        {"grid": {"term.cars": [0.1], "term": {"cars": [0.2]}}}, "grid.term.cars",
    ),
    "twice in a sample": (
        {"sample": {"count": 2, "term": {"cars": [0.2]}, "term.cars": [0.1]}}, "sample.term.cars",
    ),
    "twice in a scenario": (
        {"scenario": [{"term.cars": 0.1, "term": {"cars": 0.2}}]}, "scenario[1].term.cars",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_in_a_plan_is_told_with_place_and_remedy(wrong: str) -> None:
    plan, path = WRONG[wrong]
    with pytest.raises(InputError) as caught:
        read_plan({"deal": "any", **plan})
    (problem,) = caught.value.problems
    assert problem.path == path
    assert problem.remedy


def test_everything_that_a_deal_and_a_world_lack_is_told_at_once(tmp_path: Path) -> None:
    grid = {
        "term.car": [0.1], "term.cars": [0.1, 0.4], "elasticity.food": [1.1],
        "elasticity.cars": [1.1, 1.2], "elasticities": ["ll2023"], "setting.closure": ["open"],
    }  # fmt: skip
    plan = make_plan(tmp_path, packages=["sined"], regions=["KOREA"], grid=grid)
    plan["packages"] = ["signed", "sined"]
    with pytest.raises(InputError) as caught:
        sweep(plan, output=tmp_path / "table")
    assert sorted(problem.path for problem in caught.value.problems) == [
        "grid.elasticities", "grid.elasticity.cars", "grid.setting.closure", "grid.term.car",
        "grid.term.cars", "packages", "regions",
    ]  # fmt: skip
    assert not (tmp_path / "table").exists()


def test_a_file_that_is_no_plan_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("deal = ", encoding="utf-8")
    for given in (path, tmp_path / "none.toml"):
        with pytest.raises(InputError) as caught:
            read_plan(given)
        assert len(caught.value.problems) == 1


def test_numbers_of_numpy_are_numbers() -> None:
    values = [np.float32(0.5), np.int64(0), np.float64(0.25)]
    listed = changes_of(scenario=[{"term.cars": value} for value in values])
    assert listed == changes_of(grid={"term.cars": values})
    assert [type(changes["term.cars"]) for changes in listed] == [float, int, float]


WRONG_CALLS: dict[str, tuple[str, list[str]]] = {
    "output": ("output=5", ["output"]),
    "nowhere": ("output=' '", ["output"]),
    "everything": (
        "output=None, workers='two', dask=5, progress=3",
        ["output", "workers", "dask", "progress"],
    ),
    "switch": ("output='t', workers=True, dask=''", ["workers", "dask"]),
    "plan": ("plan=5, output='t', workers=0", ["workers", "plan"]),
    "inside the plan": ("plan={'grid': 5}, output=1.5", ["output", "deal", "grid"]),
    "no argument": ("output='t', worker=2", ["worker"]),
}
# In a process of its own, where no type checker of the tests comes first.
CALL = """
import json
import accord as ac
from accord.assessment.sweep import sweep as module
module.open_grounds = None  # any work would end with another error
plan = {"deal": "us-korea-2025", "grid": {"term.cars": [0.1]}}
for call in %r:
    try:
        eval(f"ac.sweep(**{{'plan': plan, **dict({call})}})")
    except ac.InputError as error:
        print(json.dumps([[problem.path, problem.remedy] for problem in error.problems]))
"""


def test_everything_wrong_in_a_call_is_told_at_once_before_any_work(tmp_path: Path) -> None:
    code = CALL % [call for call, _ in WRONG_CALLS.values()]
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [[path for path, _ in problems] for problems in told] == [
        paths for _, paths in WRONG_CALLS.values()
    ]
    assert all(remedy for problems in told for _, remedy in problems)
    assert not list(tmp_path.iterdir())


MORE: dict[str, dict[str, Any]] = {
    "package": {"packages": ["signed"], "regions": ["USA"]},
    "region": {"regions": ["KOR"]},
    "figures": {"figures": "payoffs"},
    "settings": {"settings": {"paths": 0, "closure": "share"}},
    "paths": {"settings": {"paths": 3}},
    "as_of": {"as_of": "2025-06-01"},
    "term": {"scenario": [{"term.cars": 0.11}]},
    "elasticity": {"scenario": [{"term.cars": 0.1, "elasticity.food": 1.1}]},
    "setting": {"scenario": [{"term.cars": 0.1, "setting.labour": "elastic"}]},
}


def hashes_of(plan: dict[str, Any]) -> list[str]:
    """Return the hash of each scenario of a plan."""
    read = read_plan(plan)
    (ground,) = open_grounds(read).values()
    return [ground.hash_of(scenario.changes) for scenario in scenarios_of(read)]


@pytest.mark.parametrize("what", MORE)
def test_the_hash_changes_with_every_input(what: str, tmp_path: Path) -> None:
    plan = make_plan(tmp_path, scenario=[{"term.cars": 0.1}])
    before = hashes_of(plan)
    assert hashes_of(plan) == before
    assert hashes_of({**plan, **MORE[what]}) != before


def test_the_hash_changes_with_deal_world_and_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(tmp_path, scenario=[{"term.cars": 0.1}])
    before = hashes_of(plan)
    text = Path(plan["deal"]).read_text(encoding="utf-8")
    Path(plan["deal"]).write_text(text.replace("amount = 200e9", "amount = 201e9"), "utf-8")
    assert hashes_of(plan) != before
    Path(plan["deal"]).write_text(text, "utf-8")
    assert hashes_of(plan) == before
    world = open_world(plan["world"]).with_elasticities({"food": 4.1})
    assert hashes_of({**plan, "world": world}) != before
    monkeypatch.setattr(ground_module, "engine_digest", lambda: "another")
    assert hashes_of(plan) != before


def test_the_digest_of_the_program_is_that_of_its_code(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text("b = 1", "utf-8")
    (tmp_path / "notes.md").write_text("notes", "utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text("a = 1", "utf-8")
    assert [name for name, _ in ground_module._files(tmp_path, "room")] == [
        "room/b.py", "room/inner/a.py",
    ]  # fmt: skip
    assert len(ground_module.engine_digest()) == 64
