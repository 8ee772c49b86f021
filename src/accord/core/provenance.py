"""Where a figure comes from and how far to trust it."""

from dataclasses import dataclass
from typing import Literal, get_args

Grade = Literal["A", "B", "C", "D", "U"]

GRADES: tuple[Grade, ...] = get_args(Grade)

GRADE_MEANING: dict[Grade, str] = {
    "A": "official document, or statistics as published",
    "B": "press, research house or peer-reviewed estimate",
    "C": "single secondary copy: needs a second source",
    "D": "derived: the arithmetic is stated",
    "U": "assumption, or not found in a source",
}


@dataclass(frozen=True)
class Source:
    """One citable source: identifier, title, date, address, licence and trust grade."""

    id: str
    title: str
    date: str = ""
    url: str = ""
    licence: str = ""
    grade: Grade = "U"

    @property
    def flagged(self) -> bool:
        """Whether figures from this source must be flagged wherever they are used."""
        return self.grade in ("C", "U")
