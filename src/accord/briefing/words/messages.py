"""Sentences and labels of one language, asked for by name and filled in with facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from accord.briefing.document.facts import (
    Name,
    NumberWords,
    Part,
    Prose,
    capitalised,
    fill,
    number_words,
)
from accord.briefing.words.templates import check_language, read_templates
from accord.core.catalogue import ENGLISH


@dataclass(frozen=True)
class Messages:
    """The messages of one language.

    Raises:
        InputError: There is no catalogue for the language.
    """

    language: str = ENGLISH

    def __post_init__(self) -> None:
        """Refuse a language without a catalogue."""
        check_language(self.language)

    @cached_property
    def templates(self) -> Mapping[str, str]:
        """Messages by dotted name."""
        return read_templates(self.language)

    @property
    def numbers(self) -> NumberWords:
        """What stands around digits."""
        return number_words(self.language)

    def has(self, key: str) -> bool:
        """Return whether there is a message of this name."""
        return key in self.templates

    def translated(self, text: str) -> str:
        """Return what a deal, its clauses or the data say in English, in this language.

        The catalogue may hold it in the table `translated`, by its English text.
        """
        return self.templates.get(f"translated.{text}", text)

    def phrase(self, key: str, /, **parts: Part) -> Prose:
        """Return a message as it enters the middle of a sentence."""
        return fill(self.templates[key], parts, self.numbers)

    def say(self, key: str, /, **parts: Part) -> Prose:
        """Return a message as a sentence: it starts with a capital."""
        return capitalised(self.phrase(key, **parts))

    def text(self, key: str, /, **parts: Part) -> str:
        """Return a message as plain text for a label: numbers in it are not marked as facts."""
        return str(self.say(key, **parts))

    def listed(self, names: Sequence[str]) -> Name:
        """Return names joined as in prose: "a, b and c"."""
        if len(names) < 2:
            return Name("".join(names))
        joint = self.templates["list.last"].format(before=", ".join(names[:-1]), last=names[-1])
        return Name(joint)

    def joined(self, items: Sequence[Prose]) -> Prose:
        """Return texts joined as in prose: "a, b and c"."""
        if not items:
            return Prose(())
        whole = items[0]
        for at, item in enumerate(items[1:], start=2):
            key = "list.last" if at == len(items) else "list.next"
            whole = self.phrase(key, before=whole, last=item)
        return whole
