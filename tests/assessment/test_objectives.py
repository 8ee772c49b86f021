"""A bargain over what governments want: weights read off tariffs, and welfare beside them."""

from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

import accord.assessment.bargain.bargain as module
from accord.assessment.bargain.bargain import bargain
from accord.assessment.bargain.objectives import (
    Objective,
    RevealedObjective,
    politics_of,
    reveal_objectives,
)
from accord.assessment.valuation.appraiser import Appraiser
from accord.briefing.brief import brief
from accord.cli.commands.bargain import bargain_tables
from accord.cli.main import app
from accord.core.errors import InputError
from accord.lowering.trade import lower_package, with_elasticity
from accord.trade.plan import TradeShock
from accord.trade.solver import solve_trade
from accord.trade.strategy.politics import PoliticalWeights, build_politics
from accord.trade.strategy.strategy import retaliate
from tests.assessment.parties import HEAD, THREE, UNION, assessed, tariff
from tests.assessment.test_parties import without_money

pytestmark = pytest.mark.first

TARIFFS = without_money(THREE)
ENDING = {"THREE": THREE, "UNION": UNION}
FRIENDS = (
    HEAD.format(parties='"USA", "KOR"', second="KOR")
    + '[no_deal]\n[[package]]\nname = "signed"\ntitle = "The bargain"\n'
    + tariff("package", 0.0, '"KOR"', rule="level", basis="FTA")
)


def appraiser(text: str) -> Appraiser:
    result = assessed(text)
    return Appraiser(result.world, result.settings, cache=result.cache)


def test_only_those_who_raise_tariffs_reveal_what_they_want() -> None:
    result = assessed(TARIFFS)
    (objective,) = reveal_objectives(result.deal, result.world, appraiser(TARIFFS))
    assert objective.party == "USA"
    assert objective.day == result.deal.evaluate_on
    assert len(objective.by_set) == len(appraiser(TARIFFS).solvers[-1].sets)
    both = without_money(THREE, tariff("no_deal", 0.2, '"KOR"', "JPN"))
    again = reveal_objectives(assessed(both).deal, result.world, appraiser(both))
    assert [objective.party for objective in again] == ["USA", "JPN"]


def test_with_the_weights_no_tariff_is_far_from_its_best() -> None:
    result = assessed(TARIFFS)
    (objective,) = reveal_objectives(result.deal, result.world, appraiser(TARIFFS))
    assert objective.gap < 1e-8
    assert objective.gap_in_welfare > 0.01
    made = objective.weights @ np.ones(len(objective.sectors)) / len(objective.sectors)
    assert np.all((made > 0.3) & (made < 3))
    assert np.all(objective.weights >= 0)


def test_weights_of_one_give_the_payoffs_of_welfare() -> None:
    result = assessed(THREE)
    plain = appraiser(THREE)
    (objective,) = reveal_objectives(result.deal, result.world, plain)
    ones = tuple(
        replace(known, party=replace(known.party, weights=PoliticalWeights()))
        for known in objective.by_set
    )
    politics = politics_of((replace(objective, by_set=ones),), result.world, len(ones))
    weighed = replace(plain, politics=politics)
    np.testing.assert_array_equal(
        weighed.payoff(result.deal, "signed"), plain.payoff(result.deal, "signed")
    )


def test_where_welfare_counts_the_bargain_is_over_the_verdict() -> None:
    result = assessed(THREE)
    talks = bargain(result, terms=False, retaliation=False)
    at = [result.verdict.regions.index(party) for party in result.deal.parties]
    np.testing.assert_array_equal(talks.payoffs[0], result.verdict.payoff("signed")[at])
    assert (talks.objective, talks.revealed) == ("welfare", ())
    assert "Objective: every party wants welfare" in talks.summary()
    np.testing.assert_allclose(
        appraiser(THREE).payoff(result.deal, "signed")[at], talks.payoffs[0], atol=1e-9
    )


def test_a_payoff_adds_the_political_surplus_of_every_year_to_welfare() -> None:
    """Tariffs that never change, no growth, no hazard: each year the surplus of one equilibrium."""
    result = assessed(TARIFFS)
    settings = replace(result.settings, sourcing="at_once", draws=0)
    plain = Appraiser(result.world, settings, "frozen")
    deal = result.deal
    revealed = reveal_objectives(deal, result.world, plain)
    politics = politics_of(revealed, result.world, len(plain.solvers[-1].sets))
    weighed = Appraiser(result.world, settings, "frozen", politics=politics)
    added = weighed.payoff(deal, "signed") - plain.payoff(deal, "signed")
    welfare, surplus = [], []
    for at, elasticity in enumerate(plain.solvers[-1].sets):
        model = with_elasticity(plain.model, elasticity)
        shocks = [lower_package(deal, name, result.world, ()) for name in ("no_deal", "signed")]
        solutions = [solve_trade(model, shock) for shock in shocks]
        values = [solution.value for solution in solutions]
        welfare.append((values[1].welfare - values[0].welfare) * model.income)
        surplus.append(politics[at].surplus(solutions[1]) - politics[at].surplus(solutions[0]))
    usa = result.world.regions.index("USA")
    factor = plain.payoff(deal, "signed")[usa] / np.mean(welfare, axis=0)[usa]
    assert added[usa] == pytest.approx(factor * np.mean(surplus, axis=0)[usa], rel=1e-6)
    others = [at for at in range(len(result.world.regions)) if at != usa]
    np.testing.assert_array_equal(added[others], np.zeros(len(others)))


@pytest.mark.parametrize("name", ENDING)
def test_both_readings_stand_side_by_side(name: str) -> None:
    result = assessed(ENDING[name])
    wanted = bargain(result, terms=False, retaliation=False, objective="revealed")
    plain = bargain(result, terms=False, retaliation=False)
    assert wanted.welfare is not None
    np.testing.assert_array_equal(wanted.welfare, plain.payoffs)
    parties = result.deal.parties
    assert abs(wanted.payoffs[0, 0] - plain.payoffs[0, 0]) > 1e-3
    np.testing.assert_allclose(wanted.payoffs[0, 1:], plain.payoffs[0, 1:], atol=1e-9)
    text = wanted.summary()
    assert "USA wants welfare, with weights on" in text
    assert "no weights here" in text
    tables = {table.name: table for table in bargain_tables(wanted)}
    assert {f"{party}, welfare" for party in parties} <= set(tables["packages"].columns)
    beside = {f"{party} gains in welfare, %" for party in parties}
    assert beside <= set(tables["packages"].columns)
    assert len(tables["weights"].rows) == len(wanted.revealed[0].sectors)
    told = wanted.to_dict()
    assert told["objective"] == "revealed"
    assert set(told["revealed"]) == {"USA"}  # type: ignore[call-overload]


def test_chances_are_those_of_the_objective_on_the_draws_of_the_verdict() -> None:
    """The parties without weights gain on the same draws; the other is valued draw by draw."""
    result = assessed(TARIFFS)
    wanted = bargain(result, terms=False, retaliation=False, objective="revealed")
    plain = bargain(result, terms=False, retaliation=False)
    assert wanted.chances is not None
    assert plain.chances is not None
    np.testing.assert_array_equal(wanted.welfare_gains, plain.chances.gains)
    np.testing.assert_allclose(wanted.chances.gains[:, 1:], plain.chances.gains[:, 1:])
    table, welfare = wanted.problem.packages, plain.problem.packages
    assert table is not None
    assert welfare is not None
    assert table.draws is not None
    assert welfare.draws is not None
    assert len(table.draws) == result.verdict.count
    np.testing.assert_allclose(table.draws[:, :, 1:], welfare.draws[:, :, 1:], atol=1e-9)
    assert np.ptp(table.draws[:, 0, 0] - welfare.draws[:, 0, 0]) > 0
    np.testing.assert_allclose(wanted.chances.gains[:, 0], (table.draws[:, :, 0] > 0).mean(axis=0))


def test_weights_of_one_leave_every_draw_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain_weights(*given: object) -> tuple[RevealedObjective, ...]:
        known = reveal_objectives(*given)  # type: ignore[arg-type]
        return tuple(
            replace(
                objective,
                by_set=tuple(
                    replace(read, party=replace(read.party, weights=PoliticalWeights()))
                    for read in objective.by_set
                ),
            )
            for objective in known
        )

    monkeypatch.setattr(module, "reveal_objectives", plain_weights)
    result = assessed(THREE)
    same = bargain(result, terms=False, retaliation=False, objective="revealed")
    plain = bargain(result, terms=False, retaliation=False)
    assert same.problem.packages is not None
    assert plain.problem.packages is not None
    drawn, before = same.problem.packages.draws, plain.problem.packages.draws
    assert drawn is not None
    assert before is not None
    np.testing.assert_allclose(drawn, before, atol=1e-9)
    np.testing.assert_allclose(same.threats[0].granted, plain.threats[0].granted, atol=1e-9)


@pytest.mark.parametrize("objective", ["welfare", "revealed"])
def test_a_threat_is_credible_where_its_tariffs_serve_who_makes_it(objective: Objective) -> None:
    """The tariffs of the package and nothing else are a package of their own, without its money."""
    with_money = bargain(assessed(THREE), terms=False, retaliation=False, objective=objective)
    alone = bargain(assessed(TARIFFS), terms=False, retaliation=False, objective=objective)
    (threat,), (same,) = with_money.threats, alone.threats
    assert (threat.party, same.party) == ("USA", "USA")
    np.testing.assert_allclose(threat.granted, alone.payoffs[:, 0], atol=1e-9)
    np.testing.assert_allclose(threat.granted, same.granted, atol=1e-9)
    np.testing.assert_array_equal(threat.is_credible, alone.payoffs[:, 0] < 0)
    assert threat.chance is not None
    assert alone.problem.packages is not None
    draws = alone.problem.packages.draws
    assert draws is not None
    np.testing.assert_allclose(threat.chance, (draws[:, :, 0] < 0).mean(axis=0))
    word = "is credible" if threat.is_credible[0] else "is not credible"
    assert f"At central values its threat of no deal {word}." in with_money.summary()
    assert f"It is credible in {100 * threat.chance[0]:.0f} of 100 draws." in with_money.summary()
    (row,) = {table.name: table for table in bargain_tables(with_money)}["threats"].rows
    assert row[1] == f"{threat.granted[0]:+.1f}"


def test_without_a_threat_there_is_none() -> None:
    assert bargain(assessed(FRIENDS), terms=False, retaliation=False).threats == ()


def test_who_retaliates_takes_the_objective_that_its_own_tariffs_reveal() -> None:
    """Two parties raise tariffs on each other: either answers, by welfare or by its weights."""
    low = THREE.replace("rate = 0.3\n", "rate = 0.02\n")  # a tariff that it would rather raise
    result = assessed(without_money(low, tariff("no_deal", 0.2, '"USA"', "JPN")))
    plain = {answer.by: answer for answer in bargain(result, terms=False).retaliations}
    talks = bargain(result, terms=False, objective="revealed")
    wanted = {answer.by: answer for answer in talks.retaliations}
    assert {answer.objective for answer in plain.values()} == {"welfare"}
    assert {by: answer.objective for by, answer in wanted.items()} == {
        "USA": "revealed", "JPN": "revealed", "KOR": "welfare",
    }  # fmt: skip
    np.testing.assert_allclose(wanted["KOR"].rates, plain["KOR"].rates, atol=1e-9)
    assert np.abs(wanted["USA"].rates - plain["USA"].rates).max() > 1e-3
    assert "that serve what its own tariffs reveal that it wants best" in talks.summary()
    model = appraiser(THREE).model
    chooser = talks.revealed[0].by_set[0].party
    shock = lower_package(result.deal, "no_deal", result.world, ())
    best = retaliate(model, chooser, shock, against=wanted["USA"].against)
    other = retaliate(model, "USA", shock, against=wanted["USA"].against)
    weights = {"USA": chooser.weights}
    politics = build_politics(model.regions, model.sectors, weights)
    assert politics is not None
    at = model.regions.index("USA")
    gains = [
        reply.value.gain[at]
        + politics.surplus(solve_trade(model, TradeShock(tariff=reply.value.tariff)))[at]
        for reply in (best, other)
    ]  # fmt: skip
    assert gains[0] > gains[1]


def test_the_page_takes_the_objective_it_is_asked_for() -> None:
    result = assessed(UNION)
    page = brief(result, objective="revealed", length="full").html
    assert "Objective: what tariffs reveal." in page
    assert "In how many futures each side gains" in page
    assert "its threat of no deal is" in page
    plain = brief(result, length="full").html
    assert brief(result, objective="welfare", length="full").html == plain
    assert "Objective: welfare." in plain
    assert "its threat of no deal is" in plain
    with pytest.raises(InputError, match="the bargain is over welfare"):
        brief(result, bargain=bargain(result, terms=False), objective="revealed")
    asked = CliRunner().invoke(app, ["brief", "us-korea-2025", "--objective", "wellfare"])
    assert asked.exit_code == 2
    assert "Did you mean welfare?" in asked.output


def test_the_page_says_which_objective_counts() -> None:
    result = assessed(UNION)
    page = brief(
        result, bargain=bargain(result, terms=False, objective="revealed"), length="full"
    ).html
    assert "is taken to want welfare, with weights on what its sectors earn" in page
    assert "No weights are revealed for" in page
    assert "What the tariffs of" in page
    plain = brief(result, length="full").html
    assert "Each side is taken to want what its people gain" in plain
    assert "What the tariffs of" not in plain


def test_without_a_threat_nothing_is_revealed() -> None:
    with pytest.raises(InputError, match="nothing is revealed"):
        bargain(assessed(FRIENDS), terms=False, objective="revealed")
