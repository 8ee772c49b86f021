"""A briefing of the library as programs get it."""

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.json_schema import models_json_schema

from accord.library.content import PartyFigure, Point
from accord.library.listing import Listing, Page


class FileRecord(BaseModel):
    """A file of a briefing.

    Attributes:
        format: Such as "pdf".
        size: Bytes.
        sha256: Digest of its content.
        href: Its path on this server.
    """

    model_config = ConfigDict(frozen=True)

    format: str
    size: int
    sha256: str
    href: str


class BriefingRecord(BaseModel):
    """A published briefing.

    Attributes:
        name: Its address: the name of the deal.
        version: Which version this is.
        latest: Number of the latest version.
        deal: Title of the deal.
        title: The finding.
        summary: One sentence on why.
        standfirst: What the package in focus is worth to each party.
        author: Who signs it; "" for nobody.
        published: When.
        day: Date on the page.
        shipped: Whether it came with Accord.
        withdrawn: When it was withdrawn; null if it was not.
        withdrawn_for: Why.
        minutes: Reading time.
        tags: Tags.
        figures: What it is worth to each party, bn USD of present value against no deal.
        points: The key points.
        command: The command that gives the figures again.
        deal_sha256: Digest of the deal.
        world: Name and digest of the world.
        program: Version of Accord.
        files: Files to download; none where a shipped case was not made yet.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    version: int
    latest: int
    deal: str
    title: str
    summary: str
    standfirst: str
    author: str
    published: dt.datetime
    day: dt.date
    shipped: bool
    withdrawn: dt.datetime | None
    withdrawn_for: str
    minutes: int
    tags: tuple[str, ...]
    figures: tuple[PartyFigure, ...]
    points: tuple[Point, ...]
    command: str
    deal_sha256: str
    world: tuple[str, str]
    program: str
    files: tuple[FileRecord, ...]


class BriefingList(BaseModel):
    """A part of the list of briefings.

    Attributes:
        total: How many there are in all.
        start: How many come before these.
        briefings: These.
    """

    model_config = ConfigDict(frozen=True)

    total: int
    start: int
    briefings: tuple[BriefingRecord, ...]


def library_schemas() -> dict[str, Any]:
    """Return the schemas of the answers, for the components of an OpenAPI document."""
    models: Any = [(BriefingList, "serialization"), (BriefingRecord, "serialization")]
    _, whole = models_json_schema(models, ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = whole["$defs"]
    return schemas


def record_of(listing: Listing, root: str) -> BriefingRecord:
    """Return a briefing as programs get it; `root` is the prefix of the server."""
    content = listing.content
    start = f"{root}/api/v1/library/{listing.slug}/{listing.number}/files/"
    fields: dict[str, Any] = {
        name: getattr(content, name)
        for name in (
            "title", "summary", "standfirst", "day", "minutes", "figures", "points", "command",
            "deal_sha256", "world", "program",
        )
    }  # fmt: skip
    return BriefingRecord(
        name=listing.slug,
        version=listing.number,
        latest=listing.latest,
        deal=content.kicker,
        author=listing.author,
        published=listing.published_at,
        shipped=listing.is_shipped,
        withdrawn=listing.withdrawn_at,
        withdrawn_for=listing.withdrawn_for,
        tags=listing.tags,
        files=tuple(
            FileRecord(
                format=file.format, size=file.size, sha256=file.sha256, href=start + file.format
            )
            for file in listing.downloads
        ),
        **fields,
    )


def list_of(page: Page, root: str) -> BriefingList:
    """Return a part of the list as programs get it."""
    briefings = tuple(record_of(listing, root) for listing in page.listings)
    return BriefingList(total=page.total, start=page.start, briefings=briefings)
