"""Reading a world from a file that `World.save` wrote."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.data.content import ARRAYS, usual_services
from accord.data.files.saving import FORMAT, HEAD, LINES
from accord.data.lines.lines import TariffLines
from accord.data.records import Adjustment, MacroFigure
from accord.data.store import FORMER_NAMES, known_worlds, load_world
from accord.data.world import World

LARGEST = 2 << 30  # bytes once unpacked: a world of 200 regions and 60 sectors takes a tenth
REMEDY = "give a file that World.save made with this version of Accord"


def open_world(given: Path | str | None = None) -> World:
    """Return an embedded world by its name, the world in a file, or the default one.

    Raises:
        InputError: There is no such file, or it holds no world.
    """
    if given is None:
        return load_world()
    if str(given) in (*known_worlds(), *FORMER_NAMES):
        return load_world(str(given))
    return load_world_file(given)


def load_world_file(path: Path | str) -> World:
    """Return the world in a file that `World.save` wrote.

    Raises:
        InputError: There is no such file, it holds no world, or its content is not what was saved.
    """
    given = Path(path)
    try:
        arrays = _read(given)
        head = json.loads(arrays.pop(HEAD).tobytes())
        world = _build(head, arrays)
    except InputError as error:
        raise InputError(error.problems, str(given)) from error
    except OSError as error:
        raise _refused(given, f"cannot be read: {error.strerror or error}") from error
    except Exception as error:  # whatever a damaged archive makes numpy, zlib or json raise
        raise _refused(given, f"holds no world ({type(error).__name__})") from error
    if world.sha256 != head["sha256"]:
        raise _refused(given, "is damaged: its content is not what was saved")
    return world


def _read(path: Path) -> dict[str, np.ndarray]:
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > LARGEST:
        raise _refused(path, f"unpacks to {size:,} bytes, more than any world")
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _build(head: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> World:
    if head["format"] != FORMAT:
        raise InputError([Problem("format", f"{head['format']} is not known", REMEDY)])
    lines = None
    if head["lines"] is not None:
        importer, groups = head["lines"]
        columns = {name: arrays[f"lines_{name}"] for name in LINES}
        lines = TariffLines(importer=importer, groups=tuple(groups), **columns)
    sets = {name: arrays[f"elasticities_{at}"] for at, name in enumerate(head["elasticities"])}
    return World.from_arrays(
        head["regions"],
        head["sectors"],
        **{name: arrays[name] for name in ARRAYS},
        name=head["name"],
        region_names=head["region_names"],
        sector_names=head["sector_names"],
        elasticities=sets,
        base_year=head["base_year"],
        price_year=head["price_year"],
        macro=tuple(MacroFigure(**row) for row in head["macro"]),
        lines=lines,
        sources=tuple(Source(**row) for row in head["sources"]),
        adjustments=tuple(Adjustment(**row) for row in head["adjustments"]),
        notes=tuple(head["notes"]),
        services=tuple(head.get("services", usual_services(head["sectors"]))),
        sector_groups={name: tuple(of) for name, of in head.get("sector_groups", {}).items()},
    )


def _refused(path: Path, message: str) -> InputError:
    return InputError([Problem(str(path), message, REMEDY)], "the file of a world")
