"""The only way a number reaches prose: a value with its unit, interval and source."""

import datetime as dt
import math
from dataclasses import dataclass
from string import Formatter
from typing import Literal

Unit = Literal[
    "share", "points", "bn USD", "bn USD a year", "ratio", "count", "year", "date", "minutes"
]

NO_BREAK = "\u00a0"
THIN = "\u202f"
MINUS = "\u2212"
EN_DASH = "\u2013"

# What follows the digits, with the space that keeps it on the same line. `bn USD a year` prints
# as `bn USD`: the sentence around it says "a year".
_SUFFIX: dict[Unit, str] = {
    "share": f"{THIN}%",
    "points": f"{NO_BREAK}points",
    "bn USD": f"{NO_BREAK}bn{NO_BREAK}USD",
    "bn USD a year": f"{NO_BREAK}bn{NO_BREAK}USD",
    "ratio": "",
    "count": "",
    "year": "",
    "date": "",
    "minutes": f"{NO_BREAK}minutes",
}
_SCALE: dict[Unit, float] = {"share": 100.0, "points": 100.0}
_NOTHING = 1e-9


@dataclass(frozen=True)
class Fact:
    """One number that may be printed: its value, unit, range and the id of its source.

    Attributes:
        value: A fraction for `share` and `points`, billions for money, a date for `date`.
        unit: What the value counts.
        interval: Low and high end in the same unit, where a range is known.
        source: Id of the source, or "accord" for a number this program computed.
    """

    value: float | int | dt.date
    unit: Unit
    interval: tuple[float, float] | None = None
    source: str = "accord"

    def __post_init__(self) -> None:
        """Refuse a number that cannot be printed."""
        numbers = [self.number] if self.unit != "date" else []
        numbers += list(self.interval or ())
        if not all(math.isfinite(number) for number in numbers):
            raise ValueError(f"a fact must be finite, got {self.value} {self.interval}")
        if self.interval is not None and self.interval[0] > self.interval[1]:
            raise ValueError(f"interval reversed: {self.interval}")

    @property
    def number(self) -> float:
        """The value as a plain number, in the unit; an error for a date."""
        if isinstance(self.value, dt.date):
            raise TypeError("a date is not a number")
        return float(self.value)

    def text(self, style: str = "", decimals: int | None = None, *, with_unit: bool = True) -> str:
        """Return the words for this number.

        Args:
            style: "" prints a minus only; "signed" prints either sign; "size" prints no sign;
                "range" prints the interval alone, without its unit.
            decimals: Fixed number of decimals; by default two below one, one below a hundred.
            with_unit: Whether the unit follows the digits.
        """
        if isinstance(self.value, dt.date):
            return date_text(self.value)
        if style == "range":
            return self.interval_text(decimals)
        if self.unit == "year":
            return f"{self.number:.0f}"
        digits = number_text(self._printed(self.number), style, decimals, exact=self._whole)
        return digits + _SUFFIX[self.unit] if with_unit else digits

    def interval_text(self, decimals: int | None = None) -> str:
        """Return the interval without its unit, such as "1.2–3.4" or "−1.2 to 3.4"; else ""."""
        if self.interval is None:
            return ""
        straddles = self.interval[0] < 0 < self.interval[1]
        low, high = (
            number_text(
                self._printed(end), "signed" if straddles else "", decimals, exact=self._whole
            )
            for end in self.interval
        )
        joint = EN_DASH if self.interval[0] >= 0 else f"{NO_BREAK}to{NO_BREAK}"
        return f"{low}{joint}{high}" if low != high else low

    def _printed(self, value: float) -> float:
        return value * _SCALE.get(self.unit, 1.0)

    @property
    def _whole(self) -> bool:
        return self.unit in ("count", "minutes")

    def __format__(self, spec: str) -> str:
        """Return `text(style)`, so that f"{fact:signed}" works."""
        return self.text(spec)

    def __str__(self) -> str:
        """Return the default text."""
        return self.text()


def number_text(
    value: float, style: str = "", decimals: int | None = None, *, exact: bool = False
) -> str:
    """Return digits with a proper minus sign and thin spaces between thousands.

    A value that rounds to zero prints as zero without a sign in a table (fixed `decimals`), and
    as "less than 0.01" in prose, so that a small effect is not reported as none.
    """
    places = _decimals(value, exact=exact) if decimals is None else decimals
    size = f"{abs(value):,.{places}f}".replace(",", THIN)
    if decimals is None and "." in size and math.isclose(value, round(value), rel_tol=1e-12):
        size = size.split(".")[0]
    if not any(digit in "123456789" for digit in size):
        tiny = decimals is None and abs(value) > _NOTHING
        return f"less than {1 / 10**places:.{places}f}" if tiny else size
    if style == "size":
        return size
    if value < 0:
        return MINUS + size
    return f"+{size}" if style == "signed" else size


def _decimals(value: float, *, exact: bool) -> int:
    """Two decimals below one, one below a hundred, none above, judged after rounding."""
    if exact:
        return 0
    if round(abs(value), 2) < 1.0:
        return 2
    return 1 if round(abs(value), 1) < 100.0 else 0


def date_text(date: dt.date) -> str:
    """Return a date in words, such as "14 November 2025"."""
    return f"{date.day}{NO_BREAK}{_MONTHS[date.month - 1]}{NO_BREAK}{date.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Name:
    """A name or a quotation that enters prose as it is: a country, a package, a title."""

    text: str


@dataclass(frozen=True)
class Cite:
    """A reference to a source, printed as its number in the list of sources."""

    source: str


@dataclass(frozen=True)
class Piece:
    """A stretch of text, with the fact or source behind it where it has one."""

    text: str
    fact: Fact | None = None
    cite: str = ""


@dataclass(frozen=True)
class Prose:
    """A run of text whose every number is a fact."""

    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        """Return the plain text, without the marks of citations."""
        return "".join(piece.text for piece in self.pieces)

    def __add__(self, other: "Prose") -> "Prose":
        """Return both texts, one after the other, with a space between."""
        return Prose((*self.pieces, Piece(" "), *other.pieces))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts this text prints."""
        return tuple(piece.fact for piece in self.pieces if piece.fact is not None)


def sentence(template: str, **parts: Fact | Name | Cite | Prose) -> Prose:
    """Return the template with its parts filled in, each number kept as a fact.

    The words of a template may hold no digit: a number comes in as a `Fact`, a name that has one
    as a `Name`. A part is written `{name}` or `{name:style}`, with the styles of `Fact.text`.

    Raises:
        ValueError: The template itself holds a digit.
    """
    pieces: list[Piece] = []
    for words, field, style, _ in Formatter().parse(template):
        if any(letter.isdigit() for letter in words):
            raise ValueError(f"a number must come as a Fact: {words!r}")
        if words:
            pieces.append(Piece(words))
        if field is None:
            continue
        pieces.extend(_pieces(parts[field], style or ""))
    if pieces and pieces[0].fact is None and pieces[0].text[:1].islower():
        pieces[0] = Piece(pieces[0].text[:1].upper() + pieces[0].text[1:], cite=pieces[0].cite)
    return Prose(tuple(pieces))


def _pieces(part: Fact | Name | Cite | Prose, style: str) -> tuple[Piece, ...]:
    if isinstance(part, Fact):
        return (Piece(part.text(style), fact=part),)
    if isinstance(part, Cite):
        return (Piece("", cite=part.source),) if part.source else ()
    if isinstance(part, Name):
        return (Piece(part.text),)
    return part.pieces


def quoted(text: str) -> Prose:
    """Return a text taken over as it is, such as a title or a note from the deal file."""
    return Prose((Piece(text),))


def listed(names: "tuple[str, ...] | list[str]", last: str = "and") -> Name:
    """Return names joined as in prose: "a, b and c"."""
    if len(names) < 2:
        return Name("".join(names))
    return Name(f"{', '.join(names[:-1])} {last} {names[-1]}")
