"""Who imports whom in the package, read from its files: late imports and those for types too."""

import ast
from functools import cache
from pathlib import Path

from tests.architecture.repository import PACKAGE

LAZY = PACKAGE / "__init__.py"  # the public names, which lead everywhere by design


def module_name(path: Path) -> str:
    """Return the dotted name of a file: "accord.deal.load"."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def is_for_types(node: ast.stmt) -> bool:
    """Return whether a statement is `if TYPE_CHECKING:`, which no run enters."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def imported_names(node: ast.AST, *, types: bool) -> set[str]:
    """Return the dotted names that a piece of code imports, at any depth."""
    if not types and isinstance(node, ast.stmt) and is_for_types(node):
        return set()
    names: set[str] = set()
    if isinstance(node, ast.Import):
        names |= {alias.name for alias in node.names}
    elif isinstance(node, ast.ImportFrom) and node.module:
        names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    for child in ast.iter_child_nodes(node):
        names |= imported_names(child, types=types)
    return names


@cache
def read_imports(*, types: bool = False) -> dict[str, frozenset[str]]:
    """Return which modules of the package each module imports.

    Args:
        types: Count imports under `if TYPE_CHECKING:` too.
    """
    files = {module_name(path): path for path in PACKAGE.rglob("*.py") if path != LAZY}
    graph = {}
    for name, path in files.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        graph[name] = frozenset((imported_names(tree, types=types) & files.keys()) - {name})
    return graph


def room_of(module: str) -> str:
    """Return the room of a module: "deal" for "accord.deal.clauses.law"."""
    return module.split(".")[1]


def room_imports() -> dict[str, set[str]]:
    """Return which rooms each room imports from, in no other order than that of names."""
    rooms: dict[str, set[str]] = {room_of(name): set() for name in sorted(read_imports())}
    for name, imports in read_imports(types=True).items():
        rooms[room_of(name)] |= {room_of(other) for other in imports} - {room_of(name)}
    return rooms
