"""What each choice of method does to the verdict of a shipped case, one choice after another.

`uv run python -m tests.cases.choices [CASE ...]` prints the table that `docs/validation.md` holds.
Every row keeps the choices of the rows above it; the last is the verdict as it is.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from accord.assessment.assess import assess
from accord.assessment.settings import AssessSettings
from accord.assessment.valuation.uncertainty import Inputs
from accord.assessment.valuation.valuation import Valuation, build_valuation, with_surface
from accord.assessment.valuation.welfare.node_cache import NodeCache
from accord.cases.shipped import case_names
from accord.deal.deal import SIGNED
from accord.deal.load import load_deal

PATHS = 2000
NEITHER = {"removal": 0.0, "rebuilding": 0.0, "risk_premium": 0.0, "credit_spread": 0.0}


def rows_of(valuation: Valuation) -> Iterator[tuple[str, Valuation, Inputs]]:
    """Yield each choice with the valuation and the inputs that make it."""
    centre = valuation.centre
    at_once = replace(valuation, solvers=valuation.solvers[-1:])
    before = centre.with_values(**NEITHER)
    first = before.with_values(weights=np.eye(centre.weights.shape[1])[0])
    yield "the world's own set of elasticities", at_once, first
    yield "the mean over all sets", at_once, before
    yield "trade answers slowly", valuation, before
    slow = {name: value for name, value in NEITHER.items() if name != "removal"}
    yield "tariffs may be removed", valuation, centre.with_values(**slow)
    priced = {name: NEITHER[name] for name in ("risk_premium", "credit_spread")}
    yield "tariffs may be set anew", valuation, centre.with_values(**priced)
    yield "risk has a price", valuation, centre


def write_case(case: str) -> str:
    """Return the table of a case: present value of the signed package to each party, bn USD."""
    deal = load_deal(case)
    settings = AssessSettings(draws=0, paths=PATHS)
    valuation = build_valuation(assess(deal, settings=settings).snapshot, NodeCache())
    package = next(package for package in valuation.packages if package.name == SIGNED)
    lines = [
        f"| {case}, `{SIGNED}` | {' | '.join(deal.parties)} |",
        "|---|" + "---|" * len(deal.parties),
    ]
    for choice, way, inputs in rows_of(valuation):
        covered = with_surface(way, inputs)
        payoffs = covered.payoffs(package, inputs, "dated", regions=deal.parties)[0].sum(axis=0)
        lines.append(f"| {choice} | {' | '.join(f'{payoff:+.1f}' for payoff in payoffs)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    for name in sys.argv[1:] or case_names():
        sys.stdout.write(f"{write_case(name)}\n\n")
