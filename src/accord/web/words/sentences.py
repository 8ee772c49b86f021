"""The sentences of the pages, by dotted name."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from accord.core.catalogue import read_messages


@cache
def page_messages() -> Mapping[str, str]:
    """Return the messages of the pages by dotted name, such as "nav.library"."""
    return read_messages(resources.files("accord.web.words") / "catalogue")


def tell(key: str, /, **parts: object) -> str:
    """Return a message filled in.

    Raises:
        KeyError: There is no such message, or a part of it is missing.
    """
    return page_messages()[key].format(**parts)
