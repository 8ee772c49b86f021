"""A bargain over what governments want: weights read off tariffs, and welfare beside them."""

from dataclasses import replace

import numpy as np
import pytest

from accord.assessment.bargain.bargain import bargain
from accord.assessment.bargain.objectives import politics_of, reveal_objectives
from accord.assessment.valuation.appraiser import Appraiser
from accord.briefing.brief import brief
from accord.cli.commands.bargain import bargain_tables
from accord.core.errors import InputError
from accord.lowering.trade import lower_package, with_elasticity
from accord.trade.solver import solve_trade
from accord.trade.strategy.politics import PoliticalWeights
from tests.assessment.parties import HEAD, THREE, UNION, assessed, tariff
from tests.assessment.test_parties import without_money

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
        values = [solve_trade(model, shock).value for shock in shocks]
        welfare.append((values[1].welfare - values[0].welfare) * model.income)
        surplus.append(
            politics[at].surplus(model, values[1]) - politics[at].surplus(model, values[0])
        )
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
    assert wanted.chances is None
    text = wanted.summary()
    assert "USA wants welfare, with weights on" in text
    assert "no weights here" in text
    tables = {table.name: table for table in bargain_tables(wanted)}
    assert {f"{party}, welfare" for party in parties} <= set(tables["packages"].columns)
    assert len(tables["weights"].rows) == len(wanted.revealed[0].sectors)
    told = wanted.to_dict()
    assert told["objective"] == "revealed"
    assert set(told["revealed"]) == {"USA"}  # type: ignore[call-overload]


def test_the_page_says_which_objective_counts() -> None:
    result = assessed(UNION)
    page = brief(result, bargain=bargain(result, terms=False, objective="revealed")).html
    assert "is taken to want welfare, with weights on what its sectors earn" in page
    assert "No weights are revealed for" in page
    assert "What the tariffs of" in page
    plain = brief(result).html
    assert "Each side is taken to want welfare" in plain
    assert "What the tariffs of" not in plain


def test_without_a_threat_nothing_is_revealed() -> None:
    with pytest.raises(InputError, match="nothing is revealed"):
        bargain(assessed(FRIENDS), terms=False, objective="revealed")
