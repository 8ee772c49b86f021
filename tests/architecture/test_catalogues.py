"""Sentences stand in catalogues: none in the code that prints them, none there without a use."""

import ast
import re
from importlib import resources
from pathlib import Path

import pytest

from accord.core.catalogue import read_messages
from tests.architecture.repository import PACKAGE, relative

WORDS = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}")
ERRORS = ("Problem", "InputError", "check_kind")
UNITS = {"bn USD", "bn USD a year"}
SPEAKING = [
    path
    for pattern in (
        "briefing/sections/*.py", "briefing/opening/*.py", "assessment/bargain/render.py",
        "assessment/summary.py", "assessment/check.py", "assessment/explain/explain.py",
    )
    for path in sorted(PACKAGE.glob(pattern))
    if path.name != "reproduce.py"  # commands and code, for a reader to type
]  # fmt: skip


def printed_texts(tree: ast.AST) -> list[str]:
    """Return the texts of a piece of code that are no docstrings, types or error messages.

    What a programmer sees in a prompt (`__repr__`) is left out too.
    """
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        is_repr = isinstance(node, ast.FunctionDef) and node.name == "__repr__"
        if is_repr or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS):
            skipped |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            skipped |= {id(part) for part in ast.walk(node.annotation)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
        and not node.value.startswith("import ")
    ]


def spoken(code: str) -> list[str]:
    """Return the texts of some code that hold two words beside each other and are no unit."""
    texts = printed_texts(ast.parse(code))
    return [text for text in texts if WORDS.search(text) and text not in UNITS]


@pytest.mark.parametrize("path", SPEAKING, ids=relative)
def test_code_that_speaks_holds_no_sentence(path: Path) -> None:
    assert spoken(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("code", ["say('All gain.')", "say(f'{party} loses money')"])
def test_the_look_for_sentences_can_fail(code: str) -> None:
    assert spoken(code)


def asked_for(room: str) -> tuple[set[str], list[str]]:
    """Return the texts of a room's code, and the beginnings of those that are put together."""
    whole: set[str] = set()
    beginnings: list[str] = []
    for path in (PACKAGE / room).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole |= set(printed_texts(tree))
        firsts = [node.values[0] for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        beginnings += [str(first.value) for first in firsts if isinstance(first, ast.Constant)]
    return whole, [text for text in beginnings if "." in text]


def test_every_message_of_an_assessment_is_asked_for() -> None:
    whole, beginnings = asked_for("assessment")
    keys = read_messages(resources.files("accord.assessment.words"))
    assert [k for k in keys if k not in whole and not any(map(k.startswith, beginnings))] == []
