"""Suggestions for misspelt names."""

import difflib
from collections.abc import Iterable


def suggest(word: str, options: Iterable[str]) -> str | None:
    """Return the option that `word` most likely meant, or None.

    Case is ignored, and a word that contains an option (or is contained in one) counts as close:
    "KOREA" finds "KOR".
    """
    folded = {option.casefold(): option for option in options}
    target = word.casefold()
    close = difflib.get_close_matches(target, folded, n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    starts = [
        key for key in folded if len(key) > 1 and (target.startswith(key) or key.startswith(target))
    ]
    return folded[min(starts, key=lambda key: abs(len(key) - len(target)))] if starts else None
