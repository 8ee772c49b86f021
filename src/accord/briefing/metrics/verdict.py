"""The metrics of the verdict: payoff, chances of a gain, and components."""

import math
from functools import partial

from accord.briefing.document.facts import Fact
from accord.briefing.metrics.metric import Metric
from accord.briefing.view import BriefingView


def _payoff(view: BriefingView, package: str, party: str) -> Fact:
    return view.payoff(package, party).fact


def _chance(view: BriefingView, package: str, party: str) -> Fact | None:
    return chance_fact(view.payoff(package, party).chance)


def _components(names: tuple[str, ...], view: BriefingView, package: str, party: str) -> Fact:
    made_of = view.payoff(package, party).components
    return Fact(sum(made_of[name] for name in names), "bn USD")


def chance_fact(value: float) -> Fact | None:
    """Return a share of the draws as a fact, or None without draws."""
    return None if math.isnan(value) else Fact(value, "share")


# What a payoff is made of; together they add up to it.
PARTS = (
    Metric("tariffs", 40, partial(_components, ("tariff",))),
    Metric("money_out", 50, partial(_components, ("transfer",))),
    Metric("money_back", 60, partial(_components, ("profit",))),
    Metric("economy", 70, partial(_components, ("terms_of_trade", "capacity"))),
    Metric("later", 75, partial(_components, ("later",))),
    Metric("risk", 80, partial(_components, ("receipts_risk", "risk"))),
)
METRICS = (
    Metric("payoff", 10, _payoff, ranged=True),
    Metric("gains", 20, _chance, style="", decimals=0),
    *PARTS,
)
