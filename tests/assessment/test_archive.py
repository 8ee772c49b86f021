"""Saved assessments: the same class, the same answers; whatever happens to a file, an error."""

import datetime as dt
import json
from dataclasses import fields, replace

import numpy as np
import pytest

import accord as ac
from accord.assessment.archive.container import pack, unpack
from accord.assessment.archive.contents import read_world, write_world
from accord.assessment.archive.former import rename_former
from accord.assessment.archive.save import HEAD
from accord.deal.load import read_deal
from tests.assessment.verdicts import DEAL, small_result

pytestmark = pytest.mark.first

DATE = dt.date(2026, 11, 24)
FEW = ac.AssessSettings(draws=16, paths=200, ranges=False)


def test_a_saved_assessment_in_a_world_of_ones_own_is_briefed_and_bargained(tmp_path):
    whole = ac.load_world("world-2014")
    others = [name for name in whole.regions if name not in {"USA", "KOR", "JPN", "CAN", "MEX"}]
    world = whole.aggregate(regions={"NAC": ["CAN", "MEX"], "OTHERS": others})
    deal = read_deal(DEAL, world=world)
    fresh = ac.assess(deal, world=world, settings=FEW)
    saved = ac.load_assessment(fresh.save(tmp_path / "own.accord"))
    assert type(saved) is type(fresh)
    assert saved.world == world
    assert saved.world.region_names == world.region_names
    assert saved.world.macro == world.macro
    assert (
        ac.brief(saved, date=DATE, length="full").html
        == ac.brief(fresh, date=DATE, length="full").html
    )
    kept, made = (result.bargain(terms=False) for result in (saved, fresh))
    assert kept.to_dict() == made.to_dict()
    np.testing.assert_array_equal(saved.welfare("deal"), fresh.welfare("deal"))
    assert saved.summary() == fresh.summary()
    again = saved.save(tmp_path / "again.accord")
    assert again.read_bytes() == (tmp_path / "own.accord").read_bytes()


def test_an_assessment_saved_when_another_world_was_the_default_says_which_it_is(tmp_path):
    """Its world had another name, and its command named none: both are told as they are today."""
    older = ac.load_world("world-2014")
    before = replace(older, name="world-2024")
    deal = read_deal(DEAL, world=before)
    path = ac.assess(deal, world=before, settings=FEW).save(tmp_path / "before.accord")
    kept = unpack(path)
    head = json.loads(kept[HEAD])
    head["reproduce"] |= {
        "command": "accord assess 'my deals/a.toml' --draws 16",
        "python": [
            "import accord as ac",
            "deal = ac.load_deal('my deals/a.toml', as_of='2026-01-01')",
            "result = ac.assess(deal, settings=ac.AssessSettings(draws=16))",
            "print(result.summary())",
        ],
    }
    path.write_bytes(pack({**kept, HEAD: json.dumps(head).encode()}))
    saved = ac.load_assessment(path)
    assert saved.world == older
    assert saved.world.name == "world-2014"
    told = saved.reproduce
    assert told["world"] == {"name": "world-2014", "sha256": older.sha256}
    assert told["command"] == "accord assess 'my deals/a.toml' --draws 16 --world world-2014"
    assert told["python"] == (
        "import accord as ac",
        "world = ac.load_world('world-2014')",
        "deal = ac.load_deal('my deals/a.toml', world=world, as_of='2026-01-01')",
        "result = ac.assess(deal, world=world, settings=ac.AssessSettings(draws=16))",
        "print(result.summary())",
    )
    again = ac.load_assessment(saved.save(tmp_path / "again.accord"))
    assert dict(again.reproduce) == dict(told)
    other = replace(older, name="world-2024", elasticity=older.elasticity + 1)
    assert rename_former(other) == other


def test_every_field_of_a_world_is_kept():
    """Whatever a world holds is written and read: a field added later is not forgotten."""
    world = replace(ac.load_world(), services=("services", "steel"), notes=("a note",))
    held = write_world(world)
    again = read_world(held)
    for item in fields(world):
        before, after = getattr(world, item.name), getattr(again, item.name)
        if isinstance(before, np.ndarray):
            np.testing.assert_array_equal(before, after)
        elif item.name == "elasticities":
            assert {key: list(value) for key, value in before.items()} == {
                key: list(value) for key, value in after.items()
            }
        else:
            assert before == after, item.name


def test_a_saved_assessment_keeps_the_day_up_to_which_it_knows_the_law(tmp_path):
    plain = small_result()
    known = plain.deal.as_of("2025-11-20")
    result = ac.assess(known, settings=ac.AssessSettings(draws=0, paths=0, ranges=False))
    loaded = ac.load_assessment(result.save(tmp_path / "dated.accord"))
    assert loaded.deal.as_known_on == known.as_known_on
    assert "Law as known on 2025-11-20." in loaded.summary()
    assert "Law as known on" not in plain.summary()
    assert [loaded.deal.clauses(name) for name in loaded.packages] == [
        known.clauses(name) for name in known.package_names
    ]
    assert loaded.deal.clauses("no_deal") != plain.deal.clauses("no_deal")


def test_a_deal_changed_in_python_is_not_saved_as_its_text(tmp_path):
    result = small_result()
    package = result.deal.packages[0]
    changed = replace(result.deal, packages=(package.model_copy(update={"clause": ()}),))
    other = replace(result, data=replace(result.data, deal=changed))
    with pytest.raises(ac.InputError, match="was changed in Python"):
        other.save(tmp_path / "changed.accord")
