"""Markets to test with, and a nested logit in levels that shares nothing with the engine."""

import numpy as np

from accord.markets.plan import DemandMoments, Duties, MarketPlan, ProductCosts

LOGIT = DemandMoments(own_elasticity=-5.0, segment_correlation=0.0)


def random_plan(*, makers=4, origins=3, segments=3, seed=1, inside=0.4, **given):
    """Return a market in which every maker sells from every origin in every segment."""
    rng = np.random.default_rng(seed)
    labels = [
        (f"maker {f}", f"segment {s}", f"origin {o}")
        for f in range(makers) for s in range(segments) for o in range(origins)
    ]  # fmt: skip
    maker, segment, origin = zip(*labels, strict=True)
    parts = rng.uniform(0.0, 0.15, (len(labels), origins))
    rates = {f"origin {o}": 0.10 + 0.05 * o for o in range(1, origins)}
    plan = {
        "maker": maker, "segment": segment, "country": origin,
        "share": inside * rng.dirichlet(np.full(len(labels), 3.0)),
        "price": rng.uniform(25.0, 60.0, len(labels)),
        "size": 40.0, "home": "origin 0",
        "demand": DemandMoments(own_elasticity=-6.0, segment_correlation=0.6),
        "costs": ProductCosts(customs_share=0.6, exempt_share=0.1, parts_share=parts),
        "after": Duties(product=rates, parts=dict.fromkeys(rates, 0.2)),
    }  # fmt: skip
    return MarketPlan(**(plan | given))


def few(count=1, *, makers=None, share=0.2, price=30.0, demand=LOGIT, **given):
    """Return a market of like products in one segment, each imported, with no duty before."""
    names = makers or [f"maker {at}" for at in range(count)]
    count = len(names)
    return MarketPlan(
        maker=tuple(names), segment=("cars",) * count, country=("abroad",) * count,
        share=np.full(count, share), price=np.full(count, price), size=10.0, home="home",
        demand=demand, **given,
    )  # fmt: skip


def made(plan):
    """Return the units that each plant makes today."""
    units: dict[tuple[str, str], float] = {}
    for maker, place, share in zip(plan.maker, plan.country, plan.share, strict=True):
        units[maker, place] = units.get((maker, place), 0.0) + share * plan.size
    return units


class Levels:
    """The nested logit of a plan in levels of utility, by the textbook and product by product."""

    def __init__(self, plan, alpha, within, across):
        self.plan, self.alpha, self.within, self.across = plan, alpha, within, across
        self.groups = plan.group or ["all"] * len(plan.maker)
        share, outside = plan.share, 1 - plan.share.sum()
        self.delta = np.zeros(len(share))
        for at in range(len(share)):
            same = [k for k in range(len(share)) if plan.segment[k] == plan.segment[at]]
            group = [k for k in same if self.groups[k] == self.groups[at]]
            s_same, s_group = share[same].sum(), share[group].sum()
            self.delta[at] = (
                within * np.log(share[at] / s_group)
                + across * np.log(s_group / s_same)
                + np.log(s_same / outside)
                + alpha * plan.price[at]
            )

    def shares(self, price):
        """Return shares of the potential market; complex prices give derivatives."""
        plan = self.plan
        value = self.delta - self.alpha * price
        weight: dict[tuple[str, str], tuple] = {}
        for segment in dict.fromkeys(plan.segment):
            for group in dict.fromkeys(self.groups):
                inside = [
                    k for k in range(len(value))
                    if (plan.segment[k], self.groups[k]) == (segment, group)
                ]  # fmt: skip
                if inside:
                    weight[segment, group] = inside, np.exp(value[inside] / self.within)
        nests: dict[str, complex] = {}
        for (segment, _), (_, terms) in weight.items():
            nests[segment] = nests.get(segment, 0) + terms.sum() ** (self.within / self.across)
        total = 1 + sum(nest**self.across for nest in nests.values())
        share = np.zeros(len(value), dtype=complex)
        for (segment, _), (inside, terms) in weight.items():
            in_segment = terms.sum() ** (self.within / self.across) / nests[segment]
            share[inside] = terms / terms.sum() * in_segment * nests[segment] ** self.across / total
        return share

    def slopes(self, price):
        """Return the change of each share (row) with each price (column), to rounding."""
        step = 1e-30
        columns = []
        for at in range(len(price)):
            moved = price.astype(complex)
            moved[at] += 1j * step
            columns.append(self.shares(moved).imag / step)
        return np.array(columns).T

    def first_order(self, price, cost):
        """Return the derivative of each maker's profit with respect to its prices, over shares."""
        share, slopes = self.shares(price).real, self.slopes(price)
        maker = np.array(self.plan.maker)
        own = maker[:, None] == maker
        return 1 + (own * slopes.T) @ (price - cost) / share


def levels(solution):
    """Return the nested logit in levels that a solution was calibrated to."""
    nesting = solution.solved.model.nesting
    return Levels(solution.plan, *(float(part[0]) for part in nesting))
