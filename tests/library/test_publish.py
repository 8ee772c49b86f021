"""Publishing: every format of the briefing, what a card says, versions, withdrawal."""

import re

import pytest

from accord.briefing.brief import brief
from accord.briefing.render.article import render_article
from accord.core.errors import InputError
from accord.library.content import FORMATS
from accord.library.opening import open_library
from accord.library.publish import describe, publish, summarise
from tests.golden.regenerate import DATE
from tests.golden.shared import shared_example
from tests.library.contents import FILES, NOON, make_content


@pytest.fixture
def library(tmp_path):
    return open_library(tmp_path / "library", shipped=False)


def test_a_published_briefing_has_every_format_as_the_briefing_writes_it(library):
    listing = publish(shared_example(), library, author="A. Analyst", tags=["ships"], date=DATE)
    briefing = brief(shared_example(), date=DATE)
    assert tuple(file.format for file in listing.downloads) == FORMATS
    for file in listing.downloads:
        assert library.read_file(listing, file.format) == briefing.render(file.format)
    content = listing.content
    assert content.title == str(briefing.document.headline)
    assert content.minutes == briefing.document.minutes.number
    assert [str(point.lead) for point in briefing.document.key_points] == [
        point.lead for point in content.points
    ]
    facts = [card.payoff for card in briefing.document.cards if card.payoff is not None]
    assert [figure.value for figure in content.figures] == [fact.number for fact in facts]
    assert [(figure.low, figure.high) for figure in content.figures] == [
        fact.interval for fact in facts
    ]
    assert listing.author == "A. Analyst"
    assert listing.tags[-1] == "ships"
    assert {"South Korea", "United States", "tariffs", "investment"} < set(listing.tags)
    assert not listing.is_shipped


def test_the_summary_is_one_sentence_with_a_reason():
    document = brief(shared_example(), date=DATE).document
    summary = summarise(document, 2)
    assert summary.count(". ") == 0
    assert summary.endswith(".")
    assert summary.startswith(str(document.key_points[0].lead).removesuffix("."))


def test_the_article_has_no_style_of_its_own_and_no_script():
    for length in ("short", "full"):
        article = render_article(brief(shared_example(), date=DATE, length=length).document)
        assert not re.search(r"\sstyle=|<style|<script|\son[a-z]+=", article)
        assert 'id="picture"' in article
        assert 'id="key-points"' not in article


def test_publishing_again_makes_a_version_and_keeps_the_old_one(library):
    library.add(make_content(), FILES, author="Ann", now=NOON)
    listing = library.add(make_content(title="Nobody gains"), {"html": b"new"}, now=NOON)
    assert (listing.number, listing.latest, listing.content.title) == (2, 2, "Nobody gains")
    old = library.get("a-deal", 1)
    assert (old.author, library.read_file(old, "html")) == ("Ann", FILES["html"])
    assert [number for number, _ in library.versions("a-deal")] == [2, 1]
    assert library.find("Nobody").total == 1
    assert library.find("Both sides").total == 0


def test_what_is_withdrawn_is_on_no_list_and_says_why(library):
    library.add(make_content(), FILES, now=NOON)
    before = library.find(count=99).total
    gone = library.withdraw("a-deal", "An error in a rate", now=NOON)
    assert (gone.withdrawn_at, gone.withdrawn_for) == (NOON, "An error in a rate")
    assert library.find("ships").total == 0
    assert library.find(count=99).total == before - 1
    assert library.find(withdrawn=True, count=99).total == before
    assert library.reinstate("a-deal").withdrawn_at is None
    assert library.find("ships").listings[0].slug == "a-deal"
    library.withdraw("a-deal")
    assert library.add(make_content(), FILES).withdrawn_at is None


@pytest.mark.parametrize("slug", ["../up", "A", "", "a/b", "a" * 90, "a\x00b", "-a", "a b"])
def test_a_name_that_is_no_address_is_refused_and_leaves_nothing(library, slug):
    with pytest.raises(InputError, match="no address"):
        library.add(make_content(slug), FILES)
    assert library.find("ships").total == 0


def test_author_and_tags_are_checked_all_at_once(library):
    with pytest.raises(InputError) as caught:
        library.add(make_content(), FILES, author="a" * 81, tags=["b" * 41, *map(str, range(30))])
    assert [problem.path for problem in caught.value.problems] == ["author", "tag", "tag"]
    listing = library.add(make_content(), FILES, author=" A \n B\x1b ", tags=["x", " x ", ""])
    assert listing.author == "A B\N{REPLACEMENT CHARACTER}"
    assert listing.tags.count("x") == 1


def test_a_name_that_is_not_there_is_refused_with_the_one_meant(library):
    library.add(make_content(), FILES)
    with pytest.raises(InputError, match="Did you mean a-deal"):
        library.get("a-dael")
    with pytest.raises(InputError, match="no version 7"):
        library.get("a-deal", 7)
    with pytest.raises(InputError, match="no file 'pdf'"):
        library.read_file(library.get("a-deal"), "pdf")
    with pytest.raises(InputError, match="no file"):
        library.read_file(library.get("a-deal"), "../library.db")


def test_what_is_said_of_a_briefing_survives_its_text(library):
    content = describe(brief(shared_example(), date=DATE).document, shared_example())
    assert library.add(content, {}).content == content


def test_related_briefings_share_parties_and_the_closest_come_first(library):
    for slug, parties in (("b", ("KOR", "JPN")), ("c", ("KOR", "USA")), ("d", ("GBR", "JPN"))):
        library.add(make_content(slug, parties=parties), {})
    listing = library.add(make_content("a"), {})
    related = library.related(listing, most=99)
    own = [entry.slug for entry, _ in related if len(entry.slug) == 1]
    assert own == ["c", "b"]
    assert {entry.slug: told.parties for entry, told in related}["b"] == ("KOR",)
    library.withdraw("c")
    assert "c" not in [entry.slug for entry, _ in library.related(listing, most=99)]
