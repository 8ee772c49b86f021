"""Goods that titles name in plain words, with the HS codes that cover them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

WORDS_FILE = "words.toml"
BESIDES = re.compile(r"\b(and (?:other|parts)|parts|other|all|the rest|goods|products|but)\b")


@dataclass(frozen=True)
class ProductWord:
    """A word for goods as a title has it, and the HS codes (2 to 6 digits) of those goods."""

    word: str
    codes: tuple[str, ...]


def words_in(title: str) -> tuple[ProductWord, ...]:
    """Return the goods that a title names; none where it names more than single goods.

    A title with "other", "parts", "all", "goods" or "but" means more than its words for goods.
    """
    text = title.casefold()
    if BESIDES.search(text):
        return ()
    known, goods = known_words(), []
    for word in re.findall(r"[a-z]+", text):
        for form in (word, word.removesuffix("s")):
            if form in known:
                goods.append(ProductWord(word, known[form]))
                break
    return tuple(dict.fromkeys(goods))


@lru_cache(maxsize=1)
def known_words() -> Mapping[str, tuple[str, ...]]:
    """Return the words for goods, in the singular, and the HS codes of each."""
    text = (resources.files("accord.deal.goods") / WORDS_FILE).read_text(encoding="utf-8")
    return {word: tuple(codes) for word, codes in tomllib.loads(text)["words"].items()}
