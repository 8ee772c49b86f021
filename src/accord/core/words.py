"""Words for messages: what to write instead of a wrong name, counts that agree, articles."""

import difflib
import re
from collections.abc import Iterable

_WORD = re.compile(r"[a-z]+(?=[ ,:;.?]|$)(?! =|\.\w)")  # a word of prose: no key, no call
LONGEST_WORD = 64  # what is longer is no slip of a name, and comparing it takes long


def suggest(word: str, options: Iterable[str]) -> str | None:
    """Return the option that `word` most likely meant, or None.

    Case is ignored, and a word that contains an option (or is contained in one) counts as close:
    "KOREA" finds "KOR".
    """
    word = word[:LONGEST_WORD]
    folded = {option.casefold(): option for option in options}
    target = word.casefold()
    close = difflib.get_close_matches(target, folded, n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    starts = [
        key for key in folded if len(key) > 1 and (target.startswith(key) or key.startswith(target))
    ]
    return folded[min(starts, key=lambda key: abs(len(key) - len(target)))] if starts else None


def propose(name: str, known: Iterable[str]) -> str:
    """Return what to write instead of an unknown name: the one likely meant, or all there are.

    >>> propose("KOREA", ("KOR", "USA")), propose("x", ("KOR", "USA")), propose("x", ())
    ('Did you mean KOR?', 'Choose one of KOR, USA', 'There is none to choose')
    """
    names = tuple(known)
    meant = suggest(name, names)
    if meant:
        return f"Did you mean {meant}?"
    return f"Choose one of {', '.join(names)}" if names else "There is none to choose"


def counted(count: int) -> str:
    """Return "1 value is" or "7 values are"."""
    return "1 value is" if count == 1 else f"{count} values are"


def with_article(word: str) -> str:
    """Return a word after "a" or "an", as it is spoken: "an IEEPA", "a 232", "an MFN"."""
    spoken = "AEFHILMNORSX" if word[:2].isupper() else "AEIOaeio"
    return f"an {word}" if word[:1] in spoken else f"a {word}"


def capitalised(text: str) -> str:
    """Return a sentence with a capital letter; one that begins with code stays as it is.

    >>> capitalised("did you mean dated?"), capitalised("ac.compare(result)")
    ('Did you mean dated?', 'ac.compare(result)')
    """
    return text[:1].upper() + text[1:] if _WORD.match(text) else text
