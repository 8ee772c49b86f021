"""Making text from outside safe to show in a terminal, on a page and in a table."""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# What a terminal or a browser obeys instead of showing: control characters other than the tab and
# the line feed, marks that reorder text, separators of lines, tags, and halves of a character.
OBEYED = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\u2028\u2029\ufff9-\ufffb\U000e0000-\U000e007f"
    "\ud800-\udfff"
)
_OBEYED = re.compile(f"[{OBEYED}]")


def printable(text: str) -> str:
    """Return a text in which nothing can move, recolour or reorder what stands around it.

    Characters that a terminal obeys become the replacement character; letters of every script,
    spaces, tabs and line feeds stay.
    """
    return text if text.isascii() and text.isprintable() else _OBEYED.sub(REPLACEMENT, text)


def escaped(text: str) -> str:
    """Return a JSON text with the same characters as escapes of JSON: its content is the same."""
    return _OBEYED.sub(_as_json, text)


def _as_json(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
