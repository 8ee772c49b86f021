"""Worlds by name: a deal is priced in a view of the large one, or in all of it."""

from pathlib import Path

import pytest

from accord.cli.request import open_request, open_world
from accord.core.errors import InputError


def test_a_deal_is_priced_in_a_view_of_the_large_world_or_in_all_of_it():
    seen = open_request("us-korea-2025", world=Path("world-2022"))
    assert seen.view is not None
    assert seen.world is seen.view.world
    assert len(seen.world.regions) < 45
    whole = open_request("us-korea-2025", world=Path("full"))
    assert whole.view is None
    assert (len(whole.world.regions), len(whole.world.sectors)) == (81, 50)
    usual = open_request("us-korea-2025")
    assert usual.view is None
    assert usual.world == open_world(Path("world-2014")) == open_world(None)


def test_an_unknown_world_is_a_missing_file():
    with pytest.raises(InputError, match="No such file"):
        open_world(Path("world-2021"))
