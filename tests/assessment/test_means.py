"""Deals that ask more of an economy than it has: priced, or refused at the clause that asks it."""

import re

import numpy as np
import pytest
from typer.testing import CliRunner

import accord as ac
from accord.assessment.snapshot.means import Asked, refuse_money
from accord.cli.main import app
from accord.core.errors import InputError
from tests.deal.examples import small_world

WORLD = small_world()
SETTINGS = ac.AssessSettings(paths=100, draws=8)
DEAL = """
schema = 1
name = "means"
title = "A deal beyond its means"
parties = ["USA", "KOR"]
price_year = 2024
[no_deal]
[[no_deal.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["food"]
rate = 0.1
rule = "add"
from = 2025-04-03
[[package]]
name = "small"
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 10e9
instrument = "equity"
[[package]]
name = "signed"
[[package.clause]]
kind = "visa"
quota = 5000
installer_supply = 0.5
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "{host}"
amount = {amount:.4e}
instrument = "{instrument}"
{more}
[assessment]
evaluate_on = 2025-12-01
"""


def income(region):
    """Return the value added of a region, dollars a year."""
    return 1e9 * float(WORLD.value_added[WORLD.region_index(region)].sum())


def write(share, more="", instrument="equity", host="USA"):
    return DEAL.format(amount=share * income("KOR"), more=more, instrument=instrument, host=host)


CASES = [
    (0.49, "up_front = true", "equity"), (0.35, "up_front = true", "equity"),
    (0.2, "up_front = true", "loan"), (1.4, "", "equity"), (0.8, "", "direct"), (1.4, "", "loan"),
    (3.0, "annual_cap = 200e9", "equity"), (1.4, "displacement = 0.0", "equity"),
    (1.4, "procurement = { KOR = 1.0 }", "equity"), (1.4, "", "guarantee"),
]  # fmt: skip


@pytest.mark.parametrize(("share", "more", "instrument"), CASES)
def test_what_passes_the_check_is_priced_or_refused_at_its_clause(
    share, more, instrument, tmp_path
):
    """Never a failure of the solver: amounts are the deal file's to lower."""
    path = tmp_path / "deal.toml"
    path.write_text(write(share, more, instrument), encoding="utf-8")
    deal = ac.load_deal(path, WORLD)
    refused = None
    try:
        payoff = ac.assess(deal, world=WORLD, settings=SETTINGS).verdict.payoff("signed")
    except InputError as error:
        refused = error
    if refused is not None:
        assert_names_the_clause(refused, path)
    else:
        assert np.isfinite(payoff).all()


def assert_names_the_clause(error, path):
    """Assert that an error names the file, package, clause, year, amount, and what to lower."""
    (problem,) = error.problems
    assert error.subject == str(path)
    assert problem.path == "package[2].clause[2].amount"
    assert re.search(
        r"in package signed, KOR moves \d[\d,.e+]* bn USD to USA (in|a year from) 20\d\d",
        problem.message,
    )
    assert "lower `amount`" in problem.remedy
    assert "`annual_cap`" in problem.remedy


def test_a_refusal_by_the_command_ends_with_2_and_writes_no_page(tmp_path):
    """The largest amount that the check lets through, in one year."""
    ac.load_world()
    path, page, world = (tmp_path / name for name in ("deal.toml", "page.html", "world.npz"))
    WORLD.save(world)
    path.write_text(write(0.49, "up_front = true\ndisplacement = 0.0"), encoding="utf-8")
    words = [
        "brief", str(path), "--world", str(world), "--output", str(page), "--paths", "100",
        "--draws", "8",
    ]  # fmt: skip
    assert CliRunner().invoke(app, ["check", str(path), "--world", str(world)]).exit_code == 0
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2, done.output
    assert "package[2].clause[2].amount: in package signed, KOR moves" in done.stderr
    assert str(path) in done.stderr
    assert not page.exists()


def test_the_heaviest_pair_of_a_package_is_named_with_all_of_its_clauses():
    light = Asked(("a",), "USA", "KOR", 50.0, "in 2027", 20_000.0, 1_800.0)
    heavy = Asked(("b", "c"), "KOR", "MLT", 40.0, "in 2028", 1_800.0, 20.0)
    error = refuse_money("signed", [light, heavy], "deal.toml")
    assert [problem.path for problem in error.problems] == ["b.amount", "c.amount"]
    assert "KOR moves 40 bn USD to MLT in 2028: 2% of the income of KOR, 200% of that of MLT" in (
        error.problems[0].message
    )
