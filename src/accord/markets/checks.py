"""What is wrong with a market plan, all at once, each with its remedy."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from accord.core.boundary.conversion import read_array
from accord.core.errors import Problem
from accord.core.rates import check_per_cent
from accord.core.words import propose
from accord.markets.calibration import calibrate, mean_diversion, observed_shares
from accord.markets.equations import Nesting
from accord.markets.plan import Duties, MarketPlan
from accord.markets.tree import plant_tree

MOST_SHOWN = 5
ROUNDING = 1e-9  # of a plant: today's units may exceed what it can make by less
LOW, HIGH = -1e-12, 1.0 + 1e-12
SHARE = (LOW, HIGH)
MARKUP = (
    "A markup is a share of the price: write 0.2 for 20 %. A product that loses money on every "
    "unit has no place in Bertrand's game"
)


def check_plan(plan: MarketPlan) -> list[Problem]:
    """Return everything wrong with a plan; what follows from calibrating it once the rest holds."""
    problems = [*_check_products(plan)]
    if problems:  # nothing else can be told of products that are not there
        return problems
    problems += [*_check_demand(plan), *_check_ranges(plan), *_check_duties(plan)]
    problems += [*_check_plants(plan), *_check_draws(plan)]
    return problems or [*_check_diversion(plan)] or [*_check_costs(plan)]


def count_draws(plan: MarketPlan) -> int:
    """Return the number of draws of a plan; zero if every number is a single one."""
    return max((count for _, count in _draws_of(plan)), default=0)


def name_product(plan: MarketPlan, at: int) -> str:
    """Return maker, segment and origin of a product."""
    return f"{plan.maker[at]} {plan.segment[at]} {plan.country[at]}"


def _check_products(plan: MarketPlan) -> Iterator[Problem]:
    count = len(plan.maker)
    if plan.share.shape != (count,) or not count:
        yield Problem("share", f"has shape {plan.share.shape} for {count} products",
                      "Give each product a share, a price, a maker and an origin")  # fmt: skip
        return
    for name in ("segment", "country", "price", "group"):
        value = getattr(plan, name)
        if value is not None and len(value) != count:
            yield Problem(name, f"has {len(value)} entries for {count} products", "Give one each")
    size: Any = plan.size
    if np.ndim(size) or isinstance(size, str) or not np.isfinite(size) or size <= 0:
        yield Problem("size", f"{plan.size} is no number of units", "Give all who might buy")
    for name in ("share", "price"):
        value = getattr(plan, name)
        bad = np.flatnonzero(~(np.isfinite(value) & (value > 0)))
        yield from _first([
            Problem(f"{name}[{at}]", f"is {value[at]:g}", "Give a positive number, or drop the "
                    "product: what nobody buys has no place in a logit")
            for at in bad.tolist()
        ])  # fmt: skip
    total = float(plan.share.sum())
    if total >= 1:
        yield Problem("share", f"shares add to {total:.4g}",
                      "They are shares of all who might buy, those who buy nothing included: "
                      "divide units by a larger potential market")  # fmt: skip


def _check_demand(plan: MarketPlan) -> Iterator[Problem]:
    demand = plan.demand
    pairs = (("own_elasticity", "mean_markup"), ("segment_correlation", "outside_diversion"))
    for pair in pairs:
        given = [name for name in pair if getattr(demand, name) is not None]
        if len(given) != 1:
            said = "both are given" if given else "neither is given"
            yield Problem(f"demand.{pair[0]}", f"{said}: {pair[0]} and {pair[1]}", "Give one")
    ranges = (
        ("own_elasticity", (-np.inf, 0.0), "An own-price elasticity is negative: write -5"),
        ("mean_markup", (0.0, 1.0), MARKUP),
        ("segment_correlation", (LOW, 1.0), "Give zero or more, and less than one"),
        ("group_correlation", (LOW, 1.0), "Give zero or more, and less than one"),
        ("outside_diversion", (0.0, 1.0), "Give the share of lost buyers who buy nothing"),
    )  # fmt: skip
    for name, bounds, remedy in ranges:
        yield from _check_range(f"demand.{name}", getattr(demand, name), bounds, remedy)
    if demand.group_correlation is not None and plan.group is None:
        yield Problem("demand.group_correlation", "is given but products have no group",
                      "Give `group`, such as the origin or brand of each product")  # fmt: skip
    both = (demand.group_correlation, demand.segment_correlation)
    if all(value is not None for value in both) and _is_numeric(*both):
        inner, outer = (np.atleast_1d(np.asarray(value, dtype=float)) for value in both)
        if inner.shape == outer.shape and np.any(inner < outer):
            yield Problem("demand.group_correlation", "is below that of the segment",
                          "Products of a group are at least as alike as of a segment")  # fmt: skip


def _check_ranges(plan: MarketPlan) -> Iterator[Problem]:
    costs, horizon = plan.costs, plan.horizon
    share = "Give a share between zero and one"
    yield from _check_range("costs.customs_share", costs.customs_share, SHARE, share)
    yield from _check_range("costs.exempt_share", costs.exempt_share, SHARE, share)
    for name in ("customs_share", "exempt_share"):
        yield from _check_shape(f"costs.{name}", getattr(costs, name), len(plan.maker))
    yield from _check_shape("horizon.passthrough", horizon.passthrough, len(plan.maker))
    low = 0.0 if _has_limits(plan) else LOW
    remedy = "Give a share of the way, at most one" + (
        "; above zero, because only prices can keep units within plants and quotas" if not low
        else ""
    )  # fmt: skip
    yield from _check_range("horizon.passthrough", horizon.passthrough, (low, HIGH), remedy)
    for name in ("stock", "dealer_share"):
        yield from _check_range(f"horizon.{name}", getattr(horizon, name), SHARE, share)
    if horizon.relocation is not None:
        for name in ("premium", "pace", "delay", "years", "spread"):
            path, floor = f"horizon.relocation.{name}", 0.0 if name == "spread" else LOW
            remedy = "Give a number above zero" if name == "spread" else "Give zero or more"
            yield from _check_range(
                path, getattr(horizon.relocation, name), (floor, np.inf), remedy
            )
    if costs.parts_share is not None:
        yield from _check_parts(plan)


def _check_parts(plan: MarketPlan) -> Iterator[Problem]:
    problems: list[Problem] = []
    array = read_array("costs.parts_share", plan.costs.parts_share, problems)
    yield from problems
    if array is None:
        return
    shape = (len(plan.maker), len(plan.countries))
    if array.shape[-2:] != shape or array.ndim not in (2, 3):
        yield Problem("costs.parts_share", f"has shape {array.shape}, not {shape}",
                      f"Rows are products, columns {', '.join(plan.countries)}")  # fmt: skip
    elif not np.all(np.isfinite(array)) or array.min() < 0 or array.sum(axis=-1).max() > 1 + 1e-9:
        yield Problem("costs.parts_share", "has negative shares, or some that add to more than one",
                      "Give imported parts over the value at the gate")  # fmt: skip


def _check_duties(plan: MarketPlan) -> Iterator[Problem]:
    for when in ("before", "after"):
        duties: Duties = getattr(plan, when)
        yield from _check_rates(
            f"{when}.product", duties.product, tuple(dict.fromkeys(plan.country))
        )
        yield from _check_rates(f"{when}.parts", duties.parts, plan.countries)
        yield from _check_range(f"{when}.offset", duties.offset, SHARE,
                                "Give a share of the price, such as 0.0375")  # fmt: skip
        for place, units in duties.quota.items():
            if place not in plan.country:
                yield Problem(f"{when}.quota[{place}]", "no product comes from there",
                              propose(place, plan.countries))  # fmt: skip
            if not units > 0:
                yield Problem(f"{when}.quota[{place}]", f"is {units:g}", "Give units above zero")
        yield from _check_range(f"{when}.auctioned", duties.auctioned, SHARE,
                                "Give the share of rights that the Treasury sells")  # fmt: skip
        yield from _check_rates(f"{when}.over_quota", duties.over_quota, tuple(plan.country))
        yield from _check_beyond(when, duties)
        if when == "before" and duties.quota:
            yield Problem("before.quota", "is not taken into account",
                          "Leave it out: prices before are taken as observed")  # fmt: skip


def _check_beyond(when: str, duties: Duties) -> Iterator[Problem]:
    """Yield a problem for each rate beyond a quota that is not there, or that is below it."""
    for place, rate in duties.over_quota.items():
        where = f"{when}.over_quota[{place}]"
        if place not in duties.quota:
            yield Problem(where, "has no quota", f"Give {when}.quota[{place}], units a year")
        within = duties.product.get(place, 0.0)
        if _is_numeric(rate, within) and np.any(np.asarray(rate) < np.asarray(within)):
            yield Problem(where, "is below the rate within the quota",
                          f"Give at least after.product[{place}]")  # fmt: skip


def _check_rates(path: str, rates: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[Problem]:
    for place, rate in rates.items():
        where = f"{path}[{place}]"
        if place not in known:
            yield Problem(where, "no product comes from there", propose(place, known))
        problems: list[Problem] = []
        array = read_array(where, rate, problems)
        yield from problems
        if array is not None and not np.all(np.isfinite(array) & (array > -1)):
            yield Problem(where, "is no rate above -1", "A rate is a fraction: 0.15 for 15 %")
        elif array is not None:
            yield from check_per_cent(where, np.atleast_1d(array))


def _check_plants(plan: MarketPlan) -> Iterator[Problem]:
    if plan.plants is None:
        return
    made: dict[tuple[str, str], float] = {}
    for maker, place, share in zip(plan.maker, plan.country, plan.share.tolist(), strict=True):
        made[maker, place] = made.get((maker, place), 0.0) + share * plan.size
    missing = [plant for plant in made if plant not in plan.plants]
    yield from _first([
        Problem(f"plants[{maker}, {place}]", f"{maker} sells what is built in {place} but has no "
                "plant there", "Name the plant with its capacity, or `float('inf')`, or drop the "
                "product")
        for maker, place in missing
    ])  # fmt: skip
    for plant, capacity in plan.plants.items():
        units = made.get(plant, 0.0)
        where = f"plants[{plant[0]}, {plant[1]}]"
        if not capacity > 0:
            yield Problem(
                where, f"is {capacity:g}", "Give units a year above zero, or leave the plant out"
            )
        elif units > capacity * (1 + ROUNDING):
            yield Problem(where, f"can make {capacity:.6g} units, and {units:.6g} were sold",
                          "Give at least what is made today: capacity counts the market's units "
                          "alone")  # fmt: skip


def _check_draws(plan: MarketPlan) -> Iterator[Problem]:
    counts = [(path, count) for path, count in _draws_of(plan) if count > 1]
    if len({count for _, count in counts}) > 1:
        said = ", ".join(f"{path} {count}" for path, count in counts)
        yield Problem("draws", f"are not of equal number: {said}", "Give one number a draw each")


def _check_diversion(plan: MarketPlan) -> Iterator[Problem]:
    """Yield a problem where more is to leave the market than the plain logit allows."""
    wanted = plan.demand.outside_diversion
    if wanted is None:
        return
    tree = plant_tree(*plan.nests)
    base = observed_shares(plan.share[tree.order, None], tree)
    plain = Nesting(np.ones(1), np.ones(1), np.ones(1))
    most = float(mean_diversion(base, plain, tree)[0])
    if float(np.max(np.asarray(wanted))) > most:
        yield Problem("demand.outside_diversion",
                      f"is above {most:.4f}, what the plain logit gives at these shares",
                      "Give less, or a larger potential market: lost buyers leave the market in "
                      "proportion to those outside it")  # fmt: skip


def _check_costs(plan: MarketPlan) -> Iterator[Problem]:
    """Yield a problem for each product whose implied marginal cost is not positive."""
    model = calibrate(plan)
    margin = ((model.price - model.cost) / model.price).max(axis=1)
    if margin.max() < 1:
        return
    if plan.demand.own_elasticity is not None:
        lowest = float(np.max(np.asarray(plan.demand.own_elasticity))) * float(margin.max())
        remedy = f"Give an own elasticity below {lowest:.3g}, or markups of their own"
    else:
        remedy = "Give a lower mean markup, or a lower correlation within segments"
    places = [int(model.tree.order[row]) for row in np.flatnonzero(margin >= 1)]
    yield from _first([
        Problem(f"price[{name_product(plan, at)}]", "demand implies a marginal cost of zero or "
                "less", remedy)
        for at in places
    ])  # fmt: skip


def _draws_of(plan: MarketPlan) -> Iterator[tuple[str, int]]:
    """Yield where numbers are by draw, and how many there are."""
    relocation = plan.horizon.relocation
    single: dict[str, Any] = {f"demand.{name}": getattr(plan.demand, name) for name in
                              plan.demand.__dataclass_fields__}  # fmt: skip
    for name in ("stock", "dealer_share"):
        single[f"horizon.{name}"] = getattr(plan.horizon, name)
    for name in relocation.__dataclass_fields__ if relocation is not None else ():
        single[f"horizon.relocation.{name}"] = getattr(relocation, name)
    for when in ("before", "after"):
        duties: Duties = getattr(plan, when)
        single[f"{when}.offset"] = duties.offset
        single[f"{when}.auctioned"] = duties.auctioned
        for kind in ("product", "parts", "over_quota"):
            for place, rate in getattr(duties, kind).items():
                single[f"{when}.{kind}[{place}]"] = rate
    for path, value in single.items():
        if value is not None and np.ndim(value) == 1:
            yield path, len(value)
    wide = {"costs.customs_share": plan.costs.customs_share,
            "costs.exempt_share": plan.costs.exempt_share,
            "horizon.passthrough": plan.horizon.passthrough}  # fmt: skip
    for path, value in wide.items():
        if np.ndim(value) == 2:
            yield path, len(value)  # type: ignore[arg-type]
    if plan.costs.parts_share is not None and np.ndim(plan.costs.parts_share) == 3:
        yield "costs.parts_share", len(plan.costs.parts_share)


def _has_limits(plan: MarketPlan) -> bool:
    """Whether a plant or a quota is finite."""
    return any(np.isfinite([*(plan.plants or {}).values(), *plan.after.quota.values()]))


def _check_shape(path: str, value: Any, count: int) -> Iterator[Problem]:
    shape = np.shape(value)
    if shape and shape[-1] not in (1, count):
        yield Problem(path, f"has shape {shape} for {count} products",
                      "Give a number, one a product, or rows of draws")  # fmt: skip


def _check_range(
    path: str, value: Any, bounds: tuple[float, float], remedy: str
) -> Iterator[Problem]:
    """Yield a problem if a number, or any of several, is not strictly between two bounds."""
    if value is None:
        return
    problems: list[Problem] = []
    array = read_array(path, value, problems)
    yield from problems
    if array is None:
        return
    wrong = ~(np.isfinite(array) & (array > bounds[0]) & (array < bounds[1]))
    if wrong.any():
        yield Problem(path, f"is {np.atleast_1d(array)[np.atleast_1d(wrong)].flat[0]:g}", remedy)


def _is_numeric(*values: Any) -> bool:
    problems: list[Problem] = []
    return all(read_array("", value, problems) is not None for value in values)


def _first(problems: list[Problem]) -> list[Problem]:
    """Return the first few of one kind, and how many more there are."""
    more = len(problems) - MOST_SHOWN
    if more <= 0:
        return problems
    last = problems[MOST_SHOWN - 1]
    return [*problems[:MOST_SHOWN], Problem(last.path, f"and {more} more like it", last.remedy)]
