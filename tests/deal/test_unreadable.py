"""Deal files that cannot be read at all."""

import pytest

from accord.core.errors import InputError
from accord.deal.load import load_deal
from tests.deal.examples import DEAL, small_world

WORLD = small_world()


def test_a_folder_is_not_a_deal(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        load_deal(tmp_path, WORLD)


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "deal.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        load_deal(path, WORLD)


def test_an_unreadable_file_says_why(tmp_path, monkeypatch):
    path = tmp_path / "deal.toml"
    path.write_text(DEAL)

    def refuse(_self, _mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        load_deal(path, WORLD)
