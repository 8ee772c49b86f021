"""Writing a world to a file of its own, digit by digit, with its digest."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

from accord.core.errors import OutputError
from accord.core.files import check_writable, write_atomically
from accord.data.content import ARRAYS, WorldContent
from accord.data.lines.lines import TariffLines

ENDING = ".npz"
FORMAT = 1
HEAD = "head"  # the labels and records, as JSON in bytes
LINES = tuple(
    field.name for field in fields(TariffLines) if field.name not in ("importer", "groups")
)
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def save_world(world: WorldContent, path: Path | str) -> Path:
    """Return the path after writing a world there (.npz); a failure leaves an old file intact.

    Raises:
        OutputError: The file cannot be written, or its ending is another one.
    """
    check_world_path(path)
    head = {
        "format": FORMAT,
        "sha256": world.sha256,
        "name": world.name,
        "regions": world.regions,
        "sectors": world.sectors,
        "services": world.services,
        "sector_groups": dict(world.sector_groups),
        "region_names": dict(world.region_names),
        "sector_names": dict(world.sector_names),
        "base_year": world.base_year,
        "price_year": world.price_year,
        "macro": [asdict(figure) for figure in world.macro],
        "sources": [asdict(source) for source in world.sources],
        "adjustments": [asdict(adjustment) for adjustment in world.adjustments],
        "notes": world.notes,
        "elasticities": list(world.elasticities),
        "lines": None if world.lines is None else [world.lines.importer, world.lines.groups],
    }
    arrays = {name: getattr(world, name) for name in ARRAYS}
    for at, values in enumerate(world.elasticities.values()):
        arrays[f"elasticities_{at}"] = values
    if world.lines is not None:
        arrays |= {f"lines_{name}": getattr(world.lines, name) for name in LINES}
    text = json.dumps(head, ensure_ascii=False)
    arrays[HEAD] = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    return write_atomically(path, pack_arrays(arrays))


def check_world_path(path: Path | str) -> None:
    """Check, before any work, that a world may be written there; nothing is touched.

    Raises:
        OutputError: The ending is another one, or no file may be written there.
    """
    if Path(path).suffix != ENDING:
        raise OutputError(path, f"the file of a world ends in {ENDING}")
    check_writable(path)


def pack_arrays(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return an npz archive of the arrays, the same bytes for the same arrays."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(arrays[name]))
            archive.writestr(entry, content.getvalue())
    return buffer.getvalue()
