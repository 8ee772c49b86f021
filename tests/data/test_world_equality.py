"""When two worlds are equal: what is kept by world must not be that of another."""

from dataclasses import replace

import numpy as np
import pytest

from accord.data.store import load_world


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lines", None), ("name", "another"), ("base_year", 1), ("services", ()),
        ("sector_groups", {"some": ("wood", "paper")}), ("scale_elasticity", np.ones(20)),
    ],
)  # fmt: skip
def test_a_world_made_of_another_is_equal_only_if_it_holds_the_same(name, value):
    """What is kept by world, such as the cells of a deal, must not be another world's."""
    world = load_world("world-2014")
    other = replace(world, **{name: value})
    assert other != world
    assert len({world, other}) == 2
    assert replace(world, region_names={**world.region_names, "KOR": "Korea"}) == world
