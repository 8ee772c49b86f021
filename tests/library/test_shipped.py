"""The cards of the shipped cases: true to the cases of today, and in every new library."""

import datetime as dt

import pytest

from accord.assessment.views.rule import build_view
from accord.cases.shipped import case_names
from accord.data.store import load_world
from accord.deal.load import load_deal
from accord.library import shipped_cases
from accord.library.opening import open_library
from accord.library.publish import publish
from accord.library.shipped_cases import AUTHOR, add_shipped, read_cards
from tests.golden.regenerate import DATE
from tests.golden.shared import shared_example
from tests.library.cards import work_out
from tests.library.contents import FILES, make_content

HOW = "If the change is meant: uv run python -m tests.library.cards"
QUICKEST = "india-uk"  # of the cases to assess in full


def test_every_case_has_a_card_and_no_card_is_left_over():
    assert [card.slug for card in read_cards()] == list(case_names()), HOW


@pytest.mark.parametrize("card", read_cards(), ids=lambda card: card.slug)
def test_a_card_is_of_the_deal_and_the_world_of_today(card):
    world = load_world()
    deal = load_deal(card.slug, world)
    view = build_view(deal, world).world
    assert (card.deal_sha256, card.world) == (deal.sha256, (view.name, view.sha256)), HOW
    assert card.profile.title == deal.title
    assert len(card.figures) == len(deal.parties)
    assert all(figure.low <= figure.high for figure in card.figures)


def test_a_card_has_the_figures_of_the_assessment():
    (card,) = (card for card in read_cards() if card.slug == QUICKEST)
    now = work_out(QUICKEST, card.day)
    assert now.model_copy(update={"program": card.program, "figures": ()}) == card.model_copy(
        update={"figures": ()}
    ), HOW
    for figure, kept in zip(now.figures, card.figures, strict=True):
        for name in ("value", "low", "high"):
            assert getattr(figure, name) == pytest.approx(getattr(kept, name), rel=1e-6), HOW
        assert (figure.amount, figure.ends, figure.chance) == (kept.amount, kept.ends, kept.chance)


def test_a_new_library_holds_the_shipped_cases_marked_as_such(tmp_path):
    library = open_library(tmp_path / "library")
    page = library.find(count=99)
    assert sorted(listing.slug for listing in page.listings) == list(case_names())
    assert all(listing.is_shipped and listing.author == AUTHOR for listing in page.listings)
    assert library.find("tariffs").total > 0
    assert open_library(tmp_path / "library").find(count=99) == page


def test_a_card_of_today_is_not_newer_than_what_is_published_next(tmp_path, monkeypatch):
    soon = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1)
    cards = [card.model_copy(update={"day": soon}) for card in read_cards()]
    monkeypatch.setattr(shipped_cases, "read_cards", lambda: cards)
    library = open_library(tmp_path / "library")
    library.add(make_content("mine"), FILES)
    assert library.find().listings[0].slug == "mine"


def test_the_files_of_a_shipped_case_join_its_card(tmp_path):
    library = open_library(tmp_path / "library", shipped=False)
    content = make_content(shared_example().deal.name)
    library.add(content, {}, author=AUTHOR, shipped=True)
    assert library.get(content.slug).files == ()
    listing = publish(shared_example(), library, author=AUTHOR, shipped=True, date=DATE)
    assert (listing.number, listing.latest, listing.is_shipped) == (1, 1, True)
    assert listing.downloads
    assert publish(shared_example(), library, date=DATE).number == 2


def test_what_somebody_did_to_a_shipped_case_stays(tmp_path):
    library = open_library(tmp_path / "library")
    names = case_names()
    library.withdraw(names[0])
    library.add(make_content(names[1], title="Mine"), FILES, author="Ann")
    old = library.get(names[2]).content.model_copy(update={"title": "Older"})
    library.add(old, {}, author=AUTHOR, shipped=True)
    assert add_shipped(library) == (names[2],)
    assert library.get(names[0]).withdrawn_at is not None
    assert library.get(names[1]).author == "Ann"
    assert library.get(names[2]).content.title != "Older"
    assert library.get(names[2]).latest == 1
