"""Zero is a value: no default steps in for a number by way of `or`.

`review or 20` reads a review in year 0 as one that was left out. A default belongs to None alone:
`20 if review is None else review`.
"""

import ast
import re
from collections.abc import Iterator

from tests.architecture.repository import PACKAGE, python_files, relative

NUMBERS = re.compile(r"\b(int|float|Number|Whole|Money|Rate|Share|Years?)\b")
FILES = [path for path in python_files() if PACKAGE in path.parents]


def may_be_left_out(annotation: ast.expr | None) -> bool:
    """Whether an annotation is that of a number, or None."""
    text = "" if annotation is None else ast.unparse(annotation)
    return "None" in text and NUMBERS.search(text) is not None and "[" not in text


def numeric_fields(trees: list[ast.Module]) -> set[str]:
    """Names of the fields of any class that are numbers or None."""
    return {
        node.target.id
        for tree in trees
        for kind in ast.walk(tree)
        if isinstance(kind, ast.ClassDef)
        for node in kind.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and may_be_left_out(node.annotation)
    }


def defaults_of_numbers(tree: ast.Module, fields: set[str]) -> Iterator[tuple[int, str]]:
    """Line and text of each `number or default` whose left side may be zero."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        given = (*function.args.args, *function.args.kwonlyargs)
        numbers = {argument.arg for argument in given if may_be_left_out(argument.annotation)}
        for node in ast.walk(function):
            if not isinstance(node, ast.BoolOp) or not isinstance(node.op, ast.Or):
                continue
            left, right = node.values[0], node.values[-1]
            is_field = isinstance(left, ast.Attribute) and left.attr in fields
            is_argument = isinstance(left, ast.Name) and left.id in numbers
            if (is_field or is_argument) and _is_default(right):
                yield node.lineno, ast.unparse(node)


def _is_default(node: ast.expr) -> bool:
    """Whether an expression gives a value rather than a condition; zero for None is harmless."""
    if isinstance(node, ast.Constant):
        return bool(node.value) and not isinstance(node.value, bool)
    return not isinstance(node, ast.Compare | ast.BoolOp | ast.UnaryOp)


def test_no_number_has_a_default_that_steps_in_for_zero():
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
    fields = numeric_fields(list(trees.values()))
    assert [
        f"{relative(path)}:{line}: {default}"
        for path, tree in trees.items()
        for line, default in defaults_of_numbers(tree, fields)
    ] == []


def test_the_rule_finds_what_it_forbids():
    text = (
        "class Split:\n    review: float | None = None\n"
        "def f(split, paths: int | None):\n"
        "    return split.review or REVIEW, paths or 500, paths or 0, paths is None or paths > 3\n"
    )
    tree = ast.parse(text)
    told = [default for _, default in defaults_of_numbers(tree, numeric_fields([tree]))]
    assert told == ["split.review or REVIEW", "paths or 500"]
