"""Opening the library of a folder, or making it there."""

import os
from pathlib import Path

from platformdirs import user_data_path

from accord.library.database import Database, read_migrations
from accord.library.errors import LibraryError, told
from accord.library.files import FileStore
from accord.library.library import DATABASE, Library
from accord.library.shipped_cases import add_shipped

OWN = frozenset({".db", ".db-wal", ".db-shm"})  # files that other parts of Accord keep beside it
FOLDERS = frozenset({"files", "jobs"})


def open_library(folder: Path | str, *, create: bool = True, shipped: bool = True) -> Library:
    """Return the library of a folder, made there if there is none; strays of a killed one go.

    Args:
        folder: Where it is.
        create: Whether to make one where there is none.
        shipped: Whether the cases that come with Accord are to be in it.

    Raises:
        LibraryError: The folder cannot be read, or holds another thing than a library; or there is
            none and none is to be made.
    """
    place = Path(folder)
    database = Database(place / DATABASE, read_migrations("library"))
    if not database.path.exists():
        _make_folder(place, create=create)
    library = Library(place, database, FileStore(place / "files"))
    database.prepare()
    if not database.is_read_only:
        library.files.prepare()
        library.collect_strays()
        if shipped:
            add_shipped(library)
    return library


def default_folder() -> Path:
    """Return the folder of a library where none is named: ACCORD_LIBRARY, or the user's own."""
    chosen = os.environ.get("ACCORD_LIBRARY")
    return Path(chosen) if chosen else user_data_path("accord") / "library"


def _make_folder(place: Path, *, create: bool) -> None:
    if not create:
        remedy = "Make one with `accord publish CASE --to FOLDER`"
        raise LibraryError(place, "there is no library in this folder", remedy)
    if place.is_dir() and any(map(_is_foreign, place.iterdir())):
        remedy = "name an empty folder, or one that does not exist"
        raise LibraryError(place, "the folder holds other files and no library", remedy)
    with told(place):
        place.mkdir(parents=True, exist_ok=True)


def _is_foreign(path: Path) -> bool:
    """Return whether something in a folder without a library is not Accord's own."""
    return path.suffix not in OWN and path.name not in FOLDERS
