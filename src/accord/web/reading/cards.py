"""A briefing as a card and as a page show it."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from markupsafe import Markup, escape

from accord.briefing.words.messages import Messages
from accord.deal.clauses.registry import CLAUSES
from accord.deal.related import Related
from accord.library.content import Content
from accord.library.listing import MARK, UNMARK, Listing
from accord.web.reading.pictures import draw_verdict
from accord.web.reading.times import tell_ago, tell_day, tell_moment
from accord.web.words.sentences import tell

SIZES = ("kB", "MB")
MOST_REASONS = 4


@dataclass(frozen=True)
class ShownBriefing:
    """A briefing with what its page needs in words.

    Attributes:
        listing: The briefing.
        now: The moment of the request.
    """

    listing: Listing
    now: dt.datetime

    @property
    def content(self) -> Content:
        """What is said of it."""
        return self.listing.content

    @property
    def address(self) -> str:
        """Path of its page; that of an older version says which."""
        version = "" if self.listing.number == self.listing.latest else f"/{self.listing.number}"
        return f"/briefings/{quote(self.listing.slug)}{version}"

    @cached_property
    def picture(self) -> Markup:
        """The picture of the verdict."""
        return draw_verdict(self.content.figures)

    @property
    def ago(self) -> str:
        """How long ago it was published."""
        return tell_ago(self.listing.published_at, self.now)

    @property
    def moment(self) -> str:
        """When it was published, to the minute."""
        return tell_moment(self.listing.published_at)

    @property
    def day(self) -> str:
        """Date on the page."""
        return tell_day(self.content.day)

    @property
    def minutes(self) -> str:
        """Reading time."""
        count = self.content.minutes
        return tell(f"library.minutes.{'one' if count == 1 else 'other'}", count=count)

    @property
    def tags(self) -> tuple[tuple[str, str], ...]:
        """Tags with the paths of their pages."""
        return tuple((tag, tag_address(tag)) for tag in self.listing.tags)

    @property
    def excerpt(self) -> Markup:
        """Where a search matched, the words marked; nothing without a search."""
        text = escape(self.listing.excerpt)
        opened = str(text).replace(MARK, "<mark>").replace(UNMARK, "</mark>")
        return Markup(opened)  # noqa: S704  (escaped above)

    @property
    def downloads(self) -> tuple[dict[str, str], ...]:
        """Files with their paths, names and sizes."""
        start = f"/briefings/{quote(self.listing.slug)}/{self.listing.number}/files/"
        return tuple(
            {
                "address": f"{start}{file.format}",
                "name": tell(f"library.formats.{file.format}"),
                "size": tell_size(file.size),
            }
            for file in self.listing.downloads
        )


def tag_address(tag: str) -> str:
    """Return the path of the page of a tag."""
    return f"/tags/{quote(tag, safe='')}"


def tell_size(size: int) -> str:
    """Return a number of bytes such as "56 kB" or "1.2 MB"."""
    thousands = size / 1000
    if thousands < 1000:
        return f"{max(1, round(thousands))} {SIZES[0]}"
    return f"{thousands / 1000:.1f} {SIZES[1]}"


def tell_relation(related: Related, names: dict[str, str]) -> str:
    """Return what two deals have in common: parties, instruments, and how far apart they are."""
    shared = [names.get(party, party) for party in related.parties]
    shared += [name_instrument(name) for name in related.instruments]
    return ", ".join(shared[:MOST_REASONS])


def name_instrument(name: str) -> str:
    """Return what an instrument, or a kind of clause, is called in the middle of a sentence.

    One that this version does not know, of a library that a newer one wrote, keeps its name.
    """
    key = f"instrument.{name}"
    words = Messages().templates
    if key in words:
        return words[key][:1].lower() + words[key][1:]
    kind = CLAUSES.get(name)
    return name.replace("_", " ") if kind is None else kind.phrase
