"""Backgrounds that a deal includes: found, read, bounded, replaced, hashed, kept and named."""

import os
import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from accord.assessment.check import check
from accord.cases.shipped import background_names, background_path, case_names
from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.checks.text.limits import MOST_BYTES
from accord.deal.includes.find import MOST_INCLUDES, find_backgrounds, read_background
from accord.deal.includes.replaced import between, standing
from accord.deal.load import check_deal, load_deal, read_deal
from tests.deal.examples import DEAL, small_world, tariff_clause

WORLD = small_world()
LAW = """schema = 1
name = "law"
title = "The law"
as_of = 2026-01-31

[[source]]
id = "notice"
title = "Another notice"
grade = "B"

[[source]]
id = "gazette"
title = "A gazette"
grade = "A"

[[clause]]
id = "cars"
kind = "tariff"
importer = "USA"
exporters = ["all"]
products = ["motor_vehicles"]
rate = 0.3
rule = "add"
basis = "232"
from = 2025-04-03
source = ["notice", "gazette"]

[[clause]]
id = "food"
kind = "tariff"
importer = "USA"
exporters = ["JPN"]
products = ["food"]
rate = 0.1
rule = "add"
basis = "IEEPA"
"""
SECOND = '[[clause]]\nkind = "tariff"\nimporter = "USA"\nexporters = ["JPN"]'
OWN = DEAL.replace('kind = "tariff"\n', 'kind = "tariff"\nreplaces = ["cars"]\n')


@pytest.fixture
def folder(tmp_path):
    """A folder with a background and a way to load a deal file that includes it."""
    (tmp_path / "law.toml").write_text(LAW)

    def load(text=OWN, include='"law.toml"', law=None):
        if law is not None:
            (tmp_path / "law.toml").write_text(law)
        path = tmp_path / "deal.toml"
        path.write_text(text.replace("\n[[source]]", f"\ninclude = {include}\n[[source]]", 1))
        return load_deal(path, WORLD)

    load.at = tmp_path  # type: ignore[attr-defined]
    return load


def refusal(call, *arguments, **named):
    with pytest.raises(InputError) as error:
        call(*arguments, **named)
    return error.value.problems


def test_what_is_included_holds_in_every_package_but_where_it_is_replaced(folder):
    deal = folder()
    for name in ("no_deal", "signed"):
        cars, food, *_ = deal.clauses(name)
        assert (cars.exporters, cars.except_exporters) == (("all",), ("KOR",))
        assert food.exporters == ("JPN",)
    assert [clause.id for clause in deal.common_clauses] == ["cars", "food"]
    assert [background.as_of for background in deal.included] == [date(2026, 1, 31)]


def test_a_package_without_the_background_has_nothing_of_what_is_included(folder):
    deal = folder(OWN.replace('name = "signed"', 'name = "signed"\nbackground = false'))
    assert [clause.kind for clause in deal.clauses("signed")] == ["tariff", "investment"]
    assert len(deal.clauses("no_deal")) == 3


def test_a_package_that_is_silent_has_the_law(folder):
    silent = OWN + '[[package]]\nname = "silent"\n'
    deal = folder(silent)
    assert deal.clauses("silent") == deal.background.clause
    assert deal.common_clauses[0].except_exporters == ("KOR",)


def test_a_clause_that_charges_the_same_goods_has_to_say_how(folder):
    problems = refusal(folder, DEAL)
    assert [problem.path for problem in problems] == ["no_deal.clause[1]", "package[1].clause[1]"]
    for problem in problems:
        assert '"cars" (add 30 %) of an included background' in problem.message
        assert 'replaces = ["cars"]' in problem.remedy
    apart = DEAL.replace('basis = "232"', 'basis = "301"')
    assert len(folder(apart).clauses("signed")) == 4
    add = DEAL.replace('kind = "tariff"\n', 'kind = "tariff"\nreplaces = []\n')
    (problem,) = refusal(folder, add)
    place = "(law.toml, line 16: clause[1])"
    assert f'contradicts "cars" of an included background {place}' in problem.message
    assert problem.remedy.startswith('write replaces = ["cars"] to take its place')
    stacked = add.replace('rule = "floor"', 'rule = "add"')
    assert [clause.except_exporters for clause in folder(stacked).clauses("signed")[:1]] == [()]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('["cars"]', '["car"]'), "id you mean cars?"),
        (('importer = "USA"', 'importer = "KOR"'), "is a measure of USA"),
        (('replaces = ["cars"]', 'id = "food"\nreplaces = ["cars"]'), "already the id of"),
    ],
)
def test_a_replacement_that_replaces_nothing_and_an_id_given_twice_are_told(folder, change, words):
    problems = refusal(folder, OWN.replace(*change))
    assert words in "\n".join(map(str, problems))


MORE = (
    '[[clause]]\nid = "more"\nkind = "tariff"\nimporter = "USA"\nexporters = ["KOR"]\n'
    'products = ["motor_vehicles"]\nrate = 0.1\nrule = "add"\nbasis = "232"\nfrom = 2025-04-03\n'
)


def test_a_clause_that_takes_one_place_of_two_is_told_the_line_for_both(folder):
    problems = refusal(folder, OWN.replace('rule = "add"', 'rule = "level"'), law=LAW + MORE)
    assert [problem.path for problem in problems] == ["no_deal.clause[1]", "package[1].clause[1]"]
    for problem in problems:
        assert 'contradicts "more" of an included background' in problem.message
        assert problem.remedy.startswith('write replaces = ["cars", "more"] to take its place')
    assert folder(OWN.replace('["cars"]', '["cars", "more"]'), law=LAW + MORE).name == "small"


@pytest.mark.parametrize(("law", "ours"), [("EU", "DEU"), ("DEU", "EU")])
def test_a_group_and_its_member_contradict_across_the_background(folder, law, ours):
    """A measure of another importer cannot be replaced, so that is not what is suggested."""
    theirs, clause = (MORE.replace('"USA"', f'"{importer}"') for importer in (law, ours))
    for old, new in (
        ('[[clause]]\nid = "more"', "[[package.clause]]"), ("0.1", "0.2"), ('"add"', '"level"'),
    ):  # fmt: skip
        clause = clause.replace(old, new)
    (problem,) = refusal(folder, OWN + clause, law=LAW + theirs)
    assert '"more" of an included background' in problem.message
    assert "replaces" not in problem.remedy


def test_a_history_replaces_nothing(folder):
    history = (
        '[[history]]\nname = "past"\nimporter = "USA"\nexporters = ["KOR"]\ndates = [2025-05-01]\n'
        '[[history.clause]]\nkind = "tariff"\nreplaces = ["cars"]\nimporter = "USA"\n'
        'exporters = ["KOR"]\nrate = 0.1\nrule = "add"\n'
    )
    (problem,) = refusal(folder, OWN + history)
    assert problem.path == "history[1].clause[1].replaces"


@pytest.mark.parametrize(
    ("theirs", "ours", "left"),
    [
        ((["all"], []), (["KOR"], []), (("all",), ("KOR",))),
        ((["KOR"], []), (["KOR"], []), None),
        ((["EU"], []), (["DEU"], []), (("EU",), ("DEU",))),
        ((["DEU"], []), (["EU"], []), None),
        ((["EU"], []), (["EU"], ["FRA"]), "FRA"),
        ((["all"], ["JPN"]), (["all"], ["KOR", "JPN"]), (("KOR",), ())),
        ((["KOR"], []), (["all"], []), None),
        ((["KOR"], []), (["JPN"], []), (("KOR",), ("JPN",))),
    ],
)
def test_a_tariff_is_replaced_for_the_exporters_of_the_other_and_goes_on_for_the_rest(
    theirs, ours, left
):
    law = tariff_clause(rate=0.1, id="a", exporters=theirs[0], except_exporters=theirs[1])
    deal = tariff_clause(rate=0.1, replaces=["a"], exporters=ours[0], except_exporters=ours[1])
    rest: Sequence[Any] = standing([law], [deal])
    if left is None:
        assert rest == ()
    elif isinstance(left, str):
        assert {"DEU", "ITA"} <= set(rest[0].except_exporters)
        assert left not in rest[0].except_exporters
    else:
        assert (rest[0].exporters, rest[0].except_exporters) == left


def test_sources_of_both_are_known_and_none_hides_the_other(folder):
    deal = folder(OWN + '\n[[rate]]\nname = "mine"\nlevel = 0.03\nsource = "gazette"\n')
    assert deal.clauses("signed")[0].source_ids == ("notice-law", "gazette")
    assert deal.source("notice").title == "A notice"
    assert deal.source("notice-law").title == "Another notice"
    same = folder(law=LAW.replace("Another notice", "A notice").replace('"B"', '"A"'))
    assert [source.id for source in same.sources] == ["notice", "gazette"]


@pytest.mark.parametrize(
    ("change", "mark", "rest"),
    [
        (("rate = 0.1", "rate = 1.5"), "rate = 1.5", "clause[2].rate"),
        (('["JPN"]', '["JPX"]'), 'exporters = ["JPX"]', "clause[2].exporters"),
        (("rate = 0.1", "rte = 0.1"), "rte = ", "clause[2].rte"),
        (
            ('source = ["notice", "gazette"]', 'source = "press"'),
            'source = "press"',
            "clause[1].source",
        ),
        (('kind = "tariff"', 'kind = "tarif"'), "[[clause]]", "clause[1]"),
        (('id = "food"\n', ""), SECOND, "clause[2]"),
        (
            ('id = "food"', 'id = "cars"'),
            'id = "cars"\nkind = "tariff"\nimporter = "USA"\nexporters = ["JPN"]',
            "clause[2].id",
        ),
        (('id = "food"', 'id = "food"\nreplaces = ["cars"]'), "replaces", "clause[2].replaces"),
    ],
)
def test_a_problem_in_a_background_names_it_its_line_and_its_clause(folder, change, mark, rest):
    law = LAW.replace(*change)
    line = law[: law.index(mark)].count("\n") + 1
    problems = refusal(folder, law=law)
    assert f"law.toml, line {line}: {rest}" in [problem.path for problem in problems]
    assert not [problem for problem in problems if "background.clause" in str(problem)]


def test_paths_of_own_clauses_and_problems_count_from_one(folder):
    own = OWN.replace(
        "[no_deal]",
        '[background]\n[[background.clause]]\nkind = "swap_line"\nprovider = "USA"\n'
        'user = "KOR"\n[no_deal]',
        1,
    )
    assert [clause.path for clause in folder(own).background.clause] == [
        "law.toml, line 16: clause[1]", "law.toml, line 28: clause[2]", "background.clause[1]",
    ]  # fmt: skip
    (problem,) = refusal(folder, own.replace('user = "KOR"', 'user = "KRO"'))
    assert problem.path == "background.clause[1].user"


@pytest.mark.parametrize(
    ("include", "words"),
    [
        ('"us-tarifs"', "id you mean us-tariffs?"),
        ('"none.toml"', "cannot be found"),
        ('"../law.toml"', "not a path below the deal file"),
        ('"/etc/hostname/law.toml"', "not a path below the deal file"),
        ('"inner"', "is not a background that comes with Accord"),
        ('"inner/"', "is not a file"),
        ('"link.toml"', "leads out of"),
        ('"pipe.toml"', "is not a file"),
        ('["law.toml", "law.toml"]', "is included twice"),
        ('"large.toml"', "larger than"),
        ('"empty.toml"', "clause"),
        ('"deal.toml"', "is a deal file"),
        ('"broken.toml"', "is not TOML"),
        ('"bytes.toml"', "not UTF-8"),
        ('"nested.toml"', "includes no other"),
        (str([f"{n}.toml" for n in range(MOST_INCLUDES + 1)]), "backgrounds are more than"),
        ("5", "text"),
        ('"a\\u0000.toml"', "cannot be found"),
        (f'"{"a" * 5000}.toml"', "cannot be found"),
    ],
)
def test_what_may_not_be_included_is_told_with_a_remedy(folder, tmp_path_factory, include, words):
    outside = tmp_path_factory.mktemp("outside") / "law.toml"
    outside.write_text(LAW)
    (folder.at / "link.toml").symlink_to(outside)
    os.mkfifo(folder.at / "pipe.toml")
    (folder.at / "inner").mkdir()
    (folder.at / "large.toml").write_text("#" * (MOST_BYTES + 1))
    (folder.at / "empty.toml").write_text(LAW.split("[[clause]]", maxsplit=1)[0])
    (folder.at / "broken.toml").write_text(LAW + "[[")
    (folder.at / "bytes.toml").write_bytes(b"\xff\xfe")
    (folder.at / "nested.toml").write_text('include = "law.toml"\n' + LAW)
    problems = refusal(folder, include=include)
    assert words in "\n".join(map(str, problems))
    assert all(problem.remedy for problem in problems)


def test_a_link_within_the_folder_and_a_folder_below_are_fine(folder):
    (folder.at / "inner").mkdir()
    (folder.at / "inner" / "law.toml").write_text(LAW)
    (folder.at / "link.toml").symlink_to(folder.at / "law.toml")
    assert folder(include='"inner/law.toml"').included[0].given_as == "inner/law.toml"
    assert folder(include='"link.toml"').included[0].text == LAW


def test_a_text_without_a_folder_includes_shipped_backgrounds_only():
    text = OWN.replace("\n[[source]]", '\ninclude = "law.toml"\n[[source]]', 1)
    (problem,) = refusal(read_deal, text, world=WORLD)
    assert "comes from no file" in problem.message


def test_the_digest_covers_what_is_included_and_the_text_kept_needs_no_file(folder):
    deal = folder()
    kept = read_deal(deal.text, world=WORLD, included=deal.included_texts)
    assert (kept.sha256, kept.background) == (deal.sha256, deal.background)
    other = folder(law=LAW.replace("rate = 0.3", "rate = 0.31"))
    assert other.text == deal.text
    assert other.sha256 != deal.sha256
    (folder.at / "law.toml").unlink()
    check_deal(deal, WORLD)
    assert check(deal, world=WORLD).deal is deal


def test_a_deal_whose_clauses_touch_only_by_what_it_includes_is_still_a_slip(folder):
    text = OWN.replace('parties = ["USA", "KOR"]', 'parties = ["USA", "JPN"]')
    assert any(problem.path == "parties" for problem in refusal(folder, text))


@pytest.mark.parametrize("name", background_names())
def test_a_shipped_background_is_dated_sourced_and_used(name):
    background = read_background(background_path(name).read_text(encoding="utf-8"), name)
    file = tomllib.loads(background.text)
    known = {source["id"]: source for source in file["source"]}
    for clause in file["clause"]:
        cited = clause["source"] if isinstance(clause["source"], list) else [clause["source"]]
        assert set(cited) <= set(known), clause["id"]
        decided = [known[name]["date"] for name in cited if "date" in known[name]]
        assert min([*decided, clause.get("from", background.as_of)]) <= background.as_of
    assert file["name"] == name
    world = load_world()
    users = [case for case in case_names() if load_deal(case, world).included]
    assert users == [case for case in case_names() if case.startswith("us-")]


def test_no_case_copies_what_its_background_says():
    world = load_world()
    for case in case_names():
        deal = load_deal(case, world)
        theirs = {clause.id for clause in deal.background.clause if clause.id}
        own = [clause for clause in deal.background.clause if clause.id is None]
        assert theirs == {name for part in deal.included for name in part.ids}
        assert all(clause.kind not in ("tariff", "ruling") for clause in own)


def test_a_background_is_offered_to_those_whose_measures_it_holds():
    (background,) = find_backgrounds(["USA", "CHE"])
    assert background.given_as == "us-tariffs"
    assert find_backgrounds(["EU", "GBR"]) == ()


@pytest.mark.parametrize(
    ("parties", "named"),
    [
        (("USA", "CHE"), {"country-che"}),
        (("USA", "DEU"), {"country-eu", "cars-eu"}),
        (("USA", "EU"), {"country-eu", "cars-eu"}),
        (("GBR", "IND"), set()),
    ],
)
def test_a_background_tells_what_it_charges_between_the_parties(parties, named):
    """Tariffs on everybody are left out: whose deal they belong to they do not say."""
    background = load_deal("us-korea-2025").background.clause
    told = {clause.id for clause in between(background, parties)}
    assert named <= told
    assert bool(named) == bool(told)
    assert not {"country-twn", "cars-kor", "metals"} & told
