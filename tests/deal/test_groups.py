"""Groups of one's own: what a file says of them, what is refused, and where they may stand."""

import copy
import pickle

import pytest

from accord.core.errors import InputError
from accord.deal.load import check_deal, read_deal
from accord.deal.products import build_cells, expand_regions
from accord.deal.regions import Group, members_of
from accord.deal.template import new_deal_template
from tests.assessment.parties import UNION
from tests.deal.examples import small_world, tariff_clause

WORLD = small_world()
GROUPS = '[groups]\nOWN = ["DEU", "FRA"]\n'


def own(groups: str = GROUPS) -> str:
    """Return the deal of a union with a group of one's own in its place."""
    text = UNION.replace('"EU"', '"OWN"').replace("EU =", "OWN =")
    return text.replace("[assessment]", f"{groups}[assessment]", 1)


def told(groups: str, text: str | None = None) -> dict[str, str]:
    """Return the problems of a file by place."""
    with pytest.raises(InputError) as error:
        read_deal(own(groups) if text is None else text, world=WORLD)
    return {
        problem.path: f"{problem.message}; {problem.remedy}" for problem in error.value.problems
    }


def test_every_name_of_a_group_knows_its_members():
    deal = read_deal(own(), world=WORLD)
    tariff, ours, investment, purchase = (vars(clause) for clause in deal.package("signed").clause)
    for name in (
        deal.parties[1], tariff["exporters"][0], ours["importer"], investment["payer"],
        purchase["buyer"],
    ):  # fmt: skip
        assert members_of(name) == ("DEU", "FRA")
        assert name == "OWN"
    check_deal(deal, WORLD)


def test_a_shipped_group_among_the_members_is_taken_apart():
    deal = read_deal(own('[groups]\nOWN = ["EU", "KOR"]\n'), world=WORLD)
    assert sorted(expand_regions([deal.parties[1]], WORLD.regions)) == ["DEU", "FRA", "KOR"]


@pytest.mark.parametrize(
    ("groups", "path", "words"),
    [
        ("OWN = []", "groups.OWN", 'has no members; name at least one region, as in ["CAN"'),
        ('OWN = ["DEU", "ARG"]', "groups.OWN[2]", '"ARG" is not a region of small'),
        ('OWN = ["DEU", "GER"]', "groups.OWN[2]", "did you mean DEU"),
        ('OWN = ["DEU", "FRA", "DEU"]', "groups.OWN[3]", '"DEU" is in groups.OWN[1] already'),
        ('OWN = ["EU", "FRA"]', "groups.OWN[2]", '"FRA" is in groups.OWN[1] already'),
        ('OWN = ["DEU", "X"]\nX = ["FRA"]', "groups.OWN[2]", "name its members instead"),
        ('OWN = ["DEU"]\nEU = ["FRA"]', "groups.EU", "choose another name"),
        ('OWN = ["DEU"]\nKOR = ["FRA"]', "groups.KOR", '"KOR" is a region of small'),
        ('OWN = ["DEU"]\nall = ["FRA"]', "groups.all", "stands for every region"),
        ('OWN = "DEU"', "groups.OWN", "is not a list"),
        ("OWN = [3]", "groups.OWN[1]", "3 is not text"),
        ('OWN = ["DEU", "USA"]', "parties[1]", '"USA" is a member of "OWN"'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_group_is_told_once_with_a_remedy(groups, path, words):
    problems = told(f"[groups]\n{groups}\n")
    assert list(problems) == [path]
    assert words in problems[path]


@pytest.mark.parametrize("members", ['["UK"]', '["KR", "JP"]', '["ARG"]', '["Mercosur"]'])
def test_a_group_of_unknown_members_is_told_once(members):
    """Not also that no clause is between the parties, which nobody knows yet."""
    problems = told(f"[groups]\nOWN = {members}\n")
    assert problems
    assert all(path.startswith("groups.OWN[") for path in problems)


def test_a_region_in_two_groups_that_are_parties_is_told():
    groups = '[groups]\nOWN = ["DEU", "FRA"]\nOTHER = ["FRA", "KOR"]\n'
    text = own(groups).replace('"USA", "OWN"', '"USA", "OWN", "OTHER"')
    problems = told("", text)
    assert list(problems) == ["parties[3]"]
    assert '"FRA" is in "OWN" and in "OTHER", which are both parties' in problems["parties[3]"]
    assert "make one party of both" in problems["parties[3]"]


def test_an_unknown_name_points_to_groups_of_ones_own():
    problems = told("", own().replace("OWN = [", "OTHER = ["))
    assert all("name groups of your own in [groups]" in text for text in problems.values())


def test_two_groups_of_one_name_select_their_own_goods():
    """What was selected for a group of one deal is not handed to its namesake of another."""
    cells = build_cells(WORLD, "USA")
    first, second = (
        cells.select(
            tariff_clause(exporters=("OWN",), rate=0.1).model_copy(update={"exporters": (group,)})
        )
        for group in (Group("OWN", ("KOR",)), Group("OWN", ("JPN",)))
    )
    assert set(cells.exporter[first]) == {WORLD.regions.index("KOR")}
    assert set(cells.exporter[second]) == {WORLD.regions.index("JPN")}


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))]
)
def test_a_copy_of_a_group_knows_its_members(copied):
    group = copied(Group("OWN", ("DEU", "FRA")))
    assert (group, members_of(group)) == ("OWN", ("DEU", "FRA"))


def test_a_new_deal_of_groups_names_their_members():
    parties = ("USA", Group("NORTH", ("DEU", "FRA")), Group("EAST", ("KOR", "JPN")))
    deal = read_deal(new_deal_template("new", parties, world=WORLD), world=WORLD)
    assert [members_of(party) for party in deal.parties] == [(), ("DEU", "FRA"), ("KOR", "JPN")]
    with pytest.raises(InputError, match="which are both parties"):
        new_deal_template("new", ("USA", "EU", Group("OWN", ("FRA",))), world=WORLD)
