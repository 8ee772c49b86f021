"""A deal file that reads well but makes no sense: wrong parties, rates that look like per cents."""

import pytest

from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.load import read_deal
from accord.deal.template import new_deal_template
from tests.deal.examples import DEAL, clause_text, small_world

WORLD = small_world()
OTHERS = "\n[background]" + clause_text(
    "background", "tariff", importer="USA", exporters=["all"], except_exporters=["DEU"],
    products=["food"], rate=0.1, rule="add",
)  # fmt: skip


def told(text, world=WORLD):
    """Path and text of every problem of a file, none if it is right."""
    try:
        read_deal(text, world=world)
    except InputError as error:
        return {problem.path: str(problem) for problem in error.problems}
    return {}


@pytest.mark.parametrize("world", [WORLD, None], ids=["world", "no world"])
@pytest.mark.parametrize("parties", ['["USA", "JPN"]', '["DEU", "JPN"]'])
def test_parties_that_no_clause_is_about_are_refused(parties, world):
    problems = told(DEAL.replace('["USA", "KOR"]', parties, 1), world)
    assert list(problems) == ["parties"]
    assert "no clause is between two of the parties" in problems["parties"]
    assert "importer, exporters, payer and host" in problems["parties"]


@pytest.mark.parametrize("world", [WORLD, None], ids=["world", "no world"])
def test_a_group_that_holds_a_party_is_about_it(world):
    text = DEAL.replace('["USA", "KOR"]', '["USA", "FRA"]', 1)
    assert list(told(text, world)) == ["parties"]
    assert told(text + OTHERS, world) == {}
    assert told(text + OTHERS.replace('["all"]', '["EU"]'), world) == {}
    left_out = DEAL.replace('["USA", "KOR"]', '["USA", "DEU"]', 1) + OTHERS
    assert list(told(left_out, world)) == ["parties"]


def test_two_of_three_parties_are_enough():
    assert told(DEAL.replace('["USA", "KOR"]', '["USA", "KOR", "JPN"]', 1)) == {}


def test_a_region_that_is_not_known_comes_first():
    problems = told(DEAL.replace('["USA", "KOR"]', '["USA", "JAPAN"]', 1))
    assert list(problems) == ["parties"]
    assert '"JAPAN" is not a region' in problems["parties"]


@pytest.mark.parametrize(("rate", "fine"), [("1.0", True), ("1.5", False), ("2", False)])
def test_a_rate_above_one_needs_a_word(rate, fine):
    text = DEAL.replace("rate = 0.15", f"rate = {rate}")
    problems = told(text)
    assert (problems == {}) is fine
    if not fine:
        assert f"did you mean {float(rate) / 100:g} ({float(rate):g} %)?" in str(problems)
        assert told(text.replace(f"rate = {rate}", f"rate = {rate}\nprohibitive = true")) == {}


def test_the_template_is_called_by_its_name_and_every_clause_has_a_title():
    deal = read_deal(new_deal_template("steel-for-cars"), world=load_world())
    assert deal.title == "Steel for cars: an example to edit"
    clauses = [clause for name in deal.package_names for clause in deal.clauses(name)]
    assert all(clause.title for clause in clauses)


def test_chosen_projects_are_of_the_clauses_own_sectors():
    base = """
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 20e9
instrument = "equity"
sectors = { energy = 1.0 }
chosen = [{ projects = "ENERGY", on = 2026-07-24 }]
"""
    text = DEAL + base
    assert not told(text.replace("ENERGY", "energy"))
    problems = told(text.replace("ENERGY", "enrgy"))
    (path,) = problems
    assert path.endswith("chosen[1].projects")
    assert "Did you mean" in problems[path] or "did you mean" in problems[path]
