"""The sentences of an assessment's plain text, asked for by name and filled in."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from accord.core.catalogue import read_messages


@cache
def _messages() -> Mapping[str, str]:
    return read_messages(resources.files("accord.assessment.words"))


def say(key: str, /, **parts: object) -> str:
    """Return the message of a dotted name, its places filled in."""
    return _messages()[key].format(**parts)


def listed(words: Sequence[str]) -> str:
    """Return words joined as in prose: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return say("list.last", before=", ".join(words[:-1]), last=words[-1])
