"""Engines: the same files in each, one verb, one frozen solution; no circle of imports."""

import ast
import dataclasses
import importlib
import inspect
import re
import typing

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from tests.architecture.repository import PACKAGE, ROOT, python_files, read_table

ENGINES = ("trade", "finance", "external", "bargaining", "markets", "chains")
FILES = ("plan", "equations", "solver", "solution", "config")
PARTS = ("value", "status", "residuals", "stats")
MOST_ENTRIES = 14  # files and folders at one level of a room: about a dozen


def entries(folder):
    """Return the files and folders of a room that hold code, the package file apart."""
    return [
        path.name
        for path in folder.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").is_file()
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_has_the_same_files(engine):
    assert {f"{name}.py" for name in FILES} <= set(entries(PACKAGE / engine))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_an_engine_has_beside_them_has_its_reason_on_the_page(engine):
    rows = read_table(ROOT / "docs" / "architecture.md", "engine")
    ((_, named, reason),) = [row for row in rows if row[0] == engine]
    there = {name.removesuffix(".py") for name in entries(PACKAGE / engine)}
    assert there - {*FILES} == set(re.findall(r"`(\w+)`", named))
    assert reason


@pytest.mark.parametrize("room", [*ENGINES, "data"])
def test_no_level_of_a_room_is_crowded(room):
    root = PACKAGE / room
    folders = [root, *(path.parent for path in root.rglob("__init__.py"))]
    crowded = {folder.name: len(entries(folder)) for folder in folders}
    assert {name: count for name, count in crowded.items() if count > MOST_ENTRIES} == {}


def verb_of(engine):
    """Return the one function of an engine's solver that solves."""
    module = importlib.import_module(f"accord.{engine}.solver")
    verbs = [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("solve_") and function.__module__ == module.__name__
    ]
    assert len(verbs) == 1, f"{engine}: {verbs}"
    return verbs[0]


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_has_one_verb_that_returns_a_frozen_solution(engine):
    kind = typing.get_type_hints(verb_of(engine))["return"]
    assert kind.__module__ == f"accord.{engine}.solution"
    assert kind.__name__.endswith("Solution")
    assert kind.__dataclass_params__.frozen
    named = {item.name for item in dataclasses.fields(kind)} | set(dir(kind))
    assert set(PARTS) <= named


def read_imports():
    """Return which module of the package imports which: late and type-checking imports too."""
    paths = {
        ".".join(("accord", *path.relative_to(PACKAGE).with_suffix("").parts)): path
        for path in python_files()
        if path.is_relative_to(PACKAGE) and path.stem != "__init__"
    }
    return {name: named_in(path.read_text(encoding="utf-8"), paths) for name, path in paths.items()}


def named_in(code, known):
    """Return the known modules that code imports, as modules or by a name of theirs."""
    seen = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module:
            seen |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            seen |= {alias.name for alias in node.names}
    return seen & set(known)


def find_circles(graph):
    """Return the groups of modules that import each other in a circle."""
    names = sorted(graph)
    place = {name: at for at, name in enumerate(names)}
    edges = np.array([(place[a], place[b]) for a in names for b in graph[a]]).reshape(-1, 2)
    matrix = csr_matrix((np.ones(len(edges)), edges.T), shape=(len(names), len(names)))
    _, group = connected_components(matrix, directed=True, connection="strong")
    circles = [[names[at] for at in np.flatnonzero(group == g)] for g in np.unique(group)]
    return [circle for circle in circles if len(circle) > 1]


def test_engines_and_data_import_in_no_circle():
    rooms = tuple(f"accord.{room}." for room in (*ENGINES, "data", "core"))
    graph = read_imports()
    inside = {name for name in graph if name.startswith(rooms)}
    assert len(inside) > 80
    assert find_circles({name: graph[name] & inside for name in inside}) == []


def test_the_look_for_circles_sees_late_and_type_checking_imports():
    late = "def f():\n    from pack.b import g\n"
    typed = "if TYPE_CHECKING:\n    from pack import a\n"
    known = {"pack.a", "pack.b", "pack.c"}
    graph = {"pack.a": named_in(late, known), "pack.b": named_in(typed, known), "pack.c": set()}
    assert find_circles(graph) == [["pack.a", "pack.b"]]


def test_no_largest_residual_lets_a_missing_number_through():
    """Python's `max` passes over NaN unless it comes first: residuals are compared by NumPy."""
    slips = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "max"
        and "residual" in ast.unparse(node)
    ]
    assert not slips
