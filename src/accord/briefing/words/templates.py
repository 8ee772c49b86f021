"""The messages of a language as they stand in the briefing's catalogue, by dotted name."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from accord.core import catalogue
from accord.core.catalogue import ENGLISH
from accord.core.errors import InputError, Problem
from accord.core.words import propose

FOLDER: Traversable = resources.files("accord.briefing.words") / "catalogue"


def list_languages() -> tuple[str, ...]:
    """Return the codes of the languages that a page can be written in, sorted."""
    return catalogue.list_languages(FOLDER)


def find_language(path: str, language: str) -> list[Problem]:
    """Return the problem of a language without a catalogue, with those there are, or none."""
    known = list_languages()
    if language in known:
        return []
    message = f"there is no catalogue for {language!r}"
    return [Problem(path, message, propose(language, known))]


def check_language(language: str) -> None:
    """Refuse a language without a catalogue.

    Raises:
        InputError: There is none; it names those there are.
    """
    problems = find_language("language", language)
    if problems:
        raise InputError(problems, "the language of a briefing")


@cache
def is_complete(language: str) -> bool:
    """Return whether the catalogue of a language has every message of the English one."""
    return set(read_templates(ENGLISH)) <= set(catalogue.read_own(FOLDER, language))


@cache
def read_templates(language: str = ENGLISH) -> Mapping[str, str]:
    """Return the messages of a language by dotted name, such as "headline.all.gain".

    A message that a catalogue does not have is that of English.
    """
    return catalogue.read_messages(FOLDER, language)
