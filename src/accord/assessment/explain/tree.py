"""The tree behind a number: a name, the number, and what it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accord.core.notebook import Shown

UNIT = "bn USD"


@dataclass(frozen=True, repr=False)
class Explanation(Shown):
    """A node of the tree behind a number.

    Attributes:
        name: What it is.
        value: The number, or None for a node that has none.
        unit: Unit of the number.
        note: A remark: a formula, the range of a parameter, the place in the file.
        children: What it is made of.
    """

    name: str
    value: float | None = None
    unit: str = ""
    note: str = ""
    children: tuple["Explanation", ...] = field(default=())

    def __repr__(self) -> str:
        """One line: what it is, its number, and of how many it is made."""
        head = next(self.lines())
        head = head if len(head) <= 120 else f"{head[:119]}…"
        return f"Explanation({head!r}, {len(self.children)} below)"

    def __str__(self) -> str:
        """Return the tree as lines of text."""
        return self.summary()

    def summary(self) -> str:
        """Return the tree as lines of text."""
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        """Yield the lines of the tree."""
        number = ""
        if self.value is not None:
            digits = f"{self.value:+,.2f}" if self.unit == UNIT else f"{self.value:.4g}"
            number = f" {digits} {self.unit}".rstrip()
        note = f"  ({self.note})" if self.note else ""
        yield f"{self.name}{number}{note}"
        for at, child in enumerate(self.children):
            last = at == len(self.children) - 1
            head, rest = ("└─ ", "   ") if last else ("├─ ", "│  ")
            for line_at, line in enumerate(child.lines()):
                yield f"{head if line_at == 0 else rest}{line}"

    def to_dict(self) -> dict[str, Any]:
        """Return the tree as plain data, without what is empty."""
        plain: dict[str, Any] = {"name": self.name}
        if self.value is not None:
            plain |= {"value": self.value, "unit": self.unit}
        if self.note:
            plain["note"] = self.note
        if self.children:
            plain["children"] = [child.to_dict() for child in self.children]
        return plain
