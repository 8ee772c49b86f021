"""Roles are read off clauses, for any number of parties, and unions are taken apart."""

import numpy as np
import pytest

from accord.deal.clauses.tariff import Quota
from accord.deal.load import load_deal, read_deal
from accord.lowering.roles import by_member, find_roles, lead_host, lead_payer
from accord.lowering.tariff_schedule import tariff_on
from tests.assessment.parties import THREE, UNION
from tests.deal.examples import DAY, small_world, tariff_clause

WORLD = small_world()
UNION_DEAL = read_deal(UNION, world=WORLD)
THREE_DEAL = read_deal(THREE, world=WORLD)


def test_roles_are_those_of_the_clauses():
    roles = find_roles(THREE_DEAL)
    assert (roles.payers, roles.hosts) == (("JPN", "KOR"), ("USA",))
    assert (roles.setters, roles.charged) == (("USA",), ("JPN", "KOR"))
    roles = find_roles(UNION_DEAL)
    assert (roles.payers, roles.hosts) == (("EU",), ("USA",))
    assert roles.setters == ("USA", "EU")
    assert roles.charged == ("EU", "USA")


def test_the_order_of_the_parties_decides_nothing():
    turned = read_deal(THREE.replace('"USA", "JPN", "KOR"', '"KOR", "USA", "JPN"'), world=WORLD)
    ours, theirs = find_roles(turned), find_roles(THREE_DEAL)
    assert (ours.payers, ours.hosts, ours.setters) == (theirs.payers, theirs.hosts, theirs.setters)
    assert set(ours.charged) == set(theirs.charged)
    assert lead_payer(turned) == lead_payer(THREE_DEAL) == "JPN"
    assert lead_host(turned, "KOR") == "USA"


def test_where_nobody_invests_the_charged_party_leads():
    text = UNION.partition('[[package.clause]]\nkind = "investment"')[0]
    for parties in ('"USA", "EU"', '"EU", "USA"'):
        deal = read_deal(text.replace('"USA", "EU"', parties), world=WORLD)
        assert (lead_payer(deal), lead_host(deal, "EU")) == ("EU", "USA")


def test_shipped_cases_have_the_roles_everybody_knows():
    for name, payer in (("us-korea-2025", "KOR"), ("us-japan-2025", "JPN")):
        deal = load_deal(name)
        assert lead_payer(deal) == payer
        assert lead_host(deal, payer) == "USA"


def test_a_tariff_of_a_union_is_one_of_each_member_and_spares_trade_between_them():
    clause = tariff_clause(importer="EU", exporters=("all",), rate=0.2)
    after = tariff_on([clause], WORLD, DAY) - WORLD.tariff
    cars = WORLD.sectors.index("motor_vehicles")
    union = [WORLD.regions.index(name) for name in ("DEU", "FRA")]
    others = [WORLD.regions.index(name) for name in ("USA", "KOR", "JPN")]
    assert after[np.ix_(union, others)][..., cars] == pytest.approx(0.2)
    assert not after[np.ix_(union, union)].any()
    assert not after[others].any()


def test_a_quota_of_a_union_is_shared_by_what_its_members_buy():
    clause = tariff_clause(importer="EU", exporters=("USA",), rate=0.2)
    clause = clause.model_copy(update={"quota": Quota(amount=1e9)})
    parts = by_member([clause], WORLD)
    assert len(parts) == 2
    assert sum(part.quota.amount for part in parts) == pytest.approx(1e9)  # type: ignore[attr-defined]


def test_clauses_of_regions_stay_as_they_are():
    clauses = THREE_DEAL.clauses("signed")
    assert by_member(clauses, WORLD) == clauses
