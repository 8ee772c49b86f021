"""Names: each public one documented, each symbol of the equations in the notation table."""

import ast
import importlib
import re

import pytest

import accord
from tests.architecture.repository import PACKAGE, ROOT, python_files, read_table, relative

BANNED = re.compile(r"(^|_)(utils?|helpers?|misc|common|stuff)(_|$)|_(v\d+|final)$")
SAYS_NOTHING = frozenset({"one", "found"})
EQUATIONS = PACKAGE / "trade" / "equations.py"
NOTATION = ROOT / "docs" / "notation.md"


def test_public_names_exist_and_are_few():
    assert len([name for name in accord.__all__ if not name.startswith("_")]) <= 34
    assert len(set(accord.__all__)) == len(accord.__all__)
    assert dir(accord) == sorted(accord.__all__)
    for name in accord.__all__:
        assert getattr(accord, name) is not None


def test_an_unknown_public_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="lode_deal"):
        _ = accord.lode_deal


def test_lazy_homes_agree_with_what_type_checkers_read():
    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("accord.")
        for alias in node.names
    }
    assert seen == accord._HOMES
    assert set(accord.__all__) == {*seen, "__version__"}


def test_every_public_name_is_documented():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\.\. auto\w+:: accord\.(\w+)$", page, re.MULTILINE))
    assert documented == set(accord.__all__) - {"__version__"}
    assert "`accord.__version__`" in page


def test_every_public_name_says_what_it_gives():
    for name in set(accord.__all__) - {"__version__"}:
        assert (getattr(accord, name).__doc__ or "").strip(), f"accord.{name} has no docstring"


def test_no_file_is_a_drawer():
    bad = [relative(p) for p in python_files() if any(BANNED.search(part) for part in named(p))]
    assert bad == []


def named(path):
    """Return the parts of a path below the root, without suffix."""
    return [part.removesuffix(".py") for part in path.relative_to(ROOT).parts]


@pytest.mark.parametrize("name", ["utils", "date_helpers", "misc", "solver_v2", "report_final"])
def test_the_look_for_drawers_can_fail(name):
    assert BANNED.search(name)


def given_names(tree):
    """Return line and name of whatever code names: variables, arguments, fields, functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.lineno, node.id
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.alias | ast.ExceptHandler):
            yield node.lineno, getattr(node, "asname", None) or node.name


def test_every_name_says_what_it_holds():
    bad = [
        f"{relative(path)}:{line}: {name}"
        for path in python_files()
        for line, name in given_names(ast.parse(path.read_text(encoding="utf-8")))
        if name in SAYS_NOTHING
    ]
    assert bad == []


@pytest.mark.parametrize(
    "code",
    [
        "one = 1",
        "class Month:\n    found: float",
        "def f(found): ...",
        "lambda one: one",
        "[one for one in ()]",
        "(found := 1)",
        "try: ...\nexcept ValueError as found: ...",
        "import numpy as one",
    ],
)
def test_the_look_for_names_sees_each_way_to_give_one(code):
    assert {name for _, name in given_names(ast.parse(code))} & SAYS_NOTHING


def read_axes(annotation, aliases):
    """Return the axes that a type annotation states: "" for a plain number."""
    if isinstance(annotation, ast.Name):
        return aliases.get(annotation.id, "")
    texts = [c.value for c in ast.walk(annotation) if isinstance(c, ast.Constant)]
    return " ".join(str(text).strip() for text in texts)


def equation_symbols():
    """Return the axes of each parameter of the numbered equations, by name, as written there."""
    tree = ast.parse(EQUATIONS.read_text(encoding="utf-8"))
    aliases: dict[str, str] = {}
    axes: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            aliases[node.target.id] = read_axes(node.value, aliases)
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
                axes.setdefault(argument.arg, set()).add(read_axes(argument.annotation, aliases))
    return axes


def table_symbols():
    """Return the axes of each code name in the notation table."""
    rows = read_table(NOTATION, "symbol")
    return {row[1].strip("`"): row[2].strip("`– ") for row in rows}


def test_notation_table_holds_the_symbols_of_the_equations_and_no_others():
    assert sorted(table_symbols()) == sorted(equation_symbols())


def test_notation_table_gives_each_symbol_its_axes():
    table = table_symbols()
    for name, shapes in equation_symbols().items():
        assert shapes == {table[name]}, name


def test_every_row_of_the_notation_table_is_complete():
    rows = read_table(NOTATION, "symbol")
    assert rows
    assert all(len(row) == 5 and all(row) for row in rows)
    assert len({row[1] for row in rows}) == len(rows)


EQUATIONS_OF = {
    "finance": "finance/equations.py",
    "external": "external/equations.py",
    "bargaining": "bargaining/equations.py",
    "markets": "markets/equations.py",
    "chains": "chains/equations.py",
    "assessment": "assessment/valuation/equations.py",
}


@pytest.mark.parametrize("room", EQUATIONS_OF)
def test_notation_holds_the_arguments_of_the_other_equations_and_no_others(room):
    tree = ast.parse((PACKAGE / EQUATIONS_OF[room]).read_text(encoding="utf-8"))
    public = [n.args for n in tree.body if isinstance(n, ast.FunctionDef) and n.name[0] != "_"]
    names = {argument.arg for given in public for argument in [*given.args, *given.kwonlyargs]}
    rows = [row for row in read_table(NOTATION, "argument") if row[1] == room]
    assert sorted(row[0].strip("`") for row in rows) == sorted(names)
    assert all(len(row) == 4 and all(row) for row in rows)


def test_no_file_of_equations_is_left_out_of_the_notation():
    files = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("equations.py")}
    assert files == {EQUATIONS.relative_to(PACKAGE).as_posix(), *EQUATIONS_OF.values()}


def test_notation_gives_each_equation_of_the_verdict_once():
    from accord.assessment.valuation.equations import EQUATIONS as VERDICT

    rows = read_table(NOTATION, "figure")
    assert [row[0].strip("`") for row in rows] == list(VERDICT)
    assert [row[1].strip("`") for row in rows] == [equation.text for equation in VERDICT.values()]


def test_every_option_has_its_help():
    import typer

    app = importlib.import_module("accord.cli.main").app
    missing = []
    stack = [("accord", typer.main.get_command(app))]
    while stack:
        words, command = stack.pop()
        children = getattr(command, "commands", {})
        stack += [(f"{words} {name}", child) for name, child in children.items()]
        missing += [
            f"{words}: the help of {option.name}"
            for option in command.params
            if option.name != "help" and not getattr(option, "help", None)
        ]
    assert missing == []


def class_homes(trees):
    """Return the files in which each class name is defined, by name."""
    homes: dict[str, list[str]] = {}
    for home, tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(home)
    return homes


def test_no_name_of_a_class_stands_for_two():
    trees = [
        (relative(path), ast.parse(path.read_text(encoding="utf-8")))
        for path in python_files()
        if path.is_relative_to(PACKAGE)
    ]
    assert {name: home for name, home in class_homes(trees).items() if len(home) > 1} == {}


def test_the_look_for_classes_sees_two_of_one_name():
    trees = [(home, ast.parse("class Table: ...")) for home in ("a.py", "b.py")]
    assert class_homes(trees) == {"Table": ["a.py", "b.py"]}
