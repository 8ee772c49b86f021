"""The library of a server and its enquiries, opened when they are first asked for."""

import datetime as dt
import threading
from dataclasses import dataclass, field

from starlette.requests import Request

from accord.library.enquiries import EnquiryBook, open_enquiries
from accord.library.library import Library
from accord.library.opening import open_library
from accord.web.settings import ServerSettings

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
        """Delete the enquiries that are past their time, at most once an hour."""
        now = dt.datetime.now(tz=dt.UTC)
        if self._tidied is not None and now - self._tidied < HOUR:
            return
        self._tidied = now
        book = self.book
        if not book.database.is_read_only:
            book.expire(now=now)


def shelf_of(request: Request) -> Shelf:
    """Return the shelf of the server that got a request."""
    state = request.app.state
    if not hasattr(state, "shelf"):
        state.shelf = Shelf(state.settings)
    shelf: Shelf = state.shelf
    return shelf
