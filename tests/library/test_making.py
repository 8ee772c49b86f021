"""The files of a shipped case are made when they are asked for, and join its card."""

import pytest

from accord.assessment.settings import AssessSettings
from accord.core.errors import InputError
from accord.library.content import FORMATS
from accord.library.making import make_shipped
from accord.library.opening import open_library
from tests.library.contents import FILES, find_faults, make_content

CASE = "india-uk"  # the quickest


def test_files_join_the_card_at_its_place_and_are_made_once(tmp_path):
    library = open_library(tmp_path / "library")
    card = library.get(CASE)
    assert card.is_bare
    told = []
    settings = AssessSettings(draws=8, paths=8)
    made = make_shipped(library, CASE, settings=settings, progress=lambda *it: told.append(it))
    assert told
    assert tuple(file.format for file in made.downloads) == FORMATS
    assert (made.number, made.is_shipped, made.published_at, made.content.day) == (
        1, True, card.published_at, card.content.day
    )  # fmt: skip
    assert not made.is_bare
    assert make_shipped(library, CASE) == made
    assert find_faults(library) == []
    assert open_library(tmp_path / "library").get(CASE) == made


def test_what_is_no_bare_card_is_refused(tmp_path):
    library = open_library(tmp_path / "library")
    library.withdraw(CASE)
    library.add(make_content("mine"), {})
    for name in (CASE, "mine"):
        with pytest.raises(InputError, match="no shipped case without files"):
            make_shipped(library, name)
    library.add(make_content("us-korea-2025"), FILES, author="Ann")
    assert make_shipped(library, "us-korea-2025").author == "Ann"
