"""Facts: the only way a number reaches prose, with its unit, interval and source."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter
from typing import Literal

from accord.briefing.words.templates import read_templates
from accord.core.catalogue import ENGLISH

Unit = Literal[
    "share", "points", "bn USD", "bn USD a year", "ratio", "count", "year", "date", "minutes"
]

NO_BREAK = "\u00a0"
THIN = "\u202f"
MINUS = "\u2212"
EN_DASH = "\u2013"

# Units whose name follows the digits, and the message that holds it. A yearly flow prints as an
# amount: the sentence around it says "a year".
_SUFFIX: dict[Unit, str] = {
    "share": "number.percent",
    "points": "number.points",
    "bn USD": "number.money",
    "bn USD a year": "number.money",
    "minutes": "number.minutes",
}
UNIT_NAMES = ("bn ", "mn ", "tn ")
SMALLEST = 0.005  # bn USD: less prints as nothing
MONEY: tuple[Unit, ...] = ("bn USD", "bn USD a year")
_SCALE: dict[Unit, float] = {"share": 100.0, "points": 100.0}
_NOTHING = 1e-9


@dataclass(frozen=True)
class NumberWords:
    """What stands around digits in a language: units, months, "to" between two ends."""

    templates: Mapping[str, str]

    def suffix(self, unit: Unit) -> str:
        """Return the name of a unit, with the space that keeps it on the line of the digits."""
        key = _SUFFIX.get(unit)
        space = THIN if unit == "share" else self.get("number.gap")
        return space + self.get(key) if key else ""

    def scale(self, unit: Unit) -> float:
        """Return how many of the units that a sentence names are in one of a fact."""
        return float(self.templates["number.in_a_billion"]) if unit in MONEY else 1.0

    def get(self, key: str, **parts: str) -> str:
        """Return a message, its blanks kept from breaking a line."""
        return self.templates[key].format(**parts).replace(" ", NO_BREAK)

    def date(self, date: dt.date) -> str:
        """Return a date in words, such as "14 November 2025"."""
        month = self.templates["number.months"].split()[date.month - 1]
        return self.get("number.date", day=str(date.day), month=month, year=str(date.year))


@cache
def number_words(language: str = ENGLISH) -> NumberWords:
    """Return what stands around digits in a language."""
    return NumberWords(read_templates(language))


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

    def text(
        self,
        style: str = "",
        decimals: int | None = None,
        *,
        with_unit: bool = True,
        words: NumberWords | None = None,
    ) -> str:
        """Return the words for this number.

        Args:
            style: "" prints a minus only; "signed" prints either sign; "size" prints no sign;
                "range" prints the interval alone, without its unit; "about" and "about_signed"
                round to two significant digits and print either no sign or both; "rounded" does
                so with a minus only; "frequency" says a share as so many of a hundred.
                A style that ends in "_bare" leaves out the unit.
            decimals: Fixed number of decimals; by default two below one, one below a hundred.
            with_unit: Whether the unit follows the digits.
            words: What stands around digits in the language; English if left out.
        """
        around = words or number_words()
        if isinstance(self.value, dt.date):
            return around.date(self.value)
        if style == "range":
            return self.interval_text(decimals, words=around)
        if self.unit == "year":
            return f"{self.number:.0f}"
        if style == "frequency":
            return _frequency(self.number, around)
        value = self._printed(self.number) * (around.scale(self.unit) if with_unit else 1.0)
        style, with_unit = style.removesuffix("_bare"), with_unit and not style.endswith("_bare")
        if style.startswith("about"):
            value, style = _two_digits(value), "signed" if style.endswith("signed") else "size"
        if style == "rounded":
            value, style = _two_digits(value), ""
        unit = around.suffix(self.unit) if with_unit else ""
        return number_text(value, style, decimals, exact=self._whole, words=around, unit=unit)

    def interval_text(
        self, decimals: int | None = None, *, words: NumberWords | None = None
    ) -> str:
        """Return the interval without its unit, such as "1.2–3.4" or "−1.2 to 3.4"; else ""."""
        if self.interval is None:
            return ""
        around = words or number_words()
        straddles = self.interval[0] < 0 < self.interval[1]
        style = "signed" if straddles else ""
        low, high = (
            number_text(self._printed(end), style, decimals, exact=self._whole, words=around)
            for end in self.interval
        )
        to = f"{NO_BREAK}{around.get('number.to')}{NO_BREAK}"
        joint = EN_DASH if self.interval[0] >= 0 else to
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


def _frequency(share: float, words: NumberWords) -> str:
    """Return a share as so many of a hundred; all and none are said only of these."""
    count, key = round(100 * share), "number.frequency"
    if count == 0 and share > 0:
        count, key = 1, "number.frequency_least"
    if count == 100 and share < 1:
        count, key = 99, "number.frequency_most"
    return words.get(key, count=f"{count}")


def fit_places(sizes: Iterable[float], usual: int) -> int:
    """Return decimals that show two digits of the largest of amounts; two at most, or the usual."""
    largest = max((abs(size) for size in sizes), default=0.0)
    if largest < SMALLEST:
        return usual
    return max(usual, 2 if round(largest, 1) < 1 else 1 if round(largest) < 10 else 0)


def number_text(
    value: float,
    style: str = "",
    decimals: int | None = None,
    *,
    exact: bool = False,
    words: NumberWords | None = None,
    unit: str = "",
) -> str:
    """Return digits and their unit, with a proper minus sign and the mark between thousands.

    A value that rounds to zero prints as zero without a sign in a table (fixed `decimals`), and
    as "less than 0.01" in prose, so that a small effect is not reported as none.
    """
    around = words or number_words()
    places = _decimals(value, exact=exact) if decimals is None else decimals
    group, point = around.templates["number.group"], around.templates["number.point"]
    size = f"{abs(value):,.{places}f}"
    if decimals is None and "." in size and math.isclose(value, round(value), rel_tol=1e-12):
        size = size.split(".", maxsplit=1)[0]
    if not any(digit in "123456789" for digit in size):
        tiny = decimals is None and abs(value) > _NOTHING
        least = f"{1 / 10**places:.{places}f}".replace(".", point)
        told = around.templates["number.less"].format(number=least + unit)
        return told if tiny else size.replace(".", point) + unit
    size = size.translate({ord(","): group, ord("."): point}) + unit
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


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


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
        """Return both texts, one after the other, with a space between; nothing adds nothing."""
        if not self.pieces or not other.pieces:
            return self if self.pieces else other
        return Prose((*self.pieces, Piece(" "), *other.pieces))

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts this text prints."""
        return tuple(piece.fact for piece in self.pieces if piece.fact is not None)


Part = Fact | Name | Cite | Prose | str


def fill(template: str, parts: Mapping[str, Part], words: NumberWords | None = None) -> Prose:
    """Return a template with its parts filled in, each number kept as a fact.

    The words of a template may hold no digit: a number comes in as a `Fact`, a name that has one
    as a `Name`. A part is written `{name}` or `{name:style}`, with the styles of `Fact.text`. What
    follows a full stop starts with a capital.

    Raises:
        ValueError: The template itself holds a digit.
    """
    pieces: list[Piece] = []
    for literal, field, style, _ in Formatter().parse(template):
        if any(letter.isdigit() for letter in literal):
            raise ValueError(f"a number must come as a Fact: {literal!r}")
        if literal:
            pieces.append(Piece(literal))
        if field is None:
            continue
        new = _pieces(parts[field], style or "", words)
        if pieces and pieces[-1].text.endswith((". ", "? ", "! ")):
            new = _capital(new)
        pieces.extend(new)
    return Prose(tuple(pieces))


def sentence(template: str, **parts: Part) -> Prose:
    """Return a template filled in as `fill` does, with a capital at its start."""
    return capitalised(fill(template, parts))


def capitalised(prose: Prose) -> Prose:
    """Return prose that starts with a capital, unless it starts with a number or a unit."""
    return Prose(_capital(prose.pieces))


def _capital(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    if not pieces or pieces[0].fact is not None or not pieces[0].text[:1].islower():
        return pieces
    if pieces[0].text.startswith(UNIT_NAMES):
        return pieces
    first = pieces[0]
    return (Piece(first.text[:1].upper() + first.text[1:], cite=first.cite), *pieces[1:])


_PERCENT = re.compile(r"(?<=\d) (?=%)")
_UNIT = re.compile(r"(?<=\d) (?=(?:mn|bn|tn)\b)")


def keep_units(text: str) -> str:
    """Return a text in which no line breaks between digits and "%", "mn", "bn" or "tn"."""
    return _UNIT.sub(NO_BREAK, _PERCENT.sub(THIN, text))


def _pieces(part: Part, style: str, words: NumberWords | None) -> tuple[Piece, ...]:
    if isinstance(part, Fact):
        return (Piece(part.text(style, words=words), fact=part),)
    if isinstance(part, Cite):
        return (Piece("", cite=part.source),) if part.source else ()
    if isinstance(part, Name | str):
        return (Piece(keep_units(part if isinstance(part, str) else part.text)),)
    return part.pieces


def quoted(text: str) -> Prose:
    """Return a text taken over, such as a title or a note from the deal file."""
    return Prose((Piece(keep_units(text)),))


def listed(names: "tuple[str, ...] | list[str]", last: str = "and") -> Name:
    """Return names joined as in prose: "a, b and c"."""
    if len(names) < 2:
        return Name("".join(names))
    return Name(f"{', '.join(names[:-1])} {last} {names[-1]}")
