"""Bad input: everything told at once, each with a remedy."""

import re
from dataclasses import replace

import numpy as np
import pytest

from accord.core.errors import InputError
from accord.markets.config import MarketConfig
from accord.markets.plan import (
    DemandMoments,
    Duties,
    Horizon,
    ProductCosts,
    Relocation,
)
from accord.markets.solver import solve_market
from tests.markets.plans import few, made, random_plan


def told(plan):
    with pytest.raises(InputError) as error:
        solve_market(plan)
    assert all(problem.remedy for problem in error.value.problems), error.value
    return {problem.path: str(problem) for problem in error.value.problems}


PLAN = random_plan()
UNITS = made(PLAN)
CASES = {
    "shares above one": (few(2, share=0.6), "share", "larger potential market"),
    "nobody buys": (few(2, share=0.0), "share[0]", "drop the product"),
    "no price": (few(price=-3.0), "price[0]", "positive"),
    "no market": (replace(PLAN, size=0.0), "size", "all who might buy"),
    "labels": (replace(PLAN, country=["abroad"]), "country", "one each"),
    "negative margins": (replace(PLAN, demand=DemandMoments(mean_markup=-0.1,
                         segment_correlation=0.5)), "demand.mean_markup", "loses money"),
    "positive elasticity": (replace(PLAN, demand=DemandMoments(own_elasticity=5.0,
                            segment_correlation=0.5)), "demand.own_elasticity", "write -5"),
    "both moments": (replace(PLAN, demand=DemandMoments(-5.0, 0.2, 0.5)),
                     "demand.own_elasticity", "Give one"),
    "no correlation": (replace(PLAN, demand=DemandMoments(-5.0)),
                       "demand.segment_correlation", "Give one"),
    "correlation of one": (replace(PLAN, demand=DemandMoments(-5.0, None, 1.0)),
                           "demand.segment_correlation", "less than one"),
    "groups that are not": (replace(PLAN, demand=DemandMoments(-5.0, None, 0.3, 0.5)),
                            "demand.group_correlation", "origin or brand"),
    "groups less alike": (replace(PLAN, group=PLAN.country, demand=DemandMoments(
                          -5.0, None, 0.6, 0.5)), "demand.group_correlation", "at least as alike"),
    "too much diversion": (replace(PLAN, demand=DemandMoments(-5.0, outside_diversion=0.9)),
                           "demand.outside_diversion", "larger potential market"),
    "an elasticity that implies negative cost": (
        replace(PLAN, demand=DemandMoments(-0.8, None, 0.5)),
        "price[maker 0 segment 0 origin 0]", "own elasticity below"),
    "a markup that implies negative cost": (
        replace(PLAN, demand=DemandMoments(None, 0.9, 0.5)), "price[maker 0 segment 0 origin 0]",
        "lower mean markup"),
    "a maker without a plant": (
        replace(PLAN, plants={plant: 100.0 for plant in UNITS if plant[0] != "maker 1"}),
        "plants[maker 1, origin 0]", "has no plant there"),
    "capacity below today's": (
        replace(PLAN, plants=UNITS | {("maker 1", "origin 0"): 0.5 * UNITS["maker 1", "origin 0"]}),
        "plants[maker 1, origin 0]", "at least what is made today"),
    "a plant of no size": (replace(PLAN, plants=UNITS | {("maker 9", "origin 0"): 0.0}),
                           "plants[maker 9, origin 0]", "leave the plant out"),
    "an origin nobody sells from": (replace(PLAN, after=Duties(product={"orgin 1": 0.2})),
                                    "after.product[orgin 1]", "origin 1"),
    "a rate in per cent": (replace(PLAN, after=Duties(product={"origin 1": 250.0})),
                           "after.product[origin 1]", "did you mean 2.5"),
    "no rate": (replace(PLAN, after=Duties(product={"origin 1": np.nan})),
                "after.product[origin 1]", "fraction"),
    "a quota of an unknown origin": (replace(PLAN, after=Duties(quota={"origin 7": 3.0})),
                                     "after.quota[origin 7]", "origin"),
    "a quota before": (replace(PLAN, before=Duties(quota={"origin 1": 30.0})), "before.quota",
                       "Leave it out"),
    "a rate beyond without a quota": (
        replace(PLAN, after=Duties(over_quota={"origin 1": 0.5})), "after.over_quota[origin 1]",
        "units a year"),
    "a rate beyond that is below": (
        replace(PLAN, after=Duties(product={"origin 1": 0.3}, quota={"origin 1": 1.0},
                                   over_quota={"origin 1": 0.2})),
        "after.over_quota[origin 1]", "at least"),
    "a rate beyond in per cent": (
        replace(PLAN, after=Duties(quota={"origin 1": 1.0}, over_quota={"origin 1": 275.0})),
        "after.over_quota[origin 1]", "did you mean 2.75"),
    "rights sold twice": (replace(PLAN, after=Duties(auctioned=2.0)), "after.auctioned", "share"),
    "an offset": (replace(PLAN, after=Duties(offset=3.75)), "after.offset", "0.0375"),
    "parts": (replace(PLAN, costs=ProductCosts(parts_share=np.ones((3, 2)))),
              "costs.parts_share", "Rows are products"),
    "parts above one": (replace(PLAN, costs=ProductCosts(parts_share=np.full((36, 3), 0.5))),
                        "costs.parts_share", "over the value at the gate"),
    "customs value": (replace(PLAN, costs=ProductCosts(customs_share=1.4)), "costs.customs_share",
                      "between zero and one"),
    "shape": (replace(PLAN, costs=ProductCosts(customs_share=[0.5, 0.6])), "costs.customs_share",
              "one a product"),
    "passthrough": (replace(PLAN, horizon=Horizon(passthrough=2.0)), "horizon.passthrough",
                    "share of the way"),
    "limits without prices": (replace(PLAN, plants=UNITS, horizon=Horizon(passthrough=0.0)),
                              "horizon.passthrough", "only prices"),
    "stocks": (replace(PLAN, horizon=Horizon(stock=1.5)), "horizon.stock", "between"),
    "spread": (replace(PLAN, horizon=Horizon(relocation=Relocation(spread=0.0))),
               "horizon.relocation.spread", "above zero"),
    "draws": (replace(PLAN, demand=DemandMoments([-5.0, -6.0], None, [0.4, 0.5, 0.6])), "draws",
              "one number a draw"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_with_its_remedy(name):
    plan, path, words = CASES[name]
    problems = told(plan)
    assert path in problems, problems
    assert words in problems[path]


def test_all_is_told_at_once_and_like_slips_once():
    plan = replace(
        PLAN, demand=DemandMoments(own_elasticity=3.0, segment_correlation=2.0),
        after=Duties(product={"moon": 0.1}), plants={("maker 0", "origin 0"): 0.001},
    )  # fmt: skip
    problems = told(plan)
    assert {"demand.own_elasticity", "demand.segment_correlation", "after.product[moon]",
            "plants[maker 0, origin 0]"} <= set(problems)  # fmt: skip
    assert "and 6 more like it" in str(problems)


def test_the_elasticity_that_is_proposed_works():
    problems = told(replace(PLAN, demand=DemandMoments(-0.8, None, 0.5)))
    (lowest,) = re.findall(r"below (-[\d.]+)", problems["price[maker 0 segment 0 origin 0]"])
    solve_market(
        replace(PLAN, after=Duties(), demand=DemandMoments(float(lowest) - 0.02, None, 0.5))
    )


@pytest.mark.parametrize("wrong", [{"tolerance": 1.0}, {"max_steps": 0}])
def test_a_configuration_is_checked(wrong):
    with pytest.raises(InputError):
        MarketConfig(**wrong)
