"""HS codes: those of the edition of 2022, and those that earlier editions had."""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources

HS_CODE = re.compile(r"^\d{2}(\d{2}(\d{2}(\d{2}(\d{2})?)?)?)?$")
HS6 = 6
EDITION = 2022
CODES_FILE = "hs_2022.txt"
CHANGES_FILE = "hs_changes.toml"
MEASURES_CHAPTER = "99"
SHOWN = 5


@lru_cache(maxsize=1)
def known_codes() -> frozenset[str]:
    """Return the chapters, headings and subheadings (2, 4 and 6 digits) of the HS of 2022."""
    text = (resources.files("accord.deal.goods") / CODES_FILE).read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if not line.startswith("#")]
    return with_parents(f"{heading}{end}" for heading, *ends in rows for end in ends)


def with_parents(codes: Iterable[str]) -> frozenset[str]:
    """Return HS6 codes together with the headings and chapters they stand in."""
    whole = set(codes)
    headings = {code[:4] for code in whole}
    return frozenset(whole | headings | {heading[:2] for heading in headings})


def successors_of(code: str) -> tuple[str, ...]:
    """Return the HS 2022 codes that hold the goods of a code of an earlier edition, or ()."""
    successors = [
        new for old, news in _changes().items() if old.startswith(code[:HS6]) for new in news
    ]
    return tuple(dict.fromkeys(successors))


def explain_code(code: str, imported: Collection[str] = ()) -> tuple[str, str] | None:
    """Return the message and remedy for digits that are no HS code of goods; None for one.

    Args:
        code: A product of digits alone.
        imported: Codes of the world's import lines (2, 4 and 6 digits), which hold national codes
            beside those of the HS.
    """
    if not HS_CODE.match(code):
        remedy = "write 2, 4, 6, 8 or 10 digits as text, leading zeros included"
        return f'"{code}" is not an HS code', remedy
    if code.startswith(MEASURES_CHAPTER):
        message = f'"{code}" is a heading of chapter 99, which names a measure and no goods'
        return message, "write the HS codes of the goods, or a product group"
    short, known = code[:HS6], known_codes()
    if short in known or short in imported:
        return None
    if news := successors_of(code):
        message = f'"{code}" is a code of an earlier edition of the HS: no import line has it'
        return message, f"its goods are now under {listed(news)}"
    return f'"{code}" is no code of the HS of {EDITION}', _nearest(short, known)


def _nearest(code: str, known: Collection[str]) -> str:
    """Remedy for a code that is none: what its heading or its chapter has."""
    for length, word, parts in ((4, "heading", "codes"), (2, "chapter", "headings")):
        above = code[:length]
        if len(code) > length and above in known:
            below = sorted(c for c in known if len(c) == length + 2 and c.startswith(above))
            return f"{word} {above} has the {parts} {listed(below)}"
    return "chapters are 01 to 97, without 77"


def listed(names: Sequence[str]) -> str:
    """Return a few names in a row, and how many more there are."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


@lru_cache(maxsize=1)
def _changes() -> Mapping[str, tuple[str, ...]]:
    """Codes of earlier editions of the HS, and the codes of 2022 that hold their goods."""
    text = (resources.files("accord.deal.goods") / CHANGES_FILE).read_text(encoding="utf-8")
    return {old: tuple(news) for old, news in tomllib.loads(text)["successors"].items()}
