"""What it takes to add something: one file says a kind of clause, and everything else knows it."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.repository import ROOT

CLAUSE = '''
"""A share of what is bought that has to be made at home: a kind of clause for a test."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from accord.core.errors import Problem
from accord.deal.checks.text.as_written import Place
from accord.deal.clauses.base import CheckContext, ClauseBase, Component, Engine, Fraction, Regions
from accord.deal.clauses.base import Wording
from accord.deal.fields import Part, Region, Share


class Waiver(Part):
    """Who need not comply."""

    share: Share
    """Share of the sales without the duty."""


class ExampleKindClause(ClauseBase):
    """A share of what is bought that has to be made at home."""

    phrase: ClassVar[str] = "orders"
    touches: ClassVar[frozenset[Engine]] = frozenset({"trade"})
    lineage: ClassVar[Mapping[Component, str]] = {"capacity": "what is bought at home"}

    kind: Literal["example_kind"]
    """Always "example_kind"."""
    buyer: Region
    """Region that requires it."""
    share: Share
    """Share of the value that has to be made there."""
    waiver: Waiver | None = None
    """An exemption."""

    def wording(self) -> Wording:
        """Return who requires how much."""
        return Wording(
            "orders of {share} in {buyer}",
            {"buyer": Regions((self.buyer,)), "share": Fraction(self.share)},
        )

    @classmethod
    def check(cls, place: Place, context: CheckContext) -> Iterator[Problem]:
        """Yield a share that asks for nothing."""
        if place.as_written.get("share") == 0:
            yield Problem(f"{place.path}.share", "asks for nothing", "delete the clause")
'''

SCRIPT = """
import json, sys
import accord.deal.clauses as room
room.__path__.append(sys.argv[1])

from accord.assessment.assess import assess
from accord.assessment.explain.explain import explain
from accord.assessment.settings import AssessSettings
from accord.briefing.view import BriefingView
from accord.briefing.words.clause_titles import clause_title
from accord.deal.checks.check import find_problems
from accord.deal.load import read_deal
from accord.deal.schema import deal_json_schema, render_fields
from tests.deal.examples import DEAL, small_world
import tomllib

world = small_world()
good = '[[package.clause]]\\nkind = "example_kind"\\nbuyer = "USA"\\nshare = 0.4\\n'
slip = good.replace("example_", "exmple_")
bad = good.replace("USA", "UTOPIA").replace("0.4", "0")
deal = read_deal(DEAL + good, world=world)
settings = AssessSettings(draws=0, paths=4)
result = assess(deal, world=world, settings=settings)
clause = deal.package("signed").clause[-1]
print(json.dumps({
    "schema": sorted(deal_json_schema()["$defs"]),
    "fields": render_fields(),
    "problems": [str(one) for one in find_problems(tomllib.loads(DEAL + bad), world)],
    "title": str(clause_title(clause, BriefingView(result))),
    "explain": str(explain(result, "capacity", "USA", package="signed")),
    "unknown": [str(p) for p in find_problems(tomllib.loads(DEAL + slip), world)],
}))
"""


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """Return what Accord says of a kind of clause that only one added file describes."""
    folder = tmp_path_factory.mktemp("clauses")
    (folder / "example_kind.py").write_text(CLAUSE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_schema_and_the_reference_know_an_added_kind(known):
    assert {"ExampleKindClause", "Waiver"} <= set(known["schema"])
    assert '### clause, kind = "example_kind"' in known["fields"]
    assert "### waiver (in orders)" in known["fields"]
    assert "Share of the value that has to be made there." in known["fields"]


def test_the_checks_know_an_added_kind(known):
    where = "package[1].clause[3]"
    assert any(text.startswith(f"{where}.buyer") and "UTOPIA" in text for text in known["problems"])
    assert any(text.startswith(f"{where}.share: asks for nothing") for text in known["problems"])
    assert any("Did you mean example_kind?" in text for text in known["unknown"])


def test_titles_and_explanations_know_an_added_kind(known):
    assert known["title"] == "Orders of 40\u202f% in the United States"
    assert "orders: buyer USA, share 0.4" in known["explain"]
