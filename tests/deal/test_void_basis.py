"""A court's ruling that a deal does not know of, or that voids what the deal charges."""

import pytest

from accord.assessment.check import check
from accord.deal.checks.void_basis import (
    find_late_tariffs,
    find_void_tariffs,
    known_rulings,
)
from accord.deal.load import load_deal, read_deal
from tests.deal.examples import DEAL, ruling_text, small_world

WORLD = small_world()
IEEPA = DEAL.replace('basis = "232"\nfrom = 2025-04-03', 'basis = "IEEPA"\nfrom = 2025-04-05')
RULING = ruling_text("IEEPA")


def test_a_file_that_knows_no_ruling_gets_the_ruling_to_add():
    deal = read_deal(IEEPA, world=WORLD)
    (notice,) = find_void_tariffs(deal)
    assert notice.path == "no_deal.clause[1]"
    assert "2026-02-20, when the Supreme Court held" in notice.message
    assert 'basis = "IEEPA", from = 2026-02-20' in notice.remedy
    assert notice in check(deal, world=WORLD).notices


def test_the_remedy_is_the_end_of_it():
    assert list(find_void_tariffs(read_deal(IEEPA + RULING, world=WORLD))) == []


def test_tariffs_that_end_before_the_ruling_or_rest_on_another_basis_are_left_alone():
    ended = IEEPA.replace("from = 2025-04-05", "from = 2025-04-05\nuntil = 2026-02-19")
    assert list(find_void_tariffs(read_deal(ended, world=WORLD))) == []
    assert list(find_void_tariffs(read_deal(DEAL, world=WORLD))) == []


def test_clauses_that_are_void_on_the_day_of_evaluation_are_named():
    late = IEEPA.replace("[no_deal]", "[assessment]\nevaluate_on = 2026-07-01\n[no_deal]", 1)
    (notice,) = find_void_tariffs(read_deal(late + RULING, world=WORLD))
    assert notice.path == "no_deal.clause[1]"
    assert "void since 2026-02-20: nothing of it is charged on 2026-07-01" in notice.message


def test_a_tariff_that_begins_after_the_ruling_is_never_charged():
    late = IEEPA.replace("from = 2025-04-05", "from = 2026-06-01")
    deal = read_deal(late + RULING, world=WORLD)
    (notice,) = find_late_tariffs(deal)
    assert notice.path == "no_deal.clause[1]"
    assert "void since 2026-02-20" in notice.message
    assert notice in check(deal, world=WORLD).notices
    assert list(find_late_tariffs(read_deal(IEEPA + RULING, world=WORLD))) == []


def test_a_package_without_the_background_does_not_know_its_ruling():
    text = (IEEPA + RULING).replace("[no_deal]", "[no_deal]\nbackground = false", 1)
    (notice,) = find_void_tariffs(read_deal(text, world=WORLD))
    assert notice.message.startswith("no_deal has 1 tariff ")


@pytest.mark.parametrize("case", ["us-korea-2025", "us-japan-2025"])
def test_the_shipped_cases_know_every_ruling(case):
    assert list(find_void_tariffs(load_deal(case))) == []
    assert len(known_rulings()) >= 1
