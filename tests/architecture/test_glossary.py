"""The glossary: every name of it is there, and nothing is called by a name it has banned."""

import ast
import importlib
import re

import pytest

from tests.architecture.repository import PACKAGE, ROOT, read_table, relative

GLOSSARY = ROOT / "docs" / "glossary.md"
ROWS = read_table(GLOSSARY, "term")
DEAL_FILES = sorted((PACKAGE / "cases").glob("*/deal.toml"))


def banned_names():
    """Return the names that the last section of the page gives up."""
    text = GLOSSARY.read_text(encoding="utf-8").partition("## Names that are not used")[2]
    return set(re.findall(r"`(\w+)`", text))


def find_object(name: str) -> object:
    """Return the module, class, function or constant of a dotted name."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            member: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            member = getattr(member, part)
        return member
    raise ModuleNotFoundError(name)


def test_the_glossary_has_terms_and_each_once():
    terms = [row[0] for row in ROWS]
    assert len(terms) > 30
    assert len(set(terms)) == len(terms)
    assert all(len(row) == 4 and all(row) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_code_has_the_name_of_the_glossary(row):
    names = re.findall(r"`([\w.]+)`", row[2])
    assert names, f"{row[0]}: no name in code"
    for name in names:
        assert find_object(name) is not None


def test_a_name_that_is_not_there_is_found():
    with pytest.raises(AttributeError):
        find_object("accord.deal.deal.Treaty")
    with pytest.raises(ModuleNotFoundError):
        find_object("treaty")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_shipped_deal_file_or_its_page_writes_the_key_of_the_glossary(row):
    if row[3] in {"–", "the whole file"}:
        return
    page = (ROOT / "docs" / "deal-file.md").read_text(encoding="utf-8")
    written = [page, *(path.read_text(encoding="utf-8") for path in DEAL_FILES)]
    for key in re.findall(r"`([^`]+)`", row[3]):
        assert any(key in text for text in written), key


def public_names(path):
    """Return the names that a file offers: of itself, its classes, functions and constants."""
    names, tree = {path.stem}, ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return names | inner_names(tree)


def inner_names(tree):
    """Return the fields and methods of classes and the arguments of functions."""
    names = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for kind in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for node in kind.body:
            if isinstance(node, ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
    return names


def test_nothing_is_called_by_a_banned_name():
    banned = banned_names()
    assert {"moves", "streams", "keep", "stress", "Offer"} <= banned
    bad = [
        f"{relative(path)}: {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for name in public_names(path)
        if name in banned
    ]
    assert bad == []


def test_the_look_for_banned_names_sees_fields_methods_and_arguments():
    code = "class A:\n    keep: float\n    def stress(self, moves): ...\n"
    assert {"keep", "stress", "moves"} <= inner_names(ast.parse(code))
