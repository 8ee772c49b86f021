"""Old names of a deal file are read for a version more, and told."""

import warnings

import pytest

from accord.assessment.check import check
from accord.core.errors import InputError
from accord.deal.load import read_deal
from accord.deal.renamed import RENAMED
from tests.deal.examples import DEAL, small_world

TABLE = '\n[[{name}]]\nparty = "KOR"\nreserves = {reserves}\n'


@pytest.fixture(params=sorted(RENAMED.items()), ids=lambda pair: pair[0])
def names(request):
    return request.param


def test_the_old_name_means_the_same_and_is_told(names):
    old, new = names
    world = small_world()
    with pytest.warns(DeprecationWarning, match=f"`{old}` is now called `{new}`"):
        deal = read_deal(DEAL + TABLE.format(name=old, reserves="4e11"), world=world)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        modern = read_deal(DEAL + TABLE.format(name=new, reserves="4e11"), world=world)
    assert getattr(deal, new) == getattr(modern, new)
    told = [str(notice) for notice in check(deal, world=world).notices if notice.path == old]
    assert len(told) == 1
    assert told[0].endswith(f"Write [[{new}]] instead of [[{old}]]")


def test_problems_are_told_where_the_file_has_them(names):
    old, _ = names
    with pytest.raises(InputError, match=rf"{old}\[1\]\.reserves"):
        read_deal(DEAL + TABLE.format(name=old, reserves="-1"), world=small_world())


def test_both_names_at_once_are_refused(names):
    old, new = names
    both = TABLE.format(name=old, reserves="4e11") + TABLE.format(name=new, reserves="4e11")
    with pytest.raises(InputError, match=f"{old}: unknown key"):
        read_deal(DEAL + both, world=small_world())
