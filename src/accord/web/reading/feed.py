"""The newest briefings as an Atom feed."""

import datetime as dt
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from accord.web.reading.cards import ShownBriefing
from accord.web.words.sentences import tell

ATOM = "http://www.w3.org/2005/Atom"
KIND = "application/atom+xml"


def write_feed(briefings: Sequence[ShownBriefing], *, root: str) -> bytes:
    """Return the feed; `root` is the address of the server with its prefix."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(feed, "title", tell("library.feed"))
    _add(feed, "id", f"{root}/")
    latest = max((shown.listing.published_at for shown in briefings), default=None)
    _add(feed, "updated", _stamp(latest or dt.datetime(2026, 1, 1, tzinfo=dt.UTC)))
    ET.SubElement(feed, "link", {"rel": "self", "type": KIND, "href": f"{root}/feed.atom"})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{root}/"})
    for shown in briefings:
        listing, content = shown.listing, shown.content
        entry = ET.SubElement(feed, "entry")
        address = f"{root}{shown.address}"
        _add(entry, "title", content.title)
        _add(entry, "id", f"{address}#version-{listing.number}")
        _add(entry, "published", _stamp(listing.published_at))
        _add(entry, "updated", _stamp(listing.published_at))
        ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": address})
        _add(ET.SubElement(entry, "author"), "name", listing.author or tell("library.unsigned"))
        for tag in listing.tags:
            ET.SubElement(entry, "category", {"term": tag})
        _add(entry, "summary", f"{content.summary} {content.standfirst}")
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = "".join(letter for letter in text if _is_allowed(letter))


def _is_allowed(letter: str) -> bool:
    """Return whether XML can hold a character."""
    return letter in "\t\n" or (letter >= " " and letter not in "\ufffe\uffff")


def _stamp(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
