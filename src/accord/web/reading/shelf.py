"""The library of a server and its enquiries, opened when they are first asked for."""

import asyncio
import datetime as dt
import logging
import threading
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from accord.core.errors import AccordError
from accord.library.enquiries import ENQUIRIES, EnquiryBook, open_enquiries
from accord.library.library import Library
from accord.library.opening import open_library
from accord.web.settings import ServerSettings

LOG = logging.getLogger("accord.web.shelf")
HOUR = dt.timedelta(hours=1)


@dataclass
class Shelf:
    """An open library with its enquiries; those past their time go once an hour.

    Attributes:
        settings: Where the library is, and how long enquiries are kept.
    """

    settings: ServerSettings
    _library: Library | None = None
    _book: EnquiryBook | None = None
    _tidied: dt.datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def library(self) -> Library:
        """The library.

        Raises:
            LibraryError: It cannot be opened; the next request tries again.
        """
        with self._lock:
            if self._library is None or not self._library.database.path.exists():
                self._library = open_library(self.settings.library)
        self.tidy()
        return self._library

    @property
    def book(self) -> EnquiryBook:
        """The enquiries.

        Raises:
            LibraryError: They cannot be opened.
        """
        with self._lock:
            if self._book is None or not self._book.database.path.exists():
                folder = self.settings.library
                self._book = open_enquiries(folder, keep_days=self.settings.keep_enquiries)
        return self._book

    def tidy(self) -> None:
        """Delete the enquiries that are past their time, at most once an hour.

        Where they cannot be deleted, the log says why, and pages are shown all the same.
        """
        now = dt.datetime.now(tz=dt.UTC)
        if self._tidied is not None and now - self._tidied < HOUR:
            return
        if not (self.settings.library / ENQUIRIES).exists():
            return  # nobody has asked anything, and reading makes no file
        self._tidied = now
        try:
            book = self.book
            if not book.database.is_read_only:
                book.expire(now=now)
        except AccordError as error:
            LOG.warning("enquiries past their time cannot be deleted: %s", error)

    async def keep_tidy(self) -> None:
        """Delete once an hour what is past its time, also while nobody asks; until cancelled."""
        while True:
            await run_in_threadpool(self.tidy)
            await asyncio.sleep(HOUR.total_seconds())


def shelf_of(request: Request) -> Shelf:
    """Return the shelf of the server that got a request."""
    shelf: Shelf = request.app.state.shelf
    return shelf
