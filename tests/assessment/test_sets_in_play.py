"""Which sets of trade elasticities ranges, draws and the centre of a verdict are made of."""

import numpy as np
import pytest

from accord.assessment.settings import AssessSettings
from accord.assessment.valuation.valuation import choose_sets
from accord.core.errors import InputError
from accord.data.store import load_world


def test_every_set_of_the_world_is_in_play_unless_some_are_named():
    world = load_world()
    every = AssessSettings().for_world(world).sets_in_play(world)
    assert every == ("fontagne", "ll2023", "cp2015", "boehm2023")
    named = AssessSettings(sets=("boehm2023", "fontagne")).for_world(world)
    assert named.sets_in_play(world) == ("fontagne", "boehm2023")
    first = AssessSettings(elasticities="boehm2023", sets=()).for_world(world)
    assert first.sets_in_play(world) == ("boehm2023",)


def test_the_verdict_mixes_the_sets_in_play():
    world = load_world()
    sets = choose_sets(world, AssessSettings(sets=("boehm2023",)).for_world(world))
    np.testing.assert_array_equal(sets, [world.elasticity, world.elasticities["boehm2023"]])
    assert len(choose_sets(world, AssessSettings().for_world(world))) == 4
    alone = choose_sets(world, AssessSettings(elasticities="cp2015").for_world(world))
    np.testing.assert_array_equal(alone, [world.elasticities["cp2015"]])
    with_others = AssessSettings(elasticities="cp2015", sets=("boehm2023",)).for_world(world)
    assert len(choose_sets(world, with_others)) == 2


@pytest.mark.parametrize("chosen", [{"ranges": False}, {"competition": "monopolistic"}])
def test_one_set_alone_without_ranges_or_with_scale_economies(chosen):
    world = load_world()
    settings = AssessSettings(sets=("cp2015", "boehm2023"), **chosen).for_world(world)
    assert settings.sets_in_play(world) == (settings.elasticities,)


def test_a_set_that_the_world_does_not_have_is_refused_with_a_hint():
    world = load_world()
    with pytest.raises(InputError, match="boehm2023") as caught:
        AssessSettings(sets=("boehm23",)).for_world(world)
    assert caught.value.problems[0].path == "sets"
