"""A bargain in words, and as plain data."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from accord.assessment.bargain.concession_prices import PriceList
from accord.assessment.bargain.least_change import Change
from accord.assessment.bargain.over_terms import TermBargain
from accord.assessment.bargain.result import BargainData
from accord.bargaining.config import Rule
from accord.deal.terms.entries import TermEntry

RULE_NAMES: dict[Rule, str] = {
    "nash": "Nash",
    "kalai_smorodinsky": "Kalai–Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
}
NOTHING = 0.05  # bn USD: prints as nothing
EQUAL = 1e-6  # bn USD: what rounding leaves of a payoff of nothing


def term_text(entry: TermEntry, value: float) -> str:
    """Return the value of a term in the steps people talk in: "13 %", "171.5 bn USD".

    >>> entry = TermEntry(
    ...     name="cars",
    ...     title="the tariff on cars",
    ...     where={"kind": "tariff"},
    ...     field="rate",
    ...     low=0,
    ...     high=0.25,
    ...     step=0.01,
    ...     unit="%",
    ... )
    >>> term_text(entry, 0.12975)
    '13.0 %'
    """
    number = f"{value / entry.step:,.1f}"
    whole = abs(value / entry.step - round(value / entry.step)) < 1e-6
    return f"{number[:-2] if whole else number} {entry.unit}"


def step_text(entry: TermEntry) -> str:
    """Return one step of a term: "1 point", "1 bn USD"."""
    return "1 point" if entry.unit == "%" else f"1 {entry.unit}"


def render_bargain(bargain: BargainData) -> str:
    """Return what can be agreed on, and why not, in lines of text."""
    choosing = [_over_packages, _chances, _needed]
    if len(same_as_no_deal(bargain)) == len(bargain.packages):
        choosing = []
    lines = [bargain.deal.title, "Payoffs over no deal, bn USD of present value.", ""]
    lines += _few_packages(bargain)
    for part in (*choosing, _over_terms, _changes, _time, _walk_away):
        lines += list(part(bargain))
    return "\n".join(lines)


def same_as_no_deal(bargain: BargainData) -> tuple[str, ...]:
    """Return the packages that change no party's payoff."""
    pairs = zip(bargain.packages, bargain.payoffs, strict=True)
    return tuple(name for name, payoffs in pairs if (np.abs(payoffs) < EQUAL).all())


def _few_packages(bargain: BargainData) -> Iterator[str]:
    names, same = bargain.packages, same_as_no_deal(bargain)
    if len(names) == 1:
        yield f"The deal has only one package besides no deal, {names[0]}."
    if same:
        verb, payoffs = ("is", "its") if len(same) == 1 else ("are", "their")
        yield f"{_joined(same)} {verb} the same as no deal: {payoffs} payoffs are nil."
    if len(same) == len(names):
        yield "There is nothing to choose between."


def _over_packages(bargain: BargainData) -> Iterator[str]:
    names, parties = bargain.packages, bargain.deal.parties
    accepted = [
        name
        for name, yes in zip(names, bargain.is_accepted, strict=True)
        if yes and name not in same_as_no_deal(bargain)
    ]
    if accepted:
        picked = bargain.agreements["nash"].package
        which = "" if picked is None or len(accepted) == 1 else f" Nash picks {names[picked]}."
        yield f"Packages: {_joined(accepted)} acceptable to all.{which}"
        return
    if same_as_no_deal(bargain):
        yield "Packages: no other is acceptable to all."
        return
    yield "Packages: none on the table is acceptable to all, so there is no zone of agreement."
    payment = bargain.zone.side_payment
    name = names[payment.package or 0]
    gets = [(party, got) for party, got in zip(parties, payment.transfer, strict=True) if got > 0]
    told = _joined([f"{amount:.1f} bn USD to {party}" for party, amount in gets])
    outside = (
        f", {payment.outside:.1f} of it from outside" if payment.outside > NOTHING else
        ", which the other side can pay out of its gain"
    )  # fmt: skip
    yield f"The smallest side payment that opens one: {told} on top of {name}{outside}."


def _chances(bargain: BargainData) -> Iterator[str]:
    chances = bargain.chances
    if chances is None:
        return
    each = [
        f"{name} {100 * chance:.0f} %"
        for name, chance in zip(bargain.packages, chances.all_gain, strict=True)
        if name not in same_as_no_deal(bargain)
    ]
    error = f"give or take {100 * chances.error:.0f} points"
    yield f"Chance that all gain: {', '.join(each)} ({error})."
    if not same_as_no_deal(bargain):
        yield f"Chance that some package is acceptable to all: {100 * chances.zone:.0f} %."


def _needed(bargain: BargainData) -> Iterator[str]:
    at = bargain.packages.index(bargain.focus)
    for place, party in enumerate(bargain.deal.parties):
        amount = float(bargain.needed[at, place])
        if amount <= 0:
            continue
        more = ""
        if bargain.needed_surely is not None:
            more = f" ({bargain.needed_surely[at, place]:.0f} to accept in nine draws in ten)"
        yield (
            f"To accept {bargain.focus}, {party} must see at least {amount:.1f} bn USD in what "
            f"these payoffs leave out: security, credibility, votes{more}."
        )


def _over_terms(bargain: BargainData) -> Iterator[str]:
    terms = bargain.terms
    if terms is None:
        return
    yield ""
    zone, parties = terms.zone, bargain.deal.parties
    moving = _joined([entry.title for entry in terms.offer.entries])
    yield f"Terms of {terms.offer.package} that move: {moving}."
    if terms.idle:
        yield f"Hardly matters: {_joined([entry.title for entry in terms.idle])}."
    if terms.has_zone:
        most = [f"{p} up to {gain:.0f}" for p, gain in zip(parties, zone.most_gain, strict=True)]
        yield f"Over them there is a zone of agreement: {_joined(most)} bn USD."
    else:
        payment = terms.opening
        outside = f", {payment.outside:.1f} of it from outside" if payment.outside > NOTHING else ""
        yield (
            "No terms that all accept were found: the smallest side payment that opens a zone is "
            f"{payment.amount:.1f} bn USD{outside}, at {_terms_text(terms, payment.terms)}."
        )
    nash = terms.agreements.get("nash")
    if nash is not None:
        gains = [f"{p} {gain:+.1f}" for p, gain in zip(parties, nash.payoffs, strict=True)]
        yield f"Nash agreement: {_terms_text(terms, nash.terms)}; {_joined(gains)} bn USD."
    made = terms.surrogate
    yield (
        f"These are evaluated payoffs, {len(terms.evaluated)} in all. The surrogate that led "
        f"to them is off by {100 * made.typical_error:.1f} % of their range at terms held out, "
        f"{100 * made.worst_error:.1f} % at worst: there may be somewhat better terms."
    )


def _terms_text(terms: TermBargain, values: np.ndarray | None) -> str:
    if values is None:
        return "no terms"
    pairs = zip(terms.offer.entries, values, strict=True)
    return ", ".join(f"{entry.name} {term_text(entry, float(value))}" for entry, value in pairs)


def _changes(bargain: BargainData) -> Iterator[str]:
    terms = bargain.terms
    if terms is None:
        return
    name = terms.offer.package
    if terms.is_accepted:
        yield f"All accept {name} as it is."
        return
    if not terms.changes and not terms.pairs:
        yield f"No change of one or two terms makes all accept {name}."
        return
    told = [change_text(terms, change) for change in (*terms.changes, *terms.pairs)]
    yield f"The least changes that make all accept {name}: {'; or '.join(told)}."


def change_text(terms: TermBargain, change: Change) -> str:
    """Return a change in words: "the tariff on cars at 13.0 % (now 15 %)"."""
    parts = []
    for at, value in zip(change.terms, change.values, strict=True):
        entry, now = terms.offer.entries[at], float(terms.offer.base[at])
        parts.append(f"{entry.title} at {term_text(entry, value)} (now {term_text(entry, now)})")
    return " with ".join(parts)


def _time(bargain: BargainData) -> Iterator[str]:
    pressure = bargain.pressure
    if pressure is None:
        return
    parties = bargain.deal.parties
    delay = [f"{p} {price:.2f}" for p, price in zip(parties, pressure.prices.delay, strict=True)]
    agreed = [f"{p} {share:+.1f}" for p, share in zip(parties, pressure.agreement, strict=True)]
    last = pressure.prices.by_deadline[min(pressure.prices.by_deadline)]
    final = [f"{p} {share:+.1f}" for p, share in zip(parties, last, strict=True)]
    yield ""
    yield (
        f"Alternating offers, one a month: {_joined(agreed)} bn USD; a month of delay costs "
        f"{_joined(delay)}. With one proposal left: {_joined(final)}."
    )


def _walk_away(bargain: BargainData) -> Iterator[str]:
    answer = bargain.retaliation
    if answer is None:
        return
    parties = bargain.deal.parties
    if not answer.status.ok:
        yield f"What an answer of {answer.by} would do is not known: {answer.status.value}."
        return
    moved = [f"{p} {payoff:+.1f}" for p, payoff in zip(parties, answer.payoffs, strict=True)]
    yield (
        "If either walks away there is no deal, which is zero here. If "
        f"{answer.by} then answers with the tariffs on {answer.against} that serve it best "
        f"({100 * answer.average:.1f} % on average), that is worth {_joined(moved)} bn USD, "
        "if nothing answers the answer."
    )
    at = bargain.packages.index(bargain.focus)
    left = bargain.payoffs[at] - answer.payoffs
    told = [f"{p} {gain:+.1f}" for p, gain in zip(parties, left, strict=True)]
    yield f"Measured against that, {bargain.focus} is worth {_joined(told)}."


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else list(words))


def plain_bargain(bargain: BargainData) -> dict[str, object]:
    """Return a bargain as plain data; payoffs over no deal, bn USD of present value."""
    parties = bargain.deal.parties
    zone, chances = bargain.zone, bargain.chances
    terms = bargain.terms
    plain: dict[str, Any] = {
        "deal": bargain.deal.name,
        "unit": "bn USD of present value over no deal",
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
    if bargain.retaliation is not None:
        answer = bargain.retaliation
        plain["retaliation"] = {
            "by": answer.by, "average_tariff": answer.average,
            "payoffs": dict(zip(parties, answer.payoffs, strict=True)),
        }  # fmt: skip
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


def _plain_terms(terms: TermBargain) -> dict[str, object]:
    names, parties, made = terms.offer.names, terms.offer.parties, terms.surrogate
    zone = terms.zone

    def change(least: Change) -> dict[str, object]:
        moved = {names[at]: value for at, value in zip(least.terms, least.values, strict=True)}
        return {"terms": moved, "payoffs": dict(zip(parties, least.payoffs, strict=True))}

    return {
        "package": terms.offer.package,
        "now": dict(zip(names, terms.offer.base, strict=True)),
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


def plain_prices(prices: PriceList) -> dict[str, object]:
    """Return a price list as plain data; prices are bn USD of present value per step."""
    parties = prices.offer.parties
    plain = {
        "package": prices.offer.package,
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
