"""Saved assessments: the same class, the same answers; whatever happens to a file, an error."""

import datetime as dt
import json
import tracemalloc
import zipfile
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import accord as ac
from accord.assessment.archive.container import SEAL, pack, unpack
from accord.assessment.archive.contents import read_world, write_world
from accord.assessment.archive.former import rename_former
from accord.assessment.archive.save import ARRAYS, HEAD
from accord.assessment.facade import Assessment
from accord.deal.load import read_deal
from tests.assessment.verdicts import DEAL, small_result

DATE = dt.date(2026, 11, 24)
HALF = settings().max_examples // 2  # a trial takes a tenth of a second
FEW = ac.AssessSettings(draws=16, paths=200, ranges=False)


@cache
def written() -> bytes:
    """The small deal, saved."""
    with TemporaryDirectory() as folder:
        return small_result().save(Path(folder) / "small.accord").read_bytes()


@cache
def members() -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "small.accord"
        path.write_bytes(written())
        return unpack(path)


def load(content: bytes) -> Assessment:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "broken.accord"
        path.write_bytes(content)
        return ac.load_assessment(path)


def refused(content: bytes) -> bool:
    """Whether the file is refused in words; any other error is a failure of the test."""
    try:
        load(content)
    except ac.InputError as error:
        problem = str(error)
    else:
        return False
    assert len(problem) < 2000
    return True


def harmless(content: bytes) -> bool:
    """Whether the file is refused, or holds what was written byte for byte."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "broken.accord"
        path.write_bytes(content)
        return refused(content) or unpack(path) == members()


def test_a_saved_assessment_in_a_world_of_ones_own_is_briefed_and_bargained(tmp_path):
    world = ac.load_world().aggregate(regions={"NAC": ["CAN", "MEX"]})
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


def test_bits_flipped_in_a_saved_file_change_nothing(long):
    whole = written()
    places = np.random.default_rng(3).integers(8 * len(whole), size=3000 if long else 60)
    for bit in places:
        broken = bytearray(whole)
        broken[bit // 8] ^= 1 << (bit % 8)
        assert harmless(bytes(broken)), f"bit {bit} was accepted"


@settings(max_examples=HALF)
@given(st.data())
def test_a_file_cut_or_overwritten_is_refused_or_the_same(data):
    whole = written()
    at = data.draw(st.integers(0, len(whole) - 1))
    rest = data.draw(st.binary(max_size=64))
    cut = data.draw(st.booleans())
    broken = whole[:at] + rest + (b"" if cut else whole[at + len(rest) :])
    assert harmless(broken)


@settings(max_examples=HALF)
@given(st.data())
def test_a_repacked_file_is_refused(data):
    """Contents changed and packed again, the digest as it was."""
    held = dict(members())
    name = data.draw(st.sampled_from(sorted(held)))
    content = held.pop(name)
    if data.draw(st.booleans()):
        held[name] = data.draw(st.binary(max_size=40)) + content[20:]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "repacked.accord"
        with zipfile.ZipFile(path, "w") as archive:
            for key, value in held.items():
                archive.writestr(key, value)
            with zipfile.ZipFile(_placed(folder)) as first:
                archive.writestr(SEAL, first.read(SEAL))
        assert held.get(name) == content or refused(path.read_bytes())


def _placed(folder: str) -> Path:
    path = Path(folder) / "first.accord"
    path.write_bytes(written())
    return path


def _plain(head: dict, data: st.DataObject) -> dict:
    """The head with one entry gone or of another kind."""
    key = data.draw(st.sampled_from(sorted(head)))
    value = data.draw(
        st.none() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({"a": [1]})
        | st.floats() | st.just([[None]]) | st.just("gone")
    )  # fmt: skip
    if value == "gone":
        return {name: kept for name, kept in head.items() if name != key}
    return {**head, key: value}


@settings(max_examples=HALF)
@given(st.data())
def test_a_forged_file_with_a_digest_of_its_own_raises_nothing_else(data):
    held = dict(members())
    name = data.draw(st.sampled_from([HEAD, "world.json", *sorted(held)]))
    if name in {HEAD, "world.json"}:
        held[name] = json.dumps(_plain(json.loads(held[name]), data)).encode()
    else:
        other = data.draw(st.sampled_from(sorted(held)))
        held[name] = data.draw(st.sampled_from([b"", held[other], held[name][:-9], b"PAR1" * 9]))
    refused(pack(held))


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_unread():
    held = {**members(), f"{ARRAYS}more.npy": bytes(1 << 28)}
    bomb = pack({HEAD: held[HEAD], f"{ARRAYS}more.npy": held[f"{ARRAYS}more.npy"]})
    del held
    assert len(bomb) < 1 << 21
    tracemalloc.start()
    assert refused(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 26


def test_an_array_that_says_it_is_larger_than_its_file_is_refused():
    held = dict(members())
    name = f"{ARRAYS}factors.npy"
    shape = f"({small_result().verdict.factors.shape[0]}, ".encode()
    assert shape in held[name]
    held[name] = held[name].replace(shape, b"(" + b"9" * (len(shape) - 3) + b", ", 1)
    assert refused(pack(held))
