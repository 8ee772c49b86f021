"""Saved assessments attacked: whatever happens to a file, it is refused in words, or the same."""

import json
import re
import subprocess
import sys
import tracemalloc
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import accord as ac
from accord.assessment.archive.container import SEAL, pack, unpack
from accord.assessment.archive.save import ARRAYS, HEAD
from accord.assessment.facade import Assessment

ROOT = Path(__file__).resolve().parents[2]
HALF = settings().max_examples // 2  # a trial takes a tenth of a second
SAVE = "import sys; from tests.assessment.verdicts import small_result as s; s().save(sys.argv[1])"


@cache
def written() -> bytes:
    """The small deal, saved by another process: this one holds nothing but what it reads."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "small.accord"
        subprocess.run([sys.executable, "-c", SAVE, str(path)], cwd=ROOT, check=True)
        return path.read_bytes()


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
    held = {**members(), f"{ARRAYS}more.npy": bytes(1 << 27)}
    bomb = pack({HEAD: held[HEAD], f"{ARRAYS}more.npy": held[f"{ARRAYS}more.npy"]})
    del held
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    assert refused(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 26


def test_an_array_that_says_it_is_larger_than_its_file_is_refused():
    held = dict(members())
    name = f"{ARRAYS}factors.npy"
    (rows,) = re.findall(rb"'shape': \((\d+), ", held[name][:128])
    shape = b"(" + rows + b", "
    held[name] = held[name].replace(shape, b"(" + b"9" * (len(shape) - 3) + b", ", 1)
    assert refused(pack(held))
