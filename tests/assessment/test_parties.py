"""A customs union is a party like any other, and three parties are no more special than two."""

import numpy as np
import pytest

from accord.assessment.bargain.bargain import bargain
from accord.assessment.bargain.retaliation import Retaliation
from accord.assessment.check import check
from accord.assessment.load import load_assessment
from accord.core.errors import InputError
from accord.deal.load import read_deal
from accord.deal.regions import members_of
from accord.lowering.roles import member_shares
from tests.assessment.parties import HEAD, MONEY, THREE, UNION, assessed, tariff
from tests.deal.examples import small_world

OWN = (
    UNION.replace('"EU"', '"OWN"')
    .replace("EU =", "OWN =")
    .replace("[assessment]", '[groups]\nOWN = ["DEU", "FRA"]\n[assessment]', 1)
)
UNIONS = ["USA", "KOR", "JPN", "DEU", "FRA"]


def test_the_payoff_of_a_union_is_the_sum_of_its_members():
    verdict = assessed(UNION).verdict
    assert verdict.regions == (*UNIONS, "EU")
    gains = dict(zip(verdict.regions, verdict.payoff("signed"), strict=True))
    assert gains["EU"] == pytest.approx(gains["DEU"] + gains["FRA"], rel=1e-12)
    draws = verdict.draws("signed")
    assert draws[:, 5] == pytest.approx(draws[:, 3] + draws[:, 4], rel=1e-9)
    assert abs(gains["EU"]) > 0.1


def test_members_value_money_at_the_rate_of_the_union():
    factors = assessed(UNION).verdict.factors
    assert np.array_equal(factors[:, 3], factors[:, 5])
    assert not np.array_equal(factors[:, 0], factors[:, 5])


def test_a_union_of_one_is_that_region():
    """Germany alone, in a world that has no other member, gains the same under either name."""
    world = small_world().aggregate({"ROW": ["FRA"]})
    alone = UNION.replace('"EU"', '"DEU"').replace("EU =", "DEU =")
    as_union, as_region = (assessed(text, world).verdict for text in (UNION, alone))
    at = as_region.regions.index("DEU")
    assert as_union.payoff("signed")[-1] == pytest.approx(as_region.payoff("signed")[at])


def test_a_deal_of_a_union_is_worth_what_the_same_deal_of_its_members_is():
    tariffs = UNION.partition('[[package.clause]]\nkind = "investment"')[0]
    head = HEAD.format(parties='"USA", "DEU", "FRA"', second="DEU = 0.03, FRA")
    apart = (
        head
        + "[no_deal]\n"
        + tariff("no_deal", 0.3, '"DEU", "FRA"')
        + '[[package]]\nname = "signed"\n'
        + tariff("package", 0.15, '"DEU", "FRA"')
        + "".join(
            tariff("package", 0.0, '"USA"', member, rule="level", basis="FTA")
            for member in ("DEU", "FRA")
        )
    )
    union, members = (assessed(text).verdict.payoff("signed") for text in (tariffs, apart))
    assert union[:5] == pytest.approx(members, rel=1e-12)
    assert union[5] == pytest.approx(members[3] + members[4], rel=1e-12)


def test_a_group_of_ones_own_is_a_party_like_any():
    """Under another name and written in the file, the union gains what it gains anyway."""
    named, shipped = assessed(OWN), assessed(UNION)
    assert named.verdict.regions == (*UNIONS, "OWN")
    assert np.array_equal(named.verdict.payoff("signed"), shipped.verdict.payoff("signed"))
    assert np.array_equal(named.verdict.draws("signed"), shipped.verdict.draws("signed"))
    assert set(named.to_frame("welfare")["region"]) == {*UNIONS, "OWN"}
    ours, theirs = (result.bargain(terms=False) for result in (named, shipped))
    assert np.array_equal(ours.payoffs, theirs.payoffs)
    assert [answer.by for answer in ours.retaliations] == ["OWN"]
    assert np.array_equal(ours.retaliations[0].payoffs, theirs.retaliations[0].payoffs)


@pytest.mark.parametrize("text", [UNION, OWN], ids=["shipped", "own"])
def test_a_saved_assessment_of_a_union_loads(text, tmp_path):
    result = assessed(text)
    loaded = load_assessment(result.save(tmp_path / "union.accord"))
    assert members_of(loaded.deal.parties[1]) == members_of(result.deal.parties[1])
    ours, theirs = (result.bargain(terms=False) for result in (loaded, result))
    assert np.array_equal(ours.payoffs, theirs.payoffs)
    assert np.abs(ours.payoffs).max() > 0.1


def test_money_of_a_union_is_shared_by_value_added():
    world = small_world()
    shares = member_shares("EU", world)
    transfers = dict(list(assessed(UNION).to_frame("welfare").groupby("region")))
    assert sum(shares.values()) == pytest.approx(1)
    added = dict(zip(world.regions, world.value_added, strict=True))
    assert shares["DEU"] / shares["FRA"] == pytest.approx(added["DEU"] / added["FRA"])
    whole = transfers["EU"]["ev"].to_numpy()
    assert whole == pytest.approx(
        transfers["DEU"]["ev"].to_numpy() + transfers["FRA"]["ev"].to_numpy()
    )


def test_a_union_is_explained_and_bargains():
    result = assessed(UNION)
    tree = str(result.explain("payoff", "EU", package="signed"))
    assert "payoff of EU under signed" in tree
    assert "payer EU" in tree
    bargain = result.bargain(terms=False)
    assert bargain.problem.parties == ("USA", "EU")
    (answer,) = bargain.retaliations
    assert (answer.by, answer.against) == ("EU", ("USA",))
    assert np.isfinite(answer.payoffs).all()


def test_three_parties_all_have_figures_and_a_bargain():
    result = assessed(THREE)
    verdict = result.verdict
    assert verdict.parties == ("USA", "JPN", "KOR")
    assert {row.party for row in verdict.sensitivity.swings} == {"USA", "JPN", "KOR"}
    bargain = result.bargain(terms=False)
    assert bargain.problem.parties == ("USA", "JPN", "KOR")
    assert all(len(outcome.payoffs) == 3 for outcome in bargain.agreements.values())
    assert all(party in result.summary() for party in verdict.parties)


def without_money(text: str, no_deal: str = "") -> str:
    """Return a deal of tariffs alone, with more of them under no deal."""
    return text.partition('[[package.clause]]\nkind = "investment"')[0] + no_deal


def answers_of(text: str) -> dict[str, Retaliation]:
    """Return the answers to no deal by who answers."""
    return {answer.by: answer for answer in assessed(text).bargain(terms=False).retaliations}


def test_each_party_answers_those_who_raise_tariffs_on_it():
    answers = answers_of(without_money(THREE, tariff("no_deal", 0.2, '"KOR"', "JPN")))
    sides = {by: answer.against for by, answer in answers.items()}
    assert sides == {"JPN": ("USA",), "KOR": ("USA", "JPN")}
    for by, answer in answers.items():
        assert answer.rates.shape == (len(answer.against), 3)
        assert answer.payoffs[["USA", "JPN", "KOR"].index(by)] > 0
    assert answers["KOR"].payoffs[0] < 0


def test_an_answer_does_not_depend_on_who_else_is_a_party():
    text = without_money(THREE)
    pair = text.replace('"USA", "JPN", "KOR"', '"USA", "KOR"', 1)
    three, two = answers_of(text)["KOR"], answers_of(pair)["KOR"]
    assert three.rates == pytest.approx(two.rates, rel=1e-9)
    assert three.payoffs[[0, 2]] == pytest.approx(two.payoffs, rel=1e-9)


def test_three_parties_are_told_whom_to_merge_for_alternating_offers():
    result = assessed(without_money(THREE))
    talks = bargain(result, terms=False, retaliation=False)
    assert talks.pressure is None
    remedy = 'make JPN and KOR one party: [groups] SIDE = ["JPN", "KOR"]'
    assert remedy in talks.summary()
    with pytest.raises(InputError, match="this deal has 3 parties") as caught:
        talks.alternating_offers()
    assert caught.value.problems[0].remedy == remedy


def test_a_member_beside_its_union_is_told():
    text = UNION.replace('"USA", "EU"', '"USA", "EU", "FRA"')
    with pytest.raises(InputError, match='"FRA" is a member of "EU"'):
        read_deal(text, world=small_world())


def test_a_union_without_members_in_the_world_is_told():
    world = small_world().aggregate({"ROW": ["FRA", "DEU"]})
    with pytest.raises(InputError, match='"EU" is not a region'):
        read_deal(UNION, world=world)


def test_money_between_a_union_and_a_member_of_it_changes_hands_inside():
    shares = MONEY.format(payer="EU").replace('"USA"', '"DEU"')
    text = UNION + shares
    gains = assessed(text).verdict
    assert np.isfinite(gains.payoff("signed")).all()


def test_a_union_is_checked_like_any_party():
    outcome = check(read_deal(UNION, world=small_world()), world=small_world())
    assert [commitment.payer for commitment in outcome.commitments] == ["EU"]
