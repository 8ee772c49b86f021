"""A tax in a deal file, from its check to the page, against a solve that uses nothing of ours."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import accord as ac
from accord.assessment.settings import AssessSettings
from accord.assessment.valuation.appraiser import Appraiser
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.cli.main import app
from accord.data.world import World
from accord.deal.load import read_deal
from accord.lowering.chains.accounts import lower_chains
from accord.lowering.trade import build_trade_model, lower_package
from accord.trade.config import TradeConfig
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from tests.deal.examples import clause_text
from tests.trade.taxed import solve_in_levels
from tests.trade.worlds import draw_model

REGIONS, SECTORS = ("USA", "KOR", "JPN"), ("food", "motor_vehicles", "electronics", "services")
USA, KOR, CARS, CHIPS = 0, 1, 1, 2
PLAIN = AssessSettings(draws=0, paths=0, sourcing="at_once", ranges=False)
YEARS = 6
DEAL = f"""
schema = 1
name = "taxes"
title = "Cars for an export tax"
parties = ["USA", "KOR"]
price_year = 2024

[assessment]
evaluate_on = 2025-11-14
first_year = 2026
years = 3
horizon = {YEARS}

[no_deal]
[[no_deal.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.25
rule = "level"

[[package]]
name = "signed"
[[package.clause]]
kind = "tariff"
importer = "USA"
exporters = ["KOR"]
products = ["motor_vehicles"]
rate = 0.1
rule = "level"
"""
EXPORT = clause_text(
    "package", "tax", region="KOR", on="exports", buyers=["USA"], products=["motor_vehicles"],
    rate=0.12,
)  # fmt: skip
MAKING = clause_text(
    "package", "tax", region="KOR", on="production", products=["electronics"], rate=-0.08
)
USING = clause_text("package", "tax", region="USA", on="consumption", products=["food"], rate=0.05)
TERMS = """
[terms]
[[terms.term]]
name = "export_tax"
title = "the tax on exports of cars"
where = { kind = "tax", on = "exports" }
field = "rate"
low = -0.1
high = 0.3
step = 0.01
unit = "%"
"""


@cache
def world() -> World:
    """Return three regions with inputs and tariffs."""
    model = draw_model(np.random.default_rng(17), (3, 4))
    return World.from_arrays(
        REGIONS,
        SECTORS,
        flows=model.flows,
        tariff=model.tariff,
        value_added_share=model.value_added_share,
        input_share=model.input_share,
        elasticity=model.elasticity,
        base_year=2024,
        name="made up",
    )


def read(*clauses):
    """Return the deal with clauses on taxes in its package."""
    return read_deal(DEAL + "".join(clauses), world=world())


def tariffs(rate):
    """Return the tariffs of the world with that of the United States on Korean cars."""
    levels = np.array(world().tariff)
    levels[USA, KOR, CARS] = rate
    return levels


def charged(*clauses):
    """Return the taxes that the clauses stand for, by hand."""
    export, made, used = np.zeros((3, 3, 4)), np.zeros((3, 4)), np.zeros((3, 4))
    export[USA, KOR, CARS], made[KOR, CHIPS], used[USA, 0] = 0.12, -0.08, 0.05
    all_of_them = {EXPORT: ("export_tax", export), MAKING: ("production_tax", made),
                   USING: ("consumption_tax", used)}  # fmt: skip
    return dict(all_of_them[clause] for clause in clauses)


def in_levels(rate, *clauses):
    """Return the equilibrium of a package solved cell by cell."""
    model = build_trade_model(world(), "default")
    shock = TradeShock(tariff=tariffs(rate), **charged(*clauses))
    return model, solve_in_levels(model, shock, 0.0, relief=False)


def gain_in_levels(rate, *clauses):
    """Return the equivalent variation of a package solved cell by cell, money of the model."""
    model, solved = in_levels(rate, *clauses)
    return solved["income"] / solved["consumer"] - model.income


@pytest.mark.parametrize(
    "clauses",
    [(EXPORT,), (MAKING,), (USING,), (EXPORT, MAKING, USING)],
    ids=["exports", "making", "using", "all"],
)
def test_both_sides_gain_what_a_solve_cell_by_cell_finds(clauses) -> None:
    result = ac.assess(read(*clauses), world=world(), settings=PLAIN)
    package = result.snapshot.package("signed")
    model, solved = in_levels(0.1, *clauses)
    money = model.income.max()
    assert package.outcome.income == pytest.approx(solved["income"], rel=1e-8)
    assert package.outcome.tax_revenue == pytest.approx(solved["charged"], abs=1e-8 * money)
    assert package.outcome.tariff_revenue == pytest.approx(solved["duty"], abs=1e-8 * money)
    gain = gain_in_levels(0.1, *clauses)
    assert package.gain == pytest.approx(gain, abs=1e-8 * money)
    # Year by year the verdict has the same gain against no deal, times the size of the world and
    # the chance that the rates still stand: the same factor for everybody.
    yearly = gain - gain_in_levels(0.25)
    frame = result.to_frame("payoff_years").query("component == 'tariff' and timeline == 'dated'")
    table = frame.query("package == 'signed'").pivot(index="year", columns="party", values="value")
    factor = table["USA"] / yearly[USA]
    assert (factor > 0.5).all()
    assert table["KOR"].to_numpy() == pytest.approx(factor.to_numpy() * yearly[KOR], rel=1e-6)


def test_the_treasury_of_who_levies_it_takes_a_tax_in_and_pays_a_subsidy() -> None:
    result = ac.assess(read(EXPORT), world=world(), settings=PLAIN)
    paid = ac.assess(read(MAKING), world=world(), settings=PLAIN)
    for outcome, side in ((result, 1), (paid, -1)):
        frame = outcome.to_frame("revenue").query("package == 'signed' and against == 'no_deal'")
        taxes = frame.set_index("region")["change_taxes"]
        assert side * taxes["KOR"] > 0.01
        assert taxes["USA"] == taxes["JPN"] == 0.0
    assert result.to_dataset()["tax_revenue"].sel(package="signed", region="KOR") > 0.01


@settings(max_examples=8)
@given(rate=st.floats(-0.3, 0.6))
def test_a_tax_on_all_exports_is_a_tariff_on_all_imports(rate: float) -> None:
    """Lerner's symmetry, through the deal file: trade is balanced, services are named too."""
    goods = ["all", "services"]
    levied = read(
        clause_text("package", "tax", region="KOR", on="exports", products=goods, rate=rate)
    )
    model = build_trade_model(world(), "default").balance(TradeConfig(tolerance=1e-12))
    free = np.zeros_like(model.tariff)
    shock = lower_package(levied, "signed", world(), ())
    assert (shock.export_tax is None) == (rate == 0)
    charged = free.copy()
    charged[KOR] = rate
    charged[KOR, KOR] = 0.0
    config = TradeConfig(tolerance=1e-12)
    levy, duty = (
        solve_trade(model, each, config=config).value
        for each in (
            TradeShock(tariff=free, export_tax=shock.export_tax),
            TradeShock(tariff=charged),
        )
    )
    assert levy.welfare == pytest.approx(duty.welfare, abs=1e-8)
    assert levy.trade_share == pytest.approx(duty.trade_share, abs=1e-8)


def test_a_tax_that_ends_is_felt_while_it_holds() -> None:
    ending = EXPORT + "until = 2027-12-31\n"
    first, then = (
        ac.assess(read(*clauses), world=world(), settings=PLAIN)
        .to_frame("payoff_years")
        .query("package == 'signed' and component == 'tariff' and party == 'KOR'")
        .query("timeline == 'dated'")
        .set_index("year")["value"]
        for clauses in ((ending,), (EXPORT,))
    )
    without = (
        ac.assess(read(), world=world(), settings=PLAIN)
        .to_frame("payoff_years")
        .query("package == 'signed' and component == 'tariff' and party == 'KOR'")
        .query("timeline == 'dated'")
        .set_index("year")["value"]
    )
    assert first[[2026, 2027]].to_numpy() == pytest.approx(then[[2026, 2027]].to_numpy(), rel=1e-9)
    assert first[[2028, 2031]].to_numpy() == pytest.approx(
        without[[2028, 2031]].to_numpy(), rel=1e-9
    )
    assert abs(first[2028] - then[2028]) > 0.1


def test_slow_trade_and_draws_take_taxes() -> None:
    settings = AssessSettings(draws=16, paths=0)
    result = ac.assess(read(EXPORT, MAKING), world=world(), settings=settings)
    frame = result.to_frame("payoffs").query("package == 'signed' and timeline == 'dated'")
    assert np.isfinite(frame[["payoff", "low", "high"]].to_numpy()).all()
    assert float(frame.loc[frame["region"] == "KOR", "payoff"].sum()) > 0


def test_a_rate_can_move_in_a_bargain() -> None:
    deal = read(EXPORT, TERMS)
    moved = deal.vary(export_tax=-0.05)
    assert moved.package("signed").clause[-1].rate == -0.05
    appraiser = Appraiser(world(), PLAIN, cache=NodeCache())
    there = appraiser.payoff(moved, "signed")
    written = read(EXPORT.replace("0.12", "-0.05"))
    assert there[:3] == pytest.approx(appraiser.payoff(written, "signed")[:3], rel=1e-9)
    assert abs(there - appraiser.payoff(deal, "signed"))[KOR] > 1.0


def test_supply_chains_count_at_what_makers_get() -> None:
    deal = read(EXPORT, MAKING, USING)
    model = build_trade_model(world(), "default")
    shock = lower_package(deal, "signed", world(), ())
    solved = solve_trade(model, shock).value
    plan = lower_chains(model, solved, shock)
    assert plan.output == pytest.approx(solved.sales, rel=1e-8)
    assert plan.value_added is not None
    earned = solved.wage_change * model.value_added
    assert plan.value_added.sum(axis=1) == pytest.approx(earned, rel=1e-8)
    bought = np.einsum("nkj,nj->nk", model.input_share, solved.sales)
    final = solved.expenditure - bought
    price = (1 + solved.tariff) * solved.flows
    spent = price.sum(axis=1)
    assert spent == pytest.approx(solved.expenditure, rel=1e-8)
    assert (final >= 0).all()


def test_the_page_the_check_and_the_explanation_tell_of_it(tmp_path) -> None:
    deal = read(EXPORT, MAKING)
    told = ac.check(deal, world=world())
    tax, subsidy = told.taxes
    assert [tax.before, tax.after] == pytest.approx([0.0, 0.12])
    assert tax.buyers == "USA"
    assert tax.value == pytest.approx(world().flows[USA, KOR, CARS])
    assert subsidy.value == pytest.approx(world().sales[KOR, CHIPS])
    assert "0.0 → 12.0 %" in told.summary()
    result = ac.assess(deal, world=world(), settings=PLAIN)
    assert "a tax or subsidy" in str(ac.explain(result, "tariff", "KOR", package="signed"))
    page = tmp_path / "page.md"
    ac.brief(result, length="full").save(page)
    text = page.read_text(encoding="utf-8")
    assert "tax of 12" in text
    assert "subsidy of 8" in text
    folder = tmp_path / "world.npz"
    world().save(folder)
    file = tmp_path / "deal.toml"
    file.write_text(deal.text, encoding="utf-8")
    done = CliRunner().invoke(app, ["check", str(file), "--world", str(folder)])
    assert done.exit_code == 0, done.output
    assert "KOR, exports to USA" in done.output
    assert "KOR, production" in done.output
