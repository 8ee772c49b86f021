"""A world in a file: read back digit by digit, or refused."""

import pytest

from accord.core.errors import InputError, OutputError
from accord.data.files.world_file import load_world_file
from accord.data.store import load_world


def test_a_world_is_read_back_as_it_was(tmp_path):
    world = load_world()
    path = world.save(tmp_path / "mine.npz")
    held = load_world_file(path)
    assert held == world
    assert held.lines is not None
    assert held.sources == world.sources
    assert held.macro == world.macro
    assert held.notes == world.notes
    assert list(held.elasticities) == list(world.elasticities)
    assert path.read_bytes() == held.save(tmp_path / "again.npz").read_bytes()


def test_a_world_without_lines_too(tmp_path):
    world = load_world().aggregate({"EU": ["DEU", "FRA"]}, name="smaller")
    assert load_world_file(world.save(tmp_path / "small.npz")) == world


def test_a_damaged_file_is_refused_never_read(tmp_path):
    world = load_world().aggregate({"EU": ["DEU", "FRA"]}, name="smaller")
    content = world.save(tmp_path / "small.npz").read_bytes()
    path = tmp_path / "damaged.npz"
    refused = 0
    for at in range(0, len(content), len(content) // 40):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :])
        try:
            held = load_world_file(path)
        except InputError:
            refused += 1
        else:
            assert held == world  # a byte that carries nothing
    assert refused > 30
    for broken in (b"", b"text", content[: len(content) // 2]):
        path.write_bytes(broken)
        with pytest.raises(InputError, match="no world"):
            load_world_file(path)


def test_a_missing_file_and_another_ending_are_refused(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        load_world_file(tmp_path / "none.npz")
    with pytest.raises(OutputError, match="npz"):
        load_world().save(tmp_path / "world.toml")
