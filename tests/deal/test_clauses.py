"""What every kind of clause says of itself, and that nothing lists kinds beside that."""

import ast
import re

import pytest

from accord.assessment.valuation.equations import EQUATIONS
from accord.deal.clauses.registry import CLAUSES, kinds_behind
from accord.deal.fields import Mark, marked_fields
from tests.architecture.repository import PACKAGE

ROOM = PACKAGE / "deal" / "clauses"
NAMES = {*CLAUSES}


def texts_in(path):
    """Return the texts of a file that are not docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in spoken
    ]


def test_no_file_outside_the_room_lists_kinds():
    for path in PACKAGE.rglob("*.py"):
        if path.parent != ROOM:
            named = set(texts_in(path)) & (NAMES - {"tariff", "purchase"})
            assert len(named) <= 1, f"{path} names the kinds {named}: read them off the registry"


@pytest.mark.parametrize("kind", sorted(CLAUSES))
def test_every_kind_says_what_it_touches_and_what_rests_on_it(kind):
    model = CLAUSES[kind]
    assert model.touches
    assert model.lineage
    assert set(model.lineage) <= set(EQUATIONS)
    assert re.match(r"[a-z]", model.kind_phrase())
    assert model.between is None or set(model.between) <= {
        field.alias or name for name, field in model.model_fields.items()
    }


def test_every_component_rests_on_some_kind():
    for component in set(EQUATIONS) - {"payoff"}:
        assert kinds_behind(component)


def test_raids_are_behind_what_they_delay():
    assert CLAUSES["raid"] in kinds_behind("capacity")
    assert CLAUSES["raid"] in kinds_behind("profit")


def test_fields_are_found_by_what_they_stand_for():
    assert marked_fields(CLAUSES["investment"], Mark.REGION) == ("payer", "host", "owner")
    assert marked_fields(CLAUSES["tariff"], Mark.DAY) == ("from", "until")
    assert marked_fields(CLAUSES["profit_split"], Mark.MARKET_RATE) == ("deemed_rate",)
