"""A mapping file: which regions and sectors of a table make up those of the world.

In TOML, tables `[regions]` and `[sectors]` list the old labels of each new one, `"*"` all that are
left; `[elasticities]` gives trade elasticities and `services` names sectors without customs. In
CSV, the columns are kind (region, sector, elasticity), from and to.
"""

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from accord.core.errors import InputError, Problem
from accord.core.words import propose
from accord.data.readers.table.grid import shorten
from accord.data.readers.table.table import LabelledTable

REST = "*"
KINDS = ("region", "sector", "elasticity", "service")
NAME_TABLES = ("region_names", "sector_names")
TABLES = ("name", "regions", "sectors", "elasticities", "services", *NAME_TABLES)
SUBJECT = "the mapping"

Groups = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class MapFile:
    """A mapping as it was given; an empty table keeps the labels of the file."""

    path: str = "mapping"
    name: str = ""
    regions: Groups = field(default_factory=dict)
    sectors: Groups = field(default_factory=dict)
    elasticities: Mapping[str, float] = field(default_factory=dict)
    services: tuple[str, ...] | None = None
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class MergedTable:
    """A table on the axes of the world, and the old sectors of each new one."""

    table: LabelledTable
    members: Mapping[str, tuple[str, ...]]


def read_mapping(given: Path | str | Mapping[str, object] | None) -> MapFile:
    """Return the mapping in a TOML or CSV file, or in a table of Python; None keeps all labels.

    Raises:
        InputError: The file cannot be read, or holds something else; all problems at once.
    """
    if given is None:
        return MapFile()
    if isinstance(given, Mapping):
        return _build("mapping", given)
    path = Path(given)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        content = _read_csv(path, text) if path.suffix == ".csv" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        remedy = "Give a TOML file with [regions] and [sectors], or a CSV file kind,from,to"
        raise InputError([Problem(str(path), f"cannot be read: {reason}", remedy)],
                         SUBJECT) from error  # fmt: skip
    return _build(path.name, content)


def _read_csv(path: Path, text: str) -> dict[str, object]:
    rows = list(csv.reader(io.StringIO(text)))
    head = [cell.strip() for cell in rows[0]] if rows else []
    if sorted(head) != ["from", "kind", "to"]:
        message = f"has the columns {', '.join(head) or 'none'}"
        raise InputError([Problem(f"{path.name}, line 1", message, "Write kind,from,to")], SUBJECT)
    groups: dict[str, dict[str, list[str]]] = {"regions": {}, "sectors": {}}
    numbers: dict[str, object] = {}
    services: list[str] = []
    problems = []
    for line, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        kind, old, new = (cells.get(name, "") for name in ("kind", "from", "to"))
        if len(row) > len(head):
            message = f"has {len(row)} cells, the head has {len(head)}"
            remedy = "Put a label that holds a comma between quotes"
            problems.append(Problem(f"{path.name}, line {line}", message, remedy))
        elif kind not in KINDS or not old or (not new and kind != "service"):
            message = f'"{",".join(row)}" maps nothing'
            remedy = f"kind is one of {', '.join(KINDS)}, such as region,DEU,EU"
            problems.append(Problem(f"{path.name}, line {line}", message, remedy))
        elif kind == "elasticity" and old in numbers:
            problems.append(Problem(f"{path.name}, line {line}",
                                    f'"{old}" has the elasticity {numbers[old]} above',
                                    "Give each sector one elasticity"))  # fmt: skip
        elif kind == "elasticity":
            numbers[old] = new
        elif kind == "service":
            services.append(old)
        else:
            groups[f"{kind}s"].setdefault(new, []).append(old)
    if problems:
        raise InputError(shorten(problems, path.name), SUBJECT)
    return {**groups, "elasticities": numbers, **({"services": services} if services else {})}


def _build(path: str, content: Mapping[str, object]) -> MapFile:
    problems = [
        Problem(f"{path}: {key}", "is no table of a mapping", propose(key, TABLES))
        for key in content
        if key not in TABLES
    ]
    groups = {key: _read_groups(path, key, content.get(key, {}), problems)
              for key in ("regions", "sectors")}  # fmt: skip
    theta: dict[str, float] = {}
    given = _read_table(f"{path}: elasticities", content.get("elasticities", {}), "crops = 5.0",
                        problems)  # fmt: skip
    for sector, value in given.items():
        try:
            theta[str(sector)] = float(str(value))
        except ValueError:
            problems.append(Problem(f"{path}: elasticities.{sector}", f'"{value}" is no number',
                                    "Write a positive number, such as 5.0"))  # fmt: skip
    services = content.get("services")
    if services is not None and not isinstance(services, (list, tuple)):
        problems.append(Problem(f"{path}: services", "is no list", 'Write ["trade", "transport"]'))
        services = None
    example = 'EU = "European Union"'
    names = {key: _read_table(f"{path}: {key}", content.get(key, {}), example, problems)
             for key in NAME_TABLES}  # fmt: skip
    if problems:
        raise InputError(problems, SUBJECT)
    return MapFile(
        path=path,
        name=str(content.get("name", "")),
        regions=groups["regions"],
        sectors=groups["sectors"],
        elasticities=theta,
        services=None if services is None else tuple(str(name) for name in services),
        region_names={str(key): str(name) for key, name in names["region_names"].items()},
        sector_names={str(key): str(name) for key, name in names["sector_names"].items()},
    )


def _read_table(
    where: str, given: object, example: str, problems: list[Problem]
) -> Mapping[object, object]:
    """Return a table of a mapping; anything else is told and taken for an empty one."""
    if isinstance(given, Mapping):
        return given
    problems.append(Problem(where, "is no table", f"Write a table, with lines such as {example}"))
    return {}


def _read_groups(path: str, key: str, given: object, problems: list[Problem]) -> Groups:
    if not isinstance(given, Mapping):
        problems.append(Problem(f"{path}: {key}", "is no table", 'Write EU = ["DEU", "FRA"]'))
        return {}
    groups: dict[str, list[str]] = {}
    for new, listed in given.items():
        members = [REST] if listed == REST else listed
        if isinstance(members, str) or not isinstance(members, Sequence) or not members:
            problems.append(
                Problem(
                    f"{path}: {key}.{new}",
                    "is no list of labels",
                    f'Write {new} = ["{members or "A"}"], or "*" for the rest',
                )
            )
            continue  # fmt: skip
        groups[str(new)] = [str(member) for member in members]
    return groups


def merge_table(table: LabelledTable, mapping: MapFile) -> MergedTable:
    """Return the table on the axes of the mapping; every label of the file is mapped once.

    Raises:
        InputError: A label is unknown, mapped twice or not at all; all told at once.
    """
    problems: list[Problem] = []
    regions, region_of = _place(mapping, "regions", table.regions, problems)
    sectors, sector_of = _place(mapping, "sectors", table.sectors, problems)
    if problems:
        raise InputError(problems, SUBJECT)
    members = {
        new: tuple(old for old, at in zip(table.sectors, sector_of, strict=True) if at == place)
        for place, new in enumerate(sectors)
    }
    if regions == table.regions and sectors == table.sectors:
        return MergedTable(table, members)
    merged = table.merge(regions, np.array(region_of), sectors, np.array(sector_of))
    return MergedTable(merged, members)


def _place(
    mapping: MapFile, kind: str, old: tuple[str, ...], problems: list[Problem]
) -> tuple[tuple[str, ...], list[int]]:
    """Return the new labels of an axis and where each old one goes; problems are added."""
    groups: Groups = getattr(mapping, kind)
    if not groups:
        return old, list(range(len(old)))
    target: dict[str, str] = {}
    rest = [new for new, members in groups.items() if REST in members]
    told: list[Problem] = []
    for new, members in groups.items():
        for member in members:
            where = f"{mapping.path}: {kind}.{new}"
            if member == REST:
                continue
            if member not in old:
                told.append(Problem(where, f'the file has no "{member}"', propose(member, old)))
            elif member in target:
                message = f'"{member}" is also in {target[member]}'
                told.append(Problem(where, message, "Each label belongs to one group"))
            else:
                target[member] = new
    if len(rest) > 1:
        told.append(Problem(f"{mapping.path}: {kind}", f'"*" stands in {" and ".join(rest)}',
                            "Only one group can take the rest"))  # fmt: skip
    missing = [label for label in old if label not in target]
    if missing and rest:
        target |= dict.fromkeys(missing, rest[0])
    elif missing:
        shown = ", ".join(missing[:12]) + (" ..." if len(missing) > 12 else "")
        message = f"{len(missing)} labels of the file are not mapped: {shown}"
        told.append(Problem(f"{mapping.path}: {kind}", message,
                            'Name each of them, or give one group "*" for the rest'))  # fmt: skip
    problems += shorten(told, mapping.path)
    if told:
        return old, list(range(len(old)))
    labels = tuple(new for new in groups if new in target.values())
    return labels, [labels.index(target[label]) for label in old]
