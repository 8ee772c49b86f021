"""A bargain and a price list as plain data, ready for JSON."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from accord.assessment.bargain.concession_prices import ConcessionPrices
from accord.assessment.bargain.least_change import LeastChange
from accord.assessment.bargain.over_terms import TermBargain
from accord.assessment.bargain.result import BargainData
from accord.assessment.bargain.threats import Threat


def plain_bargain(bargain: BargainData) -> dict[str, object]:
    """Return a bargain as plain data; payoffs over no deal, bn USD of present value."""
    parties = bargain.deal.parties
    zone, chances = bargain.zone, bargain.chances
    terms = bargain.terms
    plain: dict[str, Any] = {
        "deal": bargain.deal.name,
        "unit": "bn USD of present value over no deal",
        "objective": bargain.objective,
        "parties": parties,
        "packages": {
            name: {
                "payoffs": dict(zip(parties, bargain.payoffs[at], strict=True)),
                "accepted": bool(bargain.is_accepted[at]),
                "needed": dict(zip(parties, bargain.needed[at], strict=True)),
                **({} if chances is None else {
                    "gain_chance": dict(zip(parties, chances.gains[at], strict=True)),
                    "all_gain_chance": chances.all_gain[at],
                }),
            }
            for at, name in enumerate(bargain.packages)
        },
        "zone": {
            "exists": zone.exists,
            "side_payment": zone.side_payment.amount,
            "outside": zone.side_payment.outside,
            "package": None if zone.side_payment.package is None
            else bargain.packages[zone.side_payment.package],
            **({} if chances is None else {"chance": chances.zone}),
        },
        "agreements": {
            rule: None if agreement.package is None else bargain.packages[agreement.package]
            for rule, agreement in bargain.agreements.items()
        },
        "terms": None if terms is None else _plain_terms(terms),
    }  # fmt: skip
    if bargain.threats:
        plain["threats"] = {threat.party: _plain_threat(bargain, threat)
                            for threat in bargain.threats}  # fmt: skip
    if bargain.revealed:
        plain |= _plain_objectives(bargain)
    if bargain.retaliations:
        plain["retaliation"] = [
            {
                "by": answer.by, "against": answer.against, "objective": answer.objective,
                "average_tariff": answer.average,
                "payoffs": dict(zip(parties, answer.payoffs, strict=True)),
            }
            for answer in bargain.retaliations
        ]  # fmt: skip
    if bargain.pressure is not None:
        pressure = bargain.pressure
        plain["alternating_offers"] = {
            "period_years": pressure.period,
            "agreement": dict(zip(parties, pressure.agreement, strict=True)),
            "delay": dict(zip(parties, pressure.prices.delay, strict=True)),
            "by_deadline": {
                str(left): list(paid) for left, paid in pressure.prices.by_deadline.items()
            },
        }
    return _plain(plain)  # type: ignore[no-any-return]


def _plain_threat(bargain: BargainData, threat: Threat) -> dict[str, object]:
    """Return what the tariffs of each package alone bring who threatens, and how credible it is."""
    return {
        name: {
            "tariffs_alone": float(threat.granted[at]),
            "credible": bool(threat.is_credible[at]),
            **({} if threat.chance is None else {"credible_chance": float(threat.chance[at])}),
        }
        for at, name in enumerate(bargain.packages)
    }


def _plain_objectives(bargain: BargainData) -> dict[str, object]:
    """Return what tariffs reveal, and welfare beside what governments want."""
    parties, welfare = bargain.deal.parties, bargain.welfare
    return {
        "revealed": {
            objective.party: {
                "day": objective.day.isoformat(),
                "gap": objective.gap, "gap_in_welfare": objective.gap_in_welfare,
                "sectors": {
                    sector: {"tariff": tariff, "weights": weights}
                    for sector, tariff, weights in zip(
                        objective.sectors, objective.tariff, objective.weights.T, strict=True
                    )
                },
            }
            for objective in bargain.revealed
        },
        "welfare": {} if welfare is None else {
            name: dict(zip(parties, row, strict=True))
            for name, row in zip(bargain.packages, welfare, strict=True)
        },
        "welfare_gain_chance": {} if bargain.welfare_gains is None else {
            name: dict(zip(parties, row, strict=True))
            for name, row in zip(bargain.packages, bargain.welfare_gains, strict=True)
        },
        "welfare_of_agreements": {
            rule: dict(zip(parties, row, strict=True))
            for rule, row in bargain.term_welfare.items()
        },
    }  # fmt: skip


def _plain_terms(terms: TermBargain) -> dict[str, object]:
    names, parties, made = terms.movable.names, terms.movable.parties, terms.surrogate
    zone = terms.zone

    def change(least: LeastChange) -> dict[str, object]:
        moved = {names[at]: value for at, value in zip(least.terms, least.values, strict=True)}
        return {"terms": moved, "payoffs": dict(zip(parties, least.payoffs, strict=True))}

    return {
        "package": terms.movable.package,
        "now": dict(zip(names, terms.movable.base, strict=True)),
        "zone": {
            "exists": terms.has_zone, "area": zone.area, "most_gain": list(zone.most_gain),
            "side_payment": terms.opening.amount, "outside": terms.opening.outside,
        },
        "frontier": {
            "terms": [] if terms.frontier.terms is None else terms.frontier.terms,
            "payoffs": terms.frontier.payoffs,
        },
        "agreements": {
            rule: {
                "terms": dict(zip(names, agreement.terms, strict=True)),
                "payoffs": dict(zip(parties, agreement.payoffs, strict=True)),
            }
            for rule, agreement in terms.agreements.items()
        },
        "changes": [change(single) for single in terms.changes],
        "pairs": [change(pair) for pair in terms.pairs],
        "surrogate": {
            "evaluations": made.evaluations, "seconds": made.seconds,
            "typical_error": made.typical_error, "worst_error": made.worst_error,
        },
    }  # fmt: skip


def plain_prices(prices: ConcessionPrices) -> dict[str, object]:
    """Return a price list as plain data; prices are bn USD of present value per step."""
    parties = prices.movable.parties
    plain = {
        "package": prices.movable.package,
        "unit": "bn USD of present value per step",
        "payoffs": dict(zip(parties, prices.payoffs, strict=True)),
        "terms": {
            row.entry.name: {
                "title": row.entry.title, "now": row.value, "step": row.entry.step,
                "unit": row.entry.unit,
                "price": dict(zip(parties, row.price, strict=True)),
                "one_more": dict(zip(parties, row.up, strict=True)),
                "one_less": dict(zip(parties, row.down, strict=True)),
                "bent": row.is_bent,
            }
            for row in prices.rows
        },
        "exchange": {
            party: {
                given.entry.name: {
                    taken.entry.name: rate
                    for taken, rate in zip(prices.rows, rates, strict=True)
                }
                for given, rates in zip(prices.rows, prices.exchange(at), strict=True)
            }
            for at, party in enumerate(parties)
        },
    }  # fmt: skip
    return _plain(plain)  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """Return plain data: no arrays, and nothing where there is no number."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.bool_ | bool):
        return bool(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
