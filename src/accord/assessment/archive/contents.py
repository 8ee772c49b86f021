"""Arrays, tables and worlds as the contents of an archive, and back."""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import numpy as np
import pandas as pd
from pydantic import TypeAdapter

from accord.assessment.archive.container import DamagedError
from accord.core.provenance import Source
from accord.data.content import ARRAYS
from accord.data.lines.lines import TariffLines
from accord.data.records import Adjustment, MacroFigure
from accord.data.world import World

MOST_CELLS = 20_000_000  # of a table
WORLD = "world"
COLUMNS = ("exporter", "hs6", "sector", "group", "imports", "duty", "mfn")
TEXTS = ("name", "regions", "sectors", "services", "base_year", "price_year", "notes")
NAMES = ("region_names", "sector_names", "sector_groups")

MACRO = TypeAdapter(tuple[MacroFigure, ...])
SOURCES = TypeAdapter(tuple[Source, ...])
ADJUSTMENTS = TypeAdapter(tuple[Adjustment, ...])


def write_array(array: np.ndarray) -> bytes:
    """Return an array as a file of NumPy."""
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()


def read_array(content: bytes) -> np.ndarray:
    """Return the array of a file of NumPy.

    Raises:
        DamagedError: It says it is larger than the file, or holds no numbers.
    """
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise DamagedError("an array is of another format")
    shape, _, kind = np.lib.format.read_array_header_1_0(stream)
    size = int(np.prod(shape, dtype=object)) * kind.itemsize
    if kind.kind not in "fiu" or size != len(content) - stream.tell():
        raise DamagedError("an array is not of the size it says")
    array: np.ndarray = np.load(io.BytesIO(content), allow_pickle=False)
    return array


def write_table(table: pd.DataFrame) -> bytes:
    """Return a table as a Parquet file."""
    content = io.BytesIO()
    table.to_parquet(content, index=False)
    return content.getvalue()


def read_table(content: bytes) -> pd.DataFrame:
    """Return the table of a Parquet file.

    Raises:
        DamagedError: It says it has more cells than a table can have.
    """
    from pyarrow import parquet  # slow to import

    head = parquet.ParquetFile(io.BytesIO(content)).metadata
    if head.num_rows * max(head.num_columns, 1) > MOST_CELLS:
        raise DamagedError("a table is larger than it can be")
    return pd.read_parquet(io.BytesIO(content))


def write_world(world: World) -> dict[str, bytes]:
    """Return a world as members of an archive."""
    lines = world.lines
    head: dict[str, Any] = {name: getattr(world, name) for name in TEXTS}
    head |= {name: dict(getattr(world, name)) for name in NAMES}
    head |= {
        name: [asdict(row) for row in getattr(world, name)]
        for name in ("macro", "sources", "adjustments")
    }
    head |= {"sets": list(world.elasticities), "sha256": world.sha256}
    head["lines"] = None if lines is None else {"importer": lines.importer, "groups": lines.groups}
    arrays = {name: getattr(world, name) for name in ARRAYS}
    arrays |= {f"set_{at}": world.elasticities[name] for at, name in enumerate(head["sets"])}
    if lines is not None:
        arrays |= {f"line_{name}": getattr(lines, name) for name in COLUMNS}
    text = json.dumps(head, ensure_ascii=False).encode()
    return {
        f"{WORLD}.json": text,
        **{f"{WORLD}/{name}.npy": write_array(array) for name, array in arrays.items()},
    }


def read_world(members: Mapping[str, bytes]) -> World:
    """Return the world that members of an archive hold.

    Raises:
        DamagedError: It is not the world that was written.
    """
    head = json.loads(members[f"{WORLD}.json"])
    start = f"{WORLD}/"
    arrays = {
        name.removeprefix(start).removesuffix(".npy"): read_array(content)
        for name, content in members.items()
        if name.startswith(start)
    }
    lines = None
    if head["lines"] is not None:
        columns = {name: arrays[f"line_{name}"] for name in COLUMNS}
        groups = tuple(head["lines"]["groups"])
        lines = TariffLines(head["lines"]["importer"], **columns, groups=groups)
    state: dict[str, Any] = {name: head[name] for name in TEXTS}
    state |= {name: tuple(state[name]) for name in ("regions", "sectors", "services", "notes")}
    state |= {name: head[name] for name in NAMES if name in head}
    groups = head.get("sector_groups", {}).items()
    state["sector_groups"] = {name: tuple(members) for name, members in groups}
    state |= {name: arrays[name] for name in ARRAYS}
    state["elasticities"] = {name: arrays[f"set_{at}"] for at, name in enumerate(head["sets"])}
    state["macro"] = MACRO.validate_python(head["macro"])
    state["sources"] = SOURCES.validate_python(head["sources"])
    state["adjustments"] = ADJUSTMENTS.validate_python(head["adjustments"])
    world = World(**state, lines=lines)
    if world.sha256 != head["sha256"]:
        raise DamagedError("its world is not the one it was made with")
    return world


def known_fields(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a data class that its constructor takes."""
    return tuple(item.name for item in fields(kind) if item.init)
