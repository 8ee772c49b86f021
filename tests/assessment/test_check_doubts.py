"""What `check` asks about in a deal without problems: notice test for each kind of doubt."""

import re
from pathlib import Path

import numpy as np
import pytest

import accord as ac
from accord.data.store import load_world
from accord.data.world import World
from accord.deal.checks.coverage import find_idle_tariffs
from accord.deal.load import read_deal
from tests.deal.examples import DEAL, ruling_text, small_world

WORLD = small_world()
RULED = ruling_text("232")


def notices_of(text):
    return ac.check(read_deal(text, world=WORLD), world=WORLD).notices


def change(*pairs):
    text = DEAL
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("day", "told"), [("2025-11-02", 1), ("2025-02-01", 0), ("2025-02-20", 1), ("2026-02-19", 1)]
)
def test_a_ruling_soon_after_the_day_assessed_is_told(day, told):
    early = change(
        ("[no_deal]", f"[assessment]\nevaluate_on = {day}\nfirst_year = 2026\n[no_deal]"),
        ("from = 2025-04-03", "from = 2025-01-01"),
    )
    told_of = [
        notice for notice in notices_of(early + RULED) if "void from 2026-02-20" in notice.message
    ]
    assert len(told_of) == told
    for notice in told_of:
        assert notice.path == "no_deal.clause[1]"
        assert notice.message.startswith("2 tariffs")
        assert "frozen" in notice.remedy


def test_a_ruling_after_the_clauses_have_ended_is_no_doubt():
    ended = change(
        ("from = 2025-04-03", "from = 2025-04-03\nuntil = 2026-01-31"),
        ("from = 2025-11-01", "from = 2025-11-01\nuntil = 2026-01-31"),
    )
    assert notices_of(ended + RULED) == ()


def test_payer_and_host_reversed_are_told():
    (notice,) = notices_of(
        change(('payer = "KOR"', 'payer = "USA"'), ('host = "USA"', 'host = "KOR"'))
    )
    assert notice.path == "package[1].clause[2].payer"
    assert 'payer = "KOR", host = "USA"' in notice.remedy
    assert notices_of(DEAL) == ()


def test_investments_both_ways_are_not_taken_for_reversed():
    mutual = DEAL + (
        '[[package.clause]]\nkind = "investment"\npayer = "USA"\nhost = "KOR"\namount = 20e9\n'
        'instrument = "equity"\n'
    )
    assert [notice for notice in notices_of(mutual) if notice.path.endswith("payer")] == []


def test_a_host_that_cut_its_tariffs_in_the_background_is_not_taken_for_a_payer():
    exchanged = change(('payer = "KOR"', 'payer = "USA"'), ('host = "USA"', 'host = "KOR"'))
    given = (
        '[[background.clause]]\nkind = "tariff"\nimporter = "KOR"\nexporters = ["USA"]\n'
        'products = ["food"]\nrate = {rate}\nrule = "{rule}"\nbasis = "FTA"\n'
    )
    for rule, rate, told in (("level", 0.0, 0), ("cut", 0.5, 0), ("add", 0.1, 1)):
        text = exchanged + given.format(rule=rule, rate=rate)
        if rule == "add":
            text = text.replace('basis = "FTA"\n', 'basis = "other"\n')
        found_at = [notice.path for notice in notices_of(text) if notice.path.endswith("payer")]
        assert len(found_at) == told, rule


@pytest.mark.parametrize("words", ["15 % all in", "15 % all-in on cars", "at most 15 %"])
@pytest.mark.parametrize(("rule", "told"), [("add", 1), ("floor", 0), ("level", 0)])
def test_a_title_of_a_whole_rate_beside_an_add_on_is_told(words, rule, told):
    text = change(('rule = "floor"', f'rule = "{rule}"\ntitle = "{words}"'))
    told_of = [notice for notice in notices_of(text) if notice.path.endswith("rule")]
    assert len(told_of) == told
    assert all("level (all in)" in notice.remedy for notice in told_of)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("200 bn by end 2028", 1),
        ("200 bn in 2026 to 2028", 1),
        ("200 bn by 2060", 0),
        ("200 bn from 2026", 0),
        ("the memorandum of 2025", 0),
        ("200 bn", 0),
    ],
)
def test_a_last_call_after_the_year_of_the_title_is_told(title, told):
    text = change(("amount = 200e9", f'amount = 200e9\ntitle = "{title}"'))
    told_of = [notice for notice in notices_of(text) if "the title names 2028" in notice.message]
    assert len(told_of) == told
    assert all(notice.path == "package[1].clause[2]" for notice in told_of)


EU = (
    '[[package]]\nname = "eu"\n[[package.clause]]\nkind = "tariff"\nimporter = "EU"\n'
    'exporters = ["KOR"]\nproducts = ["motor_vehicles"]\nrate = 0.05\nrule = "add"\n'
)


def test_the_tariff_of_a_group_is_shown_before_and_after():
    deal = read_deal(DEAL + EU, world=WORLD)
    (effect,) = [notice for notice in ac.check(deal, world=WORLD).tariffs if notice.package == "eu"]
    bought = WORLD.flows[[WORLD.region_index(name) for name in ("DEU", "FRA")], 1, 1]
    assert effect.trade == pytest.approx(bought.sum())
    assert effect.after == pytest.approx(effect.before + 0.05)


def test_a_tariff_of_a_group_on_what_no_member_buys_is_told():
    flows = WORLD.flows.copy()
    flows[3, 1, :] = 0.0  # Germany buys nothing of Korea, France does
    assert idle_in(flows) == []
    flows[4, 1, :] = 0.0
    (notice,) = idle_in(flows)
    assert notice.path == "package[2].clause[1]"


def idle_in(flows):
    count = flows.shape[1:]
    world = World.from_arrays(
        WORLD.regions,
        WORLD.sectors,
        flows=flows,
        tariff=WORLD.tariff,
        value_added_share=np.ones(count),
        input_share=np.zeros((*count, count[1])),
        elasticity=np.full(count[1], 4.0),
        base_year=2024,
    )
    deal = read_deal(DEAL + EU, world=world)
    return [
        notice for notice in find_idle_tariffs(deal, world) if "covers no trade" in notice.message
    ]


@pytest.mark.parametrize(("second", "clashes"), [("DEU", True), ("JPN", False)])
def test_a_member_contradicts_its_group(second, clashes):
    other = (
        f'[[package.clause]]\nkind = "tariff"\nimporter = "{second}"\nexporters = ["KOR"]\n'
        'products = ["motor_vehicles"]\nrate = 0.1\nrule = "level"\n'
    )
    for world in (WORLD, None):
        for text in (DEAL + EU + other, DEAL + EU.replace('"EU"', f'"{second}"') + other.replace(
            f'importer = "{second}"', 'importer = "EU"'
        )):  # fmt: skip
            if clashes:
                with pytest.raises(ac.InputError, match=r"contradicts package\[2\]\.clause"):
                    read_deal(text, world=world)
            else:
                assert read_deal(text, world=world).name


def test_the_how_to_is_a_deal_that_charges_what_it_says():
    """Its blocks, below a head, make a file without a doubt but that of the law that was voided."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-deal.md"
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    head = (
        'schema = 1\nname = "swiss"\ntitle = "Swiss"\nparties = ["USA", "CHE"]\nprice_year = 2024\n'
        'include = "us-tariffs"\n[[source]]\nid = "statement"\ntitle = "Joint statement"\n'
        'grade = "A"\n[assessment]\nevaluate_on = 2025-12-01\n'
        "removal = { low = 0.0, mode = 0.0, high = 0.0 }\n"
    )
    world = load_world()
    checked = ac.check(read_deal("\n".join([head, *blocks]), world=world), world=world)
    assert ["void" in notice.message for notice in checked.notices] == [True]
    threat, signed = checked.tariffs
    assert signed.before == threat.after == pytest.approx(threat.before + 0.39, abs=0.005)
    assert 0.15 < signed.after < 0.17  # all in, and what stands on other laws
