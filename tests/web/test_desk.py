"""Central figures of drafts: those of an assessment, and estimates that tell their error."""

import copy
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from accord.assessment.assess import assess
from accord.core.errors import InputError
from accord.data.store import load_world
from accord.deal.load import read_deal
from accord.deal.terms.terms import terms_of
from accord.web.desk.desk import Desk
from accord.web.desk.estimates import TermCurve, estimate, places_of
from accord.web.desk.pricing import MOST_COMPILED, Pricing
from accord.web.drafts.draft import Draft
from accord.web.workbench import edits
from tests.flagship import SETTINGS, flagship
from tests.web.opened import CASE, shared_desk

pytestmark = pytest.mark.first


def moved_draft(**terms):
    priced = shared_desk().open(Draft(CASE))
    return edits.move_terms(Draft(CASE), priced.deal, "signed", terms)


@pytest.mark.parametrize("package", ["signed", "korea_counter", "us_demand"])
def test_figures_are_those_of_an_assessment(package):
    figures = shared_desk().work_out(shared_desk().open(Draft(CASE)), package)
    verdict = flagship().verdict
    central = verdict.central["dated"][verdict.packages.index(package)]
    assert figures.components == pytest.approx(central, rel=1e-9, abs=1e-9)


def test_figures_of_a_moved_term_are_those_of_the_saved_file():
    draft = moved_draft(cars=0.25, cash=150e9)
    figures = shared_desk().work_out(shared_desk().open(draft), "signed")
    result = assess(read_deal(draft.text), settings=replace(SETTINGS, draws=0))
    central = result.verdict.central["dated"][result.packages.index("signed")]
    assert figures.components == pytest.approx(central, rel=1e-9, abs=1e-9)
    base = shared_desk().work_out(shared_desk().open(Draft(CASE)), "signed")
    assert abs(figures.payoff("KOR") - base.payoff("KOR")) > 1.0


def test_a_moved_term_changes_the_clause_it_stands_for_and_nothing_else():
    draft = moved_draft(cars=0.25)
    (change,) = draft.changes
    assert change[0][-1] == "rate"
    assert change[1] == 0.25
    back = edits.move_terms(draft, shared_desk().open(draft).deal, "signed", {"cars": 0.15})
    assert back.changes == ()


def test_the_thread_answers_what_is_asked_and_estimates_terms_between_solved_values(monkeypatch):
    cars = [entry for entry in terms_of(flagship().deal, "signed") if entry.name == "cars"]
    monkeypatch.setattr("accord.web.desk.desk.terms_of", lambda *_: tuple(cars))
    desk = Desk(SETTINGS)
    priced = desk.open(Draft(CASE))
    anchor = desk.anchor(priced, "signed")
    assert desk.estimate(anchor, {**anchor.now, "cars": 0.2}) is None
    wait_for(lambda: desk.ask(priced, "signed") is not None)
    wait_for(lambda: "cars" in anchor.curves)
    guess = desk.estimate(anchor, {**anchor.now, "cars": 0.2})
    assert guess is not None
    exact = shared_desk().work_out(shared_desk().open(moved_draft(cars=0.2)), "signed")
    at = priced.regions.index("KOR")
    off = abs(guess.components[:, at].sum() - exact.payoff("KOR"))
    assert off <= max(guess.error[at], 0.05)


def wait_for(done, seconds=3000):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the desk does not answer"
        time.sleep(0.1)


def test_what_terms_do_is_not_worked_out_for_pages_that_were_left(monkeypatch):
    desk = Desk(SETTINGS)
    planned, solved = [], []
    monkeypatch.setattr(desk, "_put", lambda _rank, _key, work: planned.append(work))
    monkeypatch.setattr(desk, "_load", lambda: None)
    priced = shared_desk().open(Draft(CASE))
    anchor = desk.anchor(priced, "signed")
    pricing = SimpleNamespace(components=lambda *_: solved.append(1))
    monkeypatch.setitem(desk.__dict__, "_pricing", pricing)
    first, last = planned[0], planned[-1]
    first()
    assert solved == [1]
    for number in range(desk._anchors.most):
        desk._anchors.put(number, replace(anchor))
    last()
    assert solved == [1]


def test_a_package_that_cannot_be_priced_says_why_each_time():
    tables = copy.deepcopy(Draft(CASE).tables)
    tables["package"][0]["clause"][0]["rate"] = "much"
    with pytest.raises(InputError, match="rate"):
        shared_desk().open(Draft(CASE).with_tables(tables))


def curve(at, whole):
    return TermCurve(np.array(at, dtype=float), np.array(whole, dtype=float)[:, None, None])


def test_an_estimate_adds_effects_and_errors():
    curves = {"a": curve([0, 1, 2], [0, 1, 2]), "b": curve([0, 1, 2], [0, 1, 4])}
    base, now = np.array([[10.0]]), {"a": 0.0, "b": 0.0, "c": 0.0}
    guess = estimate(base, now, curves, {"a": 1.0, "b": 2.0, "c": 0.0})
    assert guess is not None
    assert guess.components[0, 0] == pytest.approx(15.0)
    assert guess.error[0] == pytest.approx(curves["b"].error[0])
    assert curves["a"].error[0] == pytest.approx(0.0)
    assert curves["b"].error[0] > 0.5
    assert estimate(base, now, curves, {**now, "c": 1.0}) is None


def test_a_term_is_solved_at_both_ends_and_where_it_stands():
    priced = shared_desk().open(Draft(CASE))
    for entry in priced.deal.terms:
        places = places_of(entry, entry.low)
        assert places[0] == entry.low
        assert places[-1] == entry.high
        assert places == sorted(set(places))


def test_a_desk_at_rest_keeps_the_equilibria_of_the_last_world_only():
    pricing: Any = Pricing(SETTINGS, load_world)
    for number in range(MOST_COMPILED + 1):
        pricing._money.put(number, number)
        pricing._studios.put(number, number)
        pricing._built += 1
    assert pricing._studios.get(1) == 1  # used last
    pricing.rest()
    assert [pricing._studios.get(number) for number in (0, 1, MOST_COMPILED)] == [None, 1, None]
    assert pricing._money.get(MOST_COMPILED) is None
    assert pricing._built == 0
    pricing.rest()
    assert pricing._studios.get(1) == 1
