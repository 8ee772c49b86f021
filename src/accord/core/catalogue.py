"""Catalogues of messages: a folder with a TOML file for each language, read by dotted name."""

import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources.abc import Traversable

ENGLISH = "en"


def list_languages(folder: Traversable) -> tuple[str, ...]:
    """Return the codes of the languages that have a catalogue in the folder, sorted."""
    names = [entry.name for entry in folder.iterdir()]
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def read_messages(folder: Traversable, language: str = ENGLISH) -> Mapping[str, str]:
    """Return the messages of a language by dotted name, such as "headline.all.gain".

    A message that a catalogue does not have is that of English.
    """
    own = read_own(folder, language)
    return own if language == ENGLISH else {**read_messages(folder), **own}


def read_own(folder: Traversable, language: str) -> Mapping[str, str]:
    """Return the messages that the catalogue of a language has of its own, by dotted name."""
    return dict(_flat(_read(folder, language)))


def _read(folder: Traversable, language: str) -> Mapping[str, object]:
    return tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))


def _flat(messages: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in messages.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
