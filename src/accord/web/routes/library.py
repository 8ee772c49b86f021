"""`/`, `/tags`, `/briefings` and `/feed.atom`: the library."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from accord.core.errors import InputError
from accord.library.content import ARTICLE, ENDINGS
from accord.library.listing import Listing
from accord.web.pages import render_page, root_of
from accord.web.reading.cards import ShownBriefing, tag_address, tell_relation
from accord.web.reading.feed import KIND, write_feed
from accord.web.reading.making import find_job
from accord.web.reading.shelf import shelf_of
from accord.web.reading.times import tell_day

A_PAGE = 24  # cards
MOST_TAGS = 14  # above the cards
IN_FEED = 30
LARGEST_PAGE = 10_000
LARGEST_NUMBER = 1_000_000  # of a version
KINDS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "png": "image/png",
}


def show_library(request: Request) -> Response:
    """Return the newest briefings as cards, or what a search finds."""
    text = request.query_params.get("q", "")[:200]
    return _show_cards(request, text=text, tag="")


def show_tag(request: Request) -> Response:
    """Return the briefings with a tag; 404 where none has it."""
    tag = request.path_params["tag"]
    if tag not in shelf_of(request).library.tags():
        raise HTTPException(404)
    return _show_cards(request, text="", tag=tag)


def _show_cards(request: Request, *, text: str, tag: str) -> Response:
    library = shelf_of(request).library
    number = _page_number(request)
    page = library.find(text, tag=tag, start=(number - 1) * A_PAGE, count=A_PAGE)
    if number > 1 and not page.listings:
        raise HTTPException(404)
    now = dt.datetime.now(tz=dt.UTC)
    tags = list(library.tags().items())
    context = {
        "cards": [ShownBriefing(listing, now) for listing in page.listings],
        "total": page.total,
        "text": text,
        "tag": tag,
        "tags": [(name, tag_address(name), count) for name, count in tags[:MOST_TAGS]],
        "number": number,
        "last": max(1, -(-page.total // A_PAGE)),
    }
    return render_page(request, "library/list.html", context)


def _page_number(request: Request) -> int:
    text = request.query_params.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= number <= LARGEST_PAGE:
        raise HTTPException(404)
    return number


def find_listing(request: Request) -> Listing:
    """Return the briefing that an address names.

    Raises:
        HTTPException: There is none, with 404.
    """
    try:
        number = request.path_params.get("number")
        if number is not None and number > LARGEST_NUMBER:
            raise HTTPException(404)
        return shelf_of(request).library.get(request.path_params["slug"], number)
    except InputError as error:
        raise HTTPException(404) from error


def show_briefing(request: Request) -> Response:
    """Return the page of a briefing; 410 where it is withdrawn."""
    listing = find_listing(request)
    if request.path_params.get("number") == listing.latest:
        root = root_of(request)
        return RedirectResponse(
            f"{root}{ShownBriefing(listing, listing.published_at).address}", 308
        )
    return render_briefing(request, listing)


def render_briefing(
    request: Request,
    listing: Listing,
    *,
    form: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Return the page of a briefing, with a form for questions as a reader left it."""
    library = shelf_of(request).library
    now = dt.datetime.now(tz=dt.UTC)
    if listing.withdrawn_at is not None:
        context: dict[str, Any] = {
            "shown": ShownBriefing(listing, now), "day": tell_day(listing.withdrawn_at)
        }  # fmt: skip
        return render_page(request, "library/withdrawn.html", context, status=410)
    article = Markup("")
    if any(file.format == ARTICLE for file in listing.files):
        article = Markup(library.read_file(listing, ARTICLE).decode())  # noqa: S704  (our own)
    context = {
        "shown": ShownBriefing(listing, now),
        "article": article,
        "related": [
            (ShownBriefing(other, now), tell_relation(related, listing.content.names))
            for other, related in library.related(listing)
        ],
        "versions": library.versions(listing.slug),
        "slug": listing.slug,
        "job": find_job(request, listing) if listing.is_bare else None,
        "form": form or {},
        "problems": problems or {},
        "keep_days": shelf_of(request).settings.keep_enquiries,
    }
    return render_page(request, "library/briefing.html", context, status=status)


def send_file(request: Request) -> Response:
    """Return a file of a briefing for a reader to save."""
    listing, form = find_listing(request), request.path_params["format"]
    if listing.withdrawn_at is not None:
        raise HTTPException(410)
    if form not in KINDS or form not in {file.format for file in listing.files}:
        raise HTTPException(404)
    content = shelf_of(request).library.read_file(listing, form)
    name = f"{listing.slug}{ENDINGS[form]}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=KINDS[form])


def send_feed(request: Request) -> Response:
    """Return the newest briefings as an Atom feed."""
    page = shelf_of(request).library.find(count=IN_FEED)
    now = dt.datetime.now(tz=dt.UTC)
    root = f"{request.url.scheme}://{request.url.netloc}{root_of(request)}"
    feed = write_feed([ShownBriefing(listing, now) for listing in page.listings], root=root)
    return Response(feed, media_type=KIND)


ROUTES: list[BaseRoute] = [
    Route("/", show_library),
    Route("/tags/{tag:path}", show_tag),
    Route("/feed.atom", send_feed),
    Route("/briefings/{slug}", show_briefing),
    Route("/briefings/{slug}/{number:int}", show_briefing),
    Route("/briefings/{slug}/{number:int}/files/{format}", send_file),
]
