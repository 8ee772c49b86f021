"""Solved nodes that are kept between runs: whatever happens to a file, never another number."""

import errno
import logging

import numpy as np
import pytest

from accord.assessment.valuation.welfare.node_cache import Effort, NodeCache
from accord.core import precision
from accord.core.errors import OutputError

KEY = "ab" * 32
SHAPE = (2, 3, 4)
NODES = np.random.default_rng(1).normal(size=SHAPE)


def fresh(folder, solved):
    """What a new run gets: nodes from the folder, or solved and counted."""

    def solve():
        solved.append(1)
        return NODES.copy()

    return NodeCache(folder).nodes(KEY, SHAPE, solve, Effort())


@pytest.fixture
def kept(tmp_path):
    """A folder with the nodes in it, and the file that holds them."""
    fresh(tmp_path, [])
    (path,) = tmp_path.iterdir()
    return tmp_path, path


def test_nodes_are_found_again_and_counted(kept):
    folder, _ = kept
    effort = Effort()

    def solve():
        raise AssertionError("solved again")

    np.testing.assert_array_equal(NodeCache(folder).nodes(KEY, SHAPE, solve, effort), NODES)
    assert effort.kept == 6


def test_every_flipped_bit_is_solved_again_and_overwritten(kept, long):
    folder, path = kept
    whole = path.read_bytes()
    bits = np.random.default_rng(7).permutation(8 * len(whole))
    for bit in bits[: 3000 if long else 300]:
        broken = bytearray(whole)
        broken[bit // 8] ^= 1 << (bit % 8)
        path.write_bytes(broken)
        solved: list[int] = []
        np.testing.assert_array_equal(fresh(folder, solved), NODES)
        assert solved == [1], f"bit {bit} was accepted"
        assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:20],
        lambda whole: whole[:-1],
        lambda whole: whole + b"\0",
        lambda whole: b"PK\3\4" + whole[4:],
        lambda whole: bytes(len(whole)),
        lambda whole: np.lib.format.MAGIC_PREFIX + whole,
    ],
)
def test_an_empty_a_short_and_a_foreign_file_are_solved_again(kept, damage):
    folder, path = kept
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    solved: list[int] = []
    np.testing.assert_array_equal(fresh(folder, solved), NODES)
    assert solved == [1]
    assert path.read_bytes() == whole


def test_nodes_of_another_key_or_shape_are_not_taken(kept):
    folder, _ = kept
    other = KEY[:32] + "c" * 32  # the same file name
    solved: list[int] = []

    def solve():
        solved.append(1)
        return NODES + 1.0

    np.testing.assert_array_equal(
        NodeCache(folder).nodes(other, SHAPE, solve, Effort()), NODES + 1.0
    )
    fresh(folder, solved)
    turned = NODES.reshape(4, 3, 2)
    nodes = NodeCache(folder).nodes(KEY, (4, 3, 2), lambda: turned, Effort())
    np.testing.assert_array_equal(nodes, turned)
    assert solved == [1, 1]


def test_a_folder_where_a_file_should_be_is_no_error(tmp_path):
    (tmp_path / f"{KEY[:32]}.nodes").mkdir()
    solved: list[int] = []
    np.testing.assert_array_equal(fresh(tmp_path, solved), NODES)
    assert solved == [1]


def test_a_full_cache_folder_is_told_in_one_line(tmp_path, monkeypatch, caplog):
    def full(path, _data):
        raise OutputError(path, "No space left on device") from OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("accord.assessment.valuation.welfare.node_cache.write_atomically", full)
    monkeypatch.setattr(precision, "_told", set())
    with caplog.at_level(logging.WARNING, "accord"):
        for _ in range(3):
            np.testing.assert_array_equal(fresh(tmp_path / "nodes", []), NODES)
    assert [record.getMessage().count("\n") for record in caplog.records] == [0]
    assert "is full" in caplog.text


def test_equilibria_are_solved_once_for_a_cache_that_is_passed_on():
    cache, solved = NodeCache(), []

    def solve():
        solved.append(1)
        return np.ones(3)

    for _ in range(2):
        if b"key" not in cache.known([b"key", b"other"]):
            cache.store_gains({b"key": solve()})
        np.testing.assert_array_equal(cache.known([b"key", b"other"])[b"key"], np.ones(3))
        np.testing.assert_array_equal(cache.remember(("a", (1.0,)), solve), np.ones(3))
    assert len(solved) == 2
    assert len(repr(cache)) < 200
