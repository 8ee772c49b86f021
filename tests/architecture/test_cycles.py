"""No file depends on itself by way of others, not even through late imports or those for types."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.repository import PACKAGE

ROOT_NAME = PACKAGE.name


def modules(folder: Path = PACKAGE) -> dict[str, Path]:
    """Every module of the package, by its dotted name."""
    by_name = {}
    for path in sorted(folder.rglob("*.py")):
        parts = [ROOT_NAME, *path.relative_to(folder).with_suffix("").parts]
        by_name[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return by_name


def imported(tree: ast.AST, known: set[str]) -> Iterator[str]:
    """The modules that a file imports anywhere in it: at the top, in functions, for types."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else str(node.module)


def graph() -> dict[str, set[str]]:
    """Who imports whom; the package itself, whose names are found lazily, is left out."""
    paths = modules()
    known = set(paths)
    edges = {
        name: set(imported(ast.parse(path.read_text(encoding="utf-8")), known)) - {name, ROOT_NAME}
        for name, path in paths.items()
    }
    del edges[ROOT_NAME]
    return edges


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """The strongly connected components of more than one module (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(edges.get(name, ())):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group: list[str] = []
            while not group or group[-1] != name:
                group.append(stack.pop())
            if len(group) > 1:
                groups.append(sorted(group))

    for name in sorted(edges):
        if name not in index:
            visit(name)
    return groups


def test_no_circle_of_imports_even_late_or_for_types() -> None:
    assert circles(graph()) == []


def test_a_late_import_and_one_for_types_count() -> None:
    late = ast.parse("def f():\n    from accord.b import thing\n")
    typed = ast.parse("if TYPE_CHECKING:\n    import accord.a\n")
    known = {"accord.a", "accord.b"}
    edges = {"accord.a": set(imported(late, known)), "accord.b": set(imported(typed, known))}
    assert circles(edges) == [["accord.a", "accord.b"]]
