"""The messages of a language as they stand in its catalogue, by dotted name."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from accord.core.errors import InputError, Problem
from accord.core.words import suggest

ENGLISH = "en"
FOLDER: Traversable = resources.files("accord.briefing.words") / "catalogue"


def list_languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, by code."""
    names = [entry.name for entry in FOLDER.iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def check_language(language: str) -> None:
    """Refuse a language without a catalogue.

    Raises:
        InputError: There is none; it names those there are.
    """
    known = list_languages()
    if language in known:
        return
    close = suggest(language, known)
    remedy = f"Did you mean {close!r}?" if close else f"Choose one of {', '.join(known)}"
    problem = Problem("language", f"there is no catalogue for {language!r}", remedy)
    raise InputError([problem], "the language of a briefing")


@cache
def read_templates(language: str) -> Mapping[str, str]:
    """Return the messages of a language by dotted name, such as "headline.all.gain".

    A message that a catalogue does not have is that of English.
    """
    own = dict(_flat(_read(language)))
    return own if language == ENGLISH else {**read_templates(ENGLISH), **own}


def _read(language: str) -> Mapping[str, object]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def _flat(messages: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in messages.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
