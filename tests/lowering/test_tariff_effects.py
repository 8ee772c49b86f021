"""What each tariff clause does before and after, and the clauses that do other than they say."""

import re
from datetime import date

import pytest
from typer.testing import CliRunner

from accord.assessment.check import check
from accord.cli.main import app
from accord.data.store import load_world
from accord.deal.goods.words import words_in
from accord.deal.load import load_deal, read_deal
from accord.lowering.tariff_doubts import find_doubtful_tariffs
from accord.lowering.tariff_effects import tariff_effects
from accord.lowering.tariff_schedule import added_rate
from tests.deal.examples import DEAL, small_world

MERCOSUR = """
schema = 1
name = "eu-mercosur"
title = "European Union – Brazil"
parties = ["DEU", "BRA"]
price_year = 2024
[assessment]
evaluate_on = 2037-01-01
[no_deal]
[[package]]
name = "signed"
[[package.clause]]
kind = "tariff"
title = "Beef, 99 000 t at 7.5 %"
importer = "DEU"
exporters = ["BRA"]
products = ["food"]
rate = 0.40
rule = "level"
basis = "FTA"
from = 2026-07-01
quota = { amount = 600e6, in_quota_rate = 0.075 }
[[package.clause]]
kind = "tariff"
title = "Cars to zero in steps"
importer = "BRA"
exporters = ["DEU"]
products = ["motor_vehicles"]
rate = 0.08
rule = "ceiling"
basis = "FTA"
from = 2026-07-01
steps = [ { from = 2038-01-01, rate = 0.0 } ]
"""


def test_before_is_no_deal_and_after_the_package_on_the_trade_covered():
    world = small_world()
    threat, signed = tariff_effects(read_deal(DEAL, world=world), world)
    assert (threat.package, signed.package) == ("no_deal", "signed")
    assert threat.trade == signed.trade == pytest.approx(40.0)
    assert threat.before == pytest.approx(0.1 / 40)
    assert threat.after == signed.before == pytest.approx(0.1 / 40 + 0.25)
    assert signed.after == pytest.approx(0.15)
    assert signed.lowers
    assert not threat.lowers


def test_a_quota_on_too_much_is_told_with_the_average_it_raises():
    """Beef at 40 % beyond a quota at 7.5 % is said of all food: a liberal package raises duties."""
    world = load_world()
    deal = read_deal(MERCOSUR, world=world)
    beef, cars = tariff_effects(deal, world)
    base = added_rate(deal.clauses("signed"), world, beef.day, importer="DEU", exporter="BRA")
    assert base != 0.0
    quota = 0.6 / beef.trade
    assert beef.after == pytest.approx(quota * 0.075 + (1 - quota) * 0.40, abs=1e-12)
    assert (round(100 * beef.before, 1), round(100 * beef.after, 1)) == (13.6, 24.2)
    raised, coarse, cars_too = find_doubtful_tariffs(deal, world, (beef, cars))
    assert raised.path == coarse.path == "package[1].clause[1]"
    assert cars_too.path == "package[1].clause[2]"
    assert "from 13.6 to 24.2 %" in raised.message
    assert "the title names beef" in coarse.message
    assert check(deal).notices[-3:] == (raised, coarse, cars_too)


def test_a_phase_in_is_looked_at_when_it_is_done():
    world = load_world()
    effects = tariff_effects(read_deal(MERCOSUR, world=world), world)
    assert [effect.day for effect in effects] == [date(2037, 1, 1), date(2038, 1, 1)]
    assert effects[1].after == 0.0


def test_each_step_is_a_stage_with_its_day():
    """Few steps are all there; of many, the first and the last."""
    world = load_world()
    _, cars = tariff_effects(read_deal(MERCOSUR, world=world), world)
    assert [stage.day for stage in cars.stages] == [date(2037, 1, 1), date(2038, 1, 1)]
    assert [round(stage.after, 3) for stage in cars.stages] == [0.08, 0.0]
    assert cars.stages[0].before == cars.stages[1].before > 0
    steps = ", ".join(f"{{ from = {year}-01-01, rate = 0.01 }}" for year in range(2038, 2050))
    many = MERCOSUR.replace("{ from = 2038-01-01, rate = 0.0 }", steps)
    _, cars = tariff_effects(read_deal(many, world=world), world)
    assert [stage.day for stage in cars.stages] == [date(2037, 1, 1), date(2049, 1, 1)]
    ended = MERCOSUR.replace("rate = 0.08", "rate = 0.08\nuntil = 2037-06-30")
    _, cars = tariff_effects(read_deal(ended, world=world), world)
    assert [stage.day for stage in cars.stages] == [date(2037, 1, 1)]


@pytest.mark.parametrize(
    ("title", "products", "told"),
    [
        ("Cars 25 %", '["motor_vehicles"]', False),
        ("Whisky to zero", '["food"]', True),
        ("Wine and cheese", '["all"]', True),
        ("Whisky and other food", '["food"]', False),
        ("Food", '["food"]', False),
        ("Whisky to zero", '["220830"]', False),
        ("Medicines", '["pharmaceuticals"]', False),
    ],
)
def test_a_product_coarser_than_the_title_is_told(title, products, told):
    text = DEAL.replace(
        'products = ["motor_vehicles"]', f'products = {products}\ntitle = "{title}"', 1
    )
    world = load_world()
    deal = read_deal(text, world=world)
    notices = [n for n in find_doubtful_tariffs(deal, world, ()) if n.path == "no_deal.clause[1]"]
    assert bool(notices) == told
    if told:
        assert "did you mean the HS codes" in notices[0].remedy


def test_titles_that_mean_more_than_their_goods_name_none():
    assert [w.word for w in words_in("Beef and cheeses")] == ["beef", "cheeses"]
    assert words_in("Cars and parts") == words_in("Steel, and other goods") == ()


@pytest.mark.parametrize("case", ["us-korea-2025", "us-japan-2025"])
def test_no_clause_of_a_shipped_case_is_doubtful(case):
    world = load_world()
    deal = load_deal(case, world)
    effects = tariff_effects(deal, world)
    assert list(find_doubtful_tariffs(deal, world, effects)) == []
    assert all(effect.after < effect.before for effect in effects if effect.lowers)


def test_the_command_prints_every_tariff_and_warns(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text(MERCOSUR, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(path)], env={"COLUMNS": "140"})
    assert result.exit_code == 0
    assert re.search(
        r"Beef, 99 000 t at 7.5 %\s+DEU on BRA\s+2037-01-01\s+1.23\s+13.6\s+24.2", result.stdout
    )
    assert re.search(
        r"Cars to zero in steps\s+BRA on DEU\s+2037-01-01\s+\S+\s+\S+\s+8\.0", result.stdout
    )
    assert re.search(r"^\s+2038-01-01\s+\S+\s+0\.0", result.stdout, re.MULTILINE)
    assert "warning: package[1].clause[1]: lowers a rate, but raises" in result.stdout
    assert "signed: Cars to zero in steps" in check(path).summary()
