"""The embedded world: reading it, and writing it when it is built."""

import hashlib
import io
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import numpy as np

from accord.core.arguments import check_kind, public
from accord.core.arrays import Float
from accord.core.errors import InputError, Problem
from accord.core.provenance import Source
from accord.data.content import SERVICES, usual_services
from accord.data.lines.lines import TariffLines
from accord.data.lines.packing import unpack_lines
from accord.data.records import Adjustment, MacroFigure
from accord.data.validate import check_known
from accord.data.world import World

DEFAULT_WORLD = "world-2022"
OLDER_WORLD = "world-2014"
WHOLE = "full"
"""The default world where a deal is to be priced in all of it, not in a view."""
FORMER_NAMES = {"world-2024": OLDER_WORLD}
"""What embedded worlds were called: refused, because a reader of today means another world."""
RATE_STEP = 1e-7
REINSTALL = "Reinstall accord; if you built this file, run `accord data build` again"


@public
def load_world(name: str = DEFAULT_WORLD) -> World:
    """Return an embedded world by name: frozen, checked against its recorded digests.

    A world is named after the year of its structure. `world-2022`, the default, has 80 economies,
    the rest of the world and 50 industries; `full` means it too. `world-2014` has 43 economies, the
    rest and 20 sectors. Both are at the prices of 2024.

    Raises:
        InputError: There is no such world, or its files are damaged.
    """
    check_kind("name", name, str, f"Leave it out for {DEFAULT_WORLD}")
    return _load_cached(name)


def embedded_worlds() -> tuple[str, ...]:
    """Return the names of the worlds that come with the package."""
    names = (entry.name for entry in _folder().iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def known_worlds() -> tuple[str, ...]:
    """Return the names that `load_world` takes: embedded worlds, and `full` for the default."""
    return tuple(sorted({*embedded_worlds(), WHOLE}))


def find_former(name: str) -> list[Problem]:
    """Return that an embedded world has another name now, with both that may be meant, if so."""
    if name not in FORMER_NAMES:
        return []
    now = FORMER_NAMES[name]
    message = f'"{name}" was the name of {now}, which has the structure of {now[-4:]}'
    remedy = f"write {now} for the same figures, or {DEFAULT_WORLD}, the default, for newer data"
    return [Problem("world", message, remedy)]


@lru_cache(maxsize=4)
def _load_cached(name: str) -> World:
    problems = find_former(name) or check_known("world", [name], known_worlds())
    if problems:
        raise InputError(problems, "the name of a world")
    return load_world(DEFAULT_WORLD) if name == WHOLE else read_world(_folder(), name)


def read_world(folder: Traversable, name: str) -> World:
    """Return the world stored in `folder` as `name`.json and `name`.npz.

    Raises:
        InputError: A file is missing or damaged.
    """
    try:
        text = (folder / f"{name}.json").read_text(encoding="utf-8")
        data = (folder / f"{name}.npz").read_bytes()
        meta = json.loads(text)
        recorded = str(meta["arrays_sha256"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise damaged(name, f"cannot be read ({error})") from error
    if hashlib.sha256(data).hexdigest() != recorded:
        raise damaged(name, "its arrays differ from the digest recorded when they were built")
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    world = build_from_store(meta, arrays)
    if world.sha256 != meta["sha256"]:
        raise damaged(name, "its content differs from the digest recorded when it was built")
    return world


def damaged(name: str, reason: str) -> InputError:
    """Return the error for a world file that cannot be trusted."""
    return InputError([Problem(name, reason, REINSTALL)], "an embedded world")


def build_from_store(meta: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> World:
    """Return the world made of stored metadata and arrays.

    The goods that the lines cover enter the flows and tariffs as the sums of the lines, exactly.
    """
    regions, sectors = tuple(meta["regions"]), tuple(meta["sectors"])
    lines = unpack_lines(arrays, meta["lines_importer"])
    flows = arrays["flows"].astype(np.float64)
    tariff = arrays["tariff"].astype(np.float64) * RATE_STEP
    services = tuple(meta.get("services", usual_services(sectors)))
    insert_lines(flows, tariff, lines, regions=regions, sectors=sectors, services=services)
    beta = arrays["value_added_share"].astype(np.float64)
    inputs = arrays["input_mix"].astype(np.float64)
    total = inputs.sum(axis=1)
    beta = np.where(total > 0, beta, 1.0)
    scale = np.divide(1.0 - beta, total, out=np.zeros_like(total), where=total > 0)
    sets = {key: np.array(values) for key, values in meta["elasticities"].items()}
    return World(
        name=meta["name"],
        regions=regions,
        sectors=sectors,
        region_names=meta["region_names"],
        sector_names=meta["sector_names"],
        flows=flows,
        tariff=tariff,
        value_added_share=beta,
        input_share=inputs * scale[:, None, :],
        elasticity=sets[meta["default_elasticities"]],
        elasticities=sets,
        scale_elasticity=np.array(meta["scale_elasticity"]),
        base_year=int(meta["base_year"]),
        price_year=int(meta["price_year"]),
        macro=tuple(MacroFigure(**row) for row in meta["macro"]),
        lines=lines,
        sources=tuple(Source(**row) for row in meta["sources"]),
        adjustments=tuple(Adjustment(*row) for row in meta["adjustments"]),
        notes=tuple(meta["notes"]),
        services=services,
        sector_groups=read_groups(meta),
    )


def read_groups(meta: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the groups of sectors that stored metadata name, or none."""
    return {name: tuple(members) for name, members in meta.get("sector_groups", {}).items()}


def insert_lines(
    flows: Float[np.ndarray, "importer exporter sector"],
    tariff: Float[np.ndarray, "importer exporter sector"],
    lines: TariffLines,
    *,
    regions: tuple[str, ...],
    sectors: tuple[str, ...],
    services: tuple[str, ...] = (SERVICES,),
) -> None:
    """Return nothing; set, in place, the importer's goods flows and rates to those of its lines.

    An exporter without a single line keeps its flows and rates.
    """
    home = regions.index(lines.importer)
    imports, duty = lines.by_cell(len(regions), len(sectors))
    rate = np.divide(duty, imports, out=np.zeros_like(duty), where=imports > 0)
    goods = [place for place, sector in enumerate(sectors) if sector not in services]
    abroad = [
        place for place in np.flatnonzero(np.bincount(lines.exporter)).tolist() if place != home
    ]
    cells = np.ix_([home], abroad, goods)
    flows[cells] = imports[np.ix_(abroad, goods)]
    tariff[cells] = rate[np.ix_(abroad, goods)]


def _folder() -> Traversable:
    return resources.files("accord.data") / "embedded"
