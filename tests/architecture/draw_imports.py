"""The picture of the import graph: `uv run python -m tests.architecture.draw_imports` draws it.

Rooms are boxes, in the order of the import contract from top to bottom; an arrow leads from a room
to one that it imports. Arrows that a longer way implies are left out. Every arrow leads down.
"""

import tomllib

from tests.architecture.imports import room_imports
from tests.architecture.repository import ROOT

PICTURE = ROOT / "docs" / "images" / "imports.svg"

WIDTH, HEIGHT, ACROSS, DOWN, MARGIN = 108, 40, 132, 72, 12
SPINE = ("cli", "briefing", "assessment", "lowering", "deal", "data", "core")

HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
font-family="system-ui, sans-serif" role="img" aria-label="Rooms and what they import">
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" \
orient="auto"><path d="M0 0 8 4 0 8z" fill="#5b6472"/></marker></defs>
<rect width="100%" height="100%" fill="#fff"/>"""


def read_layers() -> list[list[str]]:
    """Return the rooms of each layer of the import contract, from the top."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def shortest_arrows() -> dict[str, list[str]]:
    """Return what each room imports, without what a longer way implies."""
    graph = room_imports()
    below: dict[str, set[str]] = {}

    def reach(room: str) -> set[str]:
        if room not in below:
            below[room] = set().union(*({other} | reach(other) for other in graph[room]))
        return below[room]

    return {
        room: sorted(o for o in others if not any(o in reach(between) for between in others))
        for room, others in graph.items()
    }


def place_rooms() -> dict[str, tuple[int, int]]:
    """Return the column and the row of each room: the spine stands on the left."""
    places: dict[str, tuple[int, int]] = {}
    for row, layer in enumerate(read_layers()):
        spine = [room for room in layer if room in SPINE]
        others = [room for room in layer if room not in SPINE]
        first = 2 if len(others) > 2 else 1
        places |= dict.fromkeys(spine, (0, row))
        places |= {room: (first + at, row) for at, room in enumerate(others)}
    return places


def draw_arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the path of an arrow between two places: straight down, or with one corner."""
    (x, y), (to_x, to_y) = (
        (MARGIN + column * ACROSS + WIDTH // 2, MARGIN + row * DOWN + HEIGHT // 2)
        for column, row in (start, end)
    )
    half, side = HEIGHT // 2, WIDTH // 2
    if x == to_x:
        way = f"M{x} {y + half}V{to_y - half}"
    elif x < to_x:
        way = f"M{x + side} {y}H{to_x}V{to_y - half}"
    else:
        way = f"M{x} {y + half}V{to_y}H{to_x + side}"
    return f'<path d="{way}" fill="none" stroke="#5b6472" marker-end="url(#tip)"/>'


def draw() -> str:
    """Return the picture as SVG."""
    places = place_rooms()
    columns, rows = (1 + max(place[axis] for place in places.values()) for axis in (0, 1))
    size = {"width": columns * ACROSS + MARGIN, "height": rows * DOWN}
    lines = [HEAD.format(**size)]
    for room, others in shortest_arrows().items():
        lines += [draw_arrow(places[room], places[other]) for other in others]
    for room, (column, row) in places.items():
        x, y = MARGIN + column * ACROSS, MARGIN + row * DOWN
        middle = f'x="{x + WIDTH // 2}" text-anchor="middle"'
        box = f'width="{WIDTH}" height="{HEIGHT}" rx="5" stroke="#8a93a3"'
        fill = "#e8eef7" if room in SPINE else "#f6f4ee"
        lines += [
            f'<rect x="{x}" y="{y}" {box} fill="{fill}"/>',
            f'<text {middle} y="{y + 25}" font-size="14" fill="#1c2430">{room}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
