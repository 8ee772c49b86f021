"""How results show themselves: one line in a prompt, a summary or a table in a notebook."""

from enum import Enum
from html import escape
from typing import Any

import numpy as np

LONGEST = 120  # characters between the brackets of the one line


class Shown:
    """A result that shows itself in one line, and in a notebook by its summary if it has one.

    A data class whose line is to be this one is made with `repr=False`.
    """

    def __repr__(self) -> str:
        """One line: short values as they are, arrays by their shape; the rest is left out."""
        names = tuple(getattr(self, "__dataclass_fields__", ()))
        told = [text for name in names if (text := _told(name, getattr(self, name)))]
        return f"{type(self).__name__}({shorten(', '.join(told))})"

    def _repr_html_(self) -> str:
        """Return the text as HTML, its letters as they are."""
        summary = getattr(self, "summary", None)
        return f"<pre>{escape(summary() if callable(summary) else repr(self))}</pre>"


def shorten(text: str, longest: int = LONGEST) -> str:
    """Return a text cut to a length, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _told(name: str, value: Any) -> str:
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, np.ndarray) and value.ndim:
        return f"{name} {'×'.join(map(str, value.shape))}"
    if isinstance(value, bool | int | str):
        return f"{name}={value!r}"
    if isinstance(value, float | np.floating):
        return f"{name}={value:.4g}"
    return ""
