"""Sentences stand in catalogues: none in the code that prints them, none there without a use."""

import ast
import re
from importlib import resources
from pathlib import Path

import pytest

from accord.core.catalogue import read_messages
from tests.architecture.repository import PACKAGE, relative

WORDS = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}")
ERRORS = ("Problem", "InputError", "OutputError", "SolveError", "check_kind")
OPTIONS = ("Option", "Argument")  # Typer reads their help where they are declared
REMEDIES = ("message", "remedy")  # of a problem
UNITS = {"bn USD", "bn USD a year"}
SPEAKING = [
    path
    for pattern in (
        "briefing/sections/**/*.py", "briefing/opening/*.py", "assessment/bargain/render.py",
        "assessment/summary.py", "assessment/check.py", "assessment/explain/*.py",
        "briefing/charts/tornado.py", "briefing/charts/figures.py", "cli/commands/**/*.py",
        "cli/printing.py",
    )
    for path in sorted(PACKAGE.glob(pattern))
    if path.name != "reproduce.py"  # commands and code, for a reader to type
]  # fmt: skip


def printed_texts(tree: ast.AST) -> list[str]:
    """Return the texts of a piece of code that are no docstrings, types or error messages.

    The help of options is left out, keys by which something is looked up, and what a programmer
    sees in a prompt (`__repr__`).
    """
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Subscript):
            skipped |= {id(part) for part in ast.walk(node.slice)}
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in REMEDIES:
            skipped |= {id(part) for part in ast.walk(node)}
        is_repr = isinstance(node, ast.FunctionDef) and node.name == "__repr__"
        called = getattr(node, "func", None)
        if is_repr or getattr(called, "id", getattr(called, "attr", "")) in (*ERRORS, *OPTIONS):
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
        whole |= {*printed_texts(tree), *messages_asked_for(tree)}
        firsts = [node.values[0] for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
        beginnings += [str(first.value) for first in firsts if isinstance(first, ast.Constant)]
    return whole, [text for text in beginnings if "." in text]


def messages_asked_for(tree: ast.AST) -> set[str]:
    """Return the names of the messages that a piece of code asks for by a whole name."""
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "say"
        and isinstance(node.args[0], ast.Constant)
    }


def test_no_message_of_an_assessment_is_missing() -> None:
    asked = {
        key
        for path in (PACKAGE / "assessment").rglob("*.py")
        for key in messages_asked_for(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert asked
    assert asked - set(read_messages(resources.files("accord.assessment.words"))) == set()


def test_every_unknown_has_its_title_and_its_unit() -> None:
    from accord.assessment.valuation.uncertainty import PARAMETERS, TITLES

    assert all(TITLES.values())
    assert all(parameter.title and parameter.unit for parameter in PARAMETERS)


@pytest.mark.parametrize("name", ["sentences", "headings"])
def test_every_sentence_and_heading_of_the_commands_is_used(name: str) -> None:
    tree = ast.parse((PACKAGE / "cli" / f"{name}.py").read_text(encoding="utf-8"))
    stated = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in ast.walk(node)
        if isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store)
    }
    imported = {
        alias.name
        for path in (PACKAGE / "cli").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == f"accord.cli.{name}"
        for alias in node.names
    }
    assert stated
    assert stated - imported == set()


def test_every_message_of_an_assessment_is_asked_for() -> None:
    whole, beginnings = asked_for("assessment")
    keys = read_messages(resources.files("accord.assessment.words"))
    assert [k for k in keys if k not in whole and not any(map(k.startswith, beginnings))] == []
