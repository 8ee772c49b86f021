"""Every catalogue says what the English one says, with the same figures in it."""

import re
from string import Formatter

import pytest

from accord.briefing.words.templates import FOLDER, list_languages, read_templates
from accord.core.catalogue import ENGLISH, read_messages
from tests.golden.shared import shared_briefing

NAMED = re.compile(r"{[^}]*}")
OTHERS = [language for language in list_languages() if language != ENGLISH]


def fields(template: str) -> set[str]:
    """The names that a message is filled in with."""
    return {field for _, field, _, _ in Formatter().parse(template) if field}


def own_messages(language: str) -> dict[str, str]:
    """The messages that a catalogue has of its own, apart from translations of other texts."""
    import tomllib

    def flat(table, prefix=""):
        for key, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{prefix}{key}.")
            else:
                yield f"{prefix}{key}", value

    text = (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    named = dict(flat(tomllib.loads(text)))
    return {key: value for key, value in named.items() if not key.startswith("translated.")}


@pytest.mark.parametrize("language", OTHERS)
def test_a_message_is_one_of_english_and_takes_what_that_takes(language):
    english = read_messages(FOLDER, ENGLISH)
    for key, template in own_messages(language).items():
        if key.startswith(("region.name.", "region.capital.")):
            continue
        assert key in english, key
        assert fields(template) <= fields(english[key]) | {"short", "names", "who"}, key


@pytest.mark.parametrize("language", OTHERS)
def test_a_number_is_written_only_where_english_writes_one(language):
    """Numbers reach sentences as facts: a digit in a message is refused where it is said."""
    english = read_messages(FOLDER, ENGLISH)
    for key, template in own_messages(language).items():
        if key not in english or key.startswith("number."):
            continue
        if not re.search(r"\d", NAMED.sub("", english[key])):
            assert not re.search(r"\d", NAMED.sub("", template)), key


@pytest.mark.parametrize("language", OTHERS)
def test_the_chapters_on_chains_and_cars_are_wholly_in_the_language(language):
    own = own_messages(language)
    wanted = ("chains.", "cars.")
    assert [
        key for key in read_templates(ENGLISH) if key.startswith(wanted) and key not in own
    ] == []


@pytest.mark.parametrize("language", OTHERS)
def test_cards_and_key_points_are_wholly_in_the_language(language):
    """Every outlook, reason, lead and pattern of a point is there, whatever the figures are."""
    wanted = ("headline.", "standfirst.", "card.", "point.", "turning.", "balance.")
    own = own_messages(language)
    missing = [key for key in read_templates(ENGLISH) if key.startswith(wanted) and key not in own]
    assert missing == []


def test_the_korean_page_has_the_figures_of_the_english_one():
    english, korean = (shared_briefing(language=language) for language in (ENGLISH, "ko"))
    for one_point, other in zip(
        english.document.key_points, korean.document.key_points, strict=True
    ):
        told = {(fact.value, fact.unit) for fact in one_point.facts}
        assert {(fact.value, fact.unit) for fact in other.facts} <= told
        words = re.sub(r"[A-Z]{2,}", "", str(other))
        assert re.search("[가-힣]", words)
    assert '<html lang="ko">' in korean.html
    assert str(korean.document.headline).endswith(": 양측 모두 이득")
