"""The cards of the cases that come with Accord, made beforehand with the standard settings.

A card has the figures of the full assessment: its files are made when a reader first asks for them.
"""

import datetime as dt
from functools import cache
from importlib import resources

from accord.core.errors import InputError
from accord.library.content import Content
from accord.library.errors import FullError, ReadOnlyError
from accord.library.library import Library

AUTHOR = "Accord"


@cache
def read_cards() -> tuple[Content, ...]:
    """Return the cards of the shipped cases, by name."""
    folder = resources.files("accord.library") / "shipped"
    files = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    return tuple(
        Content.model_validate_json((folder / file).read_text(encoding="utf-8")) for file in files
    )


def add_shipped(library: Library) -> tuple[str, ...]:
    """Return the names of the shipped cases that were added: those that are new to a library.

    A card of a case that is there is replaced where the case or its world has changed since, and
    nobody has published it, made its files or withdrawn it.
    """
    added: list[str] = []
    for content in read_cards():
        if _is_wanted(library, content):
            noon = dt.datetime.combine(content.day, dt.time(12), dt.UTC)
            moment = min(noon, dt.datetime.now(tz=dt.UTC))  # nothing is published in the future
            try:
                library.add(content, {}, author=AUTHOR, shipped=True, now=moment)
            except (FullError, ReadOnlyError):
                return tuple(added)
            added.append(content.slug)
    return tuple(added)


def _is_wanted(library: Library, content: Content) -> bool:
    try:
        listing = library.get(content.slug)
    except InputError:
        return True
    untouched = listing.is_shipped and not listing.files and listing.withdrawn_at is None
    return untouched and listing.content != content
