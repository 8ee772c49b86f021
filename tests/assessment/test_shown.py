"""What results show of themselves: one short line, and HTML in a notebook."""

import numpy as np
import pytest

import accord as ac
from accord.assessment.names import package_in_focus
from accord.bargaining.plan import BargainingProblem
from accord.bargaining.solver import solve_bargain
from accord.bargaining.zone import find_zone
from tests.assessment.verdicts import small_result


def shown() -> dict[str, object]:
    result = small_result()
    package = result.result("deal")
    bargain = result.bargain(terms=False)
    problem = BargainingProblem.from_packages(
        np.array([[3.0, 1.0], [1.0, 2.0]]), np.zeros(2), parties=("A", "B"), names=("x", "y")
    )
    agreement, zone = solve_bargain(problem, "nash"), find_zone(problem)
    tree = result.explain("payoff", "KOR", package="deal")
    return {
        "assessment": result, "verdict": result.verdict, "package": package, "bargain": bargain,
        "comparison": ac.compare(result), "explanation": tree, "leaf": tree.children[0],
        "world": result.world, "deal": result.deal, "model": result.model,
        "trade": package.solution, "trade value": package.solution.value,
        "finance": package.finance[0].solution, "finance value": package.finance[0].solution.value,
        "external": package.external[0].solution,
        "external value": package.external[0].solution.value,
        "agreement": agreement, "agreed": agreement.value, "zone": zone, "zone value": zone.value,
        "snapshot": result.snapshot, "data": result.data, "cache": result.cache,
        "valuation": result.valuation, "inputs": result.verdict.inputs,
        "sensitivity": result.verdict.sensitivity, "shock": ac.TradeShock(),
    }  # fmt: skip


@pytest.fixture(scope="module")
def objects() -> dict[str, object]:
    return shown()


INTERNAL = {"data", "cache"}
HOLDS_RESULTS = ("assessment", "verdict", "bargain", "comparison", "explanation", "world")


def test_every_public_object_shows_itself_in_one_short_line(objects):
    for name, thing in objects.items():
        line = repr(thing)
        assert len(line) < 200, name
        assert "\n" not in line, name
        assert type(thing).__name__ in line, name
        if name not in INTERNAL:
            html = thing._repr_html_()
            assert html.startswith("<"), name
            assert len(html) < 50_000, name


@pytest.mark.parametrize("name", HOLDS_RESULTS)
def test_what_holds_results_has_a_summary(objects, name):
    assert "\n" in objects[name].summary()


def test_the_summary_leads_with_the_verdict_of_the_package_in_focus():
    result = small_result()
    lines = result.summary().splitlines()
    focus = package_in_focus(result.deal)
    payoffs = dict(zip(result.verdict.regions, result.verdict.payoff(focus), strict=True))
    assert lines[0] == result.deal.title
    assert lines[1].startswith(f"{focus}: ")
    for party in result.deal.parties:
        verb = "gains" if payoffs[party] > 0 else "loses"
        assert f"{party} {verb} {abs(payoffs[party]):.1f} bn USD" in lines[1]
    assert "in present value over 12 years" in lines[1]
    assert result.verdict.summary() in result.summary()


def test_a_central_value_outside_its_interval_is_marked():
    from dataclasses import replace

    verdict = small_result().verdict
    assert verdict.is_inside("deal").all()
    assert "*" not in verdict.summary()
    moved = replace(verdict, sample={key: draws + 1000.0 for key, draws in verdict.sample.items()})
    assert not moved.is_inside("deal").any()
    assert "* The central value lies outside" in moved.summary()
