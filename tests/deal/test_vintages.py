"""What was known of a deal on a day: law decided later is out, and what is on the table stays."""

from datetime import date

import pytest
from typer.testing import CliRunner

from accord.cases.shipped import case_path
from accord.cli.main import app
from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.checks.void_basis import find_void_tariffs
from accord.deal.clauses.investment import InvestmentClause
from accord.deal.deal import Deal
from accord.deal.load import load_deal, read_deal
from accord.lowering.tariff_path import tariff_path
from accord.lowering.tariff_schedule import tariff_on
from tests.deal.examples import DEAL, small_world

CASES = ("us-korea-2025", "us-japan-2025")
HEAD = """
schema = 1
name = "small"
title = "A small deal"
parties = ["USA", "KOR"]
price_year = 2024
[assessment]
evaluate_on = 2026-10-01
first_year = 2026
[[project]]
name = "plant"
known = 2026-05-01
size = 1e9
[[vintage]]
name = "spring"
title = "As known in spring"
as_of = 2026-03-01
"""
TARIFF = """
[[{table}.clause]]
kind = "tariff"
importer = "USA"
exporters = ["{exporter}"]
products = ["motor_vehicles"]
rate = 0.25
rule = "add"
basis = "232"
{days}
"""
MONEY = """
[[package.clause]]
kind = "investment"
payer = "KOR"
host = "USA"
amount = 20e9
instrument = "equity"
from = 2027-01-01
sectors = { plant = 0.5, energy = 0.3, power_grid = 0.2 }
"""


def deal_with(background="", no_deal="", package="", head=HEAD) -> Deal:
    """A deal whose tables hold one tariff each, with the days given."""
    text = head
    if background:
        text += TARIFF.format(table="background", exporter="JPN", days=background)
    text += "[no_deal]\n"
    text += TARIFF.format(table="no_deal", exporter="KOR", days=no_deal or "from = 2025-01-01")
    text += '[[package]]\nname = "signed"\n'
    text += TARIFF.format(table="package", exporter="KOR", days=package or "from = 2025-01-01")
    return read_deal(text + MONEY, world=small_world())


@pytest.mark.parametrize(
    ("days", "known"),
    [
        ("from = 2026-02-01", True),
        ("from = 2026-04-01", False),
        ("from = 2026-04-01\nknown = 2026-02-01", True),
        ("from = 2026-02-01\nknown = 2026-04-01", False),
        ("", True),
        ("from = 2026-04-01\nretroactive = { decided = 2026-05-01, charged_rate = 0.1 }", False),
        ("from = 2026-01-01\nretroactive = { decided = 2026-02-01, charged_rate = 0.1 }", True),
    ],
)
def test_law_is_known_from_its_first_day_or_its_decision(days, known):
    before = deal_with(background=days or "unless_basis = []")
    assert bool(before.as_of("spring").background.clause) is known
    assert len(before.background.clause) == 1


def test_a_rate_that_will_reach_back_is_not_known_before_the_decision():
    law = "from = 2026-02-01\nretroactive = { decided = 2026-04-01, charged_rate = 0.1 }"
    deal = deal_with(background=law)
    for day, rate in (("2026-03-31", 0.1), ("2026-04-01", 0.25)):
        (clause,) = deal.as_of(day).background.clause
        assert clause.model_dump()["rate"] == rate
    assert deal.as_of("2026-01-31").background.clause == ()


@pytest.mark.parametrize("table", ["no_deal", "package"])
def test_what_is_on_the_table_is_known_unless_it_says_otherwise(table):
    promised = deal_with(**{table: "from = 2027-01-01"}).as_of("spring")
    later = deal_with(**{table: "from = 2027-01-01\nknown = 2026-04-02"}).as_of("spring")
    name = "signed" if table == "package" else "no_deal"
    count = len(promised.package(name).clause)
    assert len(later.package(name).clause) == count - 1


def test_an_end_that_was_decided_later_is_none_yet():
    ends = "from = 2025-01-01\nuntil = 2026-06-30"
    for days, left in (("", date(2026, 6, 30)), ("\nend_known = 2026-04-02", None)):
        (clause,) = deal_with(background=ends + days).as_of("spring").background.clause
        assert clause.model_dump()["until"] == left


def test_a_step_that_was_decided_later_is_none_yet():
    steps = "from = 2025-01-01\nsteps = [{ from = 2026-02-01, rate = 0.3 }, "
    steps += "{ from = 2026-06-01, rate = 0.1, known = 2026-05-01 }]"
    (clause,) = deal_with(background=steps).as_of("spring").background.clause
    assert [step["rate"] for step in clause.model_dump()["steps"]] == [0.3]


def shares(deal):
    """Where the money of the package goes."""
    (money,) = [clause for clause in deal.package("signed").clause if clause.kind != "tariff"]
    return money.model_dump()["sectors"]


def test_money_for_a_project_nobody_knew_goes_to_the_others():
    before = deal_with()
    assert shares(before.as_of("spring")) == pytest.approx({"energy": 0.6, "power_grid": 0.4})
    assert shares(before.as_of("2026-05-01")) == {"plant": 0.5, "energy": 0.3, "power_grid": 0.2}


def test_a_day_is_a_date_its_text_or_a_vintage():
    deal = deal_with(background="from = 2026-04-01")
    for day in (date(2026, 3, 1), "2026-03-01", "spring"):
        assert deal.as_of(day).as_known_on == date(2026, 3, 1)
    with pytest.raises(InputError, match="Did you mean spring"):
        deal.as_of("springs")
    with pytest.raises(InputError, match=r"names no \[\[vintage\]\]"):
        deal_with(head=HEAD.partition("[[vintage]]")[0]).as_of("spring")


def test_the_day_assessed_is_not_later_than_what_was_known_and_the_horizon_stays():
    deal = deal_with()
    then = deal.as_of("spring")
    assert (deal.evaluate_on, then.evaluate_on) == (date(2026, 10, 1), date(2026, 3, 1))
    assert then.window == deal.window
    assert deal.as_of("2026-11-01").evaluate_on == deal.evaluate_on
    free = deal_with(head=HEAD.replace("first_year = 2026\n", ""))
    assert free.as_of("2025-03-01").window == free.window


def test_law_is_not_known_beyond_what_is_included():
    deal = load_deal(CASES[0])
    assert deal.knowledge_date == date(2026, 10, 9)
    with pytest.raises(InputError, match="up to 2026-10-09"):
        deal.as_of("2026-10-10")
    assert deal_with().knowledge_date is None


def test_a_file_says_up_to_which_day_it_knows():
    """Of the days of a file and of what it includes, the earliest counts."""
    dated = read_deal(DEAL.replace("price_year", "as_of = 2026-03-01\nprice_year", 1))
    assert dated.knowledge_date == date(2026, 3, 1)
    with pytest.raises(InputError, match="up to 2026-03-01"):
        dated.as_of("2026-03-02")
    for day, known in (("2026-03-01", date(2026, 3, 1)), ("2027-01-01", date(2026, 10, 9))):
        text = case_path(CASES[0]).read_text(encoding="utf-8")
        text = text.replace("price_year", f"as_of = {day}\nprice_year", 1)
        assert read_deal(text).knowledge_date == known


@pytest.mark.parametrize("case", CASES)
def test_all_that_is_included_is_all_that_the_file_says(case):
    deal = load_deal(case)
    then = deal.as_of("2026-10-09")
    assert [then.clauses(name) for name in then.package_names] == [
        deal.clauses(name) for name in deal.package_names
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_dated_assessment_knows_no_ruling_and_no_law_of_2026(case):
    """Frozen or dated, the tariffs of a year then are those of the day, but for known steps."""
    world, then = load_world(), load_deal(case, as_of="november-2025")
    assert then.evaluate_on == then.as_known_on == date(2025, 11, 14)
    law = then.clauses("no_deal")
    assert not [clause for clause in law if clause.kind == "ruling"]
    path = tariff_path(then, "no_deal", world, "dated")
    (only,) = tariff_path(then, "no_deal", world, "frozen").regimes
    first = path.regimes[path.by_year[0]]
    assert (abs(first.tariff - only.tariff) < 1e-12).all()
    now = tariff_path(load_deal(case), "no_deal", world, "dated")
    assert not (abs(now.regimes[now.by_year[3]].tariff - only.tariff) < 1e-3).all()
    assert not list(find_void_tariffs(then))


@pytest.mark.parametrize(
    "day", ["2025-05-01", "2025-10-01", "2026-03-01", "2026-05-01", "2026-06-15", "2026-08-25"]
)
def test_what_became_known_later_changes_no_tariff_of_the_day(day):
    """On a day nothing is charged that was not known, but for what was decided to reach back."""
    world, deal = load_world(), load_deal(CASES[0])
    on = date.fromisoformat(day)
    law = deal.background.clause
    then = tariff_on(deal.as_of(on).background.clause, world, on)
    assert abs(then - tariff_on(law, world, on)).max() < 1e-12


def test_an_end_known_without_an_end_is_refused():
    with pytest.raises(InputError, match="the clause names none"):
        deal_with(background="from = 2025-01-01\nend_known = 2025-02-01")


def test_two_vintages_of_one_name_are_refused():
    vintage = '[[vintage]]\nname = "spring"\ntitle = "Again"\nas_of = 2026-03-02\n'
    with pytest.raises(InputError, match='"spring" is already given at vintage'):
        deal_with(head=HEAD + vintage)


def test_the_tariffs_of_a_day_end_with_it():
    run = CliRunner()
    done = run.invoke(app, ["tariffs", CASES[0], "--as-of", "november-2025", "--table", "packages"])
    assert done.exit_code == 0, done.output
    assert "2026" not in done.stdout
    done = run.invoke(app, ["tariffs", CASES[0], "--as-of", "2025-08-31", "--table", "history"])
    assert done.exit_code == 0, done.output
    assert "2025-08-07" in done.stdout
    assert "2025-1" not in done.stdout


@pytest.mark.parametrize(
    "command",
    ["assess", "bargain", "brief", "check", "compare", "explain", "prices", "tariffs"],
)
def test_every_command_that_takes_a_day_refuses_another_word(command):
    more = ["payoff", "KOR"] if command == "explain" else []
    wrong = CliRunner().invoke(app, [command, CASES[0], *more, "--as-of", "november-2052"])
    assert wrong.exit_code == 2
    assert "--as-of: 'november-2052' is no date" in wrong.output
    assert "Did you mean november-2025?" in wrong.output


def test_a_project_that_was_not_chosen_yet_is_selected_with_the_others():
    chosen = MONEY.replace("0.2 }", '0.2 }\nchosen = [{ projects = "energy", on = 2026-06-01 }]')
    deal = read_deal(HEAD.replace("[[project]]", "[no_deal]\n[[package]]\nname = \"signed\"\n"
                     + chosen + "\n[[project]]"), world=small_world())  # fmt: skip
    before, after = (
        c for day in (date(2026, 5, 31), date(2026, 6, 1))
        for c in deal.as_of(day).package("signed").clause if isinstance(c, InvestmentClause)
    )  # fmt: skip
    assert before.chosen == ()
    assert [known.projects for known in after.chosen] == ["energy"]
    case = load_deal("us-korea-2025").as_of("november-2025")
    (cash,) = (
        c
        for c in case.package("signed").clause
        if isinstance(c, InvestmentClause) and c.instrument == "equity"
    )
    assert cash.chosen == ()
    assert cash.from_ == date(2026, 1, 1)
