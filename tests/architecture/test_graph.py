"""The import graph: no arrow up, small rooms, and the picture of it is up to date."""

from collections import Counter

from tests.architecture.draw_imports import PICTURE, draw, read_layers
from tests.architecture.imports import read_imports, room_imports
from tests.architecture.repository import PACKAGE, ROOT

FILES_IN_A_ROOM = 13


def test_late_imports_are_seen():
    """`load_deal` opens the embedded world inside a function, where it is given none."""
    assert "accord.data.store" in read_imports()["accord.deal.load"]


def test_rooms_import_downward_only():
    row = {room: at for at, layer in enumerate(read_layers()) for room in layer}
    upward = [
        f"{room} imports {other}"
        for room, others in room_imports().items()
        for other in others
        if row[room] >= row[other]
    ]
    assert upward == []


def test_no_room_has_more_files_at_one_level_than_a_reader_takes_in():
    files = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py"
    )
    crowded = {room: count for room, count in files.items() if count > FILES_IN_A_ROOM}
    assert crowded == {}


def test_the_picture_of_the_imports_is_that_of_the_code():
    """After a change that is meant: `uv run python -m tests.architecture.draw_imports`."""
    assert PICTURE.read_text(encoding="utf-8") == draw()
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert "(images/imports.svg)" in page
